// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "tissue/model.hpp"

#include <algorithm>
#include <set>

namespace abscopal::tissue {
namespace {

/// Behaviours that something may set for one cell alone.
std::set<int> varied_behaviours(const Project& project, const BehaviourLayout& at) {
    std::set<int> varied;
    for (const auto& rule : project.rules) varied.insert(rule.behaviour);
    for (const auto& cell : project.cells) {
        for (const auto& [behaviour, value] : cell.settings) varied.insert(behaviour);
    }
    for (const auto& spread : project.spreads) varied.insert(spread.behaviour);
    for (int k = 0; k < at.c; ++k) {
        if (project.custom_conserved[static_cast<std::size_t>(k)]) varied.insert(at.custom(k));
    }
    for (const auto& type : project.types) {
        for (const auto& effect : type.effects) varied.insert(at.custom(effect.damage_variable));
    }
    varied.erase(-1);  // a cell's volume is a column of its own
    return varied;
}

Response& response_of(std::vector<Response>& responses, const Rule& rule, double base, int column) {
    const auto found = std::find_if(responses.begin(), responses.end(),
                                    [&](const auto& r) { return r.behaviour == rule.behaviour; });
    if (found != responses.end()) return *found;
    responses.push_back({rule.behaviour, column, base, base, base, {}, {}});
    return responses.back();
}

}  // namespace

Model::Model(std::shared_ptr<const Project> given)
    : project(std::move(given)),
      signals(project->dictionary),
      at(project->dictionary),
      responses(project->types.size()),
      reads_contacts(project->types.size()) {
    column.assign(static_cast<std::size_t>(at.count()), -1);
    for (const int behaviour : varied_behaviours(*project, at)) {
        column[static_cast<std::size_t>(behaviour)] = static_cast<int>(varied.size());
        varied.push_back(behaviour);
    }
    for (std::size_t type = 0; type < n_types(); ++type) {
        moves = moves || project->types[type].motile;
        harms = harms || may_be_nonzero(type, at.damage_rate());
        for (int t = 0; t < at.n; ++t) harms = harms || may_be_nonzero(type, at.attack(t));
    }
    for (const auto& rule : project->rules) {
        const auto type = static_cast<std::size_t>(rule.type);
        Response& response = response_of(responses[type], rule, base(type, rule.behaviour),
                                         column[static_cast<std::size_t>(rule.behaviour)]);
        (rule.increases ? response.up : response.down)
            .push_back({rule.signal, rule.half_max, rule.power, rule.applies_to_dead});
        // The range spans the definition's value and every response.
        if (rule.extends_maximum)
            response.high = std::max(response.high, rule.response);
        else
            response.low = std::min(response.low, rule.response);
        if (rule.signal >= signals.contact() && rule.signal <= signals.contact_other_dead())
            reads_contacts[type] = rules_read_contacts = true;
    }
}

double behaviour_of(const Project& project, const State& state, std::size_t row, int behaviour) {
    return Model(std::make_shared<const Project>(project)).value(state.cells, row, behaviour);
}

}  // namespace abscopal::tissue
