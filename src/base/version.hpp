// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <string_view>

/// Which Abscopal this is. cmake/version.cmake writes the numbers at every build.
namespace abscopal {

std::string_view version();  ///< "0.1.0"
std::string_view
git_commit();  ///< short hash, with "-dirty" if files were changed; empty if not built from git
std::string_view compiler();  ///< "GNU 12.2.0"

/// Raised whenever the same trial may give other bits than before: a store of another value cannot be gone on
/// with.
inline constexpr int numerics_version = 4;

}  // namespace abscopal
