// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <string>
#include <string_view>

namespace abscopal {

/// True for the words of Antimony, which cannot be ids there.
bool is_antimony_word(std::string_view id);

/// The names that in Antimony are the default units of a model ("volume", "time_unit", …).
bool is_unit_word(std::string_view id);

/// The id as any format can write it: a word of Antimony gets "_" appended, as libAntimony does.
std::string neutral_id(const std::string& id);

}  // namespace abscopal
