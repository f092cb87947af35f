// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>

#include "model/compile_parts.hpp"

namespace abscopal {
namespace {

// The part of `order` that changes with one leaf.
std::vector<NodeId> dependents(const Graph& graph, const std::vector<NodeId>& order, std::uint32_t leaf,
                               std::vector<char>& marks) {
    std::vector<NodeId> result;
    for (const NodeId id : order) {
        const GraphNode& node = graph[id];
        bool marked = node.code == Code::leaf && node.leaf == leaf;
        for (const NodeId argument : {node.a, node.b, node.c})
            marked = marked || (argument != no_node && marks[argument]);
        marks[id] = marked;
        if (marked) result.push_back(id);
    }
    return result;
}

}  // namespace

JacobianNodes differentiate_rates(Graph& graph, const std::vector<NodeId>& rates,
                                  const std::vector<std::uint32_t>& state_leaves) {
    const std::vector<NodeId> order = graph.reachable(rates);
    const std::size_t n_nodes = graph.size();
    std::vector<char> marks(n_nodes, 0);
    std::vector<NodeId> slope(n_nodes, no_node);
    JacobianNodes result;
    result.sparsity.column_start.push_back(0);
    for (const std::uint32_t leaf : state_leaves) {
        const std::vector<NodeId> changing = dependents(graph, order, leaf, marks);
        std::vector<NodeId> seed(leaf + 1, no_node);
        seed.back() = graph.constant(1.0);
        const std::vector<NodeId> slopes = differentiate(graph, changing, seed);
        for (std::size_t i = 0; i < changing.size(); ++i) slope[changing[i]] = slopes[i];
        for (std::size_t row = 0; row < rates.size(); ++row) {
            if (!marks[rates[row]] || slope[rates[row]] == no_node) continue;
            result.sparsity.row.push_back(static_cast<std::int64_t>(row));
            result.entries.push_back(slope[rates[row]]);
        }
        result.sparsity.column_start.push_back(static_cast<std::int64_t>(result.entries.size()));
    }
    return result;
}

std::vector<NodeId> differentiate_by_time(Graph& graph, const std::vector<NodeId>& rates) {
    const bool timed = std::ranges::any_of(rates, [&](NodeId rate) { return graph.depends(rate, on_time); });
    if (!timed) return {};
    const std::vector<NodeId> order = graph.reachable(rates);
    std::vector<NodeId> seed(time_leaf + 1, no_node);
    seed[time_leaf] = graph.constant(1.0);
    const std::vector<NodeId> slopes = differentiate(graph, order, seed);
    const NodeId zero = graph.constant(0.0);
    std::vector<NodeId> result;
    for (const NodeId rate : rates) {
        const auto at = std::ranges::lower_bound(order, rate) - order.begin();
        const NodeId slope = slopes[static_cast<std::size_t>(at)];
        result.push_back(slope == no_node ? zero : slope);
    }
    return result;
}

}  // namespace abscopal
