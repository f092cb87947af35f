// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <vector>

#include "abscopal/statistics.hpp"
#include "trial/follow_up.hpp"

/// Trials of prevention: how many subjects had an [[outcome]], and what an arm prevented against the first.
namespace abscopal {

/// One outcome in one arm. Rates are of first outcomes per person-year under observation.
struct OutcomeRow {
    std::size_t outcome = 0;  ///< index in Trial::toxicities
    std::size_t arm = 0;
    std::size_t n = 0, cases = 0;
    double person_years = 0.0;
    SurvivalCurve free;      ///< days without it, Kaplan–Meier
    double incidence = 0.0;  ///< cumulative, at the end of follow-up
    Interval incidence_interval{};
    // Against the first arm; NaN in the first arm, and where nothing can be said.
    double efficacy = 0.0;  ///< 1 − ratio of rates
    Interval efficacy_interval{};
    double prevented = 0.0;  ///< difference of cumulative incidence, first arm minus this one
    Interval prevented_interval{};
    double number_needed =
        0.0;  ///< subjects for one case prevented: 1 / prevented; NaN where none is prevented
};

/// By outcome, then arm; empty where the trial counts none.
std::vector<OutcomeRow> outcome_rows(const Trial& trial, const FollowUp& data);

/// 1 − ratio of two Poisson rates with its exact interval: given the sum of cases, those of one arm are
/// binomial (Clopper & Pearson on the share; as in FUTURE II, doi 10.1056/NEJMoa061741). Person-years
/// positive.
struct Efficacy {
    double estimate;
    Interval interval;
};
Efficacy efficacy(std::size_t cases, double person_years, std::size_t control_cases,
                  double control_person_years, double level = 0.95);

}  // namespace abscopal
