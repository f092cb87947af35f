// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <span>

#include "abscopal/tissue.hpp"

namespace abscopal::tissue {

struct TypeName {
    std::string name;
    int id;
};

/// The dictionary of a project with these substrates, types and custom scalars.
Dictionary make_dictionary(std::span<const std::string> substrates, std::span<const TypeName> types,
                           std::span<const std::string> customs);

/// Behaviours a name stands for: one, three for the older "phagocytose dead cell", none where unknown.
std::vector<int> behaviours_named(const Dictionary& dictionary, const std::string& name);

}  // namespace abscopal::tissue
