// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "abscopal/state.hpp"

/// Numbers and doses as a user writes them on the command line. Ids or unique display names; every fault of
/// all items is reported at once, unknown names with the nearest.
namespace abscopal {

/// "id=value" each, as index in Model::settables and value.
std::vector<std::pair<std::size_t, double>> parse_settings(const Model& model,
                                                           const std::vector<std::string>& items);

/// Doses separated by commas, each `id amount [over duration] at time [every interval times n]`: amounts in
/// the unit the species is carried in (Model::states), times in the model's time unit. `times n` counts all
/// doses.
std::vector<Action> parse_doses(const Model& model, const std::vector<std::string>& texts);

/// Indices in Model::observables of a list of ids.
std::vector<std::size_t> parse_selection(const Model& model, const std::vector<std::string>& ids);

}  // namespace abscopal
