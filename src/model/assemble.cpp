// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "model/assemble.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace abscopal {
namespace {

constexpr std::size_t n_codes = static_cast<std::size_t>(Code::mul3) + 1;

}  // namespace

/// One instruction to be: node `id` computed by `code` from nodes.
struct Assembler::Item {
    NodeId id;
    Code code;
    std::array<NodeId, 3> arguments;
};

namespace {

// Orders items so that long runs share one operation, which the interpreter executes without dispatch:
// always drain the operation with most items ready.
template <class Item>
std::vector<std::size_t> schedule(const std::vector<Item>& items, std::size_t n_nodes) {
    std::vector<std::size_t> item_of(n_nodes, items.size());
    for (std::size_t i = 0; i < items.size(); ++i) item_of[items[i].id] = i;
    std::vector<std::vector<std::size_t>> users(items.size());
    std::vector<int> missing(items.size(), 0);
    for (std::size_t i = 0; i < items.size(); ++i) {
        for (const NodeId argument : items[i].arguments) {
            if (argument == no_node || item_of[argument] == items.size()) continue;
            users[item_of[argument]].push_back(i);
            ++missing[i];
        }
    }
    std::array<std::vector<std::size_t>, n_codes> ready;
    const auto queue = [&](std::size_t i) { ready[static_cast<std::size_t>(items[i].code)].push_back(i); };
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (missing[i] == 0) queue(i);
    }
    std::vector<std::size_t> order;
    while (order.size() < items.size()) {
        auto& batch = *std::max_element(ready.begin(), ready.end(),
                                        [](const auto& a, const auto& b) { return a.size() < b.size(); });
        for (std::size_t k = 0; k < batch.size(); ++k) {
            const std::size_t done = batch[k];
            order.push_back(done);
            for (const std::size_t user : users[done]) {
                if (--missing[user] == 0) queue(user);
            }
        }
        batch.clear();
    }
    return order;
}

}  // namespace

Assembler::Assembler(const Graph& graph, std::vector<Slot> leaf_slots, std::vector<double> workspace)
    : graph_(graph),
      leaf_slots_(std::move(leaf_slots)),
      hoisted_slots_(graph.size(), no_slot),
      constant_slots_(graph.size(), no_slot),
      workspace_(std::move(workspace)) {}

Slot Assembler::allocate(double value) {
    workspace_.push_back(value);
    return static_cast<Slot>(workspace_.size() - 1);
}

void Assembler::place_leaf(std::uint32_t quantity, Slot slot) {
    if (leaf_slots_.size() <= quantity) leaf_slots_.resize(quantity + 1, no_slot);
    leaf_slots_[quantity] = slot;
}

bool Assembler::is_given(NodeId id, bool use_hoisted) const {
    const Code code = graph_[id].code;
    return code == Code::constant || code == Code::leaf || (use_hoisted && hoisted_slots_[id] != no_slot);
}

Slot Assembler::given_slot(NodeId id) {
    const GraphNode& node = graph_[id];
    if (node.code == Code::leaf) return leaf_slots_[node.leaf];
    if (node.code != Code::constant) return hoisted_slots_[id];
    if (constant_slots_[id] == no_slot) constant_slots_[id] = allocate(node.value);
    return constant_slots_[id];
}

// Nodes to be computed for `outputs`, ascending; what is given is left out, and so is what lies behind it.
std::vector<NodeId> Assembler::needed(std::span<const NodeId> outputs, bool use_hoisted) const {
    std::vector<char> wanted(graph_.size(), 0);
    for (const NodeId output : outputs) wanted[output] = 1;
    std::vector<NodeId> order;
    for (NodeId id = static_cast<NodeId>(graph_.size()); id-- > 0;) {
        if (!wanted[id] || is_given(id, use_hoisted)) continue;
        order.push_back(id);
        for (const NodeId argument : {graph_[id].a, graph_[id].b, graph_[id].c}) {
            if (argument != no_node) wanted[argument] = 1;
        }
    }
    std::reverse(order.begin(), order.end());
    return order;
}

Program Assembler::hoist(std::span<const NodeId> roots) {
    const auto is_parameter_work = [&](NodeId id) {
        return !is_given(id, false) && !graph_.depends(id, on_time | on_state);
    };
    std::vector<NodeId> outputs;
    for (const NodeId root : roots) {
        if (is_parameter_work(root)) outputs.push_back(root);
    }
    for (const NodeId id : needed(roots, false)) {
        if (is_parameter_work(id)) continue;
        for (const NodeId argument : {graph_[id].a, graph_[id].b, graph_[id].c}) {
            if (argument != no_node && is_parameter_work(argument)) outputs.push_back(argument);
        }
    }
    std::sort(outputs.begin(), outputs.end());
    outputs.erase(std::unique(outputs.begin(), outputs.end()), outputs.end());
    Program program = assemble(outputs, false);
    for (std::size_t i = 0; i < outputs.size(); ++i) hoisted_slots_[outputs[i]] = program.outputs[i];
    return program;
}

// A sum or product whose only user is another one merges into it.
void Assembler::try_fuse(Item& item, const std::vector<std::uint32_t>& uses, std::vector<char>& absorbed,
                         bool use_hoisted) const {
    const auto [a, b, c] = item.arguments;
    const auto inner = [&](NodeId id, Code code) {
        return graph_[id].code == code && uses[id] == 1 && !is_given(id, use_hoisted);
    };
    const auto merge = [&](Code code, NodeId gone, NodeId third) {
        absorbed[gone] = 1;
        item.code = code;
        item.arguments = {graph_[gone].a, graph_[gone].b, third};
    };
    if (item.code == Code::add) {
        if (inner(b, Code::mul)) return merge(Code::mul_add, b, a);
        if (inner(a, Code::mul)) return merge(Code::mul_add, a, b);
        if (inner(a, Code::add)) return merge(Code::add3, a, b);
        if (inner(b, Code::add)) return merge(Code::add3, b, a);
    } else if (item.code == Code::sub) {
        if (inner(b, Code::mul)) return merge(Code::sub_mul, b, a);
        if (inner(a, Code::mul)) return merge(Code::mul_sub, a, b);
    } else if (item.code == Code::mul) {
        if (inner(a, Code::mul)) return merge(Code::mul3, a, b);
        if (inner(b, Code::mul)) return merge(Code::mul3, b, a);
    }
}

std::vector<Assembler::Item> Assembler::fuse(const std::vector<NodeId>& order,
                                             const std::vector<std::uint32_t>& uses, bool use_hoisted) const {
    std::vector<char> absorbed(graph_.size(), 0);
    std::vector<Item> items;
    for (auto id = order.rbegin(); id != order.rend(); ++id) {
        if (absorbed[*id]) continue;
        const GraphNode& node = graph_[*id];
        items.push_back({*id, node.code, {node.a, node.b, node.c}});
        try_fuse(items.back(), uses, absorbed, use_hoisted);
    }
    std::reverse(items.begin(), items.end());
    return items;
}

Program Assembler::assemble(std::span<const NodeId> outputs, bool use_hoisted) {
    const std::vector<NodeId> order = needed(outputs, use_hoisted);
    std::vector<std::uint32_t> uses(graph_.size(), 0);
    for (const NodeId id : order) {
        for (const NodeId argument : {graph_[id].a, graph_[id].b, graph_[id].c}) {
            if (argument != no_node) ++uses[argument];
        }
    }
    for (const NodeId output : outputs) uses[output] += 2;  // never fused away, never freed
    const std::vector<Item> items = fuse(order, uses, use_hoisted);
    std::vector<std::uint32_t> remaining(graph_.size(), 0);
    for (const Item& item : items) {
        for (const NodeId argument : item.arguments)
            remaining[argument == no_node ? 0 : argument] += argument != no_node;
    }
    for (const NodeId output : outputs) remaining[output] += 1;

    // Registers are taken again once their value has had its last use.
    std::vector<Slot> slots(graph_.size(), no_slot);
    std::vector<Slot> free_slots;
    Program program;
    for (const std::size_t i : schedule(items, graph_.size())) {
        const Item& item = items[i];
        std::array<Slot, 3> sources = {0, 0, 0};
        for (std::size_t k = 0; k < 3; ++k) {
            const NodeId argument = item.arguments[k];
            if (argument == no_node) continue;
            sources[k] = is_given(argument, use_hoisted) ? given_slot(argument) : slots[argument];
        }
        for (const NodeId argument : item.arguments) {
            if (argument == no_node || is_given(argument, use_hoisted) || --remaining[argument] != 0)
                continue;
            free_slots.push_back(slots[argument]);
        }
        if (free_slots.empty()) free_slots.push_back(allocate(0.0));
        slots[item.id] = free_slots.back();
        free_slots.pop_back();
        program.instructions.push_back({item.code, slots[item.id], sources[0], sources[1], sources[2]});
    }
    for (const NodeId output : outputs) {
        program.outputs.push_back(is_given(output, use_hoisted) ? given_slot(output) : slots[output]);
    }
    return program;
}

}  // namespace abscopal
