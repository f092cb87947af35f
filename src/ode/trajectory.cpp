// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "ode/trajectory.hpp"

#include <algorithm>
#include <cmath>

#include "model/program.hpp"
#include "ode/cause.hpp"
#include "ode/crossing.hpp"

namespace abscopal {
namespace {

constexpr int last_rung = 3;
constexpr int samples_per_step = 5;
// A root that ends this many stretches in a row, each after fewer than `few_steps` steps, chatters. Those
// that ended as soon as they began count for many.
constexpr int many_restarts = 10'000, much_too_close = 250;
constexpr int few_steps = 12;
constexpr double close_share = 1e-6;
constexpr int few_lost_steps = 10, many_lost_steps = 500;
constexpr int reference_level = last_rung + 1;
// What the reference may take of the steps allowed: a step of it costs what ten in lanes do.
constexpr std::int64_t reference_share = 10;
// Events at one time, but for rounding, are endless long before max_events; sooner if each comes after a
// step.
constexpr std::int64_t many_stuck_events = 10'000, events_for_a_return = 9;

double after(double time) {
    return std::nextafter(time, std::numeric_limits<double>::infinity());
}
double before(double time) {
    return std::nextafter(time, -std::numeric_limits<double>::infinity());
}

signed char sign_of(double value) {
    return static_cast<signed char>((value > 0.0) - (value < 0.0));
}

// CVODE cannot start on a stretch that is only a few roundings long; those next to time 0 are subnormal.
bool is_tiny(double from, double to) {
    using Limits = std::numeric_limits<double>;
    const double size = std::max(std::fabs(from), std::fabs(to));
    return std::isfinite(to) && to - from <= 16.0 * std::max(Limits::epsilon() * size, Limits::min());
}

bool are_apart(const std::vector<double>& rates, const std::vector<double>& others) {
    constexpr double near = 1e-6;
    for (std::size_t i = 0; i < rates.size(); ++i)
        if (std::fabs(rates[i] - others[i]) > near * std::max(std::fabs(rates[i]), std::fabs(others[i])))
            return true;
    return false;
}

// What has to be known of a point within a step to see a change.
std::vector<std::size_t> switching_states(const Model& model) {
    std::vector<std::size_t> states = states_read(model, {&model.roots});
    for (const auto& event : model.events) {
        const auto more = states_read(model, {&event.trigger});
        states.insert(states.end(), more.begin(), more.end());
    }
    std::ranges::sort(states);
    states.erase(std::unique(states.begin(), states.end()), states.end());
    return states;
}

}  // namespace

Trajectory::Trajectory(const Model& model, Numerics numerics, const MakeStepper& make)
    : model_(model),
      numerics_(std::move(numerics)),
      bench_(model_),
      chosen_(make(bench_, numerics_)),
      stepper_(chosen_.get()),
      switching_(switching_states(model)) {
    if (model.sensitivities) moment_.emplace(model);
}

void Trajectory::start(State state, std::vector<Action> actions) {
    state_ = std::move(state);
    state_.triggers.resize(model_.events.size(), 1);
    settled_ = rolling_ = left_ = observed_ = failed_ = stale_ = false;
    change_at_ = never;
    fallback_.reset();
    stepper_ = chosen_.get();
    stepper_->forget();
    bench_.load(state_);
    muted_.assign(model_.roots.outputs.size(), 0);
    close_.assign(muted_.size(), 0);
    rung_ = level_ = 0;
    stuck_events_ = 0;
    stuck_at_ = last_step_ = 0.0;
    steps_in_stretch_ = steps_to_stop_ = lost_steps_ = 0;
    actions_ = std::move(actions);
    std::ranges::stable_sort(actions_, {}, &Action::time);
    next_action_ = 0;
    while (next_action_ < actions_.size() && actions_[next_action_].time < state_.time) ++next_action_;
    if (!moment_) return;
    // What is due at the start may come later: its derivative is the one from the right.
    gather_input();
    moment_->end_at_stop(bench_, state_, {before(state_.time), state_.y, input_},
                         std::span(actions_).subspan(next_action_));
    bench_.load(state_);
}

void Trajectory::reschedule(std::vector<Action> actions) {
    std::erase_if(actions, [this](const Action& action) { return !(action.time > state_.time); });
    std::ranges::stable_sort(actions, {}, &Action::time);
    // Actions due now but not yet done stay; a step already taken beyond the new first action is thrown away.
    auto end = actions_.begin() + static_cast<std::ptrdiff_t>(next_action_);
    while (end != actions_.end() && end->time <= state_.time) ++end;
    actions_.erase(end, actions_.end());
    actions_.insert(actions_.end(), actions.begin(), actions.end());
    rolling_ = false;
}

Outcome Trajectory::advance(double until, std::optional<Watch> watch, bool& crossed) {
    crossed = false;
    if (failed_) return outcome_;
    outcome_ = Outcome{};
    outcome_.level = level_;
    set_watch(watch);
    crossed_ = false;
    const std::int64_t rhs_before = rhs_calls(), rejected_before = rejected();
    if (watch_) watched_before_ = watched();
    while (!failed_) {
        if (!settled_ && !settle()) break;
        if (crossed_ || state_.time >= until) break;
        if (!leave() || !roll(until)) break;
        if (crossed_) break;
    }
    look();
    crossed = crossed_;
    outcome_.time = state_.time;
    outcome_.rhs_calls = rhs_calls() - rhs_before;
    outcome_.rejected = rejected() - rejected_before;
    outcome_.step = last_step_;
    return outcome_;
}

// Everything due at the present time: ends of infusions, actions in their order, then events.
bool Trajectory::settle() {
    read_state();
    const bool moves = moment_ && moment_->is_moving();
    if (moves) moment_->enter(bench_, state_);
    end_infusions();
    bench_.load(state_);
    if (!apply_actions()) return false;
    if (!settle_events_at(state_.time)) return false;
    if (moves && !leave_moment()) return false;
    settled_ = true;
    left_ = false;
    observed_ = false;
    if (watch_) {
        const double now = watched();
        crossed_ = watched_before_ < watch_->level && now >= watch_->level;
        watched_before_ = now;
    }
    return true;
}

// What becomes true just after a time switch (time > 5 at 5) happens before the next stretch begins.
bool Trajectory::leave() {
    if (!left_ && !rolling_) {
        const bool moves = moment_ && moment_->is_moving();
        if (moves) moment_->enter(bench_, state_);
        bench_.load(state_);
        if (is_switch(state_.time) && !settle_events_at(after(state_.time))) return false;
        if (moves && !leave_moment()) return false;
    }
    left_ = true;
    return rolling_ || begin_stretch();
}

bool Trajectory::begin_stretch() {
    bench_.load(state_);
    stretch_ = Stepper::Stretch{};
    stretch_.time = state_.time;
    stretch_.earliest = is_switch(state_.time) ? after(state_.time) : state_.time;
    stretch_.stop = next_stop();
    stretch_.latest = is_switch(stretch_.stop) ? before(stretch_.stop) : stretch_.stop;
    stretch_.earliest = std::min(stretch_.earliest, stretch_.latest);
    gather_input();
    if (model_.has_mass()) {
        // What they say may have switched at this time.
        bench_.set_time(stretch_.earliest);
        if (!make_consistent()) return false;
        bench_.store(state_);
    }
    note_signs();
    stretch_y_ = state_.y;
    if (moment_) moment_->clear();
    steps_in_stretch_ = 0;
    change_at_ = approach_to_ = never;
    rolling_ = true;
    if (!is_tiny(stretch_.time, stretch_.stop)) stepper_->begin(stretch_, state_.y, input_);
    return true;
}

void Trajectory::gather_input() {
    input_.assign(model_.n_states(), 0.0);
    for (const auto& infusion : state_.infusions) input_[infusion.state] += infusion.rate;
}

bool Trajectory::roll(double until) {
    if (is_tiny(stretch_.time, stretch_.stop)) return tiny_stretch();
    if (state_.time >= stepper_->time() && !take_step(until)) return false;
    if (!rolling_) return true;  // a jump was passed
    double reach = std::min({until, stepper_->time(), change_at_});
    if (watch_ && crosses(reach)) crossed_ = true;
    move_to(reach);
    const bool changes = reach == change_at_;
    if (changes || reach >= stretch_.stop) {
        if (moment_) note_moment(changes);
        if (changes) judge_chatter();
        if (!changes) forgive();
        settled_ = rolling_ = false;
        change_at_ = never;
    }
    return true;
}

// States are read off the step only when somebody looks at them.
void Trajectory::read_state() {
    if (stale_) stepper_->interpolate(state_.time, state_.y);
    stale_ = false;
}

// The same where nothing happened but that somebody looks. At a crossing the state stays on the curve that
// crosses.
void Trajectory::look() {
    if (stale_ && rolling_ && !crossed_ && !failed_)
        stepper_->look_at(state_.time, state_.y);
    else
        read_state();
    stale_ = false;
}

void Trajectory::move_to(double time) {
    state_.time = time;
    stale_ = true;
    observed_ = false;
}

// Two stops a few roundings apart: one explicit Euler step is exact to rounding. What rates do not determine
// follows when it is made consistent at the stop.
bool Trajectory::tiny_stretch() {
    bench_.set(stretch_.earliest, state_.y.data());
    std::vector<double> rates;
    bench_.run(model_.rates, rates);
    for (std::size_t i = 0; i < rates.size(); ++i)
        if (model_.states[i].determined == Determined::by_rate)
            state_.y[i] += (stretch_.stop - stretch_.time) * (rates[i] + input_[i]);
    state_.time = stretch_.stop;
    if (moment_) note_moment(false);
    settled_ = rolling_ = observed_ = false;
    return true;
}

bool Trajectory::take_step(double until) {
    if (stepper_->time() >= approach_to_) begin_crossing();
    // A stretch may begin right where rates jump.
    if (steps_in_stretch_ == 0 && std::ranges::find(signs_, 0) != signs_.end() && pass_jump(until, true))
        return true;
    while (true) {
        const Status status = stepper_->step();
        if (status == Status::ok) break;
        if (pass_jump(until)) return true;
        if (rung_ == last_rung && fall_back()) continue;
        if (rung_ == last_rung) {
            fail_at_step(status);
            return false;
        }
        begin_again(++rung_);
    }
    last_step_ = stepper_->last_step();
    if (trace_) trace_(stepper_->time(), last_step_, level_, rejected());
    if (const Status status = count_step(); status != Status::ok) {
        fail_at_step(status);
        return false;
    }
    if (lost_steps_ > 0 && lost_steps_ % few_lost_steps == 0 && pass_jump(until)) return true;
    change_at_ = find_change();
    return change_at_ == never || !must_be_redone() || take_step(until);
}

// A step that reaches over a jump of the rates mixes both sides of it. It is taken again, to just before the
// jump, until the step that crosses is too short to matter.
bool Trajectory::must_be_redone() {
    constexpr double share = 1e-3;
    if (approach_to_ < never || model_.has_mass()) return false;
    const double begin = stepper_->step_begin(), rest = share * (change_at_ - begin);
    if (is_tiny(begin, begin + rest) || !rates_jump()) return false;
    std::vector<double> y;
    stepper_->interpolate(begin, y);
    Stepper::Stretch again = stretch_;
    again.time = begin;
    again.stop = approach_to_ = change_at_ - rest;
    again.first_step = again.stop - begin;
    rest_ = rest;
    stepper_->begin(again, y, input_);
    return true;
}

void Trajectory::begin_crossing() {
    Stepper::Stretch rest = stretch_;
    rest.time = stepper_->time();
    rest.first_step = 2.0 * rest_;
    const std::vector<double> y = stepper_->solution();
    stepper_->begin(rest, y, input_);
    approach_to_ = never;
}

// Whether rates just before and after the change differ by more than the tolerance of a step.
bool Trajectory::rates_jump() {
    std::vector<double> y;
    const double earlier = just_before_change();
    stepper_->interpolate(earlier, y);
    const std::vector<double> old_rates = rates_at(earlier, y);
    const double later = just_after_change();
    stepper_->interpolate(later, y);
    const std::vector<double> rates = rates_at(later, y);
    const double step = stepper_->time() - stepper_->step_begin();
    for (std::size_t i = 0; i < y.size(); ++i) {
        const double jump = step * std::fabs(rates[i] - old_rates[i]);
        if (jump > 0.01 * numerics_.relative_tolerance * std::fabs(y[i])) return true;
    }
    return false;
}

// Where no root is 0 any more.
double Trajectory::just_after_change() {
    double later = change_at_;
    for (double ahead = after(later) - later; later < stepper_->time(); ahead *= 2.0) {
        has_changed(later);
        if (std::ranges::find(roots_, 0.0) == roots_.end()) break;
        later = std::min(change_at_ + ahead, stepper_->time());
    }
    return later;
}

double Trajectory::just_before_change() {
    double earlier = before(change_at_);
    for (double back = change_at_ - earlier; has_changed(earlier) && earlier > stepper_->step_begin();
         back *= 2.0)
        earlier = std::max(change_at_ - back, stepper_->step_begin());
    return earlier;
}

// Where rates jump, an error test may hold every step back that ends beyond: a state that was zero so far has
// no size to measure by. If the jump is within rounding, an explicit Euler step passes it, exact to rounding.
bool Trajectory::pass_jump(double until, bool only_if_rates_differ) {
    if (model_.roots.outputs.empty() || model_.has_mass()) return false;
    const double time = stepper_->time(), end = std::min(until, stretch_.stop);
    const std::vector<double> y = stepper_->solution(), rates = rates_at(time, y);
    const double longest = within_rounding(time, y, rates);
    for (double step = after(time) - time; step <= longest; step *= 2.0) {
        const double reached = std::min(time + step, end);
        std::vector<double> beyond = y;
        for (std::size_t i = 0; i < y.size(); ++i) beyond[i] += (reached - time) * rates[i];
        bench_.set(std::clamp(reached, stretch_.earliest, stretch_.latest), beyond.data());
        bench_.run(model_.roots, roots_);
        const std::vector<std::size_t> changed = changed_roots();
        if (changed.empty() && reached < end) continue;
        if (only_if_rates_differ && !are_apart(rates, rates_at(reached, beyond))) return false;
        move_to(reached);
        state_.y = std::move(beyond);
        stale_ = settled_ = rolling_ = false;
        count_chatter(changed);
        if (moment_) note_change(time, y, changed);
        return true;
    }
    return false;
}

std::vector<double> Trajectory::rates_at(double time, const std::vector<double>& y) {
    std::vector<double> rates;
    bench_.set(std::clamp(time, stretch_.earliest, stretch_.latest), y.data());
    bench_.run(model_.rates, rates);
    for (std::size_t i = 0; i < y.size(); ++i) rates[i] += input_[i];
    return rates;
}

// The longest step that changes time, or a state that roots read, by no more than some roundings, and no
// state by much more. 0 where rates are not finite.
double Trajectory::within_rounding(double time, const std::vector<double>& y,
                                   const std::vector<double>& rates) const {
    constexpr double rounding = 256.0 * std::numeric_limits<double>::epsilon(), near = 1e-10;
    double longest = std::max(rounding * std::fabs(time), std::numeric_limits<double>::min());
    for (const std::size_t i : switching_)
        if (rates[i] != 0.0) longest = std::max(longest, rounding * std::fabs(y[i] / rates[i]));
    for (std::size_t i = 0; i < y.size(); ++i) {
        if (!std::isfinite(rates[i])) return 0.0;
        if (y[i] != 0.0 && rates[i] != 0.0) longest = std::min(longest, near * std::fabs(y[i] / rates[i]));
    }
    return longest;
}

// A course may end because its steps are used up, or because they no longer move time: it creeps towards a
// point it cannot reach.
Status Trajectory::count_step() {
    ++outcome_.steps;
    ++steps_in_stretch_;
    const double rounding = 4.0 * std::numeric_limits<double>::epsilon() * std::fabs(stepper_->time());
    const bool is_lost = stepper_->time() - stepper_->step_begin() <= rounding;
    lost_steps_ = is_lost ? lost_steps_ + 1 : 0;
    if (lost_steps_ > many_lost_steps) return Status::accuracy;
    const std::int64_t share = fallback_ ? reference_share : 1;
    return ++steps_to_stop_ > numerics_.max_steps / share ? Status::step_limit : Status::ok;
}

// At a stop the ladder begins anew, but for the reference, which goes on.
void Trajectory::forgive() {
    rung_ = 0;
    if (!fallback_) level_ = 0;
    steps_to_stop_ = lost_steps_ = 0;
    std::ranges::fill(muted_, 0);
}

void Trajectory::note_level(int level) {
    level_ = level;
    outcome_.level = std::max(outcome_.level, level);
    if (trace_) trace_(stepper_->time(), 0.0, level, rejected());
}

// The retry ladder: from the last good point with a small first step, then with tolerances 10 and 100 times
// tighter. What is computed stays the same.
void Trajectory::begin_again(int rung) {
    approach_to_ = never;
    if (!fallback_) note_level(rung);
    Stepper::Stretch again = stretch_;
    again.time = stepper_->time();
    const double step =
        stepper_->last_step() > 0.0 ? stepper_->last_step() : std::max(std::fabs(again.time), 1.0);
    const double room = std::isfinite(again.stop) ? again.stop - again.time : step;
    const double smallest = 64.0 * std::numeric_limits<double>::epsilon() * std::fabs(again.time);
    again.first_step = std::min(std::max(1e-6 * step, smallest), room);
    again.tightening = std::pow(0.1, rung - 1);
    const std::vector<double> y = stepper_->solution();
    stepper_->begin(again, y, input_);
}

// The last rung: what the chosen method cannot finish goes on with the reference, from the last good point.
bool Trajectory::fall_back() {
    if (stepper_->is_reference()) return false;
    approach_to_ = never;
    note_level(reference_level);
    const std::vector<double> y = stepper_->solution();
    Stepper::Stretch rest = stretch_;
    rest.time = stepper_->time();
    fallback_ = make_bdf(bench_, numerics_);
    stepper_ = fallback_.get();
    rung_ = 0;
    steps_to_stop_ = 0;
    stepper_->begin(rest, y, input_);
    return true;
}

void Trajectory::end_infusions() {
    std::erase_if(state_.infusions, [this](const Infusion& infusion) { return infusion.end <= state_.time; });
}

bool Trajectory::apply_actions() {
    for (; next_action_ < actions_.size() && actions_[next_action_].time <= state_.time; ++next_action_) {
        const Action& action = actions_[next_action_];
        if (action.kind == ActionKind::infuse && action.target - model_.first_state >= model_.n_states()) {
            fail(Status::bad_parameter, "infusion into what is not a state");
            return false;
        }
        apply(action);
        if (moment_) apply_to_derivatives(action);
    }
    bench_.run_prelude();
    if (!make_consistent()) return false;
    bench_.store(state_);
    return true;
}

bool Trajectory::make_consistent() {
    if (bench_.make_consistent()) return true;
    fail(bench_.consistency().reason(), state_name(bench_.consistency().first_determined()));
    return false;
}

void Trajectory::apply(const Action& action) {
    const auto infuse = [&] {
        state_.infusions.push_back({action.target - model_.first_state, action.value / action.duration,
                                    state_.time + action.duration, ends_of(action)});
    };
    switch (action.kind) {
        case ActionKind::infuse:
            if (action.duration > 0.0) return infuse();
            [[fallthrough]];
        case ActionKind::add:
            bench_.at(action.target) += action.value;
            return;
        case ActionKind::replace:
            bench_.at(action.target) = action.value;
            return;
        case ActionKind::multiply:
            bench_.at(action.target) *= action.value;
            return;
        case ActionKind::restart:
            return;
        case ActionKind::reset:
            state_.infusions.clear();
            state_.pending.clear();
            if (state_.y_start.size() == state_.y.size()) bench_.set(state_.time, state_.y_start.data());
    }
}

bool Trajectory::settle_events_at(double trigger_time) {
    if (model_.events.empty()) return true;
    bench_.set(state_.time, state_.y.data());
    // Time is stuck while events come a few roundings apart.
    const double rounding = 16.0 * std::numeric_limits<double>::epsilon() * std::fabs(state_.time);
    if (state_.time - stuck_at_ > rounding * static_cast<double>(1 + stuck_events_))
        stuck_at_ = state_.time, stuck_events_ = 0;
    const EventReport report =
        settle_events(bench_, state_, trigger_time,
                      std::min(numerics_.max_events - outcome_.events,
                               std::max<std::int64_t>(0, many_stuck_events - stuck_events_)));
    outcome_.events += report.executed;
    if (report.executed > 0) stuck_events_ += report.executed + events_for_a_return;
    if (report.fired) rolling_ = false, std::ranges::fill(close_, 0);
    if (report.status != Status::ok) fail(report.status, model_.events[report.worst].id);
    return report.status == Status::ok;
}

double Trajectory::next_stop() {
    double stop = next_due(state_);
    if (next_action_ < actions_.size()) stop = std::min(stop, actions_[next_action_].time);
    for (const auto& infusion : state_.infusions) stop = std::min(stop, infusion.end);
    bench_.run(model_.time_switches, probe_);
    for (const double time : probe_)
        if (time > state_.time) stop = std::min(stop, time);
    return stop;
}

bool Trajectory::is_switch(double time) {
    bench_.run(model_.time_switches, probe_);
    return std::ranges::find(probe_, time) != probe_.end();
}

void Trajectory::note_signs() {
    if (model_.roots.outputs.empty()) return;
    bench_.set(stretch_.earliest, state_.y.data());
    bench_.run(model_.roots, roots_);
    signs_.resize(roots_.size());
    std::ranges::transform(roots_, signs_.begin(), sign_of);
}

// Puts some states at `time` within the last step into the workspace.
void Trajectory::probe(double time, const std::vector<std::size_t>& states) {
    stepper_->interpolate_some(time, states, probe_);
    for (std::size_t k = 0; k < states.size(); ++k)
        bench_.at(model_.first_state + static_cast<Slot>(states[k])) = probe_[k];
}

// Whether at `time` within the last step a root has another sign, or a trigger another truth, than when the
// stretch began.
bool Trajectory::has_changed(double time) {
    probe(time, switching_);
    bench_.set_time(std::clamp(time, stretch_.earliest, stretch_.latest));
    bench_.run(model_.roots, roots_);
    for (std::size_t i = 0; i < roots_.size(); ++i)
        if (!muted_[i] && sign_of(roots_[i]) != signs_[i]) return true;
    for (std::size_t i = 0; i < model_.events.size(); ++i)
        if ((bench_.run_scalar(model_.events[i].trigger) != 0.0) != (state_.triggers[i] != 0)) return true;
    return false;
}

// Looks at a few points of the step, so that a pair of crossings within it is rarely missed.
double Trajectory::find_change() {
    if (model_.roots.outputs.empty() && model_.events.empty()) return never;
    double lower = stepper_->step_begin();
    const double begin = lower, end = stepper_->time();
    for (int k = 1; k <= samples_per_step; ++k) {
        const double upper = k == samples_per_step ? end : begin + (end - begin) * k / samples_per_step;
        if (has_changed(upper))
            return first_change(lower, upper, [this](double time) { return has_changed(time); });
        lower = upper;
    }
    return never;
}

// A root that keeps ending stretches without anything happening must not stop time.
void Trajectory::judge_chatter() {
    has_changed(state_.time);
    count_chatter(changed_roots());
}

void Trajectory::count_chatter(const std::vector<std::size_t>& roots) {
    const double step = stepper_->time() - stepper_->step_begin();
    const bool at_once = state_.time - stretch_.time <= close_share * step;
    for (const std::size_t i : roots) {
        if (signs_[i] == 0) continue;
        close_[i] = steps_in_stretch_ < few_steps ? close_[i] + (at_once ? much_too_close : 1) : 0;
        if (close_[i] > many_restarts) muted_[i] = 1;
    }
}

// Of the numbers last evaluated, those whose sign is not that at the begin of the stretch.
std::vector<std::size_t> Trajectory::changed_roots() const {
    std::vector<std::size_t> changed;
    for (std::size_t i = 0; i < roots_.size(); ++i)
        if (!muted_[i] && sign_of(roots_[i]) != signs_[i]) changed.push_back(i);
    return changed;
}

// Only the part of the observables that the watched one needs is evaluated within steps.
void Trajectory::set_watch(const std::optional<Watch>& watch) {
    if (watch && (!watch_ || watch_->observable != watch->observable || watch_program_.outputs.empty())) {
        watch_program_ = slice(model_.observe, model_.observables[watch->observable].slot);
        watch_states_ = states_read(model_, {&watch_program_});
    }
    watch_ = watch;
}

double Trajectory::watched() {
    return look(model_.observables[watch_->observable].slot);
}

// Shortens `reach` to the crossing watched for, if the piece from the present time to `reach` holds one.
bool Trajectory::crosses(double& reach) {
    const auto value_at = [&](double time) {
        probe(time, watch_states_);
        bench_.set_time(time);
        return bench_.run_scalar(watch_program_);
    };
    double lower = state_.time;
    const double begin = lower, end = reach;
    for (int k = 1; k <= samples_per_step; ++k) {
        const double upper = k == samples_per_step ? end : begin + (end - begin) * k / samples_per_step;
        const double value = value_at(upper);
        const bool found = watched_before_ < watch_->level && value >= watch_->level;
        watched_before_ = value;
        if (found) {
            reach = first_change(lower, upper, [&](double time) { return value_at(time) >= watch_->level; });
            return true;
        }
        lower = upper;
    }
    return false;
}

double Trajectory::look(Slot slot) const {
    if (!observed_) {
        bench_.set(state_.time, state_.y.data());
        bench_.run(model_.observe);
        observed_ = true;
    }
    return bench_.at(slot);
}

void Trajectory::fail(Status status, std::string worst) {
    failed_ = true;
    observed_ = false;
    outcome_.status = status;
    outcome_.worst = std::move(worst);
}

void Trajectory::fail_at_step(Status status) {
    const std::vector<double> y = stepper_->solution();
    move_to(stepper_->time());
    const Cause cause = cause_of(status, stepper_->worst(), bench_, {stretch_.earliest, stretch_y_},
                                 {std::clamp(state_.time, stretch_.earliest, stretch_.latest), y});
    fail(cause.status, state_name(cause.state));
}

std::string Trajectory::state_name(std::size_t index) const {
    return index < model_.n_states() ? model_.states[index].id : std::string{};
}

}  // namespace abscopal
