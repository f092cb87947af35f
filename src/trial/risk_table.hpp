// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <vector>

#include "abscopal/statistics.hpp"

/// Groups under observation, time by time and stratum by stratum: what every log-rank statistic sums over.
namespace abscopal {

/// One event time of a stratum.
struct RiskSet {
    std::vector<double> at_risk, events;           ///< weights by group
    std::vector<std::size_t> n_at_risk, n_events;  ///< subjects by group
    double survival_before;                        ///< pooled curve of the stratum, just before
    std::size_t stratum;                           ///< index into strata()
    double time;
};

std::size_t n_groups(const GroupedTimes& data);
/// Subjects by stratum, strata in ascending order.
std::vector<std::vector<std::size_t>> strata(const GroupedTimes& data);
/// Only times with an event.
std::vector<RiskSet> risk_sets(const GroupedTimes& data);

}  // namespace abscopal
