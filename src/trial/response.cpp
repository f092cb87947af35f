// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "abscopal/endpoints.hpp"
#include "trial/recist.hpp"

namespace abscopal {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

Overall without_targets(NonTarget non_target) {
    switch (non_target) {
        case NonTarget::complete:
            return Overall::complete;
        case NonTarget::present:
            return Overall::non_complete;
        case NonTarget::progressive:
            return Overall::progressive;
        case NonTarget::none:
        case NonTarget::not_evaluable:
            break;
    }
    return Overall::not_evaluable;
}

/// Visits that count: up to the first progression, and before new therapy or cut-off.
std::vector<TimePoint> counted(std::span<const TimePoint> visits, double until) {
    std::vector<TimePoint> result;
    for (const auto& visit : visits) {
        if (visit.day > until) break;
        result.push_back(visit);
        if (visit.response == Overall::progressive) break;
    }
    return result;
}

/// Whether a later visit confirms visit `first` as `wanted` (CR or PR).
bool is_confirmed(const std::vector<TimePoint>& visits, std::size_t first, Overall wanted,
                  const BestRules& rules) {
    std::size_t n_not_evaluable = 0, n_stable = 0;
    bool was_complete = visits[first].response == Overall::complete;
    for (std::size_t i = first + 1; i < visits.size(); ++i) {
        const Overall now = visits[i].response;
        if (now == Overall::not_evaluable || now == Overall::missing) {
            if (++n_not_evaluable > rules.max_not_evaluable) return false;
            continue;
        }
        if (now == Overall::stable) {
            if (wanted == Overall::complete || !rules.accept_stable || ++n_stable > 1) return false;
            continue;
        }
        if (!is_response(now)) return false;
        // After complete response a partial one is disease that came back.
        if (now == Overall::partial && (wanted == Overall::complete || was_complete)) return false;
        was_complete = was_complete || now == Overall::complete;
        if (visits[i].day - visits[first].day >= rules.confirm_after) return true;
    }
    return false;
}

/// What visit `i` counts as under the rules.
Overall standing(const std::vector<TimePoint>& visits, std::size_t i, const BestRules& rules) {
    const Overall now = visits[i].response;
    if (is_response(now) && !rules.is_confirmed) return now;
    if (now == Overall::complete && is_confirmed(visits, i, Overall::complete, rules)) return now;
    if (is_response(now) && is_confirmed(visits, i, Overall::partial, rules)) return Overall::partial;
    if (is_response(now) || now == Overall::stable)
        return visits[i].day >= rules.stable_from ? Overall::stable : Overall::not_evaluable;
    if (now == Overall::non_complete && visits[i].day < rules.stable_from) return Overall::not_evaluable;
    return now;
}

}  // namespace

bool are_all_assessed(std::span<const LesionRead> targets) {
    return std::all_of(targets.begin(), targets.end(), [](const auto& lesion) { return lesion.is_assessed; });
}

bool is_measurable(const BaselineLesion& lesion) {
    return lesion.is_well_defined && !lesion.is_irradiated &&
           lesion.diameter >= (lesion.is_nodal ? 15.0 : 10.0);
}

std::vector<std::size_t> select_targets(std::span<const BaselineLesion> lesions) {
    std::vector<std::size_t> order(lesions.size()), targets;
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return lesions[a].diameter > lesions[b].diameter; });
    std::map<std::string, int> in_organ;
    for (const auto i : order) {
        if (targets.size() == 5) break;
        if (!is_measurable(lesions[i])) continue;
        if (++in_organ[lesions[i].is_nodal ? "lymph node" : lesions[i].organ] <= 2) targets.push_back(i);
    }
    std::sort(targets.begin(), targets.end());
    return targets;
}

std::string_view name_of(Overall response) {
    constexpr std::string_view names[]{"CR", "PR", "SD", "NON-CR/NON-PD", "PD", "NE", "MISSING"};
    return names[static_cast<std::size_t>(response)];
}

Overall overall_response(bool has_targets, Overall target, NonTarget non_target, bool has_new_lesion) {
    if (has_new_lesion || non_target == NonTarget::progressive) return Overall::progressive;
    if (!has_targets) return without_targets(non_target);
    if (target != Overall::complete) return target;
    return non_target == NonTarget::none || non_target == NonTarget::complete ? Overall::complete
                                                                              : Overall::partial;
}

std::vector<TimePoint> recist(const Assessment& baseline, std::span<const Assessment> visits) {
    const double baseline_sum = sum_of_diameters(baseline.targets);
    double nadir = baseline_sum;
    std::vector<TimePoint> points;
    for (const auto& visit : visits) {
        TimePoint point{visit.day, Overall::not_evaluable, Overall::not_evaluable,
                        sum_of_diameters(visit.targets), nadir};
        point.target = target_response(visit.targets, baseline_sum, nadir);
        point.response = overall_response(!baseline.targets.empty(), point.target, visit.non_target,
                                          visit.new_lesions.are_present);
        if (are_all_assessed(visit.targets) && !visit.targets.empty()) nadir = std::min(nadir, point.sum);
        points.push_back(point);
    }
    return points;
}

BestOverall best_overall(std::span<const TimePoint> all, const BestRules& rules) {
    const auto visits = counted(all, rules.until);
    BestOverall best;
    for (std::size_t i = 0; i < visits.size(); ++i) {
        const Overall now = standing(visits, i, rules);
        if (is_response(now) && std::isnan(best.response_day)) best.response_day = visits[i].day;
        if (now < best.response) {
            best.response = now;
            best.day = visits[i].day;
        }
    }
    return best;
}

bool is_response(Overall best) {
    return best == Overall::complete || best == Overall::partial;
}

bool is_disease_control(Overall best) {
    return is_response(best) || best == Overall::stable;
}

bool has_clinical_benefit(const BestOverall& best, std::span<const TimePoint> visits, double from) {
    if (is_response(best.response)) return true;
    const auto counting = counted(visits, std::numeric_limits<double>::infinity());
    return std::any_of(counting.begin(), counting.end(), [&](const auto& visit) {
        return visit.day >= from && is_disease_control(visit.response);
    });
}

double depth_of_response(double baseline_sum, std::span<const TimePoint> visits) {
    double depth = nan;
    for (const auto& visit : counted(visits, std::numeric_limits<double>::infinity()))
        if (visit.target != Overall::not_evaluable)
            depth = std::fmin(depth, 100.0 * (visit.sum / baseline_sum - 1.0));
    return depth;
}

}  // namespace abscopal
