// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "ode/moment.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace abscopal {
namespace {

// Two causes move alike, and rates are continuous, up to errors of integration and of location.
constexpr double alike = 1e-4, continuous = 1e-7;

bool are_apart(double a, double b, double tolerance) {
    return !(std::fabs(a - b) <= tolerance * std::max(std::fabs(a), std::fabs(b)));
}

}  // namespace

Moment::Moment(const Model& model) : model_(model) {}

void Moment::begin(Workbench& bench, const End& end) {
    moves_.assign(model_.sensitivities->by.size(), 0.0);
    ambiguous_.assign(moves_.size(), 0);
    is_moving_ = has_cause_ = false;
    rates_ = rates_at(bench, end);
}

// Takes one cause of what happens.
void Moment::take(std::span<const double> slopes) {
    for (std::size_t k = 0; k < moves_.size(); ++k) {
        if (has_cause_ && are_apart(moves_[k], slopes[k], alike)) ambiguous_[k] = 1;
        if (!has_cause_ || moves_[k] == 0.0) moves_[k] = slopes[k];
        if (moves_[k] != 0.0) is_moving_ = true;
    }
    has_cause_ = true;
}

// Of an action or infusion: without slopes it stays where it is.
void Moment::take_or_stay(std::span<const double> slopes) {
    if (slopes.empty()) return take(std::vector<double>(moves_.size(), 0.0));
    take(slopes.first(moves_.size()));
}

void Moment::end_at_stop(Workbench& bench, const State& state, const End& end,
                         std::span<const Action> actions) {
    begin(bench, end);
    const std::size_t n_by = moves_.size();
    std::vector<double> times, slopes;
    bench.run(model_.time_switches, times);
    bench.run(model_.sensitivities->switch_time_slopes, slopes);
    for (std::size_t i = 0; i < times.size(); ++i)
        if (times[i] == state.time) take(std::span(slopes).subspan(i * n_by, n_by));
    for (const PendingEvent& pending : state.pending)
        if (pending.due <= state.time) take(pending.slopes);
    for (const Infusion& infusion : state.infusions)
        if (infusion.end <= state.time) take_or_stay(infusion.slopes);
    for (const Action& action : actions)
        if (action.time <= state.time) take_or_stay(action.slopes);
}

// r(x(T), p, T) = 0 gives dT/dp = −(∂r/∂x·S + ∂r/∂p) / (∂r/∂x·f + ∂r/∂t). Where no root has a
// slope, the threshold is grazed.
void Moment::end_at_change(Workbench& bench, const End& end, std::span<const std::size_t> roots) {
    begin(bench, end);
    const SensitivityInfo& info = *model_.sensitivities;
    const std::size_t n_by = moves_.size();
    std::vector<double> drifts, slopes, moves(n_by);
    for (std::size_t i = 0; i < info.n_states; ++i) bench.at(info.drift[i]) = rates_[i];
    bench.run(info.root_drift, drifts);
    bench.run(info.root_slopes, slopes);
    for (const std::size_t root : roots) {
        if (drifts[root] == 0.0 || !std::isfinite(drifts[root])) continue;
        for (std::size_t k = 0; k < n_by; ++k) moves[k] = -slopes[root * n_by + k] / drifts[root];
        take(moves);
    }
    if (!has_cause_) take(std::vector<double>(n_by, std::numeric_limits<double>::quiet_NaN()));
}

std::vector<double> Moment::rates_at(Workbench& bench, const End& end) const {
    std::vector<double> rates;
    bench.set(end.time, end.y.data());
    bench.run(model_.rates, rates);
    rates.resize(model_.sensitivities->n_states);
    for (std::size_t i = 0; i < rates.size(); ++i) rates[i] += end.input[i];
    return rates;
}

// Whether rates differ by more than what can matter to the states in all the time up to `at`.
bool Moment::differ(std::span<const double> a, std::span<const double> b, const End& at) const {
    for (std::size_t i = 0; i < a.size(); ++i) {
        const double own = at.time != 0.0 ? std::fabs(at.y[i] / at.time) : 0.0;
        if (!(std::fabs(a[i] - b[i]) <= continuous * std::max({std::fabs(a[i]), std::fabs(b[i]), own})))
            return true;
    }
    return false;
}

void Moment::enter(Workbench& bench, State& state) {
    const SensitivityInfo& info = *model_.sensitivities;
    y_ = state.y;
    p_ = state.p;
    for (std::size_t k = 0; k < moves_.size(); ++k) {
        bench.at(info.moment[k]) = moves_[k];
        for (std::size_t i = 0; i < info.n_states && moves_[k] != 0.0; ++i)
            state.y[info.state(i, k)] += rates_[i] * moves_[k];
    }
}

bool Moment::has_jumped(const State& state, std::span<const double> rates_before) const {
    const auto n = static_cast<std::ptrdiff_t>(rates_before.size());
    if (!std::equal(y_.begin(), y_.begin() + n, state.y.begin()) || p_ != state.p) return true;
    return differ(rates_before, rates_, {state.time, state.y, {}});
}

std::size_t Moment::leave(Workbench& bench, State& state, double time) {
    const SensitivityInfo& info = *model_.sensitivities;
    const std::vector<double> before = rates_;
    std::vector<double> input(state.y.size(), 0.0);
    for (const auto& infusion : state.infusions) input[infusion.state] += infusion.rate;
    for (const Slot slot : info.moment) bench.at(slot) = 0.0;
    bench.load(state);
    rates_ = rates_at(bench, {time, state.y, input});
    const bool jumped = has_jumped(state, before);
    if (!jumped) state.y = y_;
    for (std::size_t k = 0; k < moves_.size() && jumped; ++k) {
        if (ambiguous_[k] || !std::isfinite(moves_[k])) return k;
        for (std::size_t i = 0; i < info.n_states && moves_[k] != 0.0; ++i)
            state.y[info.state(i, k)] -= rates_[i] * moves_[k];
    }
    bench.set(state.time, state.y.data());
    return moves_.size();
}

}  // namespace abscopal
