// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <vector>

#include "ode/workbench.hpp"

namespace abscopal {

/// What states that have been zero so far may rise to, guessed from the fluxes at (time, y): gross inflow
/// over the rate at which a state loses itself, carried on through chains of such states. `largest` holds |y|
/// so far; where it is zero (or below an earlier guess) `guess` is set, elsewhere left, as
/// for states not marked in `moving` (empty: all are), which stay zero. Without it a state
/// that rises from zero is followed from its first molecule on, through hundreds of tiny steps after every
/// first dose.
void guess_scales(Workbench& bench, double time, const std::vector<double>& y,
                  const std::vector<double>& input, const std::vector<double>& largest,
                  std::vector<double>& guess, const std::vector<char>& moving = {});

}  // namespace abscopal
