// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "tissue/population.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "tissue/cycles.hpp"

namespace abscopal::tissue {
namespace {

constexpr std::uint32_t nowhere = std::numeric_limits<std::uint32_t>::max();

/// Contacts, springs and attack targets after the rows have moved to `to` (nowhere: gone). Call before the
/// columns move.
void follow(State& state, const std::vector<std::uint32_t>& to, std::span<const std::uint32_t> from) {
    for (auto& target : state.cells.attack_target) {
        if (target < 0) continue;
        const auto row = to[static_cast<std::size_t>(target)];
        target = row == nowhere ? -1 : static_cast<std::int32_t>(row);
    }
    std::erase_if(state.springs, [&](const auto& s) { return to[s[0]] == nowhere || to[s[1]] == nowhere; });
    for (auto& spring : state.springs) spring = {to[spring[0]], to[spring[1]]};
    if (state.contact_start.empty()) return;
    std::vector<std::uint32_t> start{0}, contacts;
    for (const auto row : from) {
        for (auto k = state.contact_start[row]; k < state.contact_start[row + 1]; ++k) {
            if (to[state.contacts[k]] != nowhere) contacts.push_back(to[state.contacts[k]]);
        }
        start.push_back(static_cast<std::uint32_t>(contacts.size()));
    }
    state.contact_start = std::move(start);
    state.contacts = std::move(contacts);
}

/// Takes the rows `from` of every column, in that order.
void take_rows(State& state, std::span<const std::uint32_t> from) {
    const auto take = [&](auto& column) {
        if (column.empty()) return;
        auto taken = column;
        taken.resize(from.size());
        for (std::size_t i = 0; i < from.size(); ++i) taken[i] = column[from[i]];
        column = std::move(taken);
    };
    each_column(state.cells, take);
    for (auto* anchor : {&state.anchor_x, &state.anchor_y, &state.anchor_z}) {
        if (!anchor->empty()) take(*anchor);
    }
}

/// A copy of a row at the end of every column.
std::size_t copy_row(State& state, std::size_t row) {
    each_column(state.cells, [&](auto& column) {
        if (!column.empty()) column.push_back(column[row]);
    });
    if (!state.contact_start.empty()) state.contact_start.push_back(state.contact_start.back());
    const std::size_t copy = state.cells.size() - 1;
    for (auto* anchor : {&state.anchor_x, &state.anchor_y, &state.anchor_z}) {
        if (!anchor->empty()) anchor->push_back(std::numeric_limits<float>::quiet_NaN());
    }
    return copy;
}

/// Where the daughter goes, in mother's radii: on the sphere; in flat tissue on the disc, or, corrected, on
/// the circle.
std::array<double, 3> division_direction(const Project& project, const Dice& dice, std::uint64_t id) {
    if (project.grid.flat && !project.compat) return dice.on_circle(id, Draw::cut);
    auto u = dice.on_sphere(id, Draw::cut);
    if (project.grid.flat) u[2] = 0;
    return u;
}

void leave_if_outside(const Project& project, Cells& cells, std::size_t row) {
    if (!project.grid.contains(cells.x[row], cells.y[row], cells.z[row])) cells.outside[row] = left_the_box;
}

/// Draws the daughter's type; what the probabilities sum to above 1 is taken from the own type's.
void choose_daughter_type(const Model& model, Cells& cells, std::size_t mother, std::size_t daughter,
                          const Dice& dice) {
    const std::size_t own = cells.type[mother];
    if (!model.project->types[own].asymmetric) return;
    std::vector<double> p(model.n_types());
    for (std::size_t t = 0; t < p.size(); ++t)
        p[t] = model.value(cells, mother, model.at.asymmetric(static_cast<int>(t)));
    const double total = std::accumulate(p.begin(), p.end(), 0.0);
    if (total > 1) p[own] = std::max(0.0, p[own] + 1 - total);
    double draw = dice(cells.id[mother], Draw::daughter);
    for (std::size_t t = 0; t < p.size(); ++t) {
        if (draw <= p[t]) {
            if (t != own) become(model, cells, daughter, t);
            return;
        }
        draw -= p[t];
    }
}

void halve_conserved(const Model& model, Cells& cells, std::size_t row) {
    for (int k = 0; k < model.at.c; ++k) {
        const int column = model.column[static_cast<std::size_t>(model.at.custom(k))];
        if (model.project->custom_conserved[static_cast<std::size_t>(k)])
            cells.varied[static_cast<std::size_t>(column)][row] *= 0.5;
    }
    for (auto& amount : cells.internal) amount[row] *= 0.5;
}

void divide_one(const Model& model, State& state, std::size_t mother, const Dice& dice) {
    Cells& cells = state.cells;
    drop_springs_of(state, static_cast<std::uint32_t>(mother));
    halve_conserved(model, cells, mother);
    const auto u = division_direction(*model.project, dice, cells.id[mother]);
    const double r = cells.radius[mother];
    set_volume(cells, mother, 0.5 * cells.total[mother]);
    if (!cells.attack_time.empty()) cells.attack_time[mother] = 0;
    const std::size_t daughter = copy_row(state, mother);
    cells.id[daughter] = state.next_id++;
    const std::array<std::vector<double>*, 3> place{&cells.x, &cells.y, &cells.z};
    for (std::size_t k = 0; k < 3; ++k) {
        (*place[k])[daughter] += r * u[k];
        (*place[k])[mother] -= 0.5 * r * u[k];
    }
    cells.previous_vx[daughter] = cells.previous_vy[daughter] = cells.previous_vz[daughter] = 0;
    cells.pressure[daughter] = 0;
    cells.nuclei[daughter] = 1;
    const int movable = model.column[static_cast<std::size_t>(model.at.movable())];
    if (movable >= 0) cells.varied[static_cast<std::size_t>(movable)][daughter] = 1;
    leave_if_outside(*model.project, cells, mother);
    cells.outside[daughter] =
        placed(model.project->grid, {cells.x[daughter], cells.y[daughter], cells.z[daughter]});
    choose_daughter_type(model, cells, mother, daughter, dice);
    ++state.births;
}

}  // namespace

std::uint8_t placed(const Grid& grid, const std::array<double, 3>& at) {
    if (grid.contains(at[0], at[1], at[2])) return in_the_box;
    const bool below = at[0] < grid.low[0] || at[1] < grid.low[1] || at[2] < grid.low[2];
    return below ? never_met : left_the_box;
}

double radius_of(double volume) {
    return std::cbrt(volume / (4.0 / 3.0 * std::numbers::pi));
}

void set_volume(Cells& cells, std::size_t row, double volume) {
    const double ratio = volume / (cells.total[row] + 1e-16);
    for (auto* part : {&cells.fluid, &cells.nuclear_fluid, &cells.nuclear_solid, &cells.cytoplasmic_solid,
                       &cells.target_nuclear_solid, &cells.rupture_volume}) {
        (*part)[row] *= ratio;
    }
    cells.total[row] = volume;
    cells.radius[row] = radius_of(volume);
}

void set_type_values(const Model& model, Cells& cells, std::size_t row, bool keep_conserved) {
    for (std::size_t k = 0; k < model.varied.size(); ++k) {
        const int behaviour = model.varied[k];
        const int custom = behaviour - model.at.custom();
        const bool conserved = custom >= 0 && custom < model.at.c &&
                               model.project->custom_conserved[static_cast<std::size_t>(custom)];
        if (keep_conserved && (conserved || behaviour == model.at.movable())) continue;
        cells.varied[k][row] = model.base(cells.type[row], behaviour);
    }
}

void become(const Model& model, Cells& cells, std::size_t row, std::size_t type) {
    const CellType& to = model.project->types[type];
    cells.type[row] = static_cast<std::uint16_t>(type);
    cells.phase[row] = 0;
    cells.elapsed[row] = 0;
    cells.motile[row] = to.motile;
    for (auto* column :
         {&cells.motility_x, &cells.motility_y, &cells.motility_z, &cells.damage, &cells.damage_delivered}) {
        if (!column->empty()) (*column)[row] = 0;
    }
    cells.attack_target[row] = -1;
    cells.target_nuclear_solid[row] = (1 - to.volumes.fluid_fraction) * to.volumes.nuclear;
    set_type_values(model, cells, row, true);
}

void divide(const Model& model, State& state, std::span<const std::uint32_t> rows, const Dice& dice) {
    // Columns grow by an eighth, not twofold: memory is what limits large tissues.
    const std::size_t needed = state.cells.size() + rows.size();
    each_column(state.cells, [&](auto& column) {
        if (!column.empty() && column.capacity() < needed) column.reserve(needed + needed / 8);
    });
    for (const auto row : rows) divide_one(model, state, row, dice);
}

void remove(State& state, const std::vector<std::uint8_t>& gone) {
    std::vector<std::uint32_t> from, to(gone.size(), nowhere);
    for (std::uint32_t row = 0; row < gone.size(); ++row) {
        if (gone[row]) continue;
        to[row] = static_cast<std::uint32_t>(from.size());
        from.push_back(row);
    }
    state.removals += gone.size() - from.size();
    follow(state, to, from);
    take_rows(state, from);
}

void reorder(State& state, std::span<const std::uint32_t> from) {
    std::vector<std::uint32_t> to(from.size());
    for (std::uint32_t i = 0; i < from.size(); ++i) to[from[i]] = i;
    follow(state, to, from);
    take_rows(state, from);
}

void add_spring(State& state, std::uint32_t a, std::uint32_t b) {
    const auto& id = state.cells.id;
    if (id[a] > id[b]) std::swap(a, b);
    const std::array<std::uint32_t, 2> spring{a, b};
    const auto before = [&](const auto& s, const auto& t) {
        return std::pair(id[s[0]], id[s[1]]) < std::pair(id[t[0]], id[t[1]]);
    };
    const auto at = std::lower_bound(state.springs.begin(), state.springs.end(), spring, before);
    if (at == state.springs.end() || *at != spring) state.springs.insert(at, spring);
}

void drop_spring(State& state, std::uint32_t a, std::uint32_t b) {
    std::erase_if(state.springs,
                  [&](const auto& s) { return (s[0] == a && s[1] == b) || (s[0] == b && s[1] == a); });
}

void drop_springs_of(State& state, std::uint32_t row) {
    std::erase_if(state.springs, [&](const auto& s) { return s[0] == row || s[1] == row; });
}

std::vector<std::uint32_t> rows_by_id(const Cells& cells) {
    std::vector<std::uint32_t> rows(cells.size());
    std::iota(rows.begin(), rows.end(), 0u);
    std::sort(rows.begin(), rows.end(), [&](auto a, auto b) { return cells.id[a] < cells.id[b]; });
    return rows;
}

}  // namespace abscopal::tissue
