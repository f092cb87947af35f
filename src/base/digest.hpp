// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <string>
#include <string_view>

namespace abscopal {

/// SHA-256 (FIPS 180-4) as 64 hex digits.
std::string sha256(std::string_view bytes);

}  // namespace abscopal
