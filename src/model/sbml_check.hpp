// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include "abscopal/spec.hpp"

namespace abscopal {

/// Adds a fault for each id that is given twice or is longer than 256 bytes, and for each id that is used but
/// not declared: compartments, species, variables of rules and events, units, symbols and functions in
/// mathematics.
void check_names(const Spec& spec, FaultList& faults);

}  // namespace abscopal
