// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>
#include <atomic>
#include <cmath>

#include "tissue/circulation.hpp"
#include "tissue/interactions.hpp"
#include "tissue/phenotype.hpp"
#include "tissue/population.hpp"
#include "tissue/steppers.hpp"

namespace abscopal::tissue {
namespace {

constexpr double skin = 4.0;                 // µm; how far beyond reach neighbours are listed
constexpr std::size_t large_grid = 100'000;  // voxels from which one substrate is worth the whole team
constexpr std::size_t least_rows = 256;
constexpr std::size_t cached_rows = 16'384;  // whose hot records, 1 MB, the second cache holds
constexpr std::size_t strip = 1024;          // rows whose numbers fit in cache

bool all_ones(const std::vector<double>& values) {
    return std::all_of(values.begin(), values.end(), [](double v) { return v == 1; });
}

bool is_zero(const std::vector<double>& values) {
    return std::all_of(values.begin(), values.end(), [](double v) { return v == 0; });
}

bool affinities_vary(const Model& model) {
    for (int t = 0; t < model.at.n; ++t) {
        if (model.column[static_cast<std::size_t>(model.at.affinity(t))] >= 0) return true;
    }
    return false;
}

/// Bits of a coordinate spread out to every third place.
std::uint64_t spread_bits(std::uint64_t v) {
    v &= 0x1FFFFF;
    v = (v | v << 32) & 0x1F00000000FFFF;
    v = (v | v << 16) & 0x1F0000FF0000FF;
    v = (v | v << 8) & 0x100F00F00F00F00F;
    v = (v | v << 4) & 0x10C30C30C30C30C3;
    return (v | v << 2) & 0x1249249249249249;
}

/// Place on a Z-shaped curve through boxes of 32 µm: near in space, near in memory.
std::uint64_t place_key(const Grid& grid, double x, double y, double z) {
    const auto box = [](double offset) {
        return static_cast<std::uint64_t>(std::clamp(offset / 32.0, 0.0, 2e6));
    };
    return spread_bits(box(x - grid.low[0])) | spread_bits(box(y - grid.low[1])) << 1 |
           spread_bits(box(z - grid.low[2])) << 2;
}

void sort_by_place(const Grid& grid, State& state) {
    const Cells& cells = state.cells;
    std::vector<std::pair<std::uint64_t, std::uint32_t>> keys(cells.size());
    for (std::uint32_t i = 0; i < keys.size(); ++i)
        keys[i] = {place_key(grid, cells.x[i], cells.y[i], cells.z[i]), i};
    if (std::is_sorted(keys.begin(), keys.end())) return;
    std::sort(keys.begin(), keys.end());
    std::vector<std::uint32_t> from(keys.size());
    for (std::size_t i = 0; i < from.size(); ++i) from[i] = keys[i].second;
    reorder(state, from);
}

}  // namespace

FastStepper::FastStepper(const Model& model, Team& team, const RunOptions& options)
    : model_(model),
      team_(team),
      old_bins_(model.project->grid),
      diffusion_(model.project->grid),
      kernels_(lanes::tissue_kernels(lanes::best_target())),
      single_precision_(options.shortcuts.single_precision),
      paces_(paces_of(*model.project, options)),
      affinities_(affinity_roots(model)),
      own_affinities_(affinities_vary(model)),
      parts_(model.n_substrates()),
      maps_(model.n_substrates()),
      single_fields_(model.n_substrates()) {
    if (all_ones(affinities_)) affinities_.clear();
    touching_types_.resize(model.n_types());
    for (std::size_t k = 0; k < model.n_substrates(); ++k) {
        const double together = paces_[k].steady ? 1 : static_cast<double>(paces_[k].steps);
        const double step = model.project->diffusion_step * together;
        solvers_.push_back(make_solver(*model.project, k, step));
        tables_.emplace_back(model, static_cast<int>(k), step);
        for (std::size_t t = 0; t < model.n_types(); ++t)
            touching_types_[t] = touching_types_[t] || tables_[k].touches(t);
    }
}

void FastStepper::advance(State& state, std::uint64_t last) {
    const Project& project = *model_.project;
    parts_hold_ = actors_hold_ = places_hold_ = lists_hold_ = false;
    while (state.step < last) {
        // Cells stand still between mechanics steps: fields run ahead to the next step in which anything else
        // is due.
        const std::uint64_t due = std::min(next_due(state), last - 1);
        run_fields(state, due - state.step + 1);
        state.step = due;
        const Dice dice{state.seed, static_cast<std::uint32_t>(state.step)};
        if (is_due(project, state.step, state.last_phenotype, project.phenotype_step)) {
            phenotype_step(model_, state, dice, team_, project.compat ? &old_bins_ : nullptr);
            state.last_phenotype = state.step;
            state.anchor_x.clear();
            parts_hold_ = actors_hold_ = false;
        }
        if (is_due(project, state.step, state.last_mechanics, project.mechanics_step)) {
            mechanics_step(state, dice);
            state.last_mechanics = state.step;
        }
        ++state.step;
    }
}

std::uint64_t FastStepper::next_due(const State& state) const {
    const Project& project = *model_.project;
    for (std::uint64_t step = state.step;; ++step) {
        if (is_due(project, step, state.last_mechanics, project.mechanics_step) ||
            is_due(project, step, state.last_phenotype, project.phenotype_step))
            return step;
    }
}

void FastStepper::run_fields(State& state, std::uint64_t steps) {
    if (!parts_hold_ || !places_hold_) place_cells(state);
    if (model_.project->grid.size() >= large_grid) {
        for (std::size_t k = 0; k < state.fields.size(); ++k) run_one_field(state, k, steps, true);
        return;
    }
    team_.run(state.fields.size(), 1, [&](std::size_t begin, std::size_t end) {
        for (std::size_t k = begin; k < end; ++k) run_one_field(state, k, steps, false);
    });
}

void FastStepper::run_one_field(State& state, std::size_t k, std::uint64_t steps, bool with_team) {
    auto& field = state.fields[k];
    if (paces_[k].steady) return balance_field(state, k, steps, with_team);
    // Nothing there, nothing given: it stays nothing.
    const bool circulates = model_.project->substrates[k].has_circulation;
    if (!circulates && !maps_[k].adds && is_zero(solvers_[k].held_value) && is_zero(field)) return;
    if (!single_precision_) return step_field(state, k, steps, with_team, field);
    auto& single = single_fields_[k];
    single.assign(field.begin(), field.end());
    step_field(state, k, steps, with_team, single);
    std::copy(single.begin(), single.end(), field.begin());
}

template <class Real>
void FastStepper::step_field(State& state, std::size_t k, std::uint64_t steps, bool with_team,
                             std::vector<Real>& field) {
    const Project& project = *model_.project;
    std::vector<Real> tile;
    for (std::uint64_t n = 0; n < steps; ++n) {
        if (project.substrates[k].has_circulation)
            circulate(project, k, state.step + n, state.circulation[k], solvers_[k]);
        if (!paces_[k].moves_in(state.step + n)) continue;
        if (with_team)
            diffusion_.step(solvers_[k], field, team_);
        else
            diffusion_.step(solvers_[k], field, tile);
        if (state.cells.internal.empty())
            apply_exchange(maps_[k], places_, field);
        else
            apply_parts(parts_[k], places_, project.grid.voxel_volume(), field, state.cells.internal[k]);
    }
}

/// A field that jumps to its balance when its time comes, and then stays there.
void FastStepper::balance_field(State& state, std::size_t k, std::uint64_t steps, bool with_team) {
    const Project& project = *model_.project;
    std::vector<double> tile;
    const auto diffuse = [&](std::vector<double>& field) {
        if (with_team)
            diffusion_.step(solvers_[k], field, team_);
        else
            diffusion_.step(solvers_[k], field, tile);
    };
    const auto step = [&](std::vector<double>& field) {
        diffuse(field);
        apply_exchange(maps_[k], places_, field);
    };
    for (std::uint64_t n = 0; n < steps; ++n) {
        if (project.substrates[k].has_circulation)
            circulate(project, k, state.step + n, state.circulation[k], solvers_[k]);
        if (!paces_[k].moves_in(state.step + n)) continue;
        settle(step, state.fields[k]);
        if (state.cells.internal.empty()) continue;
        // Each step until the next balance moves the same amounts.
        auto field = state.fields[k];
        diffuse(field);
        std::vector<double> moved(state.cells.size(), 0.0);
        apply_parts(parts_[k], places_, project.grid.voxel_volume(), field, moved);
        for (std::size_t row = 0; row < moved.size(); ++row)
            state.cells.internal[k][row] += static_cast<double>(paces_[k].steps) * moved[row];
    }
}

/// Sorts the cells by place and lists who is near whom. What the old lists took is given back first.
void FastStepper::list_cells(State& state) {
    near_.reset(0);
    velocities_ = {};
    sort_by_place(model_.project->grid, state);
    const Cells& cells = state.cells;
    state.anchor_x.assign(cells.x.begin(), cells.x.end());
    state.anchor_y.assign(cells.y.begin(), cells.y.end());
    state.anchor_z.assign(cells.z.begin(), cells.z.end());
    list_at_anchors(state);
    parts_hold_ = places_hold_ = actors_hold_ = false;
}

/// The lists that were made at the anchors, of this state or of one that comes from elsewhere.
void FastStepper::list_at_anchors(const State& state) {
    hot_ = hot_cells(model_, state.cells);
    for (std::size_t i = 0; i < hot_.size(); ++i)
        hot_[i].x = state.anchor_x[i], hot_[i].y = state.anchor_y[i], hot_[i].z = state.anchor_z[i];
    near_ = list_neighbours(*model_.project, state.cells.outside, hot_, skin, team_);
    carry_hot(state.cells, 0, hot_.size());
    strayed_ = has_strayed(state, 0, hot_.size());
    lists_hold_ = true;
}

void FastStepper::carry_hot(const Cells& cells, std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i)
        hot_[i].x = cells.x[i], hot_[i].y = cells.y[i], hot_[i].z = cells.z[i];
}

/// What cells exchange, from where they are, their rates and volumes.
void FastStepper::place_cells(const State& state) {
    find_occupied(model_.project->grid, state.cells, touching_types_, places_);
    const bool tracked = !state.cells.internal.empty();
    team_.run(tables_.size(), 1, [&](std::size_t begin, std::size_t end) {
        for (std::size_t k = begin; k < end; ++k) {
            if (tracked && !parts_hold_) parts_[k] = exchange_parts(tables_[k], state.cells);
            compose_exchange(tables_[k], state.cells, places_, maps_[k]);
        }
    });
    parts_hold_ = places_hold_ = true;
}

/// Whether some cell has moved half the skin since neighbours were listed, less a hair: anchors are rounded.
bool FastStepper::has_strayed(const State& state, std::size_t begin, std::size_t end) const {
    const Cells& cells = state.cells;
    double furthest = 0;
    for (std::size_t i = begin; i < end; ++i) {
        const double dx = cells.x[i] - state.anchor_x[i], dy = cells.y[i] - state.anchor_y[i],
                     dz = cells.z[i] - state.anchor_z[i];
        if (!cells.outside[i]) furthest = std::max(furthest, dx * dx + dy * dy + dz * dz);
    }
    return furthest > 0.2499 * skin * skin;
}

/// Moves the cells, strip by strip so that what a step touches of them stays near.
void FastStepper::move_cells(State& state) {
    Cells& cells = state.cells;
    std::atomic<bool> left{false}, strayed{false};
    team_.run(cells.size(), least_rows, [&](std::size_t begin, std::size_t end) {
        for (std::size_t at = begin; at < end; at += strip) {
            const std::size_t to = std::min(end, at + strip);
            if (move(model_, cells, velocities_, at, to)) left = true;
            if (!lists_hold_) continue;
            carry_hot(cells, at, to);
            if (has_strayed(state, at, to)) strayed = true;
        }
    });
    strayed_ = strayed;
    places_hold_ = false;
    if (!left) return;
    state.anchor_x.clear();
    lists_hold_ = parts_hold_ = false;
}

/// Contacts serve those who act now, and, before a phenotype step, the rules that count them.
std::vector<std::uint8_t> FastStepper::who_asks(const State& state) {
    auto asks = actors_;
    if (!model_.rules_read_contacts) return asks;
    const Project& project = *model_.project;
    std::uint64_t next = state.step + 1;
    while (!is_due(project, next, state.step, project.mechanics_step) &&
           !is_due(project, next, state.last_phenotype, project.phenotype_step))
        ++next;
    if (!is_due(project, next, state.last_phenotype, project.phenotype_step)) return asks;
    for (std::size_t i = 0; i < asks.size(); ++i) asks[i] |= model_.reads_contacts[state.cells.type[i]];
    return asks;
}

NearRows FastStepper::near_rows(const State& state) const {
    if (!model_.project->compat)
        return [this](std::uint32_t row, Neighbours::Rows& scratch) { return near_.of(row, scratch); };
    return [this, &state](std::uint32_t row, Neighbours::Rows& scratch) {
        return old_bins_.keep_seen(state, hot_[row], bins_, row, near_.of(row, scratch), scratch);
    };
}

/// Pair sums of the rows [begin, end). Neighbours of the next row are on their way from memory meanwhile.
void FastStepper::add_pairs(Cells& cells, const NearRows& near_rows, std::uint32_t begin, std::uint32_t end,
                            std::array<Neighbours::Rows, 2>& scratch) {
    const double* roots = affinities_.empty() ? nullptr : affinities_.data();
    const bool from_afar = hot_.size() > cached_rows;
    const auto call_for = [&](std::uint32_t i) -> std::span<const std::uint32_t> {
        if (i == end || !feels_pairs(model_, cells, i)) return {};
        const auto near = near_rows(i, scratch[i % 2]);
        for (const auto j : near.first(from_afar ? near.size() : 0)) __builtin_prefetch(&hot_[j]);
        return near;
    };
    auto near = call_for(begin);
    for (std::uint32_t i = begin; i < end; ++i) {
        const auto next = call_for(i + 1);
        if (feels_pairs(model_, cells, i)) {
            double sum[4];
            kernels_.pair_sum(hot_.data(), i, near.data(), near.size(),
                              roots ? roots + cells.type[i] * model_.n_types() : nullptr, sum);
            velocities_.x[i] += sum[0], velocities_.y[i] += sum[1], velocities_.z[i] += sum[2];
            cells.pressure[i] = sum[3] / pressure_scale;
        }
        near = next;
    }
}

void FastStepper::add_wall_and_pairs(State& state, const NearRows& near_rows) {
    Cells& cells = state.cells;
    team_.run(cells.size(), least_rows, [&](std::size_t begin, std::size_t end) {
        std::array<Neighbours::Rows, 2> scratch;
        for (std::size_t at = begin; at < end; at += strip) {
            const std::size_t to = std::min(end, at + strip);
            for (auto* column : {&velocities_.x, &velocities_.y, &velocities_.z})
                std::fill(column->data() + at, column->data() + to, 0.0);
            if (model_.project->virtual_wall) wall_forces(model_, cells, velocities_, at, to);
            if (!own_affinities_)
                add_pairs(cells, near_rows, static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(to),
                          scratch);
        }
    });
}

void FastStepper::mechanics_step(State& state, const Dice& dice) {
    Cells& cells = state.cells;
    if (!state.anchor_x.empty() && !lists_hold_) list_at_anchors(state);
    if (state.anchor_x.empty() || strayed_) list_cells(state);
    if (!actors_hold_) actors_ = find_actors(model_, cells, team_);
    actors_hold_ = true;
    for (auto* column : {&velocities_.x, &velocities_.y, &velocities_.z}) column->resize(cells.size());
    if (model_.project->compat) bins_ = old_bins_.bins_of(hot_);
    const NearRows near = near_rows(state);
    add_wall_and_pairs(state, near);
    if (own_affinities_) pair_forces(model_, cells, hot_, near, velocities_, team_);
    motility(model_, state, dice, velocities_, team_);
    list_contacts(state, hot_, near, who_asks(state), team_);
    springs(model_, state, dice, velocities_);
    if (interact(model_, state, actors_, dice, team_, {&velocities_.x, &velocities_.y, &velocities_.z})) {
        state.anchor_x.clear();
        lists_hold_ = parts_hold_ = actors_hold_ = false;
    }
    move_cells(state);
}

}  // namespace abscopal::tissue
