// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>
#include <cmath>

#include "abscopal/statistics.hpp"
#include "trial/ties.hpp"

namespace abscopal {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

}  // namespace

Interval normal_interval(const Estimate& estimate, double level) {
    const double half_width = upper_normal_quantile(level) * estimate.standard_error;
    return {estimate.value - half_width, estimate.value + half_width};
}

double two_sided_p(const Estimate& estimate) {
    return 2.0 * normal_cdf(-std::abs(estimate.value / estimate.standard_error));
}

Estimate difference(const Estimate& a, const Estimate& b) {
    return {a.value - b.value, std::hypot(a.standard_error, b.standard_error)};
}

Estimate log_ratio(const Estimate& a, const Estimate& b) {
    return {std::log(a.value / b.value), std::hypot(a.standard_error / a.value, b.standard_error / b.value)};
}

Estimate restricted_mean(const EventTimes& sample, double horizon) {
    const auto ties = ties_of(sample);
    if (ties.empty()) return {nan, nan};
    const bool is_used_up = ties.back().event_weight == ties.back().at_risk_weight;
    if (horizon > ties.back().time && !is_used_up) return {nan, nan};
    const auto order = by_time(sample);

    // Area under the curve behind each step, up to the horizon.
    std::vector<double> survival(ties.size()), area_behind(ties.size());
    double level = 1.0, area = 0.0;
    for (std::size_t j = 0; j < ties.size(); ++j) {
        level *= (ties[j].at_risk_weight - ties[j].event_weight) / ties[j].at_risk_weight;
        survival[j] = level;
    }
    double end = std::max(horizon, ties.back().time);
    for (std::size_t j = ties.size(); j-- > 0; end = ties[j].time) {
        area += survival[j] * std::max(0.0, std::min(end, horizon) - ties[j].time);
        area_behind[j] = area;
    }
    area += std::max(0.0, std::min(end, horizon));

    // Influence of a subject: what all at risk share until she leaves, and 1/n of the area behind for her
    // event.
    double variance = 0.0, shared = 0.0;
    for (std::size_t j = 0; j < ties.size() && ties[j].time <= horizon; ++j) {
        const double n = ties[j].at_risk_weight, d = ties[j].event_weight;
        const double before = shared;
        if (d > 0.0 && n > d) shared += d / (n * (n - d)) * area_behind[j];
        for (std::size_t i = ties[j].begin; i < ties[j].end; ++i) {
            const double influence = sample.is_event[order[i]] ? before - area_behind[j] / n : shared;
            variance += std::pow(weight_of(sample, order[i]) * influence, 2);
        }
    }
    for (const auto i : order)
        if (sample.times[i] > horizon) variance += std::pow(weight_of(sample, i) * shared, 2);
    return {area, std::sqrt(variance)};
}

double common_horizon(std::span<const EventTimes> groups) {
    double horizon = groups.empty() ? 0.0 : std::numeric_limits<double>::infinity();
    for (const auto& group : groups) {
        const auto last = std::max_element(group.times.begin(), group.times.end());
        horizon = std::min(horizon, last == group.times.end() ? 0.0 : *last);
    }
    return horizon;
}

}  // namespace abscopal
