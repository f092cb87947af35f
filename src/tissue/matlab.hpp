// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace abscopal::tissue {

/// One matrix of doubles as MATLAB level 4 keeps it: column by column.
struct MatlabMatrix {
    std::string name;
    std::size_t rows = 0, columns = 0;
    std::vector<double> values;
    double at(std::size_t row, std::size_t column) const { return values[column * rows + row]; }
};

/// Throws InputError: not level 4, not little-endian full doubles, cut short.
MatlabMatrix parse_matlab(std::string_view bytes, const std::string& file);
std::string write_matlab(std::string_view name, std::size_t rows, std::size_t columns,
                         std::span<const double> values);

}  // namespace abscopal::tissue
