// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <string>

#include "trial/toml_document.hpp"

namespace abscopal {

/// Checks a document against the schema of the trial file (schema/trial.schema.json): unknown and missing
/// keys, types, ranges, choices, durations and quantities. Every fault has its place. A fragment may miss
/// keys that a trial must have.
void check_trial_schema(const TomlValue& document, bool is_fragment, FaultList& faults);

/// The same for any format of schema_text.
void check_schema(const std::string& format, const TomlValue& document, bool is_fragment, FaultList& faults);

}  // namespace abscopal
