// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "model/neutral_id.hpp"

#include <algorithm>
#include <array>

#include "model/infix.hpp"

namespace abscopal {
namespace {

// In Antimony these are the default units of a model.
constexpr std::array<std::string_view, 6> unit_words{"length",    "area",   "volume",
                                                     "substance", "extent", "time_unit"};

}  // namespace

bool is_unit_word(std::string_view id) {
    return std::ranges::find(unit_words, id) != unit_words.end();
}

bool is_antimony_word(std::string_view id) {
    return is_antimony_keyword(id) || is_builtin_function(id) || is_builtin_constant(id) || is_unit_word(id);
}

std::string neutral_id(const std::string& id) {
    return is_antimony_word(id) ? id + "_" : id;
}

}  // namespace abscopal
