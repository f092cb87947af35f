// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <set>

#include "model/compile_parts.hpp"

namespace abscopal {
namespace {

bool is_condition(Code code) {
    switch (code) {
        case Code::lt:
        case Code::le:
        case Code::eq:
        case Code::ne:
        case Code::and_:
        case Code::or_:
        case Code::xor_:
        case Code::not_:
            return true;
        default:
            return false;
    }
}

class SwitchFinder {
  public:
    explicit SwitchFinder(Graph& graph) : g_(graph) {}

    void visit(NodeId id) {
        const GraphNode n = g_[id];
        if (!g_.depends(id, on_time | on_state)) return;
        switch (n.code) {
            case Code::lt:
            case Code::le:
            case Code::eq:
            case Code::ne:
                return relation(n.a, n.b);
            case Code::min:
            case Code::max:
                return take(g_.sub(n.a, n.b));
            case Code::abs:
                return take(n.a);
            case Code::floor:
            case Code::ceil:
                return whole_numbers(n.a, g_.constant(0.0));
            case Code::quotient:
                return whole_numbers(g_.div(n.a, n.b), g_.constant(0.0));
            case Code::rem:
                return multiples(id, n);
            case Code::select:
                return condition(n.a);
            default:
                return;
        }
    }

    SwitchNodes take_result() { return std::move(result_); }

  private:
    // Truth values that are compared switch where their own relations do.
    void relation(NodeId a, NodeId b) {
        if (is_condition(g_[a].code) || is_condition(g_[b].code)) return;
        take(g_.sub(a, b));
    }

    void condition(NodeId id) {
        if (!is_condition(g_[id].code)) take(id);
    }

    NodeId floor(NodeId x) { return g_.make(Code::floor, x); }

    // A triangular wave in x + n, n whole: 0 where x is whole, to the bit, and of other signs beside that.
    void whole_numbers(NodeId x, NodeId n) {
        const NodeId nearest = floor(g_.add(x, g_.constant(0.5))), whole = g_.add(n, nearest);
        const NodeId twice_half = g_.mul(g_.constant(2.0), floor(g_.mul(g_.constant(0.5), whole)));
        const NodeId is_odd = g_.sub(whole, twice_half);
        const NodeId sign = g_.sub(g_.constant(1.0), g_.mul(g_.constant(2.0), is_odd));
        take(g_.mul(sign, g_.sub(x, nearest)));
    }

    // What is left of a / b, exactly, tells where it jumps; the rounded quotient does not.
    void multiples(NodeId rest, const GraphNode& n) {
        const NodeId quotient = g_.div(g_.sub(n.a, rest), n.b);
        whole_numbers(g_.div(rest, n.b), floor(g_.add(quotient, g_.constant(0.5))));
    }

    void take(NodeId function) {
        if (!g_.depends(function, on_time | on_state)) return;
        if (!seen_.insert(function).second) return;
        const NodeId time = switching_time(function);
        (time == no_node ? result_.functions : result_.times).push_back(time == no_node ? function : time);
    }

    // For slope·t + rest with both known from parameters: −rest/slope.
    NodeId switching_time(NodeId function) {
        if (g_.depends(function, on_state)) return no_node;
        const std::vector<NodeId> order = g_.reachable(std::span(&function, 1));
        const NodeId slope = differentiate(g_, order, {g_.constant(1.0)}).back();
        if (slope == no_node || g_.depends(slope, on_time) || !is_smooth(order)) return no_node;
        return g_.negate(g_.div(g_.substitute(function, time_leaf, g_.constant(0.0)), slope));
    }

    bool is_smooth(const std::vector<NodeId>& order) const {
        for (const NodeId id : order) {
            if (!g_.depends(id, on_time)) continue;
            switch (g_[id].code) {
                case Code::floor:
                case Code::ceil:
                case Code::quotient:
                case Code::rem:
                case Code::factorial:
                case Code::abs:
                case Code::min:
                case Code::max:
                case Code::select:
                    return false;
                default:
                    if (is_condition(g_[id].code)) return false;
            }
        }
        return true;
    }

    Graph& g_;
    SwitchNodes result_;
    std::set<NodeId> seen_;
};

}  // namespace

SwitchNodes find_switches(Graph& graph, const std::vector<NodeId>& roots) {
    SwitchFinder finder(graph);
    for (const NodeId id : graph.reachable(roots)) finder.visit(id);
    return finder.take_result();
}

}  // namespace abscopal
