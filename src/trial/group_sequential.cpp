// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>
#include <boost/math/quadrature/gauss.hpp>
#include <boost/math/tools/roots.hpp>
#include <cassert>
#include <cmath>
#include <numbers>

#include "abscopal/statistics.hpp"
#include "trial/ties.hpp"

namespace abscopal {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

double normal_density(double x) {
    if (std::abs(x) > 12.0) return 0.0;
    return std::exp(-0.5 * x * x) / std::sqrt(2.0 * std::numbers::pi);
}

struct Node {
    double score, mass;  ///< mass: density × quadrature weight
};

/// Law of the score (z·√information) of the trials that went on so far, on the nodes of a Gauss rule.
class Walk {
  public:
    explicit Walk(double drift) : drift_(drift) {}

    double above(double score, double information) const { return tail(score, information, 1.0); }
    double below(double score, double information) const { return tail(score, information, -1.0); }

    /// Goes to the next look with those between the limits.
    void advance(double lower, double upper, double information, double next_step) {
        const double middle = drift_ * information, reach = 9.0 * std::sqrt(information);
        const double from = std::max(lower, middle - reach), to = std::min(upper, middle + reach);
        const double scale = std::sqrt(std::min(information - information_, next_step));
        const auto n_panels =
            static_cast<std::size_t>(std::clamp(std::ceil((to - from) / scale), 1.0, 400.0));
        std::vector<Node> next;
        for (std::size_t i = 0; to > from && i < n_panels; ++i)
            add_panel(next, from, (to - from) / static_cast<double>(n_panels), i, information);
        nodes_ = std::move(next);
        information_ = information;
        is_first_ = false;
    }

  private:
    using Rule = boost::math::quadrature::gauss<double, 10>;

    double density(double score, double information) const {
        const double step = information - information_, sd = std::sqrt(step);
        if (is_first_) return normal_density((score - drift_ * step) / sd) / sd;
        double sum = 0.0;
        for (const auto& node : nodes_)
            sum += node.mass * normal_density((score - node.score - drift_ * step) / sd) / sd;
        return sum;
    }

    double tail(double score, double information, double side) const {
        const double step = information - information_, sd = std::sqrt(step);
        const auto beyond = [&](double from) {
            return normal_cdf(side * (from + drift_ * step - score) / sd);
        };
        if (is_first_) return beyond(0.0);
        double sum = 0.0;
        for (const auto& node : nodes_) sum += node.mass * beyond(node.score);
        return sum;
    }

    void add_panel(std::vector<Node>& nodes, double from, double width, std::size_t panel,
                   double information) const {
        const double middle = from + width * (static_cast<double>(panel) + 0.5);
        for (std::size_t k = 0; k < Rule::abscissa().size(); ++k) {
            for (const double side : {-1.0, 1.0}) {
                const double score = middle + side * 0.5 * width * Rule::abscissa()[k];
                nodes.push_back({score, density(score, information) * 0.5 * width * Rule::weights()[k]});
            }
        }
    }

    double drift_, information_ = 0.0;
    std::vector<Node> nodes_;
    bool is_first_ = true;
};

double next_step(std::span<const double> information, std::size_t look) {
    return look + 1 < information.size() ? information[look + 1] - information[look] : information[look];
}

double spent_at(double t, double alpha, Spending spending, double parameter) {
    switch (spending) {
        case Spending::lan_demets_obrien_fleming:
            return 2.0 * normal_cdf(normal_quantile(alpha / 2.0) / std::sqrt(t));
        case Spending::lan_demets_pocock:
            return alpha * std::log1p((std::numbers::e - 1.0) * t);
        case Spending::power:
            return alpha * std::pow(t, parameter);
        case Spending::gamma:
            return parameter == 0.0 ? alpha * t : alpha * std::expm1(-parameter * t) / std::expm1(-parameter);
        case Spending::obrien_fleming:
        case Spending::pocock:
            break;
    }
    assert(false && "a boundary of constant shape spends what its shape says");
    return alpha;
}

template <class Function>
double root(const Function& falling, double low, double high) {
    std::uintmax_t n_steps = 200;
    const auto [a, b] = boost::math::tools::toms748_solve(
        falling, low, high, boost::math::tools::eps_tolerance<double>(48), n_steps);
    return 0.5 * (a + b);
}

std::vector<double> cumulative(std::vector<double> values) {
    for (std::size_t i = 1; i < values.size(); ++i) values[i] += values[i - 1];
    return values;
}

GroupSequential constant_shape(std::span<const double> information, double alpha, double shape) {
    const std::vector<double> never(information.size(), -infinity);
    const auto boundary = [&](double c) {
        std::vector<double> critical;
        for (const double t : information) critical.push_back(c * std::pow(t, shape - 0.5));
        return critical;
    };
    const auto spent = [&](double c) {
        return cumulative(crossing(information, boundary(c), never, 0.0).upper);
    };
    const double c = root([&](double guess) { return spent(guess).back() - alpha; }, 0.0, 10.0);
    return {boundary(c), spent(c)};
}

GroupSequential spending_function(std::span<const double> information, double alpha, Spending spending,
                                  double parameter) {
    GroupSequential design;
    Walk walk(0.0);
    double before = 0.0;
    for (std::size_t i = 0; i < information.size(); ++i) {
        const double t = information[i], now = spent_at(t, alpha, spending, parameter), scale = std::sqrt(t);
        const auto excess = [&](double z) { return walk.above(z * scale, t) - (now - before); };
        // A share too small to be told from none is an infinite boundary.
        const double z = excess(37.0) >= 0.0 ? infinity : root(excess, -10.0, 37.0);
        design.critical.push_back(z);
        design.spent.push_back(now);
        walk.advance(-infinity, z * scale, t, next_step(information, i));
        before = now;
    }
    return design;
}

}  // namespace

double events_needed(double hazard_ratio, double alpha_two_sided, double power, double share) {
    const double z = -normal_quantile(alpha_two_sided / 2.0) + normal_quantile(power);
    return std::pow(z / std::log(hazard_ratio), 2) / (share * (1.0 - share));
}

GroupSequential group_sequential(std::span<const double> information, double alpha_one_sided,
                                 Spending spending, double parameter) {
    assert(!information.empty() && alpha_one_sided > 0.0 && alpha_one_sided < 0.5);
    assert(std::is_sorted(information.begin(), information.end()) && information.front() > 0.0);
    if (spending == Spending::obrien_fleming) return constant_shape(information, alpha_one_sided, 0.0);
    if (spending == Spending::pocock) return constant_shape(information, alpha_one_sided, 0.5);
    return spending_function(information, alpha_one_sided, spending, parameter);
}

Crossing crossing(std::span<const double> information, std::span<const double> upper,
                  std::span<const double> lower, double drift) {
    assert(upper.size() == information.size() && lower.size() == information.size());
    Crossing result;
    Walk walk(drift);
    for (std::size_t i = 0; i < information.size(); ++i) {
        const double t = information[i], scale = std::sqrt(t);
        result.upper.push_back(walk.above(upper[i] * scale, t));
        result.lower.push_back(walk.below(lower[i] * scale, t));
        walk.advance(lower[i] * scale, upper[i] * scale, t, next_step(information, i));
    }
    return result;
}

}  // namespace abscopal
