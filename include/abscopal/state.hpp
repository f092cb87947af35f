// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "abscopal/model.hpp"

/// Where one patient is now, what is done to her from outside, and how an advance ended.
namespace abscopal {

/// An event that has triggered and waits for its delay.
struct PendingEvent {
    std::size_t event = 0;       ///< index in Model::events
    double due = 0.0;            ///< time of execution
    double triggered = 0.0;
    std::vector<double> values;  ///< of the targets, if they are taken at trigger time; else empty
    bool operator==(const PendingEvent&) const = default;
};

/// A pure value: copy it to branch, compare it to test, write it to restart.
struct State {
    double time = 0.0;
    std::vector<double> y;          ///< one for each Model::states
    std::vector<double> p;          ///< one for each Model::parameters
    std::vector<double> input;      ///< constant input to each state now running (infusions), amount per time
    std::vector<char> triggers;     ///< truth of each event trigger
    std::vector<PendingEvent> pending;
    bool operator==(const State&) const = default;
};

enum class ActionKind : std::uint8_t {
    add,       ///< bolus: state += value
    infuse,    ///< input += value / duration for `duration`, then back
    replace,   ///< state or parameter = value
    multiply,  ///< state or parameter *= value
    restart,   ///< solver restarts, nothing given (EVID 2)
    reset      ///< all states back to their initial values, infusions off (EVID 3)
};

/// One thing done to a patient at a known time. Actions at one time happen in the order given.
struct Action {
    double time = 0.0;
    ActionKind kind = ActionKind::add;
    Slot target = no_slot;  ///< a state's or a parameter's slot in the Model
    double value = 0.0;     ///< in the carried unit (amount for species)
    double duration = 0.0;  ///< of `infuse`
};

struct Numerics {
    double relative_tolerance = 1e-6;
    /// Absolute tolerance of state i is absolute_tolerance, or per_state[i] where given.
    double absolute_tolerance = 1e-9;
    std::vector<double> per_state;
    std::int64_t max_steps = 500'000;    ///< between two stops
    std::int64_t max_events = 100'000;   ///< executed in one advance; more is called Zeno
    double max_step = std::numeric_limits<double>::infinity();
};

enum class Status : std::uint8_t {
    ok, step_limit, accuracy, error_test, convergence, singular, rhs_nonfinite, negative_state,
    event_limit, bad_parameter, too_close, not_run
};
std::string_view name_of(Status status);  ///< "OK", "STEP_LIMIT", …

/// How an advance ended. Never thrown: one stiff patient does not end a trial.
struct [[nodiscard]] Outcome {
    Status status = Status::ok;
    double time = 0.0;      ///< reached
    std::string worst;      ///< id of the component that failed, or empty
    std::int64_t steps = 0, rejected = 0, rhs_calls = 0, events = 0;
    bool ok() const { return status == Status::ok; }
};

/// Numbers given before the start, by index in Model::settables.
using Settings = std::span<const std::pair<std::size_t, double>>;

/// The state at `time` after settings, defaults and initial assignments.
State initial_state(const Model& model, Settings settings = {}, double time = 0.0);

}  // namespace abscopal
