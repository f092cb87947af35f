// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <string>
#include <vector>

#include "trial/follow_up.hpp"

/// Arms against the first. They count as independent samples, as in a trial, although twins take them all:
/// intervals are those of a trial of this size. Tests and hazard ratios are stratified where the design has
/// strata.
namespace abscopal {

struct ArmComparison {
    std::size_t arm = 0;  ///< against arm 0
    LogRank log_rank;
    double max_combo_p;     ///< two-sided; not stratified
    HazardRatio hazard;     ///< Efron
    double proportional_p;  ///< of proportional hazards
    double horizon = 0.0;   ///< day: least of the two last times
    Estimate mean,
        gain;  ///< restricted mean days up to the horizon, and by how much longer than the first arm's
};
/// Of progression-free survival at the cut-off: one entry for each arm but the first.
std::vector<ArmComparison> compare_with_first(const Result& result);
std::vector<ArmComparison> compare_with_first(const Trial& trial, const FollowUp& data, EndpointKind kind);

/// Objective response of an arm against the first.
struct ResponseComparison {
    std::size_t arm = 0;
    double difference = 0.0;  ///< of rates
    Interval interval;        ///< Miettinen & Nurminen; of weighted rates: normal, at effective numbers
    OddsRatio odds;           ///< stratified
};
std::vector<ResponseComparison> compare_responses(const Trial& trial, const FollowUp& data);

/// One line of a forest of subgroups.
struct SubgroupRow {
    std::string factor, part;
    std::size_t arm = 0;                       ///< against arm 0
    std::array<std::size_t, 2> n{}, events{};  ///< of arm 0 and of the arm
    HazardRatio hazard;                        ///< not stratified
    double interaction_p = 0.0;                ///< of the factor
};
/// All patients, then every part of every stratum and subgroup of the design.
std::vector<SubgroupRow> subgroups(const Result& result, const FollowUp& data, EndpointKind kind,
                                   std::size_t arm);

/// An analysis of the primary endpoint at a planned look, of arm 1 against arm 0.
struct LookRow {
    double information = 0.0, day = 0.0;  ///< day of the calendar; NaN: not reached
    std::size_t events = 0, enrolled = 0;
    double z = 0.0;  ///< positive if arm 1 is better
    double critical = 0.0, futility = 0.0;
    HazardRatio hazard;
    std::string decision;  ///< "stop for efficacy", "stop for futility", "go on", "not reached"
};
/// Interim analyses and the final one; empty without looks or with one arm.
std::vector<LookRow> look_rows(const Result& result);

/// How an endpoint is called: "PFS" and "progression-free survival".
std::string short_name(EndpointKind kind);
std::string long_name(EndpointKind kind);

}  // namespace abscopal
