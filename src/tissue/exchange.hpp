// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include "tissue/model.hpp"

namespace abscopal::tissue {

/// Secretion, uptake and export of one diffusion step, cell after cell in the order of their ids.
/// With f = dt V / W (cell and voxel volume): density = (density + f S T) / (1 + f (S + U)) + dt E / W.
void exchange_reference(const Model& model, State& state, const std::vector<std::uint32_t>& order);

/// One cell's part in one substrate: density → (density + gain) / divisor + given.
struct ExchangePart {
    double gain, divisor, given, amount;
    bool is_nothing() const { return gain == 0 && divisor == 1 && given == 0; }
};

/// What the cells do to one substrate, until a cell changes its volume or rates.
struct ExchangeParts {
    std::vector<std::uint32_t> rows;
    std::vector<ExchangePart> parts;
};
ExchangeParts exchange_parts(const Model& model, const Cells& cells, int substrate);

/// All cells of a voxel composed into one map density → a density + b, until a cell moves to another voxel.
struct Exchange {
    std::vector<std::uint32_t> voxel;
    std::vector<double> a, b;
    bool adds = false;  ///< some b is not 0
};
/// `entry` is scratch of one -1 for each voxel, and is left so.
void compose_exchange(const ExchangeParts& parts, const std::vector<std::uint32_t>& voxel_of,
                      std::vector<std::int32_t>& entry, Exchange& map);
void apply_exchange(const Exchange& map, std::vector<double>& field);
/// Cell by cell, keeping what goes in and out of each.
void apply_parts(const ExchangeParts& parts, const std::vector<std::uint32_t>& voxel_of, double voxel_volume,
                 std::vector<double>& field, std::vector<double>& internal);

}  // namespace abscopal::tissue
