// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "abscopal/simulation.hpp"

#include <limits>
#include <utility>

#include "ode/jumps.hpp"
#include "simulation/machine.hpp"

namespace abscopal {

Simulation::Simulation(std::shared_ptr<const Model> model, Numerics numerics)
    : machine_(std::make_unique<Machine>(std::move(model), std::move(numerics))) {}
Simulation::Simulation(std::shared_ptr<const Model> model, const Stochastic& how) {
    Numerics numerics;
    numerics.max_steps = std::numeric_limits<std::int64_t>::max();  // firings are no sign of trouble
    const MakeStepper make = [how](Workbench& bench, const Numerics&) {
        return std::make_unique<Jumps>(bench, how);
    };
    machine_ = std::make_unique<Machine>(std::move(model), std::move(numerics), make);
}
Simulation::Simulation(std::unique_ptr<Machine> machine) : machine_(std::move(machine)) {}
Simulation::~Simulation() = default;
Simulation::Simulation(Simulation&&) noexcept = default;
Simulation& Simulation::operator=(Simulation&&) noexcept = default;

void Simulation::start(State state, std::vector<Action> actions) {
    machine_->trajectory.start(std::move(state), std::move(actions));
}

Outcome Simulation::advance(double until) {
    bool crossed = false;
    return machine_->trajectory.advance(until, std::nullopt, crossed);
}

Outcome Simulation::advance_to_crossing(double until, std::size_t observable, double level, bool& crossed) {
    return machine_->trajectory.advance(until, Trajectory::Watch{observable, level}, crossed);
}

const State& Simulation::state() const {
    return machine_->trajectory.state();
}
const Model& Simulation::model() const {
    return *machine_->model;
}

void Simulation::reschedule(std::vector<Action> actions) {
    machine_->trajectory.reschedule(std::move(actions));
}

void Simulation::trace(std::function<void(const StepTaken&)> look) {
    if (!look) return machine_->trajectory.trace({});
    machine_->trajectory.trace([look](double time, double step, int level, std::int64_t rejected) {
        look({time, step, level, rejected});
    });
}

double Simulation::value(std::size_t observable) const {
    return machine_->trajectory.look(machine_->model->observables[observable].slot);
}

double Simulation::amount(std::size_t observable) const {
    return machine_->trajectory.look(machine_->model->observables[observable].amount);
}

double Simulation::concentration(std::size_t observable) const {
    return machine_->trajectory.look(machine_->model->observables[observable].concentration);
}

}  // namespace abscopal
