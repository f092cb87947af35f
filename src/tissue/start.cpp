// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>
#include <cmath>

#include "tissue/cycles.hpp"
#include "tissue/population.hpp"

/// Time 0: cells placed, their own settings made, parameters drawn from their laws, fields set.
namespace abscopal::tissue {
namespace {

std::size_t add_cell(const Model& model, State& state, std::size_t type, const std::array<double, 3>& place) {
    const Volumes& v = model.project->types[type].volumes;
    Cells& cells = state.cells;
    each_standing_column(cells, [](auto& column) { column.emplace_back(); });
    const std::size_t row = cells.size() - 1;
    cells.id[row] = state.next_id++;
    cells.type[row] = cells.volume_type[row] = static_cast<std::uint16_t>(type);
    cells.motile[row] = model.project->types[type].motile;
    cells.nuclei[row] = 1;
    cells.x[row] = place[0];
    cells.y[row] = place[1];
    cells.z[row] = place[2];
    cells.outside[row] = placed(model.project->grid, place);
    cells.total[row] = v.total;
    cells.radius[row] = radius_of(v.total);
    cells.fluid[row] = v.fluid_fraction * v.total;
    cells.nuclear_fluid[row] = v.fluid_fraction * v.nuclear;
    cells.nuclear_solid[row] = cells.target_nuclear_solid[row] = (1 - v.fluid_fraction) * v.nuclear;
    cells.cytoplasmic_solid[row] = (1 - v.fluid_fraction) * (v.total - v.nuclear);
    cells.calcified[row] = v.calcified_fraction;
    cells.rupture_volume[row] = v.rupture * v.total;
    cells.attack_target[row] = -1;
    set_type_values(model, cells, row, false);
    return row;
}

void scatter(const Model& model, State& state, const Dice& dice) {
    const Grid& grid = model.project->grid;
    for (std::size_t type = 0; type < model.n_types(); ++type) {
        for (int n = 0; n < model.project->cells_of_each_type; ++n) {
            std::array<double, 3> place{};
            for (std::uint32_t k = 0; k < (grid.flat ? 2u : 3u); ++k) {
                place[k] = grid.low[k] + dice(state.next_id, Draw::place, k) * (grid.high[k] - grid.low[k]);
            }
            add_cell(model, state, type, place);
        }
    }
}

void set_value(const Model& model, Cells& cells, std::size_t row, int behaviour, double value) {
    if (behaviour < 0) return set_volume(cells, row, value);
    cells.varied[static_cast<std::size_t>(model.column[static_cast<std::size_t>(behaviour)])][row] = value;
}

/// A normal number by Box and Muller from two uniforms.
double normal(const Dice& dice, std::uint64_t cell, std::uint32_t index) {
    const double u = dice(cell, Draw::spread, index), v = dice(cell, Draw::spread, index + 1);
    return std::sqrt(-2 * std::log(u)) * std::cos(2 * std::numbers::pi * v);
}

/// One number of a law; numbers outside the bounds are drawn again.
double draw_spread(const Spread& spread, const Dice& dice, std::uint64_t cell, std::uint32_t first) {
    using Law = Spread::Law;
    const double u = dice(cell, Draw::spread, first);
    if (spread.law == Law::uniform) return spread.first + u * (spread.second - spread.first);
    if (spread.law == Law::log_uniform)
        return std::exp(std::log(spread.first) + u * (std::log(spread.second) - std::log(spread.first)));
    double value = spread.low;
    // The reader makes sure that one draw in ten thousand at least falls inside.
    for (std::uint32_t k = 0; k < 400'000 && (value <= spread.low || value >= spread.high); k += 2) {
        const double x = spread.first +
                         spread.second * normal(dice, cell + (std::uint64_t{k / 256} << 48), first + k % 256);
        value = spread.law == Law::normal       ? x
                : spread.law == Law::log_normal ? std::exp(x)
                                                : std::pow(10.0, x);
    }
    return value;
}

void draw_spreads(const Model& model, State& state, const Dice& dice) {
    std::uint32_t first = 0;
    for (const auto& spread : model.project->spreads) {
        for (std::size_t row = 0; row < state.cells.size(); ++row) {
            if (state.cells.type[row] != spread.type) continue;
            set_value(model, state.cells, row, spread.behaviour,
                      draw_spread(spread, dice, state.cells.id[row], first));
        }
        first += 512;
    }
}

}  // namespace

State make_start(const Model& model, std::uint64_t seed) {
    const Project& project = *model.project;
    const Dice dice{seed, 0};
    State state;
    state.seed = seed;
    state.cells.varied.resize(model.varied.size());
    if (project.track_internal) state.cells.internal.resize(model.n_substrates());
    const std::size_t count =
        project.cells.size() + model.n_types() * static_cast<std::size_t>(project.cells_of_each_type);
    each_standing_column(state.cells, [&](auto& column) { column.reserve(count); });
    scatter(model, state, dice);
    for (const auto& cell : project.cells) {
        const auto row =
            add_cell(model, state, static_cast<std::size_t>(cell.type), {cell.x, cell.y, cell.z});
        for (const auto& [behaviour, value] : cell.settings)
            set_value(model, state.cells, row, behaviour, value);
    }
    if (model.moves)
        for (auto* column : {&state.cells.motility_x, &state.cells.motility_y, &state.cells.motility_z})
            column->resize(state.cells.size(), 0.0);
    if (model.harms)
        for (auto* column : {&state.cells.damage, &state.cells.attack_time, &state.cells.damage_delivered})
            column->resize(state.cells.size(), 0.0);
    draw_spreads(model, state, dice);
    for (std::size_t k = 0; k < model.n_substrates(); ++k) {
        const bool given = k < project.start_fields.size() && !project.start_fields[k].empty();
        state.fields.push_back(given
                                   ? project.start_fields[k]
                                   : std::vector<double>(project.grid.size(), project.substrates[k].initial));
    }
    state.circulation.resize(model.n_substrates());
    return state;
}

}  // namespace abscopal::tissue
