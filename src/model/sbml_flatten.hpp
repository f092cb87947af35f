// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <string>

#include "abscopal/error.hpp"

class SBMLDocument;

namespace abscopal {

/// Replaces the submodels of a document by their content; ids become "submodel__id". External model
/// definitions are read from below the folder of the file `name` only; text that is no file (`is_file` false)
/// has none. Returns false after adding faults: a file elsewhere, a cycle, a reference to nothing, more than
/// 10,000 submodels.
bool flatten(SBMLDocument& document, const std::string& name, bool is_file, FaultList& faults);

}  // namespace abscopal
