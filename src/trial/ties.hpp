// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <vector>

#include "abscopal/statistics.hpp"

/// What the survival statistics share: subjects gathered by distinct time, and the normal law.
namespace abscopal {

double upper_normal_quantile(double level);  ///< z such that P(|Z| < z) = level
double normal_quantile(double probability);  ///< −∞ at 0, ∞ at 1
double normal_cdf(double z);
double chi_square_p(double chi_square, double degrees);  ///< upper tail

/// All subjects of one distinct time.
struct Tie {
    double time;
    std::size_t at_risk, events, censored;
    double at_risk_weight, event_weight;  ///< weights of those at risk just before, and of the events
    double log_variance;                  ///< of the log of survival from here on
    std::size_t begin, end;               ///< of the subjects in by_time() order
};

/// Indices of the subjects in order of time, events first, then as given.
std::vector<std::size_t> by_time(const EventTimes& sample);
double weight_of(const EventTimes& sample, std::size_t subject);

/// In order of time. The variance is Greenwood's, or with weights the infinitesimal jackknife's, which is the
/// same where all weights are one.
std::vector<Tie> ties_of(const EventTimes& sample);

}  // namespace abscopal
