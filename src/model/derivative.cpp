// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <cmath>
#include <numbers>

#include "model/graph.hpp"

namespace abscopal {
namespace {

// Forward accumulation over one graph. A derivative that is zero is no_node and never enters a product,
// so 0·∞ cannot arise from it.
class Differentiator {
  public:
    explicit Differentiator(Graph& graph) : g_(graph) {}

    NodeId node(NodeId id, NodeId da, NodeId db, NodeId dc);

  private:
    NodeId number(double value) { return g_.constant(value); }
    NodeId times(NodeId slope, NodeId d) {
        return d == no_node || g_.is_constant(slope, 0.0) ? no_node : g_.mul(slope, d);
    }
    NodeId plus(NodeId a, NodeId b) { return a == no_node ? b : b == no_node ? a : g_.add(a, b); }
    NodeId negated(NodeId a) { return a == no_node ? no_node : g_.negate(a); }
    NodeId choose(NodeId condition, NodeId yes, NodeId no);
    NodeId finite(NodeId a) { return g_.make(Code::finite, a); }
    NodeId square(NodeId a) { return g_.mul(a, a); }
    NodeId one_plus(NodeId a) { return g_.add(number(1.0), a); }
    NodeId one_minus(NodeId a) { return g_.sub(number(1.0), a); }
    NodeId inverse(NodeId a) { return g_.div(number(1.0), a); }
    NodeId root(NodeId a) { return g_.make(Code::sqrt, a); }

    NodeId quotient(const GraphNode& n, NodeId id, NodeId da, NodeId db);
    NodeId power(const GraphNode& n, NodeId id, NodeId da, NodeId db);
    NodeId unary_slope(const GraphNode& n, NodeId id);

    Graph& g_;
};

NodeId Differentiator::choose(NodeId condition, NodeId yes, NodeId no) {
    if (yes == no_node && no == no_node) return no_node;
    return g_.select(condition, yes == no_node ? number(0.0) : yes, no == no_node ? number(0.0) : no);
}

// d(a/b) = (da − (a/b)·db)/b, which reuses the quotient itself.
NodeId Differentiator::quotient(const GraphNode& n, NodeId id, NodeId da, NodeId db) {
    const NodeId top = plus(da, negated(times(id, db)));
    return top == no_node ? no_node : g_.div(top, n.b);
}

// d(aⁿ) = n·aⁿ⁻¹·da; with n < 1 it is infinite at a = 0, where the guard makes it 0.
NodeId Differentiator::power(const GraphNode& n, NodeId id, NodeId da, NodeId db) {
    NodeId result = no_node;
    if (da != no_node) {
        const NodeId lower = g_.make(Code::power, n.a, g_.sub(n.b, number(1.0)));
        result = times(finite(g_.mul(n.b, lower)), da);
    }
    if (db != no_node) result = plus(result, times(finite(g_.mul(id, g_.make(Code::ln, n.a))), db));
    return result;
}

NodeId Differentiator::unary_slope(const GraphNode& n, NodeId id) {
    switch (n.code) {
        case Code::sqrt:
            return finite(g_.div(number(0.5), id));
        case Code::abs:
            return g_.select(g_.make(Code::lt, n.a, number(0.0)), number(-1.0), number(1.0));
        case Code::exp:
            return id;
        case Code::ln:
            return finite(inverse(n.a));
        case Code::log10:
            return finite(g_.div(number(1.0 / std::numbers::ln10), n.a));
        case Code::sin:
            return g_.make(Code::cos, n.a);
        case Code::cos:
            return g_.negate(g_.make(Code::sin, n.a));
        case Code::tan:
            return one_plus(square(id));
        case Code::sinh:
            return g_.make(Code::cosh, n.a);
        case Code::cosh:
            return g_.make(Code::sinh, n.a);
        case Code::tanh:
            return one_minus(square(id));
        case Code::asin:
            return finite(inverse(root(one_minus(square(n.a)))));
        case Code::acos:
            return finite(g_.negate(inverse(root(one_minus(square(n.a))))));
        case Code::atan:
            return inverse(one_plus(square(n.a)));
        case Code::asinh:
            return inverse(root(one_plus(square(n.a))));
        case Code::acosh:
            return finite(inverse(root(g_.sub(square(n.a), number(1.0)))));
        case Code::atanh:
            return finite(inverse(one_minus(square(n.a))));
        case Code::finite:
            return number(1.0);
        default:
            return no_node;  // steps and conditions
    }
}

NodeId Differentiator::node(NodeId id, NodeId da, NodeId db, NodeId dc) {
    const GraphNode n = g_[id];
    if (da == no_node && db == no_node && dc == no_node) return no_node;
    switch (n.code) {
        case Code::add:
            return plus(da, db);
        case Code::sub:
            return db == no_node ? da : da == no_node ? g_.negate(db) : g_.sub(da, db);
        case Code::mul:
            return plus(times(n.b, da), times(n.a, db));
        case Code::div:
            return quotient(n, id, da, db);
        case Code::negate:
            return negated(da);
        case Code::power:
            return power(n, id, da, db);
        case Code::rem:
            return plus(da, negated(times(g_.make(Code::quotient, n.a, n.b), db)));
        case Code::min:
            return choose(g_.make(Code::lt, n.a, n.b), da, db);
        case Code::max:
            return choose(g_.make(Code::lt, n.b, n.a), da, db);
        case Code::select:
            return choose(n.a, db, dc);
        default:
            break;
    }
    const NodeId slope = da == no_node ? no_node : unary_slope(n, id);
    return slope == no_node ? no_node : times(slope, da);
}

}  // namespace

std::vector<NodeId> differentiate(Graph& graph, std::span<const NodeId> order,
                                  const std::vector<NodeId>& seed) {
    Differentiator differentiator(graph);
    std::vector<NodeId> by_node(order.empty() ? 0 : order.back() + 1, no_node);
    std::vector<NodeId> result(order.size(), no_node);
    const auto of = [&](NodeId argument) { return argument == no_node ? no_node : by_node[argument]; };
    for (std::size_t i = 0; i < order.size(); ++i) {
        const GraphNode node = graph[order[i]];
        NodeId d = no_node;
        if (node.code == Code::leaf) {
            d = node.leaf < seed.size() ? seed[node.leaf] : no_node;
        } else if (node.code != Code::constant) {
            d = differentiator.node(order[i], of(node.a), of(node.b), of(node.c));
        }
        if (d != no_node && graph.is_constant(d, 0.0)) d = no_node;
        by_node[order[i]] = result[i] = d;
    }
    return result;
}

}  // namespace abscopal
