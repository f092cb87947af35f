// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "trial/calibration_measures.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "trial/selection.hpp"

namespace abscopal {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double days_a_month = 30.4375;

double event_day(const Course& course, bool is_survival) {
    if (is_survival) return std::isnan(course.death_day) ? infinity : course.death_day;
    return course.progressed ? course.pfs_day : infinity;
}

bool had_event(const Target& target, const Trial& trial, const Course& course) {
    return std::any_of(course.adverse_events.begin(), course.adverse_events.end(),
                       [&](const AdverseEvent& event) {
                           const Toxicity& kind = trial.toxicities[event.toxicity];
                           return event.grade >= target.grade &&
                                  (target.event.empty() ? !kind.is_outcome : kind.term == target.event);
                       });
}

double feature_of(const Target& target, const Trial& trial, const Course& course, double time) {
    const auto best = course.best;
    switch (target.measure.measure) {
        case Measure::response:
            return best == Response::complete || best == Response::partial;
        case Measure::complete_response:
            return best == Response::complete;
        case Measure::disease_control:
            return best == Response::complete || best == Response::partial || best == Response::stable;
        case Measure::pfs_at:
        case Measure::os_at:
            return time > target.measure.months;
        case Measure::pfs_median:
        case Measure::os_median:
            return time > target.observed.value;
        case Measure::adverse_event:
            return had_event(target, trial, course);
    }
    return 0.0;
}

bool is_median(const Target& target) {
    return target.measure.measure == Measure::pfs_median || target.measure.measure == Measure::os_median;
}

bool is_survival(const Target& target) {
    return target.measure.measure == Measure::os_median || target.measure.measure == Measure::os_at;
}

/// Weighted median of times; infinite where half do not reach it.
double median_time(const Seen& seen, const std::vector<double>& weights) {
    std::vector<std::pair<double, double>> sorted;
    double total = 0.0, sum = 0.0;
    for (std::size_t i = 0; i < seen.time.size(); ++i) {
        if (seen.member[i] == 0.0) continue;
        sorted.emplace_back(seen.time[i], weights[i]);
        total += weights[i];
    }
    std::sort(sorted.begin(), sorted.end());
    for (const auto& [time, weight] : sorted)
        if ((sum += weight) >= 0.5 * total) return time;
    return infinity;
}

}  // namespace

Seen see(const Target& target, const Result& result) {
    std::map<std::size_t, const Candidate*> by_index;
    for (const auto& candidate : result.candidates) by_index[candidate.index] = &candidate;
    RowNames names = baseline_names(result.trial);
    const auto condition = target.where.empty() ? nullptr : parse_condition(target.where, target.where_place);
    Seen seen;
    for (const auto& course : result.courses) {
        if (course.arm != target.arm) continue;
        const double time = event_day(course, is_survival(target)) / days_a_month;
        const auto candidate = by_index.find(course.candidate);
        auto columns = candidate == by_index.end() ? std::vector<double>{} : candidate->second->parameters;
        columns.resize(result.parameters.size() + 2, std::numeric_limits<double>::quiet_NaN());
        const bool is_in = candidate != by_index.end() && course.outcome.ok() &&
                           (!condition || names.evaluate(condition, columns) != 0.0);
        seen.feature.push_back(feature_of(target, result.trial, course, time));
        seen.member.push_back(is_in ? 1.0 : 0.0);
        if (is_median(target)) seen.time.push_back(time);
    }
    return seen;
}

double aim(const Target& target) {
    return is_median(target) ? 0.5 : target.observed.value;
}

Modelled modelled(const Seen& seen, const std::vector<double>& weights) {
    double total = 0.0, squares = 0.0, sum = 0.0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        const double w = weights[i] * seen.member[i];
        total += w, squares += w * w, sum += w * seen.feature[i];
    }
    Modelled result;
    result.feature = sum / total;
    result.effective_size = total * total / squares;
    double spread = 0.0;
    for (std::size_t i = 0; i < weights.size(); ++i)
        spread += std::pow(weights[i] * seen.member[i] * (seen.feature[i] - result.feature), 2);
    result.error = std::sqrt(spread) / total;
    result.value = seen.time.empty() ? result.feature : median_time(seen, weights);
    return result;
}

}  // namespace abscopal
