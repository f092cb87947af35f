// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <string>
#include <vector>

#include "abscopal/model.hpp"

namespace abscopal {

/// Ids and display names, as candidates for did_you_mean().
std::vector<std::string> state_names(const Model& model);
std::vector<std::string> parameter_names(const Model& model);
std::vector<std::string> observable_names(const Model& model);
/// What can be set before the start.
std::vector<std::string> settable_names(const Model& model);

}  // namespace abscopal
