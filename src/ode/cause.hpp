// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <cstddef>
#include <vector>

#include "abscopal/state.hpp"
#include "ode/workbench.hpp"

namespace abscopal {

/// What stopped a course: the reason, and the state that shows it.
struct Cause {
    Status status;
    std::size_t state;  ///< n_states if unknown
};

/// A point of a stretch.
struct PointInTime {
    double time;
    const std::vector<double>& y;
};

/// A solver says how it gave up. From the equations at the last good point of the stretch follows why: rates
/// that are no numbers, a state that grows by its own size within the rounding of time and ever faster (a
/// blow-up), equations that no longer determine their unknowns. Where none is seen it stays what was found.
Cause cause_of(Status found, std::size_t worst, Workbench& bench, PointInTime begin, PointInTime end);

}  // namespace abscopal
