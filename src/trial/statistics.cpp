// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "abscopal/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "trial/ties.hpp"

namespace abscopal {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

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

SurvivalCurve kaplan_meier(const EventTimes& sample, SurvivalInterval kind, double level) {
    SurvivalCurve curve{{}, nan, nan, nan};
    const double z = upper_normal_quantile(level);
    double survival = 1.0;
    for (const auto& tie : ties_of(sample)) {
        survival *= (tie.at_risk_weight - tie.event_weight) / tie.at_risk_weight;
        SurvivalStep step{tie.time, tie.at_risk, tie.events, tie.censored,
                          survival, nan,         nan,        tie.log_variance};
        const Interval interval =
            limits(kind, survival, survival > 0.0 ? z * std::sqrt(tie.log_variance) : 0.0);
        step.lower = interval.lower;
        step.upper = interval.upper;
        curve.steps.push_back(step);
    }
    curve.median = time_of_half(curve.steps, &SurvivalStep::survival);
    curve.median_lower = time_of_half(curve.steps, &SurvivalStep::lower);
    curve.median_upper = time_of_half(curve.steps, &SurvivalStep::upper);
    return curve;
}

SurvivalCurve kaplan_meier(std::span<const double> times, std::span<const char> is_event,
                           SurvivalInterval kind, double level) {
    return kaplan_meier(EventTimes{times, is_event}, kind, level);
}

SurvivalCurve follow_up(const EventTimes& sample, SurvivalInterval kind, double level) {
    std::vector<char> is_censored(sample.is_event.begin(), sample.is_event.end());
    for (char& flag : is_censored) flag = !flag;
    return kaplan_meier(EventTimes{sample.times, is_censored, sample.weights}, kind, level);
}

SurvivalStep milestone(const SurvivalCurve& curve, double time) {
    SurvivalStep now{time, curve.steps.empty() ? 0 : curve.steps.front().at_risk, 0, 0, 1.0, nan, nan};
    for (const auto& step : curve.steps) {
        now.at_risk = step.at_risk;
        if (step.time > time) break;
        now = step;
    }
    now.time = time;
    if (curve.steps.empty() || (time > curve.steps.back().time && curve.steps.back().survival > 0.0))
        now.survival = now.lower = now.upper = now.log_variance = nan;
    return now;
}

double milestone_z(const SurvivalStep& a, const SurvivalStep& b) {
    const auto clog_log = [](const SurvivalStep& step) { return std::log(-std::log(step.survival)); };
    const auto variance = [](const SurvivalStep& step) {
        return step.log_variance / (std::log(step.survival) * std::log(step.survival));
    };
    for (const auto* step : {&a, &b})
        if (!(step->survival > 0.0 && step->survival < 1.0)) return nan;
    return (clog_log(b) - clog_log(a)) / std::sqrt(variance(a) + variance(b));
}

}  // namespace abscopal
