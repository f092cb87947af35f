// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "ode/lane_stepper.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "ode/typical_scale.hpp"

namespace abscopal {
namespace {

constexpr double safety = 0.9, most_growth = 6.0, most_shrinking = 0.2;
constexpr int n_corrections = 2;
constexpr double far_too_large = 1e6;  ///< an error

/// The fifth root by Newton's method, and the fourth by square roots: the same bits on every machine.
double root(double x, int degree) {
    double result = std::sqrt(std::sqrt(x));
    for (int i = 0; degree == 5 && i < 6; ++i) {
        const double square = result * result;
        result = 0.8 * result + 0.2 * x / (square * square);
    }
    return result;
}

/// What a step of error `error` may be multiplied by: the error goes with the power `order` of the step.
double growth(double error, int order) {
    return std::clamp(safety / root(std::clamp(error, 1e-6, 1e6), order), most_shrinking, most_growth);
}

double smallest_step(double time) {
    return 16.0 * std::numeric_limits<double>::epsilon() * std::max(std::fabs(time), 1e-300);
}

}  // namespace

LaneStepper::LaneStepper(Workbench& bench, const Numerics& numerics, LaneGroup& group, int lane,
                         std::function<void()> wait)
    : bench_(bench),
      numerics_(numerics),
      group_(group),
      lane_(lane),
      wait_(std::move(wait)),
      solution_(group.model().n) {
    forget();
}

void LaneStepper::forget() {
    dense_.resize(group_.model().n);
    fetched_.assign(group_.model().n, -1);
    largest_.assign(group_.model().n, 0.0);
    guess_.assign(group_.model().n, 0.0);
    worst_ = group_.model().n;
    accepted_ = false;
}

void LaneStepper::load(std::uint32_t first_row, const std::vector<double>& column) {
    for (std::size_t i = 0; i < column.size(); ++i) group_.at(row(first_row, i), lane_) = column[i];
}

void LaneStepper::begin(const Stretch& stretch, const std::vector<double>& y,
                        const std::vector<double>& input) {
    const LaneModel& model = group_.model();
    stretch_ = stretch;
    for (Slot slot = 0; slot < model.model->workspace.size(); ++slot)
        group_.at(slot, lane_) = bench_.at(slot);
    load(model.y, y);
    load(model.input, input);
    accepted_ = false;
    ++n_steps_;
    begin_ = end_ = stretch.time;
    bench_.set(stretch.earliest, y.data());
    bench_.run(model.model->rates, rates_);
    find_moving(y, input);
    set_tolerances(y, input);
    next_ = stretch.first_step > 0.0 ? stretch.first_step : first_step(y);
}

// A state is left out if it is zero, nothing flows into it from those that are not, and the rates say so too:
// they do not where a number is not finite.
void LaneStepper::find_moving(const std::vector<double>& y, const std::vector<double>& input) {
    seed_.resize(y.size());
    for (std::size_t i = 0; i < y.size(); ++i) seed_[i] = y[i] != 0.0 || input[i] != 0.0;
    moving_ = &group_.variants().moving(seed_);
    for (std::size_t i = 0; i < y.size(); ++i)
        if (!(*moving_)[i] && !(rates_[i] == 0.0)) moving_ = &group_.variants().all();
    group_.carry(lane_, moving_);
}

void LaneStepper::set_tolerances(const std::vector<double>& y, const std::vector<double>& input) {
    for (std::size_t i = 0; i < y.size(); ++i) largest_[i] = std::max(largest_[i], std::fabs(y[i]));
    if (tolerance_tracking(numerics_) > 0.0)
        guess_scales(bench_, stretch_.earliest, y, input, largest_, guess_, *moving_);
    for (std::size_t i = 0; i < y.size(); ++i)
        group_.at(row(group_.model().absolute, i), lane_) =
            stretch_.tightening * absolute_tolerance(numerics_, i, std::max(largest_[i], guess_[i]));
}

// What an error of a state of this size is measured by.
double LaneStepper::weight(std::size_t i, double size) const {
    return group_.at(row(group_.model().absolute, i), lane_) + numerics_.relative_tolerance * std::fabs(size);
}

// A hundredth of the time in which the rates would change the state by its own size (Hairer, Nørsett & Wanner
// I, II.4).
double LaneStepper::first_step(const std::vector<double>& y) const {
    const LaneModel& model = group_.model();
    double size = 0.0, speed = 0.0, fastest = 0.0;
    for (std::size_t i = 0; i < model.n; ++i) {
        const double unit = weight(i, y[i]);
        const double rate = rates_[i] + group_.at(row(model.input, i), lane_);
        size += (y[i] / unit) * (y[i] / unit);
        speed += (rate / unit) * (rate / unit);
        fastest = std::max(fastest, std::fabs(rate) / std::max(std::fabs(y[i]), unit));
    }
    const double step = 0.01 * std::sqrt(size / speed);
    if (std::isfinite(step) && step > 0.0) return step;
    return std::min(1e-6, 0.01 / fastest);
}

double LaneStepper::try_step(double step) {
    group_.ask(lane_, {end_, step, stretch_.earliest, stretch_.latest,
                       stretch_.tightening * numerics_.relative_tolerance, accepted_,
                       stretch_.tightening * tolerance_tracking(numerics_)});
    wait_();
    accepted_ = false;
    ++n_steps_;
    rhs_calls_ += group_.method().n_stages;
    return group_.may_outgrow(lane_) && outgrows(step) ? far_too_large : group_.error(lane_);
}

// An L-stable method damps whatever is fast, also what should explode, and overrates what grows nearly as
// fast as that; below its tolerance no error test would see it. Beyond the pole of the method, stages point
// against the rates, and an odd number of such motions shows in the sign of the determinant.
bool LaneStepper::outgrows(double step) {
    const LaneModel& model = group_.model();
    std::vector<double> y(model.n), rates;
    for (std::size_t i = 0; i < y.size(); ++i) y[i] = group_.at(row(model.y, i), lane_);
    bench_.set(std::clamp(end_, stretch_.earliest, stretch_.latest), y.data());
    bench_.run(model.model->rates, rates);
    bool is_odd = false, is_seen = false;
    for (std::size_t i = 0; i < y.size(); ++i) {
        const double growth = (*moving_)[i] ? group_.growth_of(i, lane_) : 0.0;
        if (!(growth > LaneGroup::most_growth)) continue;
        const double rate = rates[i] + group_.at(row(model.input, i), lane_);
        const double first = group_.first_stage_of(i, lane_);
        const bool is_beyond = std::isinf(growth);
        is_odd = is_odd != is_beyond;
        is_seen = is_seen || (is_beyond ? rate * first < 0.0 && std::fabs(first) > weight(i, y[i])
                                        : rate * std::copysign(step, y[i]) > std::fabs(y[i]));
    }
    return is_odd || is_seen;
}

Status LaneStepper::step() {
    const int order = group_.method().order;
    bool was_rejected = false;
    while (true) {
        const double room = stretch_.stop - end_;
        double step = std::min(next_, numerics_.max_step);
        if (step * 1.1 >= room)
            step = room;
        else if (step * 2.0 > room)
            step = 0.5 * room;
        const double error = try_step(step);
        if (error <= 1.0) {
            begin_ = end_;
            end_ = step == room ? stretch_.stop : end_ + step;
            next_ = step * (was_rejected ? std::min(1.0, growth(error, order)) : growth(error, order));
            accepted_ = true;
            ++n_steps_;
            return Status::ok;
        }
        ++rejected_;
        was_rejected = true;
        const bool is_finite = std::isfinite(error);
        next_ = step * (is_finite ? std::min(0.9, growth(error, order)) : most_shrinking);
        if (next_ > smallest_step(end_)) continue;
        find_worst();
        return is_finite ? Status::error_test : Status::rhs_nonfinite;
    }
}

void LaneStepper::find_worst() {
    const LaneModel& model = group_.model();
    double most = -1.0;
    for (std::size_t i = 0; i < model.n; ++i) {
        const double share =
            std::fabs(group_.error_of(i, lane_)) / weight(i, group_.at(row(model.y, i), lane_));
        const double counted = std::isfinite(share) ? share : std::numeric_limits<double>::infinity();
        if (counted > most) most = counted, worst_ = i;
    }
}

void LaneStepper::fetch(std::size_t state) const {
    if (fetched_[state] == n_steps_) return;
    dense_[state] = (*moving_)[state] ? group_.dense(state, lane_) : LaneGroup::Dense{};
    fetched_[state] = n_steps_;
}

double LaneStepper::at_time(double time, const LaneGroup::Dense& dense) const {
    if (!accepted_) return dense.begin;
    return time >= end_ ? dense.end : dense.at((time - begin_) / (end_ - begin_));
}

void LaneStepper::interpolate(double time, std::vector<double>& y) const {
    y.resize(group_.model().n);
    for (std::size_t i = 0; i < y.size(); ++i) {
        fetch(i);
        y[i] = at_time(time, dense_[i]);
    }
}

// The polynomial lags where a state follows others in quasi-equilibrium: its error there is not bounded by
// that of the step. What it lacks in the differential equation, divided by the matrix of the step, is that
// error.
bool LaneStepper::correct(double time, std::vector<double>& y) {
    const LaneModel& model = group_.model();
    const double step = end_ - begin_, theta = (time - begin_) / step;
    bench_.set(std::clamp(time, stretch_.earliest, stretch_.latest), y.data());
    bench_.run(model.model->rates, defect_);
    for (std::size_t i = 0; i < y.size(); ++i)
        defect_[i] += group_.at(row(model.input, i), lane_) - dense_[i].slope(theta) / step;
    group_.solve(lane_, defect_);
    // What is slow, the polynomial knows better: only the share of fast motions stays.
    slow_ = defect_;
    group_.solve(lane_, slow_);
    const double inverse = 1.0 / (group_.method().gamma * step);
    for (std::size_t i = 0; i < y.size(); ++i) defect_[i] -= inverse * slow_[i];
    if (!std::ranges::all_of(defect_, [](double change) { return std::isfinite(change); })) return false;
    for (std::size_t i = 0; i < y.size(); ++i) y[i] += defect_[i];
    return true;
}

void LaneStepper::look_at(double time, std::vector<double>& y) {
    interpolate(time, y);
    if (!accepted_ || time >= end_ || group_.model().model->has_mass()) return;
    for (int i = 0; i < n_corrections && correct(time, y); ++i) {
    }
}

void LaneStepper::interpolate_some(double time, std::span<const std::size_t> states,
                                   std::vector<double>& values) const {
    values.clear();
    for (const std::size_t state : states) {
        fetch(state);
        values.push_back(at_time(time, dense_[state]));
    }
}

const std::vector<double>& LaneStepper::solution() const {
    interpolate(end_, solution_);
    return solution_;
}

}  // namespace abscopal
