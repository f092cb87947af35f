// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "model/compile_parts.hpp"

namespace abscopal {

std::vector<NodeId> with_reciprocals(Graph& graph, const std::vector<NodeId>& roots) {
    const std::vector<NodeId> order = graph.reachable(roots);
    std::vector<NodeId> image(graph.size(), no_node);
    const auto of = [&](NodeId argument) { return argument == no_node ? no_node : image[argument]; };
    for (const NodeId id : order) {
        const GraphNode node = graph[id];
        const bool is_given =
            node.code == Code::constant || !graph.depends(id, on_time | on_state) || node.a == no_node;
        if (is_given) {
            image[id] = id;
        } else if (node.code == Code::div && !graph.depends(node.b, on_time | on_state)) {
            image[id] = graph.mul(of(node.a), graph.div(graph.constant(1.0), of(node.b)));
        } else {
            image[id] = graph.make(node.code, of(node.a), of(node.b), of(node.c));
        }
    }
    std::vector<NodeId> result;
    for (const NodeId root : roots) result.push_back(image[root]);
    return result;
}

}  // namespace abscopal
