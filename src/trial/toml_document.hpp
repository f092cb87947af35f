// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "abscopal/error.hpp"

/// A TOML file as a plain tree in which every key and value knows its place.
namespace abscopal {

struct TomlMember;

struct TomlValue {
    enum class Kind { text, integer, real, boolean, date, array, table };
    Kind kind = Kind::table;
    std::string text;                 ///< of `text`
    double number = 0.0;              ///< of `integer` and `real`
    std::int64_t integer = 0;         ///< of `integer`
    bool truth = false;               ///< of `boolean`
    std::vector<TomlValue> items;     ///< of `array`
    std::vector<TomlMember> members;  ///< of `table`, in the order of the file
    Place place;

    bool is_number() const { return kind == Kind::integer || kind == Kind::real; }
    /// The member's value, or null.
    const TomlValue* find(std::string_view key) const;
    TomlValue* find(std::string_view key);
};

struct TomlMember {
    std::string key;
    Place place;  ///< of the key
    TomlValue value;
};

/// "the text \"8 weeks\"", "the number 8", "a list", …: what was found, for messages.
std::string described(const TomlValue& value);

/// Throws InputError: not UTF-8, or a syntax error with its place.
TomlValue parse_toml(std::string_view text, const std::string& file);

}  // namespace abscopal
