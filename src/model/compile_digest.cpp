// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "model/canonical.hpp"
#include "model/compile_parts.hpp"
#include "model/neutral_id.hpp"

namespace abscopal {
namespace {

class ModelDigest {
  public:
    ModelDigest(Network& network, const InitialNodes& initial) : network_(network), canonical_(network) {
        for (const InitialNode& step : initial.steps) {
            if (step.leaf <= network.size()) initial_[step.leaf - 1] = step.value;
        }
    }

    void take_quantity(std::size_t i) {
        const Quantity& q = network_[i];
        std::string line = neutral_id(q.entity.id) + " = " + canonical_.name(network_.value(i));
        if (q.role == Quantity::Role::assigned) {
            if (q.kind == Quantity::Kind::reaction && !q.definition)
                line = neutral_id(q.entity.id) + " has no law";
        } else {
            line += " from " + canonical_.name(start_of(i)) + " by " + canonical_.name(rate_of(i));
        }
        lines_.push_back(std::move(line));
    }

    void take_event(const EventNodes& event) {
        if (event.targets.empty()) return;  // nothing happens
        const auto part = [&](NodeId node) {
            return node == no_node ? std::string("-") : canonical_.name(node);
        };
        std::vector<std::string> changes;
        for (std::size_t i = 0; i < event.targets.size(); ++i) {
            changes.push_back(neutral_id(network_[event.targets[i]].entity.id) + " = " +
                              canonical_.name(event.values[i]));
        }
        std::sort(changes.begin(), changes.end());
        const Event& flags = *event.event;
        lines_.push_back("at " + part(event.trigger) + " after " + part(event.delay) + " priority " +
                         part(event.priority) + (flags.initial_value ? " true before" : "") +
                         (flags.persistent ? " persistent" : "") +
                         (flags.values_from_trigger_time ? " from trigger: " : ": ") + join(changes, ", "));
    }

    void take_equations() {
        for (const Rule& rule : network_.spec().rules) {
            if (rule.kind != RuleKind::algebraic || !rule.math) continue;
            if (network_.is_held(rule)) lines_.push_back("0 = " + canonical_.name(network_.lower(rule.math)));
        }
        for (const auto& flow : network_.flows(true)) {
            std::vector<std::string> changes;
            for (const auto& [species, change] : flow.changes)
                changes.push_back(neutral_id(network_[species].entity.id) + " by " + canonical_.name(change));
            std::sort(changes.begin(), changes.end());
            lines_.push_back("fast " + canonical_.name(network_.value(flow.reaction)) + ": " +
                             join(changes, ", "));
        }
    }

    std::vector<std::string> result() {
        std::sort(lines_.begin(), lines_.end());
        return std::move(lines_);
    }

  private:
    NodeId start_of(std::size_t i) {
        const auto given = initial_.find(i);
        return given == initial_.end() ? network_.graph().constant(network_[i].value) : given->second;
    }

    NodeId rate_of(std::size_t i) {
        return network_[i].role == Quantity::Role::state ? network_.rate(i) : network_.graph().constant(0.0);
    }

    Network& network_;
    Canonical canonical_;
    std::map<std::size_t, NodeId> initial_;
    std::vector<std::string> lines_;
};

}  // namespace

std::vector<std::string> digest_lines(Network& network, const InitialNodes& initial,
                                      const std::vector<EventNodes>& events) {
    ModelDigest digest(network, initial);
    for (std::size_t i = 0; i < network.size(); ++i) digest.take_quantity(i);
    for (const EventNodes& event : events) digest.take_event(event);
    digest.take_equations();
    return digest.result();
}

std::vector<std::string> digest_lines(const Spec& spec) {
    FaultList faults;
    Network network(spec, faults);
    network.check();
    faults.throw_if_any();
    network.solve_algebraic_rules();
    faults.throw_if_any();
    const InitialNodes initial = lower_initial_values(network, faults);
    return digest_lines(network, initial, lower_events(network));
}

}  // namespace abscopal
