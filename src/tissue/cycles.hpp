// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <array>
#include <optional>
#include <span>
#include <string_view>

#include "abscopal/tissue.hpp"

/// The standard cycle and death models (Ghaffarizadeh et al. 2018, doi 10.1371/journal.pcbi.1005991).
namespace abscopal::tissue {

struct CyclePhase {
    std::string_view name;
    int code;     ///< PhysiCell's phase code, for outputs
    double rate;  ///< default exit rate, 1/min
    bool fixed;   ///< leaves after exactly 1/rate
};

struct CycleShape {
    CycleModel model;
    std::string_view name;
    std::array<CyclePhase, 4> storage;
    int n_phases;
    int growth;    ///< entering this phase doubles the target volumes
    int division;  ///< leaving this phase divides the cell
    std::span<const CyclePhase> phases() const {
        return {storage.data(), static_cast<std::size_t>(n_phases)};
    }
};

const CycleShape& shape_of(CycleModel model);
/// By PhysiCell's code (3 and 4 stand for live), or by name; nothing where unknown.
std::optional<CycleModel> cycle_of_code(long long code);
std::optional<CycleModel> cycle_of_name(std::string_view name);

inline constexpr std::uint8_t alive = 0, apoptotic = 1, necrotic = 2, other_dead = 3;
DeathModel default_apoptosis();
DeathModel default_necrosis();

}  // namespace abscopal::tissue
