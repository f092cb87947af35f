// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include "tissue/model.hpp"

namespace abscopal::tissue {

/// Secretion, uptake and export of one diffusion step, cell after cell in the order of their ids.
/// With f = dt V / W (cell and voxel volume): density = (density + f S T) / (1 + f (S + U)) + dt E / W.
void exchange_reference(const Model& model, State& state, const std::vector<std::uint32_t>& order);

/// All cells of a voxel composed into one map density → a density + b, for the voxels where something is
/// exchanged.
struct Exchange {
    std::vector<std::uint32_t> voxel;
    std::vector<double> a, b;
};
/// By substrate; valid until a cell moves to another voxel or changes its volume or rates.
std::vector<Exchange> compose_exchange(const Model& model, const State& state,
                                       const std::vector<std::uint32_t>& order);
void apply_exchange(const std::vector<Exchange>& maps, State& state);

}  // namespace abscopal::tissue
