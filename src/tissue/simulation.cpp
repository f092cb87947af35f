// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>
#include <cmath>

#include "tissue/population.hpp"
#include "tissue/steppers.hpp"

namespace abscopal::tissue {

struct Simulation::Machine {
    Machine(std::shared_ptr<const Project> project, RunOptions given)
        : model(std::move(project)),
          options(given),
          team(std::max(1, given.threads)),
          reference(model, team),
          fast(model, team, options) {}

    Model model;
    RunOptions options;
    Team team;
    ReferenceStepper reference;
    FastStepper fast;
};

Simulation::Simulation(std::shared_ptr<const Project> project, RunOptions options)
    : machine_(std::make_unique<Machine>(std::move(project), options)) {}
Simulation::~Simulation() = default;
Simulation::Simulation(Simulation&&) noexcept = default;
Simulation& Simulation::operator=(Simulation&&) noexcept = default;

const Project& Simulation::project() const {
    return *machine_->model.project;
}
double Simulation::time(const State& state) const {
    return static_cast<double>(state.step) * project().diffusion_step;
}

State Simulation::start(std::uint64_t seed) {
    State state = make_start(machine_->model, seed);
    if (project().compat) OldBins(project().grid).note(machine_->model, state);
    return state;
}

void Simulation::advance(State& state, double minute) {
    const double wanted = std::round(minute / project().diffusion_step);
    if (wanted <= static_cast<double>(state.step)) return;
    const auto last = static_cast<std::uint64_t>(wanted);
    if (machine_->options.stepper == Stepper::fast) return machine_->fast.advance(state, last);
    while (state.step < last) machine_->reference.step(state);
}

}  // namespace abscopal::tissue
