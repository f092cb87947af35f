// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "trial/recist.hpp"

#include <algorithm>

namespace abscopal {
namespace {

// Sums of decimal readings: 63 mm is 30 % below 90 mm although 0.7 * 90 < 63 in binary.
constexpr double rounding = 1e-9;

bool at_most(double value, double limit) {
    return value <= limit * (1.0 + rounding);
}

bool has_progressed(double sum, double nadir) {
    return at_most(1.2 * nadir, sum) && at_most(5.0, sum - nadir);
}

bool is_gone(const LesionRead& lesion) {
    return lesion.is_nodal ? lesion.diameter < 10.0 : lesion.diameter == 0.0;
}

}  // namespace

double seen_diameter(double modelled, const ResponseCriteria& criteria) {
    return modelled < criteria.detection_limit ? 0.0 : std::max(modelled, criteria.too_small);
}

double sum_of_diameters(std::span<const LesionRead> targets) {
    double sum = 0.0;
    for (const auto& lesion : targets)
        if (lesion.is_assessed) sum += lesion.diameter;
    return sum;
}

Response target_response(std::span<const LesionRead> targets, double baseline, double nadir) {
    const double sum = sum_of_diameters(targets);
    const bool all_assessed =
        std::all_of(targets.begin(), targets.end(), [](const auto& lesion) { return lesion.is_assessed; });
    if (targets.empty() || !(baseline > 0.0)) return Response::not_evaluable;
    if (all_assessed && std::all_of(targets.begin(), targets.end(), is_gone)) return Response::complete;
    if (has_progressed(sum, nadir)) return Response::progressive;
    if (!all_assessed) return Response::not_evaluable;
    return at_most(sum, 0.7 * baseline) ? Response::partial : Response::stable;
}

}  // namespace abscopal
