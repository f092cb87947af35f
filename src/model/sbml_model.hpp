// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <string>

#include "abscopal/spec.hpp"

class Model;

namespace abscopal {

/// The Spec of one flat libSBML model of any level; defaults of older levels are written out. Adds a fault
/// for mathematics that cannot be taken over. `file` goes into places.
Spec spec_of(const ::Model& model, const std::string& file, FaultList& faults);

}  // namespace abscopal
