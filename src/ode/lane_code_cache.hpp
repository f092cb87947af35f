// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <string>

namespace abscopal {

/// Object code kept under its key in a folder, with a checksum; "" where it is absent or damaged. An empty
/// folder keeps nothing.
std::string read_cached_code(const std::string& folder, const std::string& key);

/// Keeps at most 200 MiB, the newest. Never fails: a cache that cannot be written is no cache.
void write_cached_code(const std::string& folder, const std::string& key, const std::string& object);

}  // namespace abscopal
