// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "model/graph.hpp"

#include <bit>
#include <cmath>
#include <utility>

namespace abscopal {
namespace {

constexpr double largest_expanded_power = 32.0;

bool is_commutative(Code code) {
    switch (code) {
        case Code::add:
        case Code::mul:
        case Code::eq:
        case Code::ne:
        case Code::and_:
        case Code::or_:
        case Code::xor_:
            return true;
        default:
            return false;
    }
}

}  // namespace

std::size_t Graph::KeyHash::operator()(const Key& key) const {
    std::uint64_t hash = key.head * 0x9E3779B97F4A7C15u;
    hash = (hash ^ (hash >> 29) ^ key.tail) * 0xBF58476D1CE4E5B9u;
    hash = (hash ^ (hash >> 31) ^ key.bits) * 0x94D049BB133111EBu;
    return hash ^ (hash >> 30);
}

NodeId Graph::intern(const GraphNode& node) {
    const Key key{(std::uint64_t{node.a} << 32) | node.b,
                  (std::uint64_t{node.c} << 32) | (std::uint64_t{node.leaf} << 8) |
                      static_cast<std::uint64_t>(node.code),
                  std::bit_cast<std::uint64_t>(node.value)};
    const auto [entry, is_new] = known_.try_emplace(key, static_cast<NodeId>(nodes_.size()));
    if (is_new) nodes_.push_back(node);
    return entry->second;
}

NodeId Graph::constant(double value) {
    GraphNode node;
    node.value = value;
    return intern(node);
}

NodeId Graph::leaf(std::uint32_t quantity, Dependence dependence) {
    GraphNode node;
    node.code = Code::leaf;
    node.leaf = quantity;
    node.depends = dependence;
    return intern(node);
}

NodeId Graph::make(Code code, NodeId a, NodeId b, NodeId c) {
    if (const NodeId folded = fold(code, a, b, c); folded != no_node) return folded;
    if (const NodeId simple = simplify(code, a, b, c); simple != no_node) return simple;
    if (is_commutative(code) && a > b) std::swap(a, b);
    GraphNode node{code, a, b, c, 0.0, 0, on_nothing};
    for (const NodeId argument : {a, b, c}) {
        if (argument != no_node)
            node.depends = static_cast<std::uint8_t>(node.depends | nodes_[argument].depends);
    }
    return intern(node);
}

NodeId Graph::fold(Code code, NodeId a, NodeId b, NodeId c) {
    double values[3] = {};
    const NodeId arguments[3] = {a, b, c};
    for (int i = 0; i < 3; ++i) {
        if (arguments[i] == no_node) continue;
        if (!is_constant(arguments[i])) return no_node;
        values[i] = nodes_[arguments[i]].value;
    }
    return constant(evaluate(code, values[0], values[1], values[2]));
}

NodeId Graph::simplify(Code code, NodeId a, NodeId b, NodeId c) {
    switch (code) {
        case Code::add:
        case Code::sub:
            return simplify_sum(code, a, b);
        case Code::mul:
        case Code::div:
            return simplify_product(code, a, b);
        case Code::negate:
            return nodes_[a].code == Code::negate ? nodes_[a].a : no_node;
        case Code::power:
            return simplify_power(a, b);
        case Code::and_:
        case Code::or_:
        case Code::select:
            return simplify_logic(code, a, b, c);
        default:
            return no_node;
    }
}

NodeId Graph::simplify_sum(Code code, NodeId a, NodeId b) {
    const bool is_sum = code == Code::add;
    if (is_constant(b, 0.0)) return a;
    if (is_constant(a, 0.0)) return is_sum ? b : negate(b);
    if (nodes_[b].code == Code::negate) return make(is_sum ? Code::sub : Code::add, a, nodes_[b].a);
    if (is_sum && nodes_[a].code == Code::negate) return sub(b, nodes_[a].a);
    return no_node;
}

// Signs move outward, so that products that differ in sign only are shared.
NodeId Graph::simplify_product(Code code, NodeId a, NodeId b) {
    if (is_constant(b, 1.0)) return a;
    if (is_constant(b, -1.0)) return negate(a);
    if (code == Code::mul && is_constant(a, 1.0)) return b;
    if (code == Code::mul && is_constant(a, -1.0)) return negate(b);
    if (nodes_[a].code == Code::negate) return negate(make(code, nodes_[a].a, b));
    if (nodes_[b].code == Code::negate) return negate(make(code, a, nodes_[b].a));
    return no_node;
}

NodeId Graph::simplify_power(NodeId a, NodeId b) {
    if (is_constant(a, 1.0)) return a;
    if (!is_constant(b)) return no_node;
    const double exponent = nodes_[b].value;
    if (exponent == 0.0) return constant(1.0);
    if (exponent == 0.5) return make(Code::sqrt, a);
    if (exponent != std::floor(exponent) || std::fabs(exponent) > largest_expanded_power) return no_node;
    const NodeId whole = whole_power(a, static_cast<unsigned>(std::fabs(exponent)));
    return exponent > 0.0 ? whole : div(constant(1.0), whole);
}

NodeId Graph::whole_power(NodeId base, unsigned exponent) {
    if (exponent == 1) return base;
    const NodeId half = whole_power(base, exponent / 2);
    const NodeId square = mul(half, half);
    return exponent % 2 == 0 ? square : mul(square, base);
}

NodeId Graph::simplify_logic(Code code, NodeId a, NodeId b, NodeId c) {
    if (code == Code::select) {
        if (b == c) return b;
        return is_constant(a) ? (nodes_[a].value != 0.0 ? b : c) : no_node;
    }
    const bool decides = code == Code::or_;
    for (const NodeId side : {a, b}) {
        if (is_constant(side) && (nodes_[side].value != 0.0) == decides) return constant(decides ? 1.0 : 0.0);
    }
    return no_node;
}

std::vector<NodeId> Graph::reachable(std::span<const NodeId> roots) const {
    std::vector<char> wanted(nodes_.size(), 0);
    for (const NodeId root : roots) wanted[root] = 1;
    std::vector<NodeId> order;
    for (NodeId id = static_cast<NodeId>(nodes_.size()); id-- > 0;) {
        if (!wanted[id]) continue;
        order.push_back(id);
        for (const NodeId argument : {nodes_[id].a, nodes_[id].b, nodes_[id].c}) {
            if (argument != no_node) wanted[argument] = 1;
        }
    }
    return {order.rbegin(), order.rend()};
}

NodeId Graph::substitute(NodeId root, std::uint32_t quantity, NodeId replacement) {
    const std::vector<NodeId> order = reachable(std::span(&root, 1));
    std::vector<NodeId> image(root + 1, no_node);
    const auto of = [&](NodeId argument) { return argument == no_node ? no_node : image[argument]; };
    for (const NodeId id : order) {
        const GraphNode node = nodes_[id];
        if (node.code == Code::leaf) {
            image[id] = node.leaf == quantity ? replacement : id;
        } else {
            image[id] =
                node.code == Code::constant ? id : make(node.code, of(node.a), of(node.b), of(node.c));
        }
    }
    return image[root];
}

}  // namespace abscopal
