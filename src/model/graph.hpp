// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "model/program.hpp"

/// The flat expression graph: every distinct subexpression exists once. A node's arguments always have
/// smaller numbers, so ascending order is an order of evaluation.
namespace abscopal {

using NodeId = std::uint32_t;
inline constexpr NodeId no_node = ~NodeId{0};

/// What a node's value can change with.
enum Dependence : std::uint8_t { on_nothing = 0, on_time = 1, on_state = 2, on_parameter = 4 };

struct GraphNode {
    Code code = Code::constant;
    NodeId a = no_node, b = no_node, c = no_node;
    double value = 0.0;      ///< of a constant
    std::uint32_t leaf = 0;  ///< of a leaf: number of the quantity
    std::uint8_t depends = on_nothing;
};

class Graph {
  public:
    NodeId constant(double value);
    NodeId leaf(std::uint32_t quantity, Dependence dependence);

    /// The node of an operation, simplified where that keeps every bit of the value (except that
    /// small whole powers become products, and a power of ½ a square root).
    NodeId make(Code code, NodeId a, NodeId b = no_node, NodeId c = no_node);

    NodeId add(NodeId a, NodeId b) { return make(Code::add, a, b); }
    NodeId sub(NodeId a, NodeId b) { return make(Code::sub, a, b); }
    NodeId mul(NodeId a, NodeId b) { return make(Code::mul, a, b); }
    NodeId div(NodeId a, NodeId b) { return make(Code::div, a, b); }
    NodeId negate(NodeId a) { return make(Code::negate, a); }
    NodeId select(NodeId condition, NodeId yes, NodeId no) { return make(Code::select, condition, yes, no); }

    const GraphNode& operator[](NodeId id) const { return nodes_[id]; }
    std::size_t size() const { return nodes_.size(); }
    bool is_constant(NodeId id) const { return nodes_[id].code == Code::constant; }
    bool is_constant(NodeId id, double value) const { return is_constant(id) && nodes_[id].value == value; }
    bool depends(NodeId id, int dependence) const { return (nodes_[id].depends & dependence) != 0; }

    /// All nodes that the roots need, themselves included, ascending.
    std::vector<NodeId> reachable(std::span<const NodeId> roots) const;

    /// `root` with the leaf of `quantity` replaced by `replacement`.
    NodeId substitute(NodeId root, std::uint32_t quantity, NodeId replacement);

  private:
    struct Key {
        std::uint64_t head, tail, bits;
        bool operator==(const Key&) const = default;
    };
    struct KeyHash {
        std::size_t operator()(const Key& key) const;
    };

    NodeId intern(const GraphNode& node);
    NodeId fold(Code code, NodeId a, NodeId b, NodeId c);
    NodeId simplify(Code code, NodeId a, NodeId b, NodeId c);
    NodeId simplify_sum(Code code, NodeId a, NodeId b);
    NodeId simplify_product(Code code, NodeId a, NodeId b);
    NodeId simplify_power(NodeId a, NodeId b);
    NodeId simplify_logic(Code code, NodeId a, NodeId b, NodeId c);
    NodeId whole_power(NodeId base, unsigned exponent);

    std::vector<GraphNode> nodes_;
    std::unordered_map<Key, NodeId, KeyHash> known_;
};

/// Derivatives of the graph by forward accumulation. `seed` gives the derivative of each leaf by quantity
/// number (no_node: 0). `order` must be ascending and closed under arguments. The result is parallel to
/// `order`, no_node where the derivative is 0.
std::vector<NodeId> differentiate(Graph& graph, std::span<const NodeId> order,
                                  const std::vector<NodeId>& seed);

}  // namespace abscopal
