// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <functional>

#include "tissue/model.hpp"

/// Fields that are not stepped as PhysiCell steps them, where a run asks for it.
namespace abscopal::tissue {

/// How one substrate moves on in time.
struct Pace {
    std::uint64_t steps = 1;  ///< diffusion steps that one of its own takes together
    bool steady = false;      ///< jumps to its balance instead
    /// Whether it moves in diffusion step `step`: at the end of `steps` steps, to its balance at their start.
    bool moves_in(std::uint64_t step) const { return steady ? step % steps == 0 : (step + 1) % steps == 0; }
};
/// By substrate. Throws InputError where a shortcut asks for what the project cannot have.
std::vector<Pace> paces_of(const Project& project, const RunOptions& options);

/// Carries a field over one step of its own; an affine map.
using FieldStep = std::function<void(std::vector<double>& field)>;
/// Puts a field where a step leaves it as it is, to 1e-8 of what a step makes of an empty field: stabilised
/// biconjugate gradients from where the field stands (van der Vorst 1992, doi 10.1137/0913035).
void settle(const FieldStep& step, std::vector<double>& field);

}  // namespace abscopal::tissue
