// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
// Algebraic rules 0 = f. Where f is linear in exactly one variable nothing else determines, f = a·x + b, it
// becomes x = −b/a. The others are matched with what is still free, each variable becoming a state held by
// its equation.
#include <algorithm>
#include <map>
#include <utility>

#include "model/network.hpp"

namespace abscopal {
namespace {

// What no rule and no reaction determines, though an event may set it.
bool is_loose(const Quantity& quantity) {
    return !quantity.constant && !quantity.definition && !quantity.rate_rule &&
           !quantity.is_changed_by_reaction && quantity.kind != Quantity::Kind::reaction;
}

bool is_free(const Quantity& quantity) {
    return is_loose(quantity) && !quantity.is_set_by_event;
}

// How much a variable calls for an equation: most one without any value, least one that events set.
int claim_of(const Quantity& quantity) {
    if (quantity.is_set_by_event) return 2;
    return quantity.has_value || quantity.initial ? 1 : 0;
}

/// A largest matching of variables with the rules they stand in, by augmenting paths (Kuhn 1955, doi
/// 10.1002/nav.3800020109). A variable once matched stays matched, so those offered first are preferred.
class Matching {
  public:
    explicit Matching(std::size_t n_rules) : variable_of_(n_rules, Quantity::npos) {}

    bool offer(std::size_t variable, const std::vector<std::size_t>& rules) {
        rules_of_[variable] = rules;
        std::vector<char> seen(variable_of_.size(), 0);
        return augment(variable, seen);
    }
    std::size_t variable_of(std::size_t rule) const { return variable_of_[rule]; }

    /// The matched variables whose place `variable` could take.
    std::vector<std::size_t> rivals(std::size_t variable) const {
        std::vector<std::size_t> open = {variable}, found;
        std::vector<char> seen(variable_of_.size(), 0);
        while (!open.empty()) {
            const std::size_t at = open.back();
            open.pop_back();
            for (const std::size_t rule : rules_of_.at(at)) {
                if (std::exchange(seen[rule], 1) || variable_of_[rule] == Quantity::npos) continue;
                found.push_back(variable_of_[rule]);
                open.push_back(variable_of_[rule]);
            }
        }
        return found;
    }

  private:
    bool augment(std::size_t variable, std::vector<char>& seen) {
        for (const std::size_t rule : rules_of_[variable]) {
            if (std::exchange(seen[rule], 1)) continue;
            if (variable_of_[rule] != Quantity::npos && !augment(variable_of_[rule], seen)) continue;
            variable_of_[rule] = variable;
            return true;
        }
        return false;
    }

    std::vector<std::size_t> variable_of_;  ///< by rule
    std::map<std::size_t, std::vector<std::size_t>> rules_of_;
};

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

// Gives each rule that is still open a variable to determine.
void Network::match(const std::vector<const Rule*>& open, std::vector<char>& free) {
    std::map<std::size_t, std::vector<std::size_t>> rules_of;
    for (std::size_t rule = 0; rule < open.size(); ++rule) {
        const NodeId residual = lower(open[rule]->math);
        for (const NodeId id : graph_.reachable(std::span(&residual, 1))) {
            const GraphNode& node = graph_[id];
            if (node.code != Code::leaf || node.leaf == time_leaf) continue;
            if (free[node.leaf - 1] || is_loose(quantities_[node.leaf - 1]))
                rules_of[node.leaf - 1].push_back(rule);
        }
    }
    std::vector<std::size_t> order;
    for (const auto& entry : rules_of) order.push_back(entry.first);
    const auto claim = [&](std::size_t variable) { return claim_of(quantities_[variable]); };
    std::ranges::stable_sort(order, {}, claim);
    Matching matching(open.size());
    std::vector<std::size_t> unmatched;
    for (const std::size_t variable : order) {
        if (!matching.offer(variable, rules_of[variable])) unmatched.push_back(variable);
    }
    for (const std::size_t variable : unmatched) {
        for (const std::size_t rival : matching.rivals(variable)) {
            if (claim(rival) != claim(variable)) continue;
            faults_.add("underdetermined",
                        "algebraic rules may determine '" + quantities_[rival].entity.id + "' or '" +
                            quantities_[variable].entity.id + "'; which of them is not said",
                        quantities_[variable].entity.place);
        }
    }
    for (std::size_t rule = 0; rule < open.size(); ++rule) {
        const std::size_t variable = matching.variable_of(rule);
        if (variable == Quantity::npos) {
            faults_.add("overdetermined", "algebraic rule has no variable left to determine",
                        open[rule]->place);
            continue;
        }
        quantities_[variable].equation = open[rule];
        quantities_[variable].role = Quantity::Role::state;
    }
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
    match(open, free);
    // What stayed free is an ordinary quantity again.
    for (std::size_t i = 0; i < quantities_.size(); ++i) {
        if (!free[i]) continue;
        quantities_[i].compartment = free_compartments_[i];
        if (quantities_[i].kind != Quantity::Kind::species && !quantities_[i].equation)
            quantities_[i].role = Quantity::Role::parameter;
    }
    memo_.assign(quantities_.size(), {});
}

bool Network::is_held(const Rule& rule) const {
    return std::ranges::any_of(quantities_,
                               [&](const Quantity& quantity) { return quantity.equation == &rule; });
}

}  // namespace abscopal
