// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>
#include <map>

#include "abscopal/state.hpp"

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

// Initial steps stand in the order of what depends on what; where the user gave a value, it takes the step's
// place.
State initial_state(const Model& model, Settings settings, double time) {
    std::vector<double> w = model.workspace;
    w[model.time] = time;
    const std::map<Slot, double> given = given_values(model, settings, w);
    const std::map<Slot, Slot> sizes = size_slots(model);
    for (const InitialStep& step : model.initial) {
        const auto value = given.find(step.target);
        if (value == given.end()) {
            step.program.run(w.data());
            w[step.target] = w[step.program.outputs[0]];
        } else if (const auto size = sizes.find(step.target); size != sizes.end()) {
            w[step.target] = value->second * w[size->second];
        }
    }
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
