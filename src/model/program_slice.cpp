// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>
#include <array>
#include <set>

#include "model/program.hpp"

namespace abscopal {
namespace {

std::array<Slot, 3> arguments(const Instruction& instruction) {
    const int reads = arity(instruction.code);
    return {reads > 0 ? instruction.a : no_slot, reads > 1 ? instruction.b : no_slot,
            reads > 2 ? instruction.c : no_slot};
}

}  // namespace

Program slice(const Program& program, Slot slot) {
    return slice(program, std::vector{slot});
}

Program slice(const Program& program, const std::vector<Slot>& slots) {
    std::set<Slot> needed(slots.begin(), slots.end());
    Program result;
    result.outputs = slots;
    for (auto i = program.instructions.rbegin(); i != program.instructions.rend(); ++i) {
        if (needed.erase(i->out) == 0) continue;
        for (const Slot argument : arguments(*i)) needed.insert(argument);
        result.instructions.push_back(*i);
    }
    std::ranges::reverse(result.instructions);
    return result;
}

std::vector<std::size_t> states_read(const Model& model, std::initializer_list<const Program*> programs) {
    std::set<std::size_t> states;
    const auto note = [&](Slot slot) {
        if (slot != no_slot && slot >= model.first_state && slot - model.first_state < model.n_states())
            states.insert(slot - model.first_state);
    };
    for (const Program* program : programs) {
        for (const auto& instruction : program->instructions) {
            for (const Slot argument : arguments(instruction)) note(argument);
        }
        for (const Slot output : program->outputs) note(output);
    }
    return {states.begin(), states.end()};
}

}  // namespace abscopal
