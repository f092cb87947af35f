// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>
#include <boost/math/distributions/beta.hpp>
#include <boost/math/tools/roots.hpp>
#include <cassert>
#include <cmath>
#include <numbers>

#include "abscopal/statistics.hpp"
#include "trial/ties.hpp"

namespace abscopal {
namespace {

/// Most likely second proportion when the first is larger by `delta`: root of the cubic of Miettinen &
/// Nurminen.
double restricted_proportion(double x1, double n1, double x2, double n2, double delta) {
    const double n = n1 + n2;
    const double l2 = (n1 + 2.0 * n2) * delta - n - (x1 + x2);
    const double l1 = (n2 * delta - n - 2.0 * x2) * delta + x1 + x2;
    const double l0 = x2 * delta * (1.0 - delta);
    const double third = l2 / (3.0 * n);
    const double q = third * third * third - l1 * l2 / (6.0 * n * n) + l0 / (2.0 * n);
    const double p = std::copysign(std::sqrt(std::max(third * third - l1 / (3.0 * n), 0.0)), q);
    const double cosine = p == 0.0 ? 0.0 : std::clamp(q / (p * p * p), -1.0, 1.0);
    const double angle = (std::numbers::pi + std::acos(cosine)) / 3.0;
    return std::clamp(2.0 * p * std::cos(angle) - third, std::max(0.0, -delta), std::min(1.0, 1.0 - delta));
}

/// Score of a difference `delta`: falls from positive to negative as delta rises.
double score(double x1, double n1, double x2, double n2, double delta) {
    const double p2 = restricted_proportion(x1, n1, x2, n2, delta), p1 = std::clamp(p2 + delta, 0.0, 1.0);
    const double n = n1 + n2;
    const double variance = (p1 * (1.0 - p1) / n1 + p2 * (1.0 - p2) / n2) * n / (n - 1.0);
    const double distance = x1 / n1 - x2 / n2 - delta;
    if (distance == 0.0) return 0.0;
    return variance > 0.0 ? distance / std::sqrt(variance)
                          : std::copysign(std::numeric_limits<double>::infinity(), distance);
}

}  // namespace

Interval clopper_pearson(std::size_t successes, std::size_t n, double level) {
    assert(successes <= n && level > 0.0 && level < 1.0);
    const auto x = static_cast<double>(successes), rest = static_cast<double>(n - successes);
    const double tail = (1.0 - level) / 2.0;
    using boost::math::beta_distribution;
    return {successes == 0 ? 0.0 : boost::math::quantile(beta_distribution<>(x, rest + 1.0), tail),
            successes == n
                ? 1.0
                : boost::math::quantile(boost::math::complement(beta_distribution<>(x + 1.0, rest), tail))};
}

Interval wilson(double successes, double n, double level) {
    assert(successes >= 0.0 && successes <= n);
    if (n == 0.0) return {0.0, 1.0};
    const double z = upper_normal_quantile(level), z2 = z * z, p = successes / n;
    const double middle = (p + z2 / (2.0 * n)) / (1.0 + z2 / n);
    const double half_width = z / (1.0 + z2 / n) * std::sqrt(p * (1.0 - p) / n + z2 / (4.0 * n * n));
    return {successes == 0.0 ? 0.0 : std::max(0.0, middle - half_width),
            successes == n ? 1.0 : std::min(1.0, middle + half_width)};
}

Interval miettinen_nurminen(std::size_t successes, std::size_t n, std::size_t other_successes,
                            std::size_t other_n, double level) {
    assert(successes <= n && other_successes <= other_n);
    if (n == 0 || other_n == 0) return {-1.0, 1.0};
    const auto x1 = static_cast<double>(successes), n1 = static_cast<double>(n);
    const auto x2 = static_cast<double>(other_successes), n2 = static_cast<double>(other_n);
    const double z = upper_normal_quantile(level), observed = x1 / n1 - x2 / n2;
    // The score is monotone, and infinite at ±1 unless the observed difference is there.
    const auto solve = [&](double from, double to, double target) {
        const auto distance = [&](double delta) {
            return std::clamp(score(x1, n1, x2, n2, delta), -1e6, 1e6) - target;
        };
        if (!(distance(from) > 0.0)) return from;
        if (!(distance(to) < 0.0)) return to;
        std::uintmax_t n_steps = 200;
        const auto [low, high] = boost::math::tools::toms748_solve(
            distance, from, to, boost::math::tools::eps_tolerance<double>(50), n_steps);
        return 0.5 * (low + high);
    };
    return {observed <= -1.0 ? -1.0 : solve(-1.0, observed, z),
            observed >= 1.0 ? 1.0 : solve(observed, 1.0, -z)};
}

WeightedProportion weighted_proportion(std::span<const char> is_success, std::span<const double> weights,
                                       double level) {
    assert(weights.empty() || weights.size() == is_success.size());
    double sum = 0.0, squares = 0.0, successes = 0.0;
    for (std::size_t i = 0; i < is_success.size(); ++i) {
        const double w = weights.empty() ? 1.0 : weights[i];
        sum += w;
        squares += w * w;
        successes += is_success[i] ? w : 0.0;
    }
    if (sum == 0.0) return {std::numeric_limits<double>::quiet_NaN(), 0.0, {0.0, 1.0}};
    const double estimate = std::min(successes / sum, 1.0), n_effective = sum * sum / squares;
    return {estimate, n_effective, wilson(std::min(estimate * n_effective, n_effective), n_effective, level)};
}

OddsRatio mantel_haenszel(std::span<const TwoByTwo> strata, double level) {
    // R, S: Mantel & Haenszel's sums; PR, PS + QR, QS: those of Robins, Breslow & Greenland.
    double r = 0.0, s = 0.0, pr = 0.0, mixed = 0.0, qs = 0.0, excess = 0.0, variance = 0.0;
    for (const auto& [a, n1, c, n0] : strata) {
        const double n = n1 + n0, b = n1 - a, d = n0 - c, events = a + c;
        if (!(n1 > 0.0) || !(n0 > 0.0)) continue;
        const double ri = a * d / n, si = b * c / n, p = (a + d) / n, q = (b + c) / n;
        r += ri, s += si, pr += p * ri, mixed += p * si + q * ri, qs += q * si;
        excess += a - n1 * events / n;
        if (n > 1.0) variance += n1 * n0 * events * (n - events) / (n * n * (n - 1.0));
    }
    const double chi_square = excess * excess / variance;
    const double z = upper_normal_quantile(level);
    const double error = std::sqrt(pr / (2.0 * r * r) + mixed / (2.0 * r * s) + qs / (2.0 * s * s));
    const double ratio = r / s;
    return {ratio,
            {ratio * std::exp(-z * error), ratio * std::exp(z * error)},
            chi_square,
            std::isnan(chi_square) ? chi_square : chi_square_p(chi_square, 1.0)};
}

}  // namespace abscopal
