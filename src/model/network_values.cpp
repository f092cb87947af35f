// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
// What each quantity is worth and how fast it changes, as nodes of the graph.
#include <limits>

#include "model/network.hpp"

namespace abscopal {

NodeId Network::leaf(std::size_t quantity) {
    const bool is_state = quantities_[quantity].role == Quantity::Role::state;
    return graph_.leaf(leaf_of(quantity), is_state ? on_state : on_parameter);
}

NodeId Network::carried(std::size_t quantity) {
    return leaf(quantity);
}

NodeId Network::cycle(std::size_t quantity, const char* what) {
    const Entity& entity = quantities_[quantity].entity;
    faults_.add("cyclic-definition", std::string(what) + " of '" + entity.id + "' depends on itself",
                entity.place);
    return graph_.constant(std::numeric_limits<double>::quiet_NaN());
}

NodeId Network::value(std::size_t quantity) {
    if (memo_[quantity].value != no_node) return memo_[quantity].value;
    if (memo_[quantity].in_value) return cycle(quantity, "value");
    memo_[quantity].in_value = true;
    const NodeId result = compute_value(quantity);
    memo_[quantity].in_value = false;
    return memo_[quantity].value = result;
}

NodeId Network::compute_value(std::size_t quantity) {
    const Quantity& q = quantities_[quantity];
    if (q.role == Quantity::Role::assigned) {
        if (solved_[quantity] != no_node) return solved_[quantity];
        if (q.definition) return lower(q.definition, {q.reaction, nullptr});
        return graph_.constant(0.0);
    }
    if (q.compartment == Quantity::npos) return leaf(quantity);
    return graph_.div(leaf(quantity), value(q.compartment));
}

NodeId Network::amount(std::size_t species) {
    const Quantity& q = quantities_[species];
    if (q.role != Quantity::Role::assigned) return leaf(species);
    return q.compartment == Quantity::npos ? value(species)
                                           : graph_.mul(value(species), value(q.compartment));
}

NodeId Network::concentration(std::size_t species) {
    const Quantity& q = quantities_[species];
    if (q.compartment != Quantity::npos) return value(species);
    if (!q.place_of_species || !has_size(*q.place_of_species)) return no_node;
    return graph_.div(amount(species), value(*q.place_of_species));
}

NodeId Network::rate(std::size_t state) {
    if (memo_[state].rate != no_node) return memo_[state].rate;
    if (memo_[state].in_rate) return cycle(state, "rate");
    memo_[state].in_rate = true;
    const NodeId result = compute_rate(state);
    memo_[state].in_rate = false;
    return memo_[state].rate = result;
}

NodeId Network::compute_rate(std::size_t state) {
    const Quantity& q = quantities_[state];
    if (!q.rate_rule) return reaction_rates(state);
    const NodeId rule = lower(q.rate_rule);
    if (q.compartment == Quantity::npos) return rule;
    // dA/dt = V·dc/dt + c·dV/dt
    const NodeId size = value(q.compartment);
    const NodeId growth = time_derivative(size);
    return graph_.add(graph_.mul(size, rule),
                      graph_.is_constant(growth, 0.0) ? growth : graph_.mul(value(state), growth));
}

NodeId Network::reaction_rates(std::size_t species) {
    NodeId sum = graph_.constant(0.0);
    for (const Participation& part : participations_[species]) {
        if (part.is_fast) continue;
        const NodeId weight = stoichiometry(*part.reference);
        const NodeId flow = graph_.mul(weight, value(part.reaction));
        sum = part.sign > 0 ? graph_.add(sum, flow) : graph_.sub(sum, flow);
    }
    if (quantities_[species].kind != Quantity::Kind::species || participations_[species].empty()) return sum;
    return converted(species, sum);
}

NodeId Network::converted(std::size_t species, NodeId flow) {
    const std::string& own = quantities_[species].species->conversion_factor;
    const std::string& factor = own.empty() ? spec_.conversion_factor : own;
    return factor.empty() ? flow : graph_.mul(flow, value(*find(factor)));
}

std::vector<Network::Flow> Network::flows(bool fast) {
    std::map<std::size_t, std::map<std::size_t, NodeId>> changes;
    for (std::size_t species = 0; species < quantities_.size(); ++species) {
        for (const Participation& part : participations_[species]) {
            if (part.is_fast != fast) continue;
            NodeId& change = changes[part.reaction].try_emplace(species, graph_.constant(0.0)).first->second;
            const NodeId weight = stoichiometry(*part.reference);
            change = part.sign > 0 ? graph_.add(change, weight) : graph_.sub(change, weight);
        }
    }
    std::vector<Flow> flows;
    for (const auto& [reaction, species] : changes) {
        Flow flow{reaction, {}};
        for (const auto& [index, change] : species) {
            if (!graph_.is_constant(change, 0.0)) flow.changes.emplace_back(index, converted(index, change));
        }
        flows.push_back(std::move(flow));
    }
    return flows;
}

NodeId Network::stoichiometry(const SpeciesReference& reference) {
    if (!reference.id.empty()) return value(*find(reference.id));
    if (reference.math) return lower(reference.math);
    if (reference.stoichiometry) return graph_.constant(*reference.stoichiometry);
    faults_.add("undetermined", "the stoichiometry of '" + reference.species + "' has no value",
                reference.place);
    return graph_.constant(std::numeric_limits<double>::quiet_NaN());
}

// The slopes of what equations and fast reactions determine are nowhere known as expressions.
void Network::refuse_rate_of_determined(std::size_t state) {
    const Quantity& q = quantities_[state];
    if (!q.equation && !q.is_changed_by_fast_reaction) return;
    faults_.add("unsupported-construct",
                "rate of change of '" + q.entity.id + "', which " +
                    (q.equation ? "an algebraic rule determines" : "a fast reaction changes") +
                    ", is not supported",
                q.entity.place);
}

// d/dt = ∂/∂t + Σ ∂/∂state · rate(state)
NodeId Network::time_derivative(NodeId node) {
    if (!graph_.depends(node, on_time | on_state)) return graph_.constant(0.0);
    const std::vector<NodeId> order = graph_.reachable(std::span(&node, 1));
    std::vector<NodeId> seed(quantities_.size() + 1, no_node);
    for (const NodeId id : order) {
        if (graph_[id].code != Code::leaf) continue;
        const std::uint32_t quantity = graph_[id].leaf;
        if (quantity == time_leaf) {
            seed[quantity] = graph_.constant(1.0);
        } else if (graph_.depends(id, on_state)) {
            refuse_rate_of_determined(quantity - 1);
            seed[quantity] = rate(quantity - 1);
        }
    }
    const NodeId result = differentiate(graph_, order, seed).back();
    return result == no_node ? graph_.constant(0.0) : result;
}

}  // namespace abscopal
