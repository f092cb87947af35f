// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>

#include "model/compile_parts.hpp"

namespace abscopal {
namespace {

bool is_set_by(const Event& event, const std::string& id) {
    return std::any_of(
        event.assignments.begin(), event.assignments.end(),
        [&](const EventAssignment& assignment) { return assignment.variable == id && assignment.math; });
}

// Values fixed at trigger time cannot become amounts before the size at execution is known.
bool size_may_change_before_execution(const Network& network, const Event& event, std::size_t compartment) {
    if (!event.values_from_trigger_time) return false;
    const Quantity& size = network[compartment];
    if (event.delay) return size.role != Quantity::Role::parameter || size.is_set_by_event;
    return size.is_set_by_event && !is_set_by(event, size.entity.id);
}

class EventLowering {
  public:
    EventLowering(Network& network, const Event& event, FaultList& faults)
        : network_(network), event_(event), faults_(faults) {}

    EventNodes run() {
        EventNodes nodes;
        nodes.event = &event_;
        nodes.trigger = network_.lower(event_.trigger);
        if (event_.delay) nodes.delay = network_.lower(event_.delay);
        if (event_.priority) nodes.priority = network_.lower(event_.priority);
        for (const EventAssignment& assignment : event_.assignments) {
            if (!assignment.math) continue;
            const std::size_t target = *network_.find(assignment.variable);
            nodes.targets.push_back(target);
            nodes.values.push_back(carried(target, network_.lower(assignment.math)));
        }
        return nodes;
    }

  private:
    // A concentration becomes an amount with the size before the event, also where the event sets both (suite
    // case 01779).
    NodeId carried(std::size_t target, NodeId value) {
        const std::size_t compartment = network_[target].compartment;
        if (compartment == Quantity::npos) return value;
        if (size_may_change_before_execution(network_, event_, compartment)) {
            faults_.add(
                "unsupported-construct",
                "event '" + event_.id + "' sets the concentration of '" + network_[target].entity.id +
                    "' from values at trigger time while its compartment may change; this is not supported",
                event_.place);
        }
        return network_.carried_from_value(target, value);
    }

    Network& network_;
    const Event& event_;
    FaultList& faults_;
};

}  // namespace

std::vector<EventNodes> lower_events(Network& network, FaultList& faults) {
    std::vector<EventNodes> result;
    for (const Event& event : network.spec().events) {
        if (event.trigger) result.push_back(EventLowering(network, event, faults).run());
    }
    return result;
}

}  // namespace abscopal
