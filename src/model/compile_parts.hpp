// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <string>
#include <vector>

#include "abscopal/model.hpp"
#include "model/network.hpp"

/// The steps of compile(), each from the Network to nodes of its graph.
namespace abscopal {

struct EventNodes {
    const Event* event = nullptr;
    NodeId trigger = no_node, delay = no_node, priority = no_node;
    std::vector<std::size_t> targets;  ///< quantities
    std::vector<NodeId> values;        ///< of the targets in mathematics
    std::vector<NodeId> sizes;         ///< that make them carried values; 1 if they are
    std::vector<NodeId> delay_slopes, value_slopes, size_slopes;  ///< [k], [k][target], [k][target]
};
std::vector<EventNodes> lower_events(Network& network);

/// The same values with divisions by work on parameters alone as products with reciprocals, which are
/// hoisted.
std::vector<NodeId> with_reciprocals(Graph& graph, const std::vector<NodeId>& roots);

/// M · d(states)/dt = rates, both in the order of `states` (indices of quantities).
struct Equations {
    struct Entry {
        std::size_t row, column;
        NodeId value;
    };
    std::vector<NodeId> rates;
    std::vector<Entry> mass;  ///< by row, then column; empty: the identity
    std::vector<Determined> determined;
};
Equations lower_equations(Network& network, const std::vector<std::size_t>& states, FaultList& faults);

/// Reactions by single firings.
struct ChannelNodes {
    struct One {
        std::size_t reaction;  ///< quantity
        NodeId law;
        std::vector<std::pair<std::size_t, NodeId>> changes;  ///< of quantities
    };
    std::vector<One> channels;
    std::vector<std::string> obstacles;  ///< what stands against it; then there are no channels
};
ChannelNodes lower_channels(Network& network, const std::vector<std::size_t>& states);

/// d(rates)/d(states), without the structural zeros.
struct JacobianNodes {
    Sparsity sparsity;
    std::vector<NodeId> entries;
};
JacobianNodes differentiate_rates(Graph& graph, const std::vector<NodeId>& rates,
                                  const std::vector<std::uint32_t>& state_leaves);

/// d(rates)/d(time) at fixed states; empty where no rate depends on time.
std::vector<NodeId> differentiate_by_time(Graph& graph, const std::vector<NodeId>& rates);

/// Where relations and steps reachable from `roots` switch.
struct SwitchNodes {
    std::vector<NodeId> functions;  ///< change sign at a switch
    std::vector<NodeId> times;      ///< are the time of a switch
};
SwitchNodes find_switches(Graph& graph, const std::vector<NodeId>& roots);

/// The start value of one leaf. Leaves beyond the quantities hold the initial sizes of computed compartments.
struct InitialNode {
    std::uint32_t leaf = 0;
    NodeId value = no_node;
    std::uint32_t size_leaf = 0;      ///< turns a concentration given by the user into the amount; 0: none
    std::uint32_t derivative_of = 0;  ///< leaf, of a derivative; else 0
    NodeId if_given = no_node;        ///< of a derivative: its value where the user gave `derivative_of` one
};
struct InitialNodes {
    std::vector<InitialNode> steps;          ///< in an order in which they can be run
    std::vector<std::uint32_t> size_leaves;  ///< by quantity: leaf of a compartment's initial size, 0 if none
    std::uint32_t n_leaves = 0;
};
InitialNodes lower_initial_values(Network& network, FaultList& faults);

/// Derivatives of a model by quantities `by`, carried along as further states and parameters.
struct SensitivityNodes {
    struct Parameter {
        std::size_t quantity = 0, k = 0;
        std::uint32_t leaf = 0;
        double start = 0.0;
    };
    struct Look {
        NodeId value = no_node, amount = no_node, concentration = no_node;
    };
    std::vector<std::size_t> by;               ///< quantities
    std::vector<std::uint32_t> states;         ///< leaves, [k][state]
    std::vector<double> state_starts;          ///< where no step gives them
    std::vector<NodeId> rates;                 ///< of `states`
    std::vector<Parameter> parameters;         ///< those whose derivative may differ from 0
    std::vector<std::uint32_t> moment, drift;  ///< leaves, [k] and [state]
    std::vector<Look> looks;                   ///< [k][quantity]
    std::vector<NodeId> root_drift, root_slopes, switch_time_slopes;
};

/// The quantities named, with faults for those that cannot be differentiated by.
std::vector<std::size_t> find_differentiable(const Network& network, const std::vector<std::string>& names,
                                             FaultList& faults);

/// What of a model is differentiated by `by`.
struct Differentiated {
    const std::vector<std::size_t>& states;
    const std::vector<NodeId>& rates;
    const SwitchNodes& switches;
};
/// Adds derivatives to the events and to the initial steps.
SensitivityNodes differentiate_model(Network& network, const std::vector<std::size_t>& by,
                                     const Differentiated& model, InitialNodes& initial,
                                     std::vector<EventNodes>& events);

/// What the digest of a model is taken over: one line for each quantity and event, sorted, saying what it is
/// worth, where it starts and how it changes, with expressions by their canonical name (canonical.hpp).
std::vector<std::string> digest_lines(Network& network, const InitialNodes& initial,
                                      const std::vector<EventNodes>& events);

/// The same for a Spec: comparing the lines of two Specs shows where their mathematics differ.
std::vector<std::string> digest_lines(const Spec& spec);

}  // namespace abscopal
