// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

namespace abscopal {

struct Interval {
    double lower, upper;
};

/// Exact binomial interval (Clopper & Pearson 1934, doi 10.1093/biomet/26.4.404).
Interval clopper_pearson(std::size_t successes, std::size_t n, double level = 0.95);

enum class SurvivalInterval { plain, log, log_log, logit, arcsin };

struct SurvivalStep {
    double time;
    std::size_t at_risk, events, censored;  ///< just before `time`; at `time`
    double survival, lower, upper;          ///< limits are NaN where undefined
};

/// Kaplan & Meier 1958 (doi 10.1080/01621459.1958.10501452), Greenwood variance; median with the interval of
/// Brookmeyer & Crowley 1982 (doi 10.2307/2530286). NaN: not reached.
struct SurvivalCurve {
    std::vector<SurvivalStep> steps;  ///< one for each distinct time
    double median, median_lower, median_upper;
};
SurvivalCurve kaplan_meier(std::span<const double> times, std::span<const char> is_event,
                           SurvivalInterval kind = SurvivalInterval::log_log, double level = 0.95);

}  // namespace abscopal
