// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Text without locale: every conversion uses from_chars and to_chars.
namespace abscopal {

std::string_view trim(std::string_view text);
std::vector<std::string> split(std::string_view text, char separator);
std::string join(const std::vector<std::string>& parts, std::string_view separator);
std::string lower_case(std::string_view text);

/// The whole of `text` (trimmed) as a number: decimal, "inf", "infinity", "nan" in any case; nothing else.
std::optional<double> to_double(std::string_view text);
std::optional<long long> to_integer(std::string_view text);

/// Shortest decimal text that reads back to the same bits ("NaN", "inf" and "-inf" for the rest).
std::string to_text(double value);

/// `value` with `digits` after the point, or in scientific form with `digits` significant digits.
std::string fixed(double value, int digits);
std::string significant(double value, int digits);

bool is_valid_utf8(std::string_view text);
/// Offset of the first byte that is not part of a UTF-8 character, if there is one.
std::optional<std::size_t> invalid_utf8_at(std::string_view text);

}  // namespace abscopal
