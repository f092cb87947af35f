// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>

/// Where tests find things. CTest sets the environment variables; see tests/CMakeLists.txt.
namespace abscopal::test {

inline std::filesystem::path source_dir() {
    const char* folder = std::getenv("ABSCOPAL_SOURCE");
    return folder ? std::filesystem::path(folder) : std::filesystem::current_path();
}

/// Reference cases that the project may not ship, or nothing: then the test says GTEST_SKIP.
inline std::optional<std::filesystem::path> reference_dir() {
    const char* folder = std::getenv("ABSCOPAL_REFERENCE");
    const auto path = folder && *folder ? std::filesystem::path(folder) : source_dir() / "../shared/reference";
    return std::filesystem::is_directory(path) ? std::optional(path.lexically_normal()) : std::nullopt;
}

inline std::string cli_path() {
    const char* path = std::getenv("ABSCOPAL_CLI");
    return path ? path : "abscopal";
}

}  // namespace abscopal::test
