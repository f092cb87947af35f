// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace abscopal {

inline constexpr int max_xml_depth = 256;
inline constexpr std::size_t max_identifier_bytes = 256;

/// Refuses what libSBML must not see: text that is not UTF-8, control characters, a DOCTYPE, elements nested
/// deeper than max_xml_depth. Throws InputError with line and column. Well-formedness is left to libSBML.
void guard_xml(std::string_view text, const std::string& name);

}  // namespace abscopal
