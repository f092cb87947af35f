// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <functional>
#include <limits>
#include <optional>
#include <vector>

#include "abscopal/state.hpp"
#include "ode/bdf.hpp"
#include "ode/events.hpp"
#include "ode/moment.hpp"
#include "ode/workbench.hpp"

namespace abscopal {

/// The course of one patient through time: smooth stretches integrated by a Stepper, joined at stops (doses,
/// ends of infusions, time switches, delayed events) that are hit exactly and at changes (event triggers,
/// branches of piecewise, min, max, abs) that are located within a step by dense output. Where the caller
/// looks changes nothing: recorded points are interpolated.
///
/// At a time switch T the smooth stretch before it sees times below T only and the one after it times above T
/// only; triggers are judged at T and then once more just after T.
class Trajectory {
  public:
    /// `make` gives the method; by default it is the reference, BDF.
    Trajectory(const Model& model, Numerics numerics, const MakeStepper& make = make_bdf);
    Trajectory(const Trajectory&) = delete;
    Trajectory& operator=(const Trajectory&) = delete;

    void start(State state, std::vector<Action> actions);
    void reschedule(std::vector<Action> actions);

    /// What advance_to_crossing looks for: `observable` reaching `level` from below.
    struct Watch {
        std::size_t observable = 0;
        double level = 0.0;
    };
    /// To `until` exactly, or to the crossing watched for; then `crossed` is true.
    Outcome advance(double until, std::optional<Watch> watch, bool& crossed);

    const State& state() const { return state_; }
    /// Told time, length, level and rejections of each step taken, and of what the ladder gave up (length 0).
    using Trace = std::function<void(double time, double step, int level, std::int64_t rejected)>;
    void trace(Trace look) { trace_ = std::move(look); }
    /// Number in a slot of the workspace after all observables were evaluated at the present state.
    double look(Slot slot) const;

  private:
    static constexpr double never = std::numeric_limits<double>::infinity();

    bool settle();
    bool leave();
    bool roll(double until);
    bool begin_stretch();
    void gather_input();
    void begin_again(int rung);
    bool fall_back();
    std::int64_t rhs_calls() const { return chosen_->rhs_calls() + (fallback_ ? fallback_->rhs_calls() : 0); }
    std::int64_t rejected() const { return chosen_->rejected() + (fallback_ ? fallback_->rejected() : 0); }
    bool take_step(double until);
    bool must_be_redone();
    void begin_crossing();
    bool rates_jump();
    double just_before_change();
    double just_after_change();
    bool pass_jump(double until, bool only_if_rates_differ = false);
    std::vector<double> rates_at(double time, const std::vector<double>& y);
    double within_rounding(double time, const std::vector<double>& y, const std::vector<double>& rates) const;
    Status count_step();
    bool tiny_stretch();
    void move_to(double time);
    void read_state();
    void look();

    void end_infusions();
    bool apply_actions();
    bool make_consistent();
    void apply(const Action& action);
    bool settle_events_at(double trigger_time);

    void apply_to_derivatives(const Action& action);
    void give_slopes(const Action& action, Slot slot, std::size_t k);
    std::vector<double> ends_of(const Action& action) const;
    void note_moment(bool changes);
    void note_change();
    void note_change(double earlier, const std::vector<double>& y, const std::vector<std::size_t>& roots);
    bool leave_moment();

    double next_stop();
    bool is_switch(double time);
    void note_signs();
    bool has_changed(double time);
    double find_change();
    void judge_chatter();
    void count_chatter(const std::vector<std::size_t>& roots);
    std::vector<std::size_t> changed_roots() const;
    void probe(double time, const std::vector<std::size_t>& states);
    void set_watch(const std::optional<Watch>& watch);
    double watched();
    bool crosses(double& reach);

    void note_level(int level);
    void forgive();
    void fail(Status status, std::string worst);
    void fail_at_step(Status status);
    std::string state_name(std::size_t index) const;

    const Model& model_;
    Numerics numerics_;
    mutable Workbench bench_;
    std::unique_ptr<Stepper> chosen_;    ///< the method asked for
    std::unique_ptr<Stepper> fallback_;  ///< BDF, once the chosen method gave up on this patient
    Stepper* stepper_;                   ///< the one at work
    State state_;
    std::vector<Action> actions_;
    std::size_t next_action_ = 0;

    bool stale_ = false;    ///< state_.y lags behind state_.time; read_state() catches up
    bool settled_ = false;  ///< everything due at the present time has happened
    bool rolling_ = false;  ///< the stretch in stepper_ goes on from the present time
    bool left_ = false;     ///< what happens just after the present time has happened
    mutable bool observed_ = false;
    Stepper::Stretch stretch_;
    std::vector<double> input_;
    double change_at_ = never;    ///< first change within the last step
    double approach_to_ = never;  ///< while a step is taken again: just before a jump of the rates
    double rest_ = 0.0;           ///< from there to the jump
    std::vector<double> probe_, roots_;
    std::vector<std::size_t> switching_;  ///< states that roots and triggers read
    std::vector<signed char> signs_;
    std::vector<char> muted_;        ///< roots that chatter and no longer end a stretch
    std::vector<int> close_;         ///< times in a row that a root ended a stretch soon after it began
    std::vector<double> stretch_y_;  ///< where it began
    std::int64_t stuck_events_ = 0;  ///< executed since time last moved by more than rounding
    double stuck_at_ = 0.0;
    double last_step_ = 0.0;  ///< taken
    std::int64_t steps_in_stretch_ = 0, steps_to_stop_ = 0, lost_steps_ = 0;
    int rung_ = 0;  ///< of the retry ladder, since the last stop

    std::optional<Moment> moment_;  ///< of a Model with sensitivities

    std::optional<Watch> watch_;
    Program watch_program_;  ///< evaluates what is watched
    std::vector<std::size_t> watch_states_;
    double watched_before_ = 0.0;
    bool crossed_ = false;
    Outcome outcome_;
    int level_ = 0;  ///< as Outcome::level, since the last stop
    Trace trace_;
    bool failed_ = false;
};

}  // namespace abscopal
