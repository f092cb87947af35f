// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <vector>

#include "abscopal/result.hpp"
#include "trial/calibration_problem.hpp"

/// What a target is in the patients of a run.
namespace abscopal {

/// A target as a mean over patients: of `feature` among `member`. For medians the feature is the share beyond
/// the observed median, whose observed value is one half.
struct Seen {
    std::vector<double> feature;
    std::vector<double> member;  ///< 1 or 0
    std::vector<double> time;    ///< of medians, months; infinite where not reached
};

/// Over the treated patients of a run in order. Patients whose course failed are no members.
Seen see(const Target& target, const Result& result);

/// The value that fits: the observed one, or one half.
double aim(const Target& target);

/// Weighted mean of the feature, or weighted median, with its standard error over patients (0 for medians).
struct Modelled {
    double value = 0.0;    ///< share or months, as the observation
    double feature = 0.0;  ///< weighted mean of the feature
    double error = 0.0;    ///< of the feature
    double effective_size = 0.0;
};
Modelled modelled(const Seen& seen, const std::vector<double>& weights);

}  // namespace abscopal
