// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <string>

#include "abscopal/trial.hpp"

namespace abscopal {

/// A trial as JSON text and back, to the last bit: what a store keeps of it.
std::string to_json(const Trial& trial);
Trial trial_from_json(const std::string& json);

/// SHA-256 of all that decides the numbers: neither places and names of files nor the text around them.
std::string trial_digest(const Trial& trial, const std::string& model_digest);

}  // namespace abscopal
