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

// Orders items so that long runs share one operation, which the interpreter executes without dispatch:
// always drain the operation with most items ready.
class Assembler::Schedule {
  public:
    Schedule(const std::vector<Item>& items, std::size_t n_nodes)
        : items_(items), users_(items.size()), missing_(items.size(), 0) {
        std::vector<std::size_t> item_of(n_nodes, items.size());
        for (std::size_t i = 0; i < items.size(); ++i) item_of[items[i].id] = i;
        for (std::size_t i = 0; i < items.size(); ++i) {
            for (const NodeId argument : items[i].arguments) {
                if (argument == no_node || item_of[argument] == items.size()) continue;
                users_[item_of[argument]].push_back(i);
                ++missing_[i];
            }
            if (missing_[i] == 0) queue(i);
        }
    }

    std::vector<std::size_t> order() {
        std::vector<std::size_t> result;
        while (result.size() < items_.size()) drain(fullest(), result);
        return result;
    }

  private:
    using Batch = std::vector<std::size_t>;

    void queue(std::size_t i) { ready_[static_cast<std::size_t>(items_[i].code)].push_back(i); }

    Batch& fullest() {
        return *std::max_element(ready_.begin(), ready_.end(),
                                 [](const Batch& a, const Batch& b) { return a.size() < b.size(); });
    }

    // What becomes ready with the same operation joins the batch.
    void drain(Batch& batch, std::vector<std::size_t>& result) {
        for (std::size_t k = 0; k < batch.size(); ++k) {
            result.push_back(batch[k]);
            for (const std::size_t user : users_[result.back()]) {
                if (--missing_[user] == 0) queue(user);
            }
        }
        batch.clear();
    }

    const std::vector<Item>& items_;
    std::vector<std::vector<std::size_t>> users_;
    std::vector<int> missing_;
    std::array<Batch, n_codes> ready_;
};

// Registers of one program: taken again once their value has had its last use.
class Assembler::Registers {
  public:
    Registers(Assembler& assembler, const std::vector<Item>& items, std::span<const NodeId> outputs,
              bool use_hoisted)
        : assembler_(assembler),
          use_hoisted_(use_hoisted),
          slots_(assembler.graph_.size(), no_slot),
          remaining_(assembler.graph_.size(), 0) {
        for (const Item& item : items) {
            for (const NodeId argument : item.arguments) {
                if (argument != no_node) ++remaining_[argument];
            }
        }
        for (const NodeId output : outputs) ++remaining_[output];
    }

    Slot of(NodeId id) const {
        return assembler_.is_given(id, use_hoisted_) ? assembler_.given_slot(id) : slots_[id];
    }

    Instruction instruction(const Item& item) {
        std::array<Slot, 3> sources = {0, 0, 0};
        for (std::size_t k = 0; k < 3; ++k) {
            if (item.arguments[k] != no_node) sources[k] = of(item.arguments[k]);
        }
        for (const NodeId argument : item.arguments) {
            if (argument != no_node) release(argument);
        }
        return {item.code, take(item.id), sources[0], sources[1], sources[2]};
    }

  private:
    void release(NodeId id) {
        if (!assembler_.is_given(id, use_hoisted_) && --remaining_[id] == 0) free_.push_back(slots_[id]);
    }

    Slot take(NodeId id) {
        if (free_.empty()) free_.push_back(assembler_.allocate(0.0));
        slots_[id] = free_.back();
        free_.pop_back();
        return slots_[id];
    }

    Assembler& assembler_;
    bool use_hoisted_;
    std::vector<Slot> slots_;               ///< by node
    std::vector<std::uint32_t> remaining_;  ///< uses to come, by node
    std::vector<Slot> free_;
};

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

std::vector<std::uint32_t> Assembler::count_uses(const std::vector<NodeId>& order,
                                                 std::span<const NodeId> outputs) const {
    std::vector<std::uint32_t> uses(graph_.size(), 0);
    for (const NodeId id : order) {
        for (const NodeId argument : {graph_[id].a, graph_[id].b, graph_[id].c}) {
            if (argument != no_node) ++uses[argument];
        }
    }
    for (const NodeId output : outputs) uses[output] += 2;  // never fused away
    return uses;
}

Program Assembler::assemble(std::span<const NodeId> outputs, bool use_hoisted) {
    const std::vector<NodeId> order = needed(outputs, use_hoisted);
    const std::vector<Item> items = fuse(order, count_uses(order, outputs), use_hoisted);
    Registers registers(*this, items, outputs, use_hoisted);
    Program program;
    for (const std::size_t i : Schedule(items, graph_.size()).order()) {
        program.instructions.push_back(registers.instruction(items[i]));
    }
    for (const NodeId output : outputs) program.outputs.push_back(registers.of(output));
    return program;
}

}  // namespace abscopal
