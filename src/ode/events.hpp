// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include "abscopal/state.hpp"
#include "ode/workbench.hpp"

/// Events with the semantics of SBML Level 3 Version 2, section 4.11.
///
/// Order among events due at one time: highest priority first, priorities evaluated anew before each
/// execution; events without a priority after those that have one. SBML leaves ties to chance: here chance is
/// keyed by time and number of the execution, so that it is the same on every run and every order comes up.
namespace abscopal {

struct EventReport {
    Status status = Status::ok;
    std::int64_t executed = 0;
    bool fired = false;     ///< a trigger became true, or an event was executed
    std::size_t worst = 0;  ///< index of the event at fault
};

/// Compares triggers with their last known truth at (time seen by triggers, state): schedules events that
/// became true and drops those that do not persist. The workspace must hold the state.
EventReport note_triggers(Workbench& bench, State& state, double trigger_time);

/// Brings (state.time, state) to rest: notes triggers and executes what is due until nothing is. Triggers see
/// `trigger_time`, which is state.time or the next number after it. At most `budget` executions.
EventReport settle_events(Workbench& bench, State& state, double trigger_time, std::int64_t budget);

/// When the next pending event is due, or infinity.
double next_due(const State& state);

}  // namespace abscopal
