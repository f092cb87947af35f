// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "abscopal/statistics.hpp"

#include <algorithm>
#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/normal.hpp>
#include <cassert>
#include <cmath>
#include <numbers>
#include <utility>

namespace abscopal {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

double upper_normal_quantile(double level) {
    return boost::math::quantile(boost::math::complement(boost::math::normal(), (1.0 - level) / 2.0));
}

/// Limits of S, given z standard errors of log S (Greenwood). Formulas: Klein & Moeschberger 2003,
/// section 4.3.
Interval plain_limits(double s, double z_se) {
    if (s == 0.0) return {nan, nan};
    return {std::max(s - s * z_se, 0.0), std::min(s + s * z_se, 1.0)};
}

Interval log_limits(double s, double z_se) {
    if (s == 0.0) return {nan, nan};
    return {s * std::exp(-z_se), std::min(s * std::exp(z_se), 1.0)};
}

Interval log_log_limits(double s, double z_se) {
    if (s == 0.0 || s == 1.0) return {nan, nan};
    const double half_width = z_se / std::abs(std::log(s));
    return {std::pow(s, std::exp(half_width)), std::pow(s, std::exp(-half_width))};
}

Interval logit_limits(double s, double z_se) {
    if (s == 0.0 || s == 1.0) return {nan, nan};
    const double logit = std::log(s / (1.0 - s)), half_width = z_se / (1.0 - s);
    return {1.0 / (1.0 + std::exp(half_width - logit)), 1.0 / (1.0 + std::exp(-half_width - logit))};
}

Interval arcsin_limits(double s, double z_se) {
    if (s == 0.0 || s == 1.0) return {nan, nan};
    const double angle = std::asin(std::sqrt(s)), half_width = 0.5 * z_se * std::sqrt(s / (1.0 - s));
    const double low = std::sin(std::max(0.0, angle - half_width));
    const double high = std::sin(std::min(std::numbers::pi / 2.0, angle + half_width));
    return {low * low, high * high};
}

Interval limits(SurvivalInterval kind, double s, double z_se) {
    switch (kind) {
        case SurvivalInterval::plain:
            return plain_limits(s, z_se);
        case SurvivalInterval::log:
            return log_limits(s, z_se);
        case SurvivalInterval::log_log:
            return log_log_limits(s, z_se);
        case SurvivalInterval::logit:
            return logit_limits(s, z_se);
        case SurvivalInterval::arcsin:
            return arcsin_limits(s, z_se);
    }
    return {nan, nan};
}

using Subject = std::pair<double, bool>;  // time, is event

std::vector<Subject> sorted_subjects(std::span<const double> times, std::span<const char> is_event) {
    assert(times.size() == is_event.size());
    std::vector<Subject> subjects;
    subjects.reserve(times.size());
    for (std::size_t i = 0; i < times.size(); ++i) subjects.emplace_back(times[i], is_event[i] != 0);
    std::sort(subjects.begin(), subjects.end());
    return subjects;
}

/// One step a distinct time, with the counts; survival is not yet filled in.
std::vector<SurvivalStep> counted_steps(const std::vector<Subject>& subjects) {
    std::vector<SurvivalStep> steps;
    for (std::size_t i = 0; i < subjects.size(); ++i) {
        const auto& [time, is_event] = subjects[i];
        if (steps.empty() || steps.back().time != time)
            steps.push_back({time, subjects.size() - i, 0, 0, 1.0, nan, nan});
        ++(is_event ? steps.back().events : steps.back().censored);
    }
    return steps;
}

/// First time at which a falling curve is at or below one half; where it rests at exactly one half, the
/// middle of that rest. NaN if it never falls so far.
double time_of_half(const std::vector<SurvivalStep>& steps, double SurvivalStep::*curve) {
    constexpr double tolerance = 1e-9;
    const auto reached = std::find_if(steps.begin(), steps.end(),
                                      [&](const auto& step) { return step.*curve <= 0.5 + tolerance; });
    if (reached == steps.end()) return nan;
    if ((*reached).*curve < 0.5 - tolerance) return reached->time;
    const auto below =
        std::find_if(reached, steps.end(), [&](const auto& step) { return step.*curve < 0.5 - tolerance; });
    const double rest_ends = below == steps.end() ? steps.back().time : below->time;
    return 0.5 * (reached->time + rest_ends);
}

}  // namespace

Interval clopper_pearson(std::size_t successes, std::size_t n, double level) {
    assert(successes <= n && level > 0.0 && level < 1.0);
    const auto x = static_cast<double>(successes), rest = static_cast<double>(n - successes);
    const double tail = (1.0 - level) / 2.0;
    using boost::math::beta_distribution;
    return {successes == 0 ? 0.0 : boost::math::quantile(beta_distribution<>(x, rest + 1.0), tail),
            successes == n
                ? 1.0
                : boost::math::quantile(boost::math::complement(beta_distribution<>(x + 1.0, rest), tail))};
}

SurvivalCurve kaplan_meier(std::span<const double> times, std::span<const char> is_event,
                           SurvivalInterval kind, double level) {
    SurvivalCurve curve{counted_steps(sorted_subjects(times, is_event)), nan, nan, nan};
    const double z = upper_normal_quantile(level);
    double survival = 1.0, variance = 0.0;  // of log S, Greenwood's sum
    for (auto& step : curve.steps) {
        const auto n = static_cast<double>(step.at_risk), d = static_cast<double>(step.events);
        survival *= (n - d) / n;
        if (d > 0.0) variance += d / (n * (n - d));
        step.survival = survival;
        const Interval interval = limits(kind, survival, survival > 0.0 ? z * std::sqrt(variance) : 0.0);
        step.lower = interval.lower;
        step.upper = interval.upper;
    }
    curve.median = time_of_half(curve.steps, &SurvivalStep::survival);
    curve.median_lower = time_of_half(curve.steps, &SurvivalStep::lower);
    curve.median_upper = time_of_half(curve.steps, &SurvivalStep::upper);
    return curve;
}

}  // namespace abscopal
