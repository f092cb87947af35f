// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>
#include <array>
#include <map>

#include "abscopal/state.hpp"
#include "ode/workbench.hpp"

namespace abscopal {
namespace {

// Values by slot, in the unit in which the user gave them.
std::map<Slot, double> given_values(const Model& model, Settings settings, std::vector<double>& workspace) {
    std::map<Slot, double> concentrations;
    for (const auto& [index, value] : settings) {
        const SettableInfo& settable = model.settables[index];
        workspace[settable.slot] = value;
        concentrations[settable.slot] = value;
    }
    return concentrations;
}

std::map<Slot, Slot> size_slots(const Model& model) {
    std::map<Slot, Slot> result;
    for (const SettableInfo& settable : model.settables) {
        if (settable.multiply_by != no_slot) result[settable.slot] = settable.multiply_by;
    }
    return result;
}

}  // namespace

// Start values, given or computed, in their order.
void run_initial_steps(const Model& model, const std::map<Slot, double>& given, std::vector<double>& w) {
    const std::map<Slot, Slot> sizes = size_slots(model);
    for (const InitialStep& step : model.initial) {
        const bool is_derivative = step.derivative_of != no_slot;
        const auto value = given.find(is_derivative ? step.derivative_of : step.target);
        if (value == given.end() || is_derivative) {
            const Program& program = value == given.end() ? step.program : step.if_given;
            program.run(w.data());
            w[step.target] = w[program.outputs[0]];
        } else if (const auto size = sizes.find(step.target); size != sizes.end()) {
            w[step.target] = value->second * w[size->second];
        }
    }
}

// A root of the equations may be far from the value written, or from 0 where none is: tries other sizes for
// what they determine. What fails here fails again, with its reason, when the course starts.
bool settle_from_anywhere(Workbench& bench) {
    constexpr std::array starts{1.0, 1e-3, 1e3, -1.0, 1e-6, 1e6};
    if (bench.make_consistent()) return true;
    for (const double start : starts) {
        for (const StateInfo& state : bench.model().states)
            if (state.determined == Determined::by_equation) bench.at(state.slot) = start;
        if (bench.make_consistent()) return true;
    }
    return false;
}

// Initial assignments may read what equations determine, and equations what they assign: repeated until it
// rests.
void make_consistent(const Model& model, const std::map<Slot, double>& given, std::vector<double>& w,
                     double time) {
    constexpr int most_rounds = 20;
    Workbench bench(model);
    // What fast reactions did to start values must not be undone.
    const bool is_relaxed = std::ranges::any_of(
        model.states, [](const StateInfo& state) { return state.determined == Determined::by_equilibrium; });
    const std::size_t n = model.first_parameter + model.parameters.size();
    std::vector<double> determined;
    for (int round = 0; round < most_rounds; ++round) {
        for (std::size_t i = 0; i < n; ++i) bench.at(static_cast<Slot>(i)) = w[i];
        bench.set_time(time);
        bench.run_prelude();
        if (!model.has_mass() || !settle_from_anywhere(bench)) return;
        for (std::size_t i = 0; i < n; ++i) w[i] = bench.at(static_cast<Slot>(i));
        std::vector<double> settled(w.begin(), w.begin() + static_cast<std::ptrdiff_t>(n));
        if (is_relaxed || settled == determined) return;
        determined = settled;
        std::vector<double> again = w;
        run_initial_steps(model, given, again);
        for (const InitialStep& step : model.initial) {
            const bool is_state = step.target - model.first_state < model.n_states();
            if (is_state && model.states[step.target - model.first_state].determined != Determined::by_rate)
                continue;
            w[step.target] = again[step.target];
        }
    }
}

// Initial steps stand in the order of what depends on what; where the user gave a value, it takes the step's
// place.
State initial_state(const Model& model, Settings settings, double time) {
    std::vector<double> w = model.workspace;
    w[model.time] = time;
    const std::map<Slot, double> given = given_values(model, settings, w);
    run_initial_steps(model, given, w);
    make_consistent(model, given, w, time);
    State state;
    state.time = time;
    const auto states = w.begin() + model.first_state;
    state.y.assign(states, states + static_cast<std::ptrdiff_t>(model.states.size()));
    const auto parameters = w.begin() + model.first_parameter;
    state.p.assign(parameters, parameters + static_cast<std::ptrdiff_t>(model.parameters.size()));
    for (const EventInfo& event : model.events) state.triggers.push_back(event.initial_value ? 1 : 0);
    state.y_start = state.y;
    return state;
}

}  // namespace abscopal
