// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <functional>
#include <memory>
#include <span>

#include "abscopal/state.hpp"

namespace abscopal {

/// One accepted step of a course, or one that the ladder gave up (step 0).
struct StepTaken {
    double time = 0.0;  ///< where it ended
    double step = 0.0;
    int level = 0;              ///< as Outcome::level
    std::int64_t rejected = 0;  ///< of the advance so far
};

/// The machine that carries a State from one time to a later one. Owns scratch memory and nothing that
/// matters: two Simulations of the same Model give the same bits. Not safe to share between threads; make one
/// each.
class Simulation {
  public:
    Simulation(std::shared_ptr<const Model> model, Numerics numerics);
    /// By single firings. Each start() begins the same course again. Throws InputError with all of
    /// Model::not_stochastic.
    Simulation(std::shared_ptr<const Model> model, const Stochastic& how);
    ~Simulation();
    Simulation(Simulation&&) noexcept;
    Simulation& operator=(Simulation&&) noexcept;

    /// Sets the patient's state and the actions to come (sorted by time; earlier ones than state.time are
    /// ignored).
    void start(State state, std::vector<Action> actions = {});

    /// Advances to `until` exactly. All actions and events at times ≤ until have happened, so a dose at
    /// `until` is in. After a failure the state is the last good one and further calls return the same
    /// Outcome.
    Outcome advance(double until);

    /// Advances to `until` or to the first time at which `observable` − level crosses zero upwards, found to
    /// the last bit that tolerances allow; `crossed` tells which.
    Outcome advance_to_crossing(double until, std::size_t observable, double level, bool& crossed);

    const State& state() const;
    const Model& model() const;

    /// Replaces actions later than now (a treatment decision at a visit). Infusions that run are kept.
    void reschedule(std::vector<Action> actions);

    /// Calls `look` after each step from now on; empty: none. Changes no bit.
    void trace(std::function<void(const StepTaken&)> look);

    /// Value of an observable (by index in Model::observables) at the present state.
    double value(std::size_t observable) const;
    double amount(std::size_t observable) const;
    double concentration(std::size_t observable) const;

    /// The parts that make a Simulation, and a Simulation of parts made elsewhere
    /// (src/simulation/machine.hpp).
    struct Machine;
    explicit Simulation(std::unique_ptr<Machine> machine);

  private:
    std::unique_ptr<Machine> machine_;
};

}  // namespace abscopal
