// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "ode/events.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "base/random.hpp"

namespace abscopal {
namespace {

bool is_true(double value) {
    return value != 0.0 && !std::isnan(value);
}

void drop_pending(State& state, std::size_t event) {
    std::erase_if(state.pending, [event](const PendingEvent& pending) { return pending.event == event; });
}

// How the time of an event that triggers now moves.
std::vector<double> due_slopes(Workbench& bench, const EventInfo& event) {
    const auto& sensitivities = bench.model().sensitivities;
    if (!sensitivities) return {};
    std::vector<double> slopes(sensitivities->by.size(), 0.0);
    if (!event.delay_slopes.outputs.empty()) bench.run(event.delay_slopes, slopes);
    for (std::size_t k = 0; k < slopes.size(); ++k) slopes[k] += bench.at(sensitivities->moment[k]);
    return slopes;
}

// Delay and, where they are taken at trigger time, values are fixed before any event is executed.
bool schedule(Workbench& bench, State& state, std::size_t index) {
    const EventInfo& event = bench.model().events[index];
    const double delay = event.delay.outputs.empty() ? 0.0 : bench.run_scalar(event.delay);
    if (!(delay >= 0.0)) return false;
    PendingEvent pending{index, state.time + delay, state.time, {}, due_slopes(bench, event)};
    if (event.values_from_trigger_time) bench.run(event.assignments, pending.values);
    state.pending.push_back(std::move(pending));
    return true;
}

double priority_of(Workbench& bench, const EventInfo& event) {
    constexpr double none = -std::numeric_limits<double>::infinity();
    if (event.priority.outputs.empty()) return none;
    const double priority = bench.run_scalar(event.priority);
    return std::isnan(priority) ? none : priority;
}

// Index in state.pending of the event to execute now, or the number of pending ones.
std::size_t choose_due(Workbench& bench, const State& state, std::int64_t executed) {
    std::vector<std::size_t> best;
    double highest = 0.0;
    for (std::size_t i = 0; i < state.pending.size(); ++i) {
        if (state.pending[i].due > state.time) continue;
        const double priority = priority_of(bench, bench.model().events[state.pending[i].event]);
        if (!best.empty() && priority < highest) continue;
        if (best.empty() || priority > highest) best.clear();
        highest = priority;
        best.push_back(i);
    }
    if (best.empty()) return state.pending.size();
    if (best.size() == 1 || std::isinf(highest)) return best.front();
    const auto key = std::bit_cast<std::uint64_t>(state.time);
    return best[random_bits(key, Purpose::event, static_cast<std::uint64_t>(executed), 0, 0) % best.size()];
}

// Concentrations become amounts with the sizes at execution, also where the event sets the size too.
void scale(Workbench& bench, const EventInfo& event, std::vector<double>& values) {
    std::vector<double> factors, slopes;
    bench.run(event.sizes, factors);
    bench.run(event.size_slopes, slopes);
    const std::size_t n = factors.size();
    for (std::size_t i = n; i < values.size(); ++i)
        values[i] = values[i] * factors[i % n] + values[i % n] * slopes[i - n];
    for (std::size_t i = 0; i < n; ++i) values[i] *= factors[i];
}

bool execute(Workbench& bench, State& state, std::size_t index) {
    PendingEvent pending = std::move(state.pending[index]);
    state.pending.erase(state.pending.begin() + static_cast<std::ptrdiff_t>(index));
    const EventInfo& event = bench.model().events[pending.event];
    if (!event.values_from_trigger_time) bench.run(event.assignments, pending.values);
    if (!event.sizes.outputs.empty()) scale(bench, event, pending.values);
    for (std::size_t i = 0; i < event.targets.size(); ++i) bench.at(event.targets[i]) = pending.values[i];
    bench.run_prelude();
    const bool is_consistent = bench.make_consistent();
    bench.store(state);
    return is_consistent;
}

}  // namespace

EventReport note_triggers(Workbench& bench, State& state, double trigger_time) {
    EventReport report;
    const auto& events = bench.model().events;
    std::vector<std::size_t> risen;
    bench.set_time(trigger_time);
    for (std::size_t i = 0; i < events.size(); ++i) {
        const char truth = is_true(bench.run_scalar(events[i].trigger)) ? 1 : 0;
        if (truth == state.triggers[i]) continue;
        state.triggers[i] = truth;
        if (truth)
            risen.push_back(i);
        else if (!events[i].persistent)
            drop_pending(state, i);
    }
    bench.set_time(state.time);
    report.fired = !risen.empty();
    for (const std::size_t i : risen)
        if (!schedule(bench, state, i)) {
            report.status = Status::bad_parameter;
            report.worst = i;
        }
    return report;
}

EventReport settle_events(Workbench& bench, State& state, double trigger_time, std::int64_t budget) {
    EventReport total;
    while (true) {
        const EventReport noted = note_triggers(bench, state, trigger_time);
        total.fired = total.fired || noted.fired;
        if (noted.status != Status::ok) {
            total.status = noted.status;
            total.worst = noted.worst;
            return total;
        }
        const std::size_t next = choose_due(bench, state, total.executed);
        if (next == state.pending.size()) return total;
        if (total.executed == budget) {
            total.status = Status::event_limit;
            total.worst = state.pending[next].event;
            return total;
        }
        const std::size_t event = state.pending[next].event;
        if (!execute(bench, state, next)) {
            total.status = Status::convergence;
            total.worst = event;
            return total;
        }
        ++total.executed;
        total.fired = true;
    }
}

double next_due(const State& state) {
    double due = std::numeric_limits<double>::infinity();
    for (const auto& pending : state.pending) due = std::min(due, pending.due);
    return due;
}

}  // namespace abscopal
