// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <vector>

#include "abscopal/result.hpp"

/// Progression-free survival of each arm against the first. Arms count as independent samples, as in a trial,
/// although here the same virtual patients take them all: intervals are those of a trial of this size.
namespace abscopal {

struct ArmComparison {
    std::size_t arm = 0;  ///< against arm 0
    LogRank log_rank;
    double max_combo_p;     ///< two-sided
    HazardRatio hazard;     ///< Efron
    double proportional_p;  ///< of proportional hazards
    double horizon = 0.0;   ///< day: least of the two last times
    Estimate mean,
        gain;  ///< restricted mean days up to the horizon, and by how much longer than the first arm's
};

/// One entry for each arm but the first.
std::vector<ArmComparison> compare_with_first(const Result& result);

}  // namespace abscopal
