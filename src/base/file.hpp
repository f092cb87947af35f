// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

#include "abscopal/error.hpp"

namespace abscopal {

inline constexpr std::size_t max_input_bytes = std::size_t{64} << 20;

/// The whole file. Throws FileError if it cannot be read, InputError ("file-too-large") above `limit`.
std::string read_file(const std::string& path, std::size_t limit = max_input_bytes);

/// Writes beside the target, flushes to disk and renames: readers see the old file or the new one, never a
/// part. Throws FileError.
void write_file(const std::string& path, std::string_view content);

/// Line and column, in characters, of the byte at `offset` of a file's text.
Place place_at(std::string_view text, std::size_t offset, const std::string& file);

/// Throws InputError ("not-utf8", "not-text") at the first byte that is not UTF-8, or the first control
/// character other than tabs and ends of lines.
void require_text(std::string_view text, const std::string& file);

/// `path` as seen from the folder of the file `from`, unless it is absolute.
std::string beside(const std::string& from, const std::string& path);

}  // namespace abscopal
