// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
// Forward sensitivities: every state x gets a companion ∂x/∂p whose rate is the directional derivative of the
// rate of x, Σ ∂f/∂x·∂x/∂p + ∂f/∂p; what events, initial values and observables do is differentiated
// likewise.
#include <algorithm>
#include <string>

#include "model/compile_parts.hpp"

namespace abscopal {
namespace {

class ModelDifferentiation {
  public:
    ModelDifferentiation(Network& network, const std::vector<std::size_t>& by, const Differentiated& model,
                         InitialNodes& initial)
        : network_(network), g_(network.graph()), model_(model), initial_(initial), seeds_(by.size()) {
        result_.by = by;
    }

    SensitivityNodes run(std::vector<EventNodes>& events) {
        for (std::size_t k = 0; k < seeds_.size(); ++k) add_states(k);
        for (std::size_t k = 0; k < seeds_.size(); ++k) add_fixed_parameters(k);
        add_initial_steps();
        for (std::size_t k = 0; k < seeds_.size(); ++k) result_.moment.push_back(new_leaf());
        for (std::size_t i = 0; i < model_.states.size(); ++i) result_.drift.push_back(new_leaf());
        for (std::size_t k = 0; k < seeds_.size(); ++k) {
            add(result_.rates, model_.rates, seeds_[k]);
            add_looks(k);
        }
        for (EventNodes& event : events) differentiate_event(event);
        differentiate_switches();
        return std::move(result_);
    }

  private:
    using Seed = std::vector<NodeId>;  ///< derivative of each leaf

    std::uint32_t new_leaf() { return initial_.n_leaves++; }

    static void plant(Seed& seed, std::uint32_t leaf, NodeId derivative) {
        if (seed.size() <= leaf) seed.resize(leaf + 1, no_node);
        seed[leaf] = derivative;
    }

    NodeId slope(NodeId root, const Seed& seed) { return slopes(std::span(&root, 1), seed).front(); }

    std::vector<NodeId> slopes(std::span<const NodeId> roots, const Seed& seed) {
        const std::vector<NodeId> order = g_.reachable(roots);
        const std::vector<NodeId> by_order = differentiate(g_, order, seed);
        std::vector<NodeId> result;
        for (const NodeId root : roots) {
            const auto at = std::ranges::lower_bound(order, root) - order.begin();
            const NodeId found = by_order[static_cast<std::size_t>(at)];
            result.push_back(found == no_node ? g_.constant(0.0) : found);
        }
        return result;
    }

    void add(std::vector<NodeId>& to, std::span<const NodeId> roots, const Seed& seed) {
        const std::vector<NodeId> more = slopes(roots, seed);
        to.insert(to.end(), more.begin(), more.end());
    }

    void add_states(std::size_t k) {
        for (const std::size_t state : model_.states) {
            const std::uint32_t leaf = new_leaf();
            result_.states.push_back(leaf);
            result_.state_starts.push_back(state == result_.by[k] ? 1.0 : 0.0);
            plant(seeds_[k], leaf_of(state), g_.leaf(leaf, on_state));
        }
    }

    void add_parameter(std::size_t quantity, std::size_t k, double start) {
        const std::uint32_t leaf = new_leaf();
        result_.parameters.push_back({quantity, k, leaf, start});
        plant(seeds_[k], leaf_of(quantity), g_.leaf(leaf, on_parameter));
    }

    // The quantity itself, and whatever events may give a value that depends on it.
    void add_fixed_parameters(std::size_t k) {
        for (std::size_t i = 0; i < network_.size(); ++i) {
            if (network_[i].role != Quantity::Role::parameter) continue;
            const bool is_own = i == result_.by[k];
            if (is_own || network_[i].is_set_by_event) add_parameter(i, k, is_own ? 1.0 : 0.0);
        }
    }

    // Each step is followed by the steps of its derivatives.
    void add_initial_steps() {
        const std::vector<InitialNode> steps = std::move(initial_.steps);
        initial_.steps.clear();
        for (const InitialNode& step : steps) {
            initial_.steps.push_back(step);
            for (std::size_t k = 0; k < seeds_.size(); ++k) add_initial_derivative(step, k);
        }
    }

    void add_initial_derivative(const InitialNode& step, std::size_t k) {
        const bool is_own = step.leaf == leaf_of(result_.by[k]);
        const bool is_known = step.leaf < seeds_[k].size() && seeds_[k][step.leaf] != no_node;
        InitialNode derivative;
        derivative.derivative_of = step.leaf;
        derivative.value = is_own ? own_start(step) : slope(step.value, seeds_[k]);
        if (!is_known && g_.is_constant(derivative.value, 0.0)) return;
        if (!is_known) add_dependent(step.leaf, k);
        derivative.leaf = g_[seeds_[k][step.leaf]].leaf;
        derivative.if_given = is_own ? derivative.value : given_slope(step, k);
        initial_.steps.push_back(derivative);
    }

    // A parameter whose start value depends on by[k], or the initial size of a computed compartment.
    void add_dependent(std::uint32_t leaf, std::size_t k) {
        if (leaf <= network_.size()) return add_parameter(leaf - 1, k, 0.0);
        plant(seeds_[k], leaf, g_.leaf(new_leaf(), on_parameter));
    }

    // The amount that belongs to a change of 1 in the unit of mathematics.
    NodeId own_start(const InitialNode& step) {
        return step.size_leaf == 0 ? g_.constant(1.0) : g_.leaf(step.size_leaf, on_parameter);
    }

    // A given concentration stays while its compartment's size changes.
    NodeId given_slope(const InitialNode& step, std::size_t k) {
        const auto& seed = seeds_[k];
        if (step.size_leaf == 0 || step.size_leaf >= seed.size() || seed[step.size_leaf] == no_node)
            return g_.constant(0.0);
        const NodeId concentration =
            g_.div(g_.leaf(step.leaf, on_state), g_.leaf(step.size_leaf, on_parameter));
        return g_.mul(concentration, seed[step.size_leaf]);
    }

    void add_looks(std::size_t k) {
        for (std::size_t i = 0; i < network_.size(); ++i) {
            SensitivityNodes::Look look;
            look.value = slope(network_.value(i), seeds_[k]);
            if (network_[i].kind == Quantity::Kind::species) {
                look.amount = slope(network_.amount(i), seeds_[k]);
                const NodeId concentration = network_.concentration(i);
                if (concentration != no_node) look.concentration = slope(concentration, seeds_[k]);
            }
            result_.looks.push_back(look);
        }
    }

    // What happens at a moment that moves sees the time of the moment move.
    void differentiate_event(EventNodes& event) {
        for (std::size_t k = 0; k < seeds_.size(); ++k) {
            Seed seed = seeds_[k];
            plant(seed, time_leaf, g_.leaf(result_.moment[k], on_state));
            if (event.delay != no_node) event.delay_slopes.push_back(slope(event.delay, seed));
            add(event.value_slopes, event.values, seed);
            add(event.size_slopes, event.sizes, seed);
        }
    }

    void differentiate_switches() {
        Seed along;
        plant(along, time_leaf, g_.constant(1.0));
        for (std::size_t i = 0; i < model_.states.size(); ++i)
            plant(along, leaf_of(model_.states[i]), g_.leaf(result_.drift[i], on_state));
        add(result_.root_drift, model_.switches.functions, along);
        for (const NodeId function : model_.switches.functions)
            for (const Seed& seed : seeds_) result_.root_slopes.push_back(slope(function, seed));
        for (const NodeId time : model_.switches.times)
            for (const Seed& seed : seeds_) result_.switch_time_slopes.push_back(slope(time, seed));
    }

    Network& network_;
    Graph& g_;
    const Differentiated& model_;
    InitialNodes& initial_;
    std::vector<Seed> seeds_;  ///< by k
    SensitivityNodes result_;
};

std::optional<std::size_t> by_id_or_name(const Network& network, const std::string& name) {
    if (const auto found = network.find(name)) return found;
    std::optional<std::size_t> result;
    for (std::size_t i = 0; i < network.size(); ++i) {
        if (network[i].entity.name != name || name.empty()) continue;
        if (result) return std::nullopt;
        result = i;
    }
    return result;
}

}  // namespace

std::vector<std::size_t> find_differentiable(const Network& network, const std::vector<std::string>& names,
                                             FaultList& faults) {
    std::vector<std::size_t> result;
    for (const std::string& name : names) {
        const auto found = by_id_or_name(network, name);
        if (!found)
            faults.add("unknown-name",
                       "sensitivity to unknown name '" + name + "'" + did_you_mean(name, network.ids()));
        else if (network[*found].role == Quantity::Role::assigned)
            faults.add("not-settable", "no sensitivity to '" + name + "': the model computes it");
        else if (std::ranges::find(result, *found) != result.end())
            faults.add("duplicate-id", "sensitivity to '" + name + "' is asked for twice");
        else
            result.push_back(*found);
    }
    return result;
}

SensitivityNodes differentiate_model(Network& network, const std::vector<std::size_t>& by,
                                     const Differentiated& model, InitialNodes& initial,
                                     std::vector<EventNodes>& events) {
    return ModelDifferentiation(network, by, model, initial).run(events);
}

}  // namespace abscopal
