// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
// SAS transport file version 5: SAS Institute, TS-140, "The Record Layout of a Data Set in SAS Transport
// Format".
#include <array>
#include <cmath>
#include <cstdint>

#include "trial/data_set.hpp"

namespace abscopal {
namespace {

// The time of creation would make equal runs differ.
constexpr std::string_view written_at = "01JAN60:00:00:00";

/// Cut or filled with blanks to a width; never cut within a UTF-8 character.
std::string padded(std::string_view text, std::size_t width) {
    std::size_t end = std::min(text.size(), width);
    while (end > 0 && end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    std::string field(text.substr(0, end));
    field.resize(width, ' ');
    return field;
}

std::string header(std::string_view kind, std::string_view numbers = "000000000000000000000000000000") {
    return padded("HEADER RECORD*******" + padded(kind, 8) + "HEADER RECORD!!!!!!!" + std::string(numbers),
                  80);
}

void fill_record(std::string& file) {
    file.resize((file.size() + 79) / 80 * 80, ' ');
}

std::string big_endian(std::uint64_t value, int bytes) {
    std::string text;
    for (int i = bytes - 1; i >= 0; --i) text += static_cast<char>((value >> (8 * i)) & 0xFFU);
    return text;
}

/// IBM hexadecimal floating point: sign, exponent of 16 with bias 64, fraction of 56 bits. '.' marks a
/// missing number.
std::string ibm_double(double value) {
    if (!std::isfinite(value)) return "." + std::string(7, '\0');
    if (value == 0.0) return std::string(8, '\0');
    int exponent = 0;
    const double fraction = std::frexp(std::abs(value), &exponent);
    const int hex_exponent = static_cast<int>(std::ceil(exponent / 4.0));
    const auto bits = static_cast<std::uint64_t>(std::ldexp(fraction, 56 + exponent - 4 * hex_exponent));
    if (hex_exponent + 64 < 0) return std::string(8, '\0');
    if (hex_exponent + 64 > 127) return "." + std::string(7, '\0');
    const std::uint64_t sign = value < 0.0 ? 0x80U : 0U;
    return big_endian(((sign | static_cast<std::uint64_t>(hex_exponent + 64)) << 56) | bits, 8);
}

std::string name_record(const DataColumn& column, std::size_t number, std::size_t length,
                        std::size_t position) {
    std::string text = big_endian(column.is_number ? 1 : 2, 2) + big_endian(0, 2) + big_endian(length, 2) +
                       big_endian(number, 2) + padded(column.name, 8) + padded(column.label, 40);
    text +=
        padded(column.is_date ? "DATE" : "", 8) + big_endian(column.is_date ? 9 : 0, 2) + big_endian(0, 2);
    text += big_endian(0, 2) + std::string(2, '\0') + padded("", 8) + big_endian(0, 2) + big_endian(0, 2);
    return text + big_endian(position, 4) + std::string(52, '\0');
}

}  // namespace

std::string as_xpt(const DataSet& data) {
    const auto lengths = column_lengths(data);
    std::string file = header("LIBRARY");
    file += "SAS     SAS     SASLIB  9.4     ABSCOPAL" + padded("", 24) + std::string(written_at);
    file += padded(written_at, 80);
    file += header("MEMBER", "000000000000000001600000000140") + header("DSCRPTR");
    file += "SAS     " + padded(data.name, 8) + "SASDATA 9.4     ABSCOPAL" + padded("", 24) +
            std::string(written_at);
    file += padded(written_at, 32) + padded(data.label, 40) + padded("", 8);
    std::string count = std::to_string(data.columns.size());
    count.insert(0, 4 - count.size(), '0');
    file += header("NAMESTR", "000000" + count + "00000000000000000000");
    std::size_t position = 0;
    for (std::size_t i = 0; i < data.columns.size(); position += lengths[i++])
        file += name_record(data.columns[i], i + 1, lengths[i], position);
    fill_record(file);
    file += header("OBS");
    for (const auto& row : data.rows)
        for (std::size_t i = 0; i < row.size(); ++i)
            file += data.columns[i].is_number ? ibm_double(std::get<double>(row[i]))
                                              : padded(std::get<std::string>(row[i]), lengths[i]);
    fill_record(file);
    return file;
}

}  // namespace abscopal
