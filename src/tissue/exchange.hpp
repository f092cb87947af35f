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

/// Rates of one substrate: 1/min, 1/min, density, amount/min.
struct ExchangeRates {
    double secretion, uptake, target, net_export;
};

/// The rates of one substrate by type, read once; cells of a type that differ are asked one by one.
class ExchangeTable {
  public:
    /// Parts are those of steps of `step` minutes.
    ExchangeTable(const Model& model, int substrate, double step);
    bool touches(std::size_t type) const { return touches_[type]; }
    bool touches_any() const;
    ExchangePart part(const Cells& cells, std::size_t row) const;

  private:
    double step_, voxel_volume_;
    std::array<int, 4> column_{};       ///< of a rate in which cells of a type may differ, or -1
    std::vector<bool> touches_;         ///< by type
    std::vector<ExchangeRates> rates_;  ///< by type, alive and dead
};

/// What the cells do to one substrate, until a cell changes its volume or rates.
struct ExchangeParts {
    std::vector<std::uint32_t> rows;
    std::vector<ExchangePart> parts;
};
ExchangeParts exchange_parts(const ExchangeTable& table, const Cells& cells);

/// The voxels in which cells of the touching types lie, and where in that list each cell's is.
struct Occupied {
    static constexpr std::uint32_t none = 0xFFFFFFFF;
    std::vector<std::uint32_t> voxel, slot;
    std::vector<std::uint32_t> entry;  ///< scratch: `none` for each voxel
};
void find_occupied(const Grid& grid, const Cells& cells, const std::vector<bool>& touching_types,
                   Occupied& places);

/// All cells of a voxel composed into one map density → a density + b, by slot, until a cell moves on.
struct Exchange {
    std::vector<double> a, b;
    bool adds = false;  ///< some b is not 0
};
void compose_exchange(const ExchangeTable& table, const Cells& cells, const Occupied& places, Exchange& map);
template <class Real>
void apply_exchange(const Exchange& map, const Occupied& places, std::vector<Real>& field);
/// Cell by cell, keeping what goes in and out of each.
template <class Real>
void apply_parts(const ExchangeParts& parts, const Occupied& places, double voxel_volume,
                 std::vector<Real>& field, std::vector<double>& internal);

}  // namespace abscopal::tissue
