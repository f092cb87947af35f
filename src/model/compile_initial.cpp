// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
// Start values: initial assignments, concentrations turned into amounts, and the order in which they can be
// computed.
#include <utility>

#include "model/compile_parts.hpp"

namespace abscopal {
namespace {

class InitialLowering {
  public:
    InitialLowering(Network& network, FaultList& faults) : network_(network), faults_(faults) {}

    InitialNodes run() {
        result_.size_leaves.assign(network_.size(), 0);
        result_.n_leaves = leaf_of(network_.size());
        for (std::size_t i = 0; i < network_.size(); ++i) {
            if (network_[i].role != Quantity::Role::assigned) add_quantity(i);
        }
        step_of_.assign(result_.n_leaves, steps_.size());
        for (std::size_t i = 0; i < steps_.size(); ++i) step_of_[steps_[i].leaf] = i;
        marks_.assign(steps_.size(), Mark::none);
        for (std::size_t i = 0; i < steps_.size(); ++i) visit(i);
        return std::move(result_);
    }

  private:
    enum class Mark : char { none, open, done };

    void add_quantity(std::size_t i) {
        const Quantity& q = network_[i];
        const bool is_concentration = q.compartment != Quantity::npos;
        const bool starts_as_concentration =
            !q.value_is_amount && q.place_of_species && network_.has_size(*q.place_of_species);
        if (!q.initial && !is_concentration && !starts_as_concentration) return;
        InitialNode step;
        step.leaf = leaf_of(i);
        if (is_concentration) step.size_leaf = size_leaf(q.compartment);
        step.value = q.initial ? network_.lower(q.initial) : network_.graph().constant(q.value);
        if (q.initial ? is_concentration : starts_as_concentration) {
            step.value = network_.graph().mul(step.value, network_.value(*q.place_of_species));
        }
        steps_.push_back(step);
    }

    // The initial size of a computed compartment gets a leaf and a step of its own.
    std::uint32_t size_leaf(std::size_t compartment) {
        if (network_[compartment].role != Quantity::Role::assigned) return leaf_of(compartment);
        std::uint32_t& leaf = result_.size_leaves[compartment];
        if (leaf != 0) return leaf;
        leaf = result_.n_leaves++;
        steps_.push_back({leaf, network_.value(compartment), 0});
        return leaf;
    }

    // Depth first: what a step reads comes before it. The size that only a user's concentration would need
    // is a wish, not a duty.
    void visit(std::size_t i) {
        if (marks_[i] != Mark::none) return;
        marks_[i] = Mark::open;
        const NodeId value = steps_[i].value;
        for (const NodeId id : network_.graph().reachable(std::span(&value, 1))) {
            const GraphNode node = network_.graph()[id];
            if (node.code == Code::leaf) require(node.leaf, i);
        }
        if (const std::uint32_t size = steps_[i].size_leaf; size != 0) {
            const std::size_t step = step_of_[size];
            if (step != steps_.size() && marks_[step] == Mark::none) visit(step);
        }
        marks_[i] = Mark::done;
        result_.steps.push_back(steps_[i]);
    }

    void require(std::uint32_t leaf, std::size_t by) {
        const std::size_t step = step_of_[leaf];
        if (step == steps_.size()) return;
        if (marks_[step] != Mark::open) return visit(step);
        const std::uint32_t faulty = steps_[by].leaf;
        const bool is_quantity = faulty <= network_.size();
        faults_.add("cyclic-definition",
                    "initial value of '" + (is_quantity ? network_[faulty - 1].entity.id : "a compartment") +
                        "' depends on itself",
                    is_quantity ? network_[faulty - 1].entity.place : Place{});
    }

    Network& network_;
    FaultList& faults_;
    InitialNodes result_;
    std::vector<InitialNode> steps_;
    std::vector<std::size_t> step_of_;  ///< by leaf
    std::vector<Mark> marks_;
};

}  // namespace

InitialNodes lower_initial_values(Network& network, FaultList& faults) {
    return InitialLowering(network, faults).run();
}

}  // namespace abscopal
