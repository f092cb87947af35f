// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "abscopal/error.hpp"

namespace abscopal {

/// A table of text cells with the place of each: RFC 4180 (quotes, doubled quotes, CRLF), one header row, '#'
/// comment lines and blank lines skipped.
struct CsvTable {
    std::string file;
    std::vector<std::string> columns;
    int header_line = 0;
    std::vector<int> header_starts;  ///< column (character, from 1) at which each name begins
    std::vector<std::vector<std::string>> rows;
    std::vector<int> lines;                ///< line of each row, from 1
    std::vector<std::vector<int>> starts;  ///< column (character, from 1) at which each cell begins
    Place place(std::size_t row, std::size_t column) const;
    Place header_place(std::size_t column) const;
};

/// Throws InputError: rows of another length than the header, open quotes, repeated column names.
CsvTable parse_csv(std::string_view text, const std::string& file = "<text>");
CsvTable read_csv(const std::string& path);

/// One cell, quoted where it must be.
std::string csv_cell(std::string_view text);

}  // namespace abscopal
