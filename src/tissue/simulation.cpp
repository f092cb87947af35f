// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <cmath>

#include "tissue/exchange.hpp"
#include "tissue/fields.hpp"
#include "tissue/interactions.hpp"
#include "tissue/mechanics.hpp"
#include "tissue/phenotype.hpp"
#include "tissue/population.hpp"

/// The six stages of a step in PhysiCell's order: diffuse, exchange, phenotype when due, mechanics when due.
namespace abscopal::tissue {

struct Simulation::Machine {
    Machine(std::shared_ptr<const Project> project, RunOptions given)
        : model(std::move(project)),
          options(given),
          team(std::max(1, given.threads)),
          old_bins(model.project->grid) {
        for (std::size_t k = 0; k < model.n_substrates(); ++k)
            solvers.push_back(make_solver(*model.project, k));
    }

    bool is_reference() const { return options.stepper == Stepper::reference; }

    void step(State& state, std::uint64_t seed) {
        const Dice dice{seed, static_cast<std::uint32_t>(state.step)};
        diffuse(state);
        exchange(state);
        const bool phenotype = is_due(state, state.last_phenotype, model.project->phenotype_step);
        const bool mechanics = is_due(state, state.last_mechanics, model.project->mechanics_step);
        if (phenotype) {
            phenotype_step(model, state, dice, team);
            if (model.project->compat) old_bins.note(model, state);
            state.last_phenotype = state.step;
            maps_hold = actors_hold = false;
        }
        if (mechanics) {
            mechanics_step(state, dice);
            state.last_mechanics = state.step;
        }
        ++state.step;
    }

    /// A stage is due once its step has passed since it last ran, to half a diffusion step; both run in the
    /// first step.
    bool is_due(const State& state, std::uint64_t last, double step) const {
        const double dt = model.project->diffusion_step;
        return state.step == 0 || static_cast<double>(state.step - last) * dt > step - 0.5 * dt;
    }

    void diffuse(State& state) {
        for (std::size_t k = 0; k < state.fields.size(); ++k) {
            if (is_reference())
                diffuse_reference(model.project->grid, solvers[k], state.fields[k]);
            else
                diffuse_fast(model.project->grid, solvers[k], state.fields[k], team);
        }
    }

    void exchange(State& state) {
        if (is_reference() || model.project->track_internal)
            return exchange_reference(model, state, rows_by_id(state.cells));
        if (!maps_hold) maps = compose_exchange(model, state, rows_by_id(state.cells));
        maps_hold = true;
        apply_exchange(maps, state);
    }

    /// Rows that must know whom they touch: those that act now, and those whose rules count contacts at the
    /// next phenotype step.
    std::vector<std::uint8_t> who_asks(const State& state) {
        auto wanted = find_actors(model, state.cells, team);
        for (std::size_t i = 0; i < wanted.size() && model.rules_read_contacts; ++i)
            wanted[i] |= model.reads_contacts[state.cells.type[i]];
        return wanted;
    }

    void mechanics_step(State& state, const Dice& dice) {
        Cells& cells = state.cells;
        const auto hot = hot_cells(model, cells);
        auto near = list_neighbours(model.project->grid, cells, hot, 0.0, team);
        if (model.project->compat) drop_unseen(old_bins, state, hot, near);
        Velocities v;
        for (auto* column : {&v.x, &v.y, &v.z}) column->assign(cells.size(), 0.0);
        if (model.project->virtual_wall) wall_forces(model, cells, v, team);
        pair_forces(model, cells, hot, near, v, team);
        motility(model, state, dice, v, team);
        list_contacts(state, hot, near, who_asks(state), team);
        springs(model, state, dice, v);
        if (interact(model, state, find_actors(model, cells, team), dice, team, {&v.x, &v.y, &v.z}))
            maps_hold = false;
        move(model, cells, v, team);
        maps_hold = false;
    }

    Model model;
    RunOptions options;
    Team team;
    OldBins old_bins;
    std::vector<FieldSolver> solvers;
    std::vector<Exchange> maps;
    bool maps_hold = false, actors_hold = false;
};

Simulation::Simulation(std::shared_ptr<const Project> project, RunOptions options)
    : machine_(std::make_unique<Machine>(std::move(project), options)) {}
Simulation::~Simulation() = default;
Simulation::Simulation(Simulation&&) noexcept = default;
Simulation& Simulation::operator=(Simulation&&) noexcept = default;

const Project& Simulation::project() const {
    return *machine_->model.project;
}
State Simulation::start(std::uint64_t seed) {
    State state = make_start(machine_->model, seed);
    if (project().compat) machine_->old_bins.note(machine_->model, state);
    return state;
}
double Simulation::time(const State& state) const {
    return static_cast<double>(state.step) * project().diffusion_step;
}

void Simulation::advance(State& state, double minute, std::uint64_t seed) {
    const double wanted = std::round(minute / project().diffusion_step);
    machine_->maps_hold = machine_->actors_hold = false;
    while (static_cast<double>(state.step) < wanted) machine_->step(state, seed);
}

}  // namespace abscopal::tissue
