// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "ode/jumps.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "abscopal/error.hpp"
#include "model/program.hpp"

namespace abscopal {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr double slack = 1e-9;           // amounts that doses left a little off a whole number
constexpr double scarce_firings = 10.0;  // a reaction with reactants for fewer is fired one by one
constexpr double shortest_leap = 10.0;   // in expected firings
constexpr int singles = 100;

void refuse(const Model& model) {
    FaultList faults;
    for (const std::string& what : model.not_stochastic)
        faults.add("not-stochastic", what + " cannot be simulated by single firings");
    faults.throw_if_any();
}

// How much faster than a state a law of some order changes that reads it: g of Cao et al. 2006, section III.
double relative_speed(double order, double taken, double x) {
    if (order <= 1.0 || x <= taken) return std::max(order, 1.0);
    if (order == 2.0) return taken >= 2.0 ? 2.0 + 1.0 / (x - 1.0) : 2.0;
    if (order == 3.0 && taken >= 3.0) return 3.0 + 1.0 / (x - 1.0) + 2.0 / (x - 2.0);
    if (order == 3.0 && taken >= 2.0) return 1.5 * (2.0 + 1.0 / (x - 1.0));
    return order;
}

}  // namespace

Jumps::Jumps(Workbench& bench, const Stochastic& how)
    : bench_(bench), how_(how), chance_(how.seed, how.subject) {
    refuse(bench.model());
    n_reactions_ = bench.model().channels.size();
}

void Jumps::forget() {
    chance_ = Chance(how_.seed, how_.subject);
    singles_left_ = 0;
    changes_.clear();
}

// Parameters may have changed since the last stretch, and with them stoichiometries.
void Jumps::take_channels(const std::vector<double>& input) {
    const Model& model = bench_.model();
    const bool is_first = changes_.empty();
    changes_.assign(n_reactions_, {});
    for (std::size_t i = 0; i < n_reactions_; ++i)
        for (const auto& [state, by] : model.channels[i].changes)
            changes_[i].push_back({state, bench_.at(by)});
    often_.assign(n_reactions_, 0.0);
    for (std::size_t state = 0; state < input.size(); ++state) {
        if (input[state] == 0.0) continue;
        changes_.push_back({{state, input[state] > 0.0 ? 1.0 : -1.0}});
        often_.push_back(std::fabs(input[state]));
    }
    if (is_first && updates_.empty()) plan_updates();
    plan_limits();
}

// Which laws have to be evaluated again after a firing.
void Jumps::plan_updates() {
    const Model& model = bench_.model();
    std::vector<std::vector<std::size_t>> read(n_reactions_);
    for (std::size_t i = 0; i < n_reactions_; ++i) {
        const Program law = slice(model.propensities, model.propensities.outputs[i]);
        read[i] = states_read(model, {&law});
    }
    for (std::size_t i = 0; i < n_reactions_; ++i) {
        std::vector<Slot> stale;
        for (std::size_t j = 0; j < n_reactions_; ++j) {
            const bool reads = std::ranges::any_of(changes_[i], [&](const Change& change) {
                return std::ranges::binary_search(read[j], change.state);
            });
            if (reads) stale.push_back(model.propensities.outputs[j]);
        }
        updates_.push_back(slice(model.propensities, stale));
    }
}

void Jumps::plan_limits() {
    const Model& model = bench_.model();
    std::vector<Limit> by_state(model.n_states(), {0, 0.0, 1.0});
    for (std::size_t i = 0; i < n_reactions_; ++i) {
        const Program law = slice(model.propensities, model.propensities.outputs[i]);
        const std::vector<std::size_t> read = states_read(model, {&law});
        double taken_in_all = 0.0;
        for (const Change& change : changes_[i]) taken_in_all += std::max(0.0, -change.by);
        const double order = std::max(taken_in_all, static_cast<double>(read.size()));
        for (const std::size_t state : read) {
            double taken = 1.0;
            for (const Change& change : changes_[i])
                if (change.state == state) taken = std::max(taken, -change.by);
            Limit& limit = by_state[state];
            if (order < limit.order || (order == limit.order && taken <= limit.taken)) continue;
            limit = {state, order, taken};
        }
    }
    std::erase_if(by_state, [](const Limit& limit) { return limit.order == 0.0; });
    limits_ = std::move(by_state);
}

void Jumps::begin(const Stretch& stretch, const std::vector<double>& y, const std::vector<double>& input) {
    stretch_ = stretch;
    begin_ = end_ = stretch.time;
    y_ = before_ = y;
    fired_.clear();
    worst_ = y.size();
    last_ = nobody;
    take_channels(input);
}

// Whole firings of a channel for which there are reactants.
double Jumps::available(std::size_t channel) const {
    double least = infinite;
    for (const Change& change : changes_[channel])
        if (change.by < 0.0) least = std::min(least, std::floor((y_[change.state] + slack) / -change.by));
    return least;
}

// Laws to frequencies: what lacks reactants does not fire. Returns the first channel whose law is no
// frequency, or their number.
std::size_t Jumps::update() {
    const Program& all = bench_.model().propensities;
    ++rhs_calls_;
    bench_.set(std::clamp(end_, stretch_.earliest, stretch_.latest), y_.data());
    bench_.run(last_ < n_reactions_ && !is_midway_ ? updates_[last_] : all);
    last_ = nobody;
    is_midway_ = false;
    for (std::size_t i = 0; i < n_reactions_; ++i) {
        const double law = bench_.at(all.outputs[i]);
        if (!(law >= 0.0 && law < infinite)) return i;
        often_[i] = law > 0.0 && available(i) >= 1.0 ? law : 0.0;
    }
    return n_reactions_;
}

Status Jumps::invalid(std::size_t channel) {
    if (!changes_[channel].empty()) worst_ = changes_[channel].front().state;
    return std::isfinite(bench_.at(bench_.model().propensities.outputs[channel])) ? Status::bad_parameter
                                                                                  : Status::rhs_nonfinite;
}

Status Jumps::step() {
    begin_ = end_;
    before_ = y_;
    fired_.clear();
    if (const std::size_t faulty = update(); faulty < n_reactions_) return invalid(faulty);
    if (how_.method == Stochastic::Method::tau_leaping && singles_left_ == 0) return leap();
    singles_left_ = std::max(0, singles_left_ - 1);
    return fire_one();
}

// Nothing can happen: on to the stop, or far enough for whoever waits.
Status Jumps::rest() {
    end_ = std::min(stretch_.stop, begin_ + std::max(1.0, std::fabs(begin_)));
    return Status::ok;
}

std::size_t Jumps::chosen(double sum, const std::vector<char>* only) {
    double rest = sum * chance_.uniform();
    std::size_t last = often_.size();
    for (std::size_t i = 0; i < often_.size(); ++i) {
        if (often_[i] <= 0.0 || (only && !(*only)[i])) continue;
        last = i;
        rest -= often_[i];
        if (rest < 0.0) break;
    }
    return last;
}

void Jumps::apply(std::size_t channel, double times) {
    for (const Change& change : changes_[channel]) y_[change.state] += times * change.by;
}

Status Jumps::fire_one() {
    double sum = 0.0;
    for (const double often : often_) sum += often;
    if (sum <= 0.0) return rest();
    end_ = begin_ + chance_.exponential() / sum;
    if (end_ >= stretch_.stop) {
        end_ = stretch_.stop;
        return Status::ok;
    }
    last_ = chosen(sum, nullptr);
    apply(last_, 1.0);
    return Status::ok;
}

// The longest time in which no law should change by more than the accuracy asked for. Beyond the paper, what
// comes and goes in balance may not turn over by more than twice that: there its bound lets an explicit leap
// swing.
double Jumps::leap_length(const std::vector<char>& is_scarce) const {
    std::vector<double> mean(y_.size(), 0.0), variance(y_.size(), 0.0), loss(y_.size(), 0.0);
    for (std::size_t i = 0; i < often_.size(); ++i) {
        if (is_scarce[i]) continue;
        for (const Change& change : changes_[i]) {
            mean[change.state] += change.by * often_[i];
            loss[change.state] += std::max(0.0, -change.by) * often_[i];
            variance[change.state] += change.by * change.by * often_[i];
        }
    }
    double length = infinite;
    for (const Limit& limit : limits_) {
        const double x = y_[limit.state];
        const double bound = std::max(how_.accuracy * x / relative_speed(limit.order, limit.taken, x), 1.0);
        length = std::min({length, bound / std::fabs(mean[limit.state]),
                           bound * bound / variance[limit.state], 2.0 * bound / loss[limit.state]});
    }
    return length;
}

Status Jumps::leap() {
    std::vector<char> is_scarce(often_.size(), 0);
    double sum = 0.0, scarce_sum = 0.0;
    for (std::size_t i = 0; i < often_.size(); ++i) {
        is_scarce[i] = often_[i] > 0.0 && available(i) < scarce_firings;
        sum += often_[i];
        if (is_scarce[i]) scarce_sum += often_[i];
    }
    if (sum <= 0.0) return rest();
    double length = leap_length(is_scarce);
    while (true) {
        if (length < shortest_leap / sum) {
            singles_left_ = singles - 1;
            return fire_one();
        }
        const double until_scarce = scarce_sum > 0.0 ? chance_.exponential() / scarce_sum : infinite;
        const double room = stretch_.stop - begin_;
        const double taken = std::min({length, until_scarce, room});
        if (taken == infinite) return rest();
        const bool fires_scarce = until_scarce <= length && until_scarce < room;
        if (draw_leap(taken, is_scarce, fires_scarce, scarce_sum)) {
            end_ = taken == room ? stretch_.stop : begin_ + taken;
            return Status::ok;
        }
        ++rejected_;
        length *= 0.5;
    }
}

// Laws where the mean course would be halfway through a leap (Gillespie 2001, doi 10.1063/1.1378322): second
// order in the mean.
std::vector<double> Jumps::often_midway(double length, const std::vector<char>& is_scarce) {
    std::vector<double> y = y_, often = often_;
    for (std::size_t i = 0; i < often_.size(); ++i) {
        for (const Change& change : changes_[i])
            if (!is_scarce[i]) y[change.state] += 0.5 * length * often_[i] * change.by;
    }
    ++rhs_calls_;
    is_midway_ = true;
    bench_.set(std::clamp(begin_, stretch_.earliest, stretch_.latest), y.data());
    bench_.run(bench_.model().propensities);
    for (std::size_t i = 0; i < n_reactions_; ++i) {
        const double law = bench_.at(bench_.model().propensities.outputs[i]);
        if (often_[i] > 0.0 && law >= 0.0 && law < infinite) often[i] = law;
    }
    return often;
}

// False, and nothing changed, if the draw takes more of something than there is.
bool Jumps::draw_leap(double length, const std::vector<char>& is_scarce, bool fires_scarce,
                      double scarce_sum) {
    fired_.assign(often_.size(), 0);
    const std::vector<double> often = often_midway(length, is_scarce);
    for (std::size_t i = 0; i < often_.size(); ++i)
        if (!is_scarce[i]) fired_[i] = chance_.poisson(often[i] * length);
    for (std::size_t i = 0; i < often_.size(); ++i) apply(i, static_cast<double>(fired_[i]));
    if (fires_scarce) apply(chosen(scarce_sum, &is_scarce), 1.0);
    leap_key_ = chance_.bits();
    for (std::size_t i = 0; i < y_.size(); ++i) {
        if (y_[i] >= -slack || y_[i] >= before_[i]) continue;
        y_ = before_;
        fired_.clear();
        return false;
    }
    return true;
}

void Jumps::interpolate(double time, std::vector<double>& y) const {
    if (time >= end_) {
        y = y_;
        return;
    }
    y = before_;
    const double share = (time - begin_) / (end_ - begin_);
    if (!(share > 0.0)) return;
    for (std::size_t i = 0; i < fired_.size(); ++i) {
        if (fired_[i] == 0) continue;
        const auto times = static_cast<double>(count_before(fired_[i], share, leap_key_, i));
        for (const Change& change : changes_[i]) y[change.state] += times * change.by;
    }
    // In another order than that of the leap as a whole, something may seem to be taken before it is made.
    for (std::size_t i = 0; i < y.size(); ++i)
        if (y[i] < 0.0 && before_[i] >= 0.0) y[i] = 0.0;
}

}  // namespace abscopal
