// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "tissue/circulation.hpp"
#include "tissue/interactions.hpp"
#include "tissue/phenotype.hpp"
#include "tissue/population.hpp"
#include "tissue/steppers.hpp"

namespace abscopal::tissue {

bool is_due(const Project& project, std::uint64_t now, std::uint64_t last, double step) {
    return now == 0 ||
           static_cast<double>(now - last) * project.diffusion_step > step - 0.5 * project.diffusion_step;
}

ReferenceStepper::ReferenceStepper(const Model& model, Team& team)
    : model_(model), team_(team), old_bins_(model.project->grid) {
    for (std::size_t k = 0; k < model.n_substrates(); ++k)
        solvers_.push_back(make_solver(*model.project, k, model.project->diffusion_step));
}

void ReferenceStepper::step(State& state) {
    const Project& project = *model_.project;
    const Dice dice{state.seed, static_cast<std::uint32_t>(state.step)};
    for (std::size_t k = 0; k < state.fields.size(); ++k) {
        if (project.substrates[k].has_circulation)
            circulate(project, k, state.step, state.circulation[k], solvers_[k]);
        diffuse_reference(project.grid, solvers_[k], state.fields[k]);
    }
    exchange_reference(model_, state, rows_by_id(state.cells));
    if (is_due(project, state.step, state.last_phenotype, project.phenotype_step)) {
        phenotype_step(model_, state, dice, team_, project.compat ? &old_bins_ : nullptr);
        state.last_phenotype = state.step;
    }
    if (is_due(project, state.step, state.last_mechanics, project.mechanics_step)) {
        mechanics_step(state, dice);
        state.last_mechanics = state.step;
    }
    ++state.step;
}

void ReferenceStepper::mechanics_step(State& state, const Dice& dice) {
    Cells& cells = state.cells;
    const auto hot = hot_cells(model_, cells);
    auto listed = list_neighbours(*model_.project, cells.outside, hot, 0.0, team_);
    if (model_.project->compat) listed = drop_unseen(old_bins_, state, hot, listed);
    const auto near = [&](std::uint32_t row, Neighbours::Rows& scratch) { return listed.of(row, scratch); };
    Velocities v;
    for (auto* column : {&v.x, &v.y, &v.z}) column->assign(cells.size(), 0.0);
    if (model_.project->virtual_wall) wall_forces(model_, cells, v, 0, cells.size());
    pair_forces(model_, cells, hot, near, v, team_);
    motility(model_, state, dice, v, team_);
    const auto actors = find_actors(model_, cells, team_);
    auto asks = actors;
    for (std::size_t i = 0; i < asks.size(); ++i) asks[i] |= model_.reads_contacts[cells.type[i]];
    list_contacts(state, hot, near, asks, team_);
    springs(model_, state, dice, v);
    interact(model_, state, actors, dice, team_, {&v.x, &v.y, &v.z});
    move(model_, cells, v, 0, cells.size());
}

}  // namespace abscopal::tissue
