// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "tissue/matlab.hpp"

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>

#include "abscopal/error.hpp"

namespace abscopal::tissue {

static_assert(std::endian::native == std::endian::little, "MATLAB files are written as they lie in memory");

MatlabMatrix parse_matlab(std::string_view bytes, const std::string& file) {
    const auto refuse = [&](const std::string& why) {
        throw InputError({"bad-matlab", "not a MATLAB level 4 matrix of doubles: " + why, {file}, {}});
    };
    std::array<std::int32_t, 5> head{};
    if (bytes.size() < sizeof head) refuse("shorter than its head");
    std::memcpy(head.data(), bytes.data(), sizeof head);
    if (head[0] != 0) refuse("its type is " + std::to_string(head[0]) + ", expected 0");
    if (head[1] < 0 || head[2] < 0 || head[3] != 0 || head[4] < 0) refuse("its head makes no sense");
    MatlabMatrix matrix;
    matrix.rows = static_cast<std::size_t>(head[1]);
    matrix.columns = static_cast<std::size_t>(head[2]);
    const auto name = static_cast<std::size_t>(head[4]);
    const auto left = bytes.size() - sizeof head;
    if (name > left || (left - name) / sizeof(double) < matrix.rows * matrix.columns)
        refuse("it is cut short");
    matrix.name = std::string(bytes.substr(sizeof head, name));
    while (!matrix.name.empty() && matrix.name.back() == '\0') matrix.name.pop_back();
    matrix.values.resize(matrix.rows * matrix.columns);
    if (!matrix.values.empty())
        std::memcpy(matrix.values.data(), bytes.data() + sizeof head + name,
                    matrix.values.size() * sizeof(double));
    return matrix;
}

std::string write_matlab(std::string_view name, std::size_t rows, std::size_t columns,
                         std::span<const double> values) {
    const std::array<std::int32_t, 5> head{0, static_cast<std::int32_t>(rows),
                                           static_cast<std::int32_t>(columns), 0,
                                           static_cast<std::int32_t>(name.size())};
    std::string bytes(sizeof head + name.size() + values.size_bytes(), '\0');
    std::memcpy(bytes.data(), head.data(), sizeof head);
    std::memcpy(bytes.data() + sizeof head, name.data(), name.size());
    if (!values.empty())
        std::memcpy(bytes.data() + sizeof head + name.size(), values.data(), values.size_bytes());
    return bytes;
}

}  // namespace abscopal::tissue
