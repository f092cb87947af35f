// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "abscopal/simulation.hpp"

#include <utility>

#include "ode/trajectory.hpp"

namespace abscopal {

struct Simulation::Machine {
    Machine(std::shared_ptr<const Model> model_, Numerics numerics)
        : model(std::move(model_)), course(*model, std::move(numerics)) {}
    std::shared_ptr<const Model> model;
    Trajectory course;
};

Simulation::Simulation(std::shared_ptr<const Model> model, Numerics numerics)
    : machine_(std::make_unique<Machine>(std::move(model), std::move(numerics))) {}
Simulation::~Simulation() = default;
Simulation::Simulation(Simulation&&) noexcept = default;
Simulation& Simulation::operator=(Simulation&&) noexcept = default;

void Simulation::start(State state, std::vector<Action> actions) {
    machine_->course.start(std::move(state), std::move(actions));
}

Outcome Simulation::advance(double until) {
    bool crossed = false;
    return machine_->course.advance(until, std::nullopt, crossed);
}

Outcome Simulation::advance_to_crossing(double until, std::size_t observable, double level, bool& crossed) {
    return machine_->course.advance(until, Trajectory::Watch{observable, level}, crossed);
}

const State& Simulation::state() const {
    return machine_->course.state();
}
const Model& Simulation::model() const {
    return *machine_->model;
}

void Simulation::reschedule(std::vector<Action> actions) {
    machine_->course.reschedule(std::move(actions));
}

double Simulation::value(std::size_t observable) const {
    return machine_->course.look(machine_->model->observables[observable].slot);
}

double Simulation::amount(std::size_t observable) const {
    return machine_->course.look(machine_->model->observables[observable].amount);
}

double Simulation::concentration(std::size_t observable) const {
    return machine_->course.look(machine_->model->observables[observable].concentration);
}

}  // namespace abscopal
