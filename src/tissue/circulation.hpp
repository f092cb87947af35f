// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <array>

#include "abscopal/tissue.hpp"
#include "tissue/fields.hpp"

namespace abscopal::tissue {

/// Concentrations {central, peripheral} of a drug at the start of diffusion step `step`, doses of that step
/// given. PhysiPKPD's models: Constant keeps the last dose; 1C decays; 2C exchanges with a periphery: C' =
/// -(k_elimination + k12) C + k21 P / R, P' = k12 R C - k21 P, with R the ratio of volumes.
void give_doses(const Circulation& circulation, double dt, std::uint64_t step,
                std::array<double, 2>& concentrations);
/// Carries them over one step (classical Runge-Kutta of fourth order).
void pass_step(const Circulation& circulation, double dt, std::array<double, 2>& concentrations);

/// One step of a substrate's circulation; the faces that are held take biot number × central concentration.
void circulate(const Project& project, std::size_t substrate, std::uint64_t step,
               std::array<double, 2>& concentrations, FieldSolver& solver);

}  // namespace abscopal::tissue
