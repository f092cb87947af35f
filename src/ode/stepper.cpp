// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "ode/stepper.hpp"

#include <algorithm>
#include <cmath>

namespace abscopal {
namespace {

// Part of a state's largest value so far below which only absolute errors count. Small, since a tumour that
// is nearly cleared may grow again: a few per cent more steps than with 1e-3.
constexpr double negligible_share = 1e-7;
constexpr double smallest_scale = 1e-18;

}  // namespace

void Stepper::interpolate_some(double time, std::span<const std::size_t> states,
                               std::vector<double>& values) const {
    std::vector<double> y;
    interpolate(time, y);
    values.clear();
    for (const std::size_t state : states) values.push_back(y[state]);
}

double tolerance_tracking(const Numerics& numerics) {
    const bool is_given = numerics.absolute_tolerance || !numerics.per_state.empty();
    return is_given ? 0.0 : numerics.relative_tolerance * negligible_share;
}

double absolute_tolerance(const Numerics& numerics, std::size_t i, double largest) {
    if (i < numerics.per_state.size()) return numerics.per_state[i];
    if (numerics.absolute_tolerance) return *numerics.absolute_tolerance;
    return tolerance_tracking(numerics) * std::max(largest, smallest_scale);
}

void error_weights(const Numerics& numerics, double tightening, std::span<const double> guess,
                   const double* y, std::span<double> largest, double* weight) {
    const double relative = numerics.relative_tolerance * tightening;
    for (std::size_t i = 0; i < largest.size(); ++i) {
        const double size = std::fabs(y[i]);
        if (size > largest[i]) largest[i] = size;
        const double absolute = tightening * absolute_tolerance(numerics, i, std::max(largest[i], guess[i]));
        weight[i] = 1.0 / std::max(relative * size + absolute, 1e-300);
    }
}

}  // namespace abscopal
