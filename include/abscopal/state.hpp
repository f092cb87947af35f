// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <cstdint>
#include <limits>
#include <optional>
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
    std::size_t event = 0;  ///< index in Model::events
    double due = 0.0;       ///< time of execution
    double triggered = 0.0;
    std::vector<double> values;  ///< of the targets, if they are taken at trigger time; else empty
    std::vector<double> slopes;  ///< of `due` by Model::sensitivities' quantities; else empty
    bool operator==(const PendingEvent&) const = default;
};

/// A constant input to a state until `end`.
struct Infusion {
    std::size_t state = 0;  ///< index in Model::states
    double rate = 0.0;      ///< carried unit per time
    double end = 0.0;
    std::vector<double> slopes = {};  ///< of `end` by Model::sensitivities' quantities; empty: none
    bool operator==(const Infusion&) const = default;
};

/// A pure value: copy it to branch, compare it to test, write it to restart.
struct State {
    double time = 0.0;
    std::vector<double> y;            ///< one for each Model::states
    std::vector<double> p;            ///< one for each Model::parameters
    std::vector<Infusion> infusions;  ///< now running
    std::vector<char> triggers;       ///< truth of each event trigger
    std::vector<PendingEvent> pending;
    std::vector<double> y_start;  ///< y at the start: what ActionKind::reset goes back to
    bool operator==(const State&) const = default;
};

enum class ActionKind : std::uint8_t {
    add,       ///< bolus: state += value
    infuse,    ///< constant input of value / duration for `duration`
    replace,   ///< state or parameter = value
    multiply,  ///< state or parameter *= value
    restart,   ///< solver restarts, nothing given (EVID 2)
    reset      ///< all states back to their initial values, infusions off (EVID 3)
};

/// One thing done to a patient at a known time. Actions at one time happen in the order given.
struct Action {
    double time = 0.0;
    ActionKind kind = ActionKind::add;
    Slot target = no_slot;            ///< a state's or a parameter's slot in the Model
    double value = 0.0;               ///< in the carried unit (amount for species)
    double duration = 0.0;            ///< of `infuse`
    std::vector<double> slopes = {};  ///< of time, value and duration by Model::sensitivities' quantities,
                                      ///< [3][k]; empty: none. Only of `add` and `infuse`
};

enum class Method : std::uint8_t {
    rosenbrock,  ///< Rosenbrock, many patients at a time in SIMD lanes; what it cannot finish goes on with
                 ///< BDF
    bdf          ///< CVODE + KLU, one patient at a time: the reference
};

struct Numerics {
    Method method =
        Method::rosenbrock;  ///< of ensembles; a Simulation made by itself is always the reference
    double relative_tolerance = 1e-6;
    /// Absolute tolerance of state i is per_state[i], or absolute_tolerance for all where that is given. By
    /// default each state is measured against the largest value it has had, so that amounts may span many
    /// decades (docs/theory/numerics.md).
    std::optional<double> absolute_tolerance;
    std::vector<double> per_state;
    std::int64_t max_steps = 500'000;   ///< between two stops
    std::int64_t max_events = 100'000;  ///< executed in one advance; more is called Zeno
    double max_step = std::numeric_limits<double>::infinity();
};

/// A course by single firings of reactions instead of rates, for small numbers of molecules or cells: amounts
/// are counts, kinetic laws mean firings per time. A function of seed and subject.
struct Stochastic {
    enum class Method : std::uint8_t {
        exact,       ///< every firing: the direct method
        tau_leaping  ///< many firings at a time
    };
    Method method = Method::exact;
    std::uint64_t seed = 0;
    std::uint64_t subject = 0;  ///< patient or replicate
    double accuracy = 0.03;     ///< of a leap: share by which a law may change within it
};

enum class Status : std::uint8_t {
    ok,
    step_limit,
    accuracy,
    error_test,
    convergence,
    singular,
    rhs_nonfinite,
    negative_state,
    event_limit,
    bad_parameter,
    too_close,
    not_differentiable,  ///< of sensitivities: moments that coincide but move differently, or a grazed
                         ///< threshold
    blow_up,             ///< a state grows beyond all bounds in finite time
    not_run
};
std::string_view name_of(Status status);  ///< "OK", "STEP_LIMIT", …

/// How an advance ended. Never thrown: one stiff patient does not end a trial.
struct [[nodiscard]] Outcome {
    Status status = Status::ok;
    double time = 0.0;  ///< reached
    std::string worst;  ///< id of the component that failed, or empty
    std::int64_t steps = 0, rejected = 0, rhs_calls = 0, events = 0;
    double step = 0.0;  ///< last one taken, in the unit of `time`
    int level = 0;  ///< highest rung of the ladder: 0 as configured, 1 small first step, 2 and 3 tighter, 4
                    ///< the reference
    bool ok() const { return status == Status::ok; }
};

/// Numbers given before the start, by index in Model::settables.
using Settings = std::span<const std::pair<std::size_t, double>>;

/// The state at `time` after settings, defaults and initial assignments.
State initial_state(const Model& model, Settings settings = {}, double time = 0.0);

}  // namespace abscopal
