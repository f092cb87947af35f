// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "model/compile_parts.hpp"

namespace abscopal {
namespace {

EventNodes lower_event(Network& network, const Event& event) {
    EventNodes nodes;
    nodes.event = &event;
    nodes.trigger = network.lower(event.trigger);
    if (event.delay) nodes.delay = network.lower(event.delay);
    if (event.priority) nodes.priority = network.lower(event.priority);
    for (const EventAssignment& assignment : event.assignments) {
        if (!assignment.math) continue;
        const std::size_t target = *network.find(assignment.variable);
        const std::size_t compartment = network[target].compartment;
        nodes.targets.push_back(target);
        nodes.values.push_back(network.lower(assignment.math));
        nodes.sizes.push_back(compartment == Quantity::npos ? network.graph().constant(1.0)
                                                            : network.value(compartment));
    }
    return nodes;
}

}  // namespace

// An event without trigger never happens.
std::vector<EventNodes> lower_events(Network& network) {
    std::vector<EventNodes> result;
    for (const Event& event : network.spec().events) {
        if (event.trigger) result.push_back(lower_event(network, event));
    }
    return result;
}

}  // namespace abscopal
