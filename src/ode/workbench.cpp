// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "ode/workbench.hpp"

#include <algorithm>
#include <cassert>

namespace abscopal {

void Workbench::load(const State& state) {
    load_parameters(state);
    set(state.time, state.y.data());
}

void Workbench::load_parameters(const State& state) {
    assert(state.p.size() == model_.parameters.size());
    for (std::size_t i = 0; i < state.p.size(); ++i) numbers_[model_.parameters[i].slot] = state.p[i];
    run_prelude();
}

void Workbench::set(double time, const double* y) {
    numbers_[model_.time] = time;
    std::copy_n(y, model_.n_states(), numbers_.begin() + model_.first_state);
}

void Workbench::store(State& state) const {
    std::copy_n(numbers_.begin() + model_.first_state, model_.n_states(), state.y.begin());
    for (std::size_t i = 0; i < state.p.size(); ++i) state.p[i] = numbers_[model_.parameters[i].slot];
}

double Workbench::run_scalar(const Program& program) {
    run(program);
    return numbers_[program.outputs.front()];
}

void Workbench::run(const Program& program, std::vector<double>& outputs) {
    run(program);
    outputs.resize(program.outputs.size());
    for (std::size_t i = 0; i < outputs.size(); ++i) outputs[i] = numbers_[program.outputs[i]];
}

}  // namespace abscopal
