// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include "tissue/dice.hpp"
#include "tissue/model.hpp"
#include "tissue/team.hpp"

namespace abscopal::tissue {

/// Cells that may eat, attack, fuse or attach now, by row: only they need to know whom they touch.
std::vector<std::uint8_t> find_actors(const Model& model, const Cells& cells, Team& team);

/// One mechanics step of phagocytosis, attack and fusion. All decide from what they see before the stage;
/// conflicts are settled in id order. Removes the eaten and the fused; returns whether any went. `moved`
/// holds velocities that follow the rows.
bool interact(const Model& model, State& state, const std::vector<std::uint8_t>& actors, const Dice& dice,
              Team& team, std::vector<std::vector<double>*> follow);

}  // namespace abscopal::tissue
