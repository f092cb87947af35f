// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
// Algebraic rules 0 = f that are linear in exactly one variable nothing else determines: f = a·x + b, so x =
// −b/a.
#include <algorithm>

#include "model/network.hpp"

namespace abscopal {
namespace {

bool is_free(const Quantity& quantity) {
    return !quantity.constant && !quantity.definition && !quantity.rate_rule && !quantity.is_set_by_event &&
           !quantity.is_changed_by_reaction && quantity.kind != Quantity::Kind::reaction;
}

}  // namespace

NodeId Network::solve_for(NodeId residual, std::size_t variable) {
    const std::vector<NodeId> order = graph_.reachable(std::span(&residual, 1));
    std::vector<NodeId> seed(quantities_.size() + 1, no_node);
    seed[leaf_of(variable)] = graph_.constant(1.0);
    const NodeId slope = differentiate(graph_, order, seed).back();
    if (slope == no_node) return no_node;
    for (const NodeId id : graph_.reachable(std::span(&slope, 1))) {
        if (graph_[id].code == Code::leaf && graph_[id].leaf == leaf_of(variable)) return no_node;
    }
    const NodeId rest = graph_.substitute(residual, leaf_of(variable), graph_.constant(0.0));
    return graph_.negate(graph_.div(rest, slope));
}

// Solves one of the open rules, if one has a single free variable left.
bool Network::solve_one(std::vector<const Rule*>& open, std::vector<char>& free) {
    for (auto rule = open.begin(); rule != open.end(); ++rule) {
        const NodeId residual = lower((*rule)->math);
        std::vector<std::size_t> unknowns;
        for (const NodeId id : graph_.reachable(std::span(&residual, 1))) {
            if (graph_[id].code != Code::leaf || graph_[id].leaf == time_leaf) continue;
            if (free[graph_[id].leaf - 1]) unknowns.push_back(graph_[id].leaf - 1);
        }
        if (unknowns.size() != 1) continue;
        // Until it is solved a free variable stands as a leaf that carries its value in mathematics.
        const NodeId solution = solve_for(residual, unknowns[0]);
        if (solution == no_node) continue;
        Quantity& quantity = quantities_[unknowns[0]];
        quantity.role = Quantity::Role::assigned;
        quantity.compartment = free_compartments_[unknowns[0]];
        free[unknowns[0]] = 0;
        memo_.assign(quantities_.size(), {});
        solved_[unknowns[0]] = solution;
        open.erase(rule);
        return true;
    }
    return false;
}

void Network::solve_algebraic_rules() {
    solved_.assign(quantities_.size(), no_node);
    if (algebraic_rules_.empty()) return;
    std::vector<char> free(quantities_.size(), 0);
    free_compartments_.assign(quantities_.size(), Quantity::npos);
    for (std::size_t i = 0; i < quantities_.size(); ++i) {
        if (!is_free(quantities_[i])) continue;
        free[i] = 1;
        free_compartments_[i] = quantities_[i].compartment;
        quantities_[i].compartment = Quantity::npos;
        quantities_[i].role = Quantity::Role::state;
    }
    std::vector<const Rule*> open = algebraic_rules_;
    while (solve_one(open, free)) {
    }
    for (const Rule* rule : open) {
        faults_.add("unsupported-construct",
                    "algebraic rule that is not linear in exactly one undetermined variable is not supported",
                    rule->place);
    }
    // What stayed free is an ordinary quantity again.
    for (std::size_t i = 0; i < quantities_.size(); ++i) {
        if (!free[i]) continue;
        quantities_[i].compartment = free_compartments_[i];
        if (quantities_[i].kind != Quantity::Kind::species) quantities_[i].role = Quantity::Role::parameter;
    }
    memo_.assign(quantities_.size(), {});
}

}  // namespace abscopal
