// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <array>

namespace abscopal::tissue {

/// PhysiCell's colours of cell types in order, and ours of ways to be dead.
inline constexpr std::array<const char*, 13> type_colours{
    "grey", "red",  "yellow",  "green",     "blue",         "magenta",     "orange",
    "lime", "cyan", "hotpink", "peachpuff", "darkseagreen", "lightskyblue"};
inline constexpr std::array<const char*, 4> death_colours{"", "black", "saddlebrown", "dimgrey"};

}  // namespace abscopal::tissue
