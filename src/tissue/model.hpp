// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <memory>

#include "abscopal/tissue.hpp"
#include "tissue/layout.hpp"

namespace abscopal::tissue {

/// One signal in a rule: its part of the Hill sum is (signal / half_max)^power.
struct Term {
    int signal;
    double half_max, power;
    bool applies_to_dead;
};

/// All rules of one type for one behaviour.
struct Response {
    int behaviour, column;
    double base, low, high;
    std::vector<Term> up, down;
};

/// A Project turned into indices: type tables, rule programs, and which behaviours differ between cells of a
/// type.
struct Model {
    explicit Model(std::shared_ptr<const Project> project);

    std::shared_ptr<const Project> project;
    SignalLayout signals;
    BehaviourLayout at;
    std::vector<int> varied;                       ///< behaviours that have a column in Cells::varied
    std::vector<int> column;                       ///< by behaviour: its column or -1
    std::vector<std::vector<Response>> responses;  ///< by type, in order of first appearance
    bool rules_read_contacts = false;
    std::vector<bool> reads_contacts;  ///< by type: a rule of it counts touching cells
    bool moves = false;                ///< some type is motile
    bool harms = false;                ///< some cell may be damaged or attacked

    double base(std::size_t type, int behaviour) const {
        return project->types[type].behaviours[static_cast<std::size_t>(behaviour)];
    }
    std::size_t n_types() const { return project->types.size(); }
    std::size_t n_substrates() const { return project->substrates.size(); }

    /// The value of a behaviour of one cell now. Death stops secretion and cuts uptake to a tenth.
    double value(const Cells& cells, std::size_t row, int behaviour) const {
        const int k = column[static_cast<std::size_t>(behaviour)];
        if (k >= 0) return cells.varied[static_cast<std::size_t>(k)][row];
        const double plain = base(cells.type[row], behaviour);
        return cells.death[row] == 0 || behaviour >= at.phase_exit() ? plain
                                                                     : dead_exchange(plain, behaviour);
    }
    double dead_exchange(double plain, int behaviour) const {
        if (behaviour >= at.uptake() && behaviour < at.net_export()) return 0.1 * plain;
        return behaviour >= at.target() && behaviour < at.uptake() ? plain : 0.0;
    }
    /// Whether some cell of `type` may ever have a value of `behaviour` other than 0.
    bool may_be_nonzero(std::size_t type, int behaviour) const {
        return column[static_cast<std::size_t>(behaviour)] >= 0 || base(type, behaviour) != 0;
    }
};

/// What Cells::outside says. PhysiCell 1.14.2 files a cell that is placed below a lower face at the far side
/// of the box, where nobody meets it.
constexpr std::uint8_t in_the_box = 0, left_the_box = 1, never_met = 2;

/// Calls f on the columns that are empty where the project cannot use them.
template <class C, class F>
void each_optional_column(C& cells, F&& f) {
    f(cells.motility_x), f(cells.motility_y), f(cells.motility_z);
    f(cells.damage), f(cells.attack_time), f(cells.damage_delivered);
}
/// The rest, which is never empty where there are cells.
template <class C, class F>
void each_standing_column(C& cells, F&& f) {
    f(cells.id), f(cells.type), f(cells.volume_type), f(cells.death), f(cells.phase), f(cells.outside),
        f(cells.motile), f(cells.nuclei);
    f(cells.x), f(cells.y), f(cells.z), f(cells.previous_vx), f(cells.previous_vy), f(cells.previous_vz);
    f(cells.radius), f(cells.pressure), f(cells.elapsed);
    f(cells.total), f(cells.fluid), f(cells.nuclear_fluid), f(cells.nuclear_solid),
        f(cells.cytoplasmic_solid), f(cells.calcified);
    f(cells.target_nuclear_solid), f(cells.rupture_volume), f(cells.attack_target);
    for (auto& one : cells.varied) f(one);
    for (auto& one : cells.internal) f(one);
}
template <class C, class F>
void each_column(C& cells, F&& f) {
    each_standing_column(cells, f);
    each_optional_column(cells, f);
}

/// A number of a column that may be empty.
inline double at_or_zero(const std::vector<double>& column, std::size_t row) {
    return column.empty() ? 0.0 : column[row];
}

}  // namespace abscopal::tissue
