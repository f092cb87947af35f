// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include "tissue/dice.hpp"
#include "tissue/mechanics.hpp"
#include "tissue/model.hpp"
#include "tissue/team.hpp"

namespace abscopal::tissue {

/// What cells look like to each other before a stage in which they change.
struct Looks {
    std::vector<std::uint16_t> type;
    std::vector<std::uint8_t> death;
};

/// One signal of one cell.
double signal_value(const Model& model, const State& state, const Looks& looks, std::size_t row, int signal);

/// The Hill sum of terms mapped to [0, 1]: X / (1 + X).
double hill(const std::vector<double>& signals, const std::vector<Term>& terms);

/// One phenotype step of every cell in the box: change of type, rules, volume, damage, death, cycle; then
/// divisions, then removals. `bins` take notes of volumes, where they are given.
void phenotype_step(const Model& model, State& state, const Dice& dice, Team& team, const OldBins* bins);

}  // namespace abscopal::tissue
