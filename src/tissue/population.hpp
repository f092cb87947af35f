// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <span>

#include "tissue/dice.hpp"
#include "tissue/model.hpp"

/// Cells come, go and change places; every index held elsewhere follows.
namespace abscopal::tissue {

double radius_of(double volume);
inline bool is_dead(const Cells& cells, std::size_t row) {
    return cells.death[row] != 0;
}

/// The tissue at time 0.
State make_start(const Model& model, std::uint64_t seed);

/// Sets the volume; every part, the target and the rupture volume scale along.
void set_volume(Cells& cells, std::size_t row, double volume);
/// Puts the type's own values into the varied columns of a row (conserved custom data stay where
/// `keep_conserved`).
void set_type_values(const Model& model, Cells& cells, std::size_t row, bool keep_conserved);
/// What Cells::outside says of a cell that is put there.
std::uint8_t placed(const Grid& grid, const std::array<double, 3>& at);
/// Turns a cell into another type: volumes, place, content and conserved data stay.
void become(const Model& model, Cells& cells, std::size_t row, std::size_t type);

/// Divides the cells of `rows` in that order.
void divide(const Model& model, State& state, std::span<const std::uint32_t> rows, const Dice& dice);
/// Removes the rows marked with 1; contacts, springs and attack targets of others follow or end.
void remove(State& state, const std::vector<std::uint8_t>& gone);
/// Row i becomes what row `from[i]` was.
void reorder(State& state, std::span<const std::uint32_t> from);

void add_spring(State& state, std::uint32_t a, std::uint32_t b);
void drop_spring(State& state, std::uint32_t a, std::uint32_t b);
void drop_springs_of(State& state, std::uint32_t row);

/// Rows sorted by cell id.
std::vector<std::uint32_t> rows_by_id(const Cells& cells);

}  // namespace abscopal::tissue
