// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "ode/crossing.hpp"

#include <limits>

namespace abscopal {

double first_change(double lower, double upper, const std::function<bool(double)>& changed) {
    const double resolution = (upper - lower) * std::numeric_limits<double>::epsilon();
    while (upper - lower > resolution) {
        const double middle = lower + 0.5 * (upper - lower);
        if (middle <= lower || middle >= upper) break;
        (changed(middle) ? upper : lower) = middle;
    }
    return upper;
}

}  // namespace abscopal
