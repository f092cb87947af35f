// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "trial/ties.hpp"

#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/normal.hpp>
#include <cassert>
#include <cmath>
#include <numbers>
#include <numeric>

namespace abscopal {
namespace {

/// Counts and weights; the variance is still to come.
std::vector<Tie> counted(const EventTimes& sample, const std::vector<std::size_t>& order) {
    std::vector<Tie> ties;
    for (std::size_t i = 0; i < order.size(); ++i) {
        const double time = sample.times[order[i]];
        if (ties.empty() || ties.back().time != time)
            ties.push_back({time, order.size() - i, 0, 0, 0.0, 0.0, 0.0, i, i});
        Tie& tie = ties.back();
        tie.end = i + 1;
        ++(sample.is_event[order[i]] ? tie.events : tie.censored);
        if (sample.is_event[order[i]]) tie.event_weight += weight_of(sample, order[i]);
    }
    double at_risk = 0.0;
    for (auto tie = ties.rbegin(); tie != ties.rend(); ++tie) {
        for (std::size_t i = tie->begin; i < tie->end; ++i) at_risk += weight_of(sample, order[i]);
        tie->at_risk_weight = at_risk;
    }
    // All that are left have the event: exactly none survives, whatever the sums round to.
    if (!ties.empty() && ties.back().censored == 0) ties.back().event_weight = ties.back().at_risk_weight;
    return ties;
}

void add_greenwood(std::vector<Tie>& ties) {
    double sum = 0.0;
    for (auto& tie : ties) {
        const double n = tie.at_risk_weight, d = tie.event_weight;
        if (d > 0.0) sum += d / (n * (n - d));
        tie.log_variance = sum;
    }
}

/// Σ w² influence²: of subjects still at risk all have the influence Σ d/(n(n−d)); of the others it stays as
/// it was when they left, after an event less 1/n.
void add_jackknife(std::vector<Tie>& ties, const EventTimes& sample, const std::vector<std::size_t>& order) {
    double common = 0.0, of_those_gone = 0.0, squares_at_risk = 0.0;
    for (const auto i : order) squares_at_risk += weight_of(sample, i) * weight_of(sample, i);
    for (auto& tie : ties) {
        const double n = tie.at_risk_weight, d = tie.event_weight, before = common;
        if (d > 0.0) common += d / (n * (n - d));
        for (std::size_t i = tie.begin; i < tie.end; ++i) {
            const double w = weight_of(sample, order[i]);
            const double influence = sample.is_event[order[i]] ? before - 1.0 / n : common;
            of_those_gone += w * w * influence * influence;
            squares_at_risk -= w * w;
        }
        const bool is_last = &tie == &ties.back();
        tie.log_variance = of_those_gone + (is_last ? 0.0 : common * common * squares_at_risk);
        if (n == d) tie.log_variance = std::numeric_limits<double>::infinity();
    }
}

}  // namespace

double upper_normal_quantile(double level) {
    return boost::math::quantile(boost::math::complement(boost::math::normal(), (1.0 - level) / 2.0));
}

double normal_quantile(double probability) {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    if (probability <= 0.0) return -infinity;
    if (probability >= 1.0) return infinity;
    return boost::math::quantile(boost::math::normal(), probability);
}

double normal_cdf(double z) {
    return 0.5 * std::erfc(-z / std::numbers::sqrt2);
}

double chi_square_p(double chi_square, double degrees) {
    if (!std::isfinite(chi_square) || degrees <= 0.0) return std::numeric_limits<double>::quiet_NaN();
    return boost::math::cdf(
        boost::math::complement(boost::math::chi_squared(degrees), std::max(chi_square, 0.0)));
}

double weight_of(const EventTimes& sample, std::size_t subject) {
    return sample.weights.empty() ? 1.0 : sample.weights[subject];
}

std::vector<std::size_t> by_time(const EventTimes& sample) {
    assert(sample.times.size() == sample.is_event.size());
    assert(sample.weights.empty() || sample.weights.size() == sample.times.size());
    std::vector<std::size_t> order(sample.times.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        if (sample.times[a] != sample.times[b]) return sample.times[a] < sample.times[b];
        return (sample.is_event[a] != 0) > (sample.is_event[b] != 0);
    });
    return order;
}

std::vector<Tie> ties_of(const EventTimes& sample) {
    const auto order = by_time(sample);
    auto ties = counted(sample, order);
    if (sample.weights.empty())
        add_greenwood(ties);
    else
        add_jackknife(ties, sample, order);
    return ties;
}

}  // namespace abscopal
