// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
// Reactions as what happens one at a time: how often, and what one firing changes.
#include <algorithm>
#include <set>
#include <utility>

#include "model/compile_parts.hpp"

namespace abscopal {
namespace {

/// A law as forward minus backward; the latter no_node where it is not a difference.
struct Ways {
    NodeId forward, backward;
};

class ChannelLowering {
  public:
    explicit ChannelLowering(Network& network) : network_(network), g_(network.graph()) {}

    ChannelNodes run(const std::vector<std::size_t>& states) {
        find_obstacles(states);
        for (const auto& flow : network_.flows(false)) {
            add(flow);
            if (!result_.obstacles.empty()) break;
        }
        if (!result_.obstacles.empty()) result_.channels.clear();
        return std::move(result_);
    }

  private:
    void refuse(const std::string& what) { result_.obstacles.push_back(what); }

    void find_obstacles(const std::vector<std::size_t>& states) {
        for (const std::size_t state : states) {
            const Quantity& q = network_[state];
            if (q.equation) refuse("algebraic rule for '" + q.entity.id + "'");
            if (q.is_changed_by_fast_reaction) refuse("fast reaction of '" + q.entity.id + "'");
            if (q.rate_rule) refuse("rate rule of '" + q.entity.id + "'");
        }
    }

    void add(const Network::Flow& flow) {
        const std::string& id = network_[flow.reaction].entity.id;
        const NodeId law = network_.value(flow.reaction);
        const bool is_steady = differentiate_by_time(g_, {law}).empty() ||
                               g_.is_constant(differentiate_by_time(g_, {law}).front(), 0.0);
        if (!is_steady) refuse("kinetic law of '" + id + "', which changes with time");
        for (const auto& [species, change] : flow.changes)
            if (g_.depends(change, on_time | on_state))
                refuse("stoichiometry of '" + id + "', which changes with time");
        const Ways ways = ways_of(flow, law);
        result_.channels.push_back({flow.reaction, ways.forward, flow.changes});
        if (ways.backward == no_node) return;
        auto back = flow.changes;
        for (auto& entry : back) entry.second = g_.negate(entry.second);
        result_.channels.push_back({flow.reaction, ways.backward, std::move(back)});
    }

    // A difference is two ways if the reaction is reversible and what is taken away goes with every product
    // (k·X·(X − 1) is one way). Many files call every reaction reversible.
    Ways ways_of(const Network::Flow& flow, NodeId law) {
        const Ways whole{law, no_node};
        if (!network_[flow.reaction].reaction->reversible) return whole;
        const Ways ways = split(law);
        if (ways.backward == no_node) return whole;
        const std::set<std::uint32_t> read = leaves_of(ways.backward);
        bool has_product = false;
        for (const auto& [species, change] : flow.changes) {
            if (!g_.is_constant(change) || g_[change].value < 0.0) continue;
            has_product = true;
            if (read.count(leaf_of(species)) == 0) return whole;
        }
        return has_product ? ways : whole;
    }

    Ways split(NodeId node) {
        const GraphNode n = g_[node];
        const Ways none{node, no_node};
        switch (n.code) {
            case Code::sub:
                return {n.a, n.b};
            case Code::add:
                if (g_[n.b].code == Code::negate) return {n.a, g_[n.b].a};
                if (g_[n.a].code == Code::negate) return {n.b, g_[n.a].a};
                return none;
            case Code::mul: {
                if (const Ways left = split(n.a); left.backward != no_node)
                    return {g_.mul(left.forward, n.b), g_.mul(left.backward, n.b)};
                if (const Ways right = split(n.b); right.backward != no_node)
                    return {g_.mul(n.a, right.forward), g_.mul(n.a, right.backward)};
                return none;
            }
            case Code::div: {
                const Ways top = split(n.a);
                if (top.backward == no_node) return none;
                return {g_.div(top.forward, n.b), g_.div(top.backward, n.b)};
            }
            case Code::negate: {
                const Ways inner = split(n.a);
                return inner.backward == no_node ? none : Ways{inner.backward, inner.forward};
            }
            default:
                return none;
        }
    }

    std::set<std::uint32_t> leaves_of(NodeId node) const {
        std::set<std::uint32_t> leaves;
        for (const NodeId id : g_.reachable(std::span(&node, 1)))
            if (g_[id].code == Code::leaf) leaves.insert(g_[id].leaf);
        return leaves;
    }

    Network& network_;
    Graph& g_;
    ChannelNodes result_;
};

}  // namespace

ChannelNodes lower_channels(Network& network, const std::vector<std::size_t>& states) {
    return ChannelLowering(network).run(states);
}

}  // namespace abscopal
