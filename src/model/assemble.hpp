// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <span>
#include <vector>

#include "model/graph.hpp"

namespace abscopal {

/// Turns parts of a graph into programs over one workspace. No two programs share registers, so what one
/// leaves in its outputs stays until it runs again.
class Assembler {
  public:
    /// `leaf_slots[q]` is where quantity q stands; `workspace` holds the defaults of all leaves.
    Assembler(const Graph& graph, std::vector<Slot> leaf_slots, std::vector<double> workspace);

    /// Work on parameters alone that `roots` need, computed once. Call once, before programs that use it.
    Program hoist(std::span<const NodeId> roots);

    /// The program that computes `outputs`; with `use_hoisted` it relies on the hoisted work.
    Program assemble(std::span<const NodeId> outputs, bool use_hoisted);

    /// A further slot that starts with `value`.
    Slot allocate(double value);
    void place_leaf(std::uint32_t quantity, Slot slot);

    const std::vector<double>& workspace() const { return workspace_; }

  private:
    struct Item;
    class Schedule;
    class Registers;
    bool is_given(NodeId id, bool use_hoisted) const;
    Slot given_slot(NodeId id);
    std::vector<NodeId> needed(std::span<const NodeId> outputs, bool use_hoisted) const;
    std::vector<std::uint32_t> count_uses(const std::vector<NodeId>& order,
                                          std::span<const NodeId> outputs) const;
    std::vector<Item> fuse(const std::vector<NodeId>& order, const std::vector<std::uint32_t>& uses,
                           bool use_hoisted) const;
    void try_fuse(Item& item, const std::vector<std::uint32_t>& uses, std::vector<char>& absorbed,
                  bool use_hoisted) const;

    const Graph& graph_;
    std::vector<Slot> leaf_slots_;
    std::vector<Slot> hoisted_slots_;   ///< by node, no_slot if not hoisted
    std::vector<Slot> constant_slots_;  ///< by node
    std::vector<double> workspace_;
};

}  // namespace abscopal
