// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <string>

#include "abscopal/trial.hpp"

namespace abscopal {

/// An arm's doses and visits on a line of characters, one row for each drug and one for the visits.
std::string timeline(const Trial& trial, const Arm& arm);

}  // namespace abscopal
