// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <string>

#include "trial/toml_document.hpp"

namespace abscopal {

/// A trial file with all it includes, as one tree; values know the file they come from.
struct TrialDocument {
    TomlValue root;
    std::string text;  ///< of the included files, then of the file itself, each headed by "# file: NAME"
};

/// Throws FileError if the file itself cannot be read, InputError with the faults of all files: syntax,
/// missing and circular includes.
TrialDocument read_trial_document(const std::string& path);

}  // namespace abscopal
