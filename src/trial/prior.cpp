// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>
#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>
#include <cstdint>
#include <limits>

#include "abscopal/cohort.hpp"
#include "trial/normal_score.hpp"

// All in long double and rounded once at the end, so that the last bits of a machine's log and exp do not
// show.
namespace abscopal {
namespace {

using Real = long double;
const boost::math::normal_distribution<Real> standard_normal;

/// Score of `u` in the standard normal law truncated to [a, b]. Where the interval lies in the upper tail the
/// mirrored one is used, in which distribution function values do not round to 1.
Real truncated_score(Real a, Real b, Real u) {
    if (a > 0) return -truncated_score(-b, -a, 1 - u);
    const Real low = std::isinf(a) ? 0 : cdf(standard_normal, a);
    const Real high = std::isinf(b) ? 1 : cdf(standard_normal, b);
    const Real p = low + u * (high - low);
    if (p <= 0) return a;
    if (p >= 1) return b;
    return p > Real(0.5) ? boost::math::quantile(complement(standard_normal, 1 - p))
                         : boost::math::quantile(standard_normal, p);
}

Real normal_quantile(Real mean, Real sd, Real lower, Real upper, Real u) {
    return mean + sd * truncated_score((lower - mean) / sd, (upper - mean) / sd, u);
}

Real log_bound(double bound) {
    return bound > 0 ? std::log(Real(bound)) : -std::numeric_limits<Real>::infinity();
}

/// Logit of a bound of a share.
Real logit_bound(double bound) {
    if (bound <= 0) return -std::numeric_limits<Real>::infinity();
    return bound >= 1 ? std::numeric_limits<Real>::infinity() : std::log(Real(bound) / (1 - Real(bound)));
}

Real logit_normal_quantile(const Prior& prior, Real u) {
    const Real x = normal_quantile(logit_bound(prior.centre), prior.spread, logit_bound(prior.lower),
                                   logit_bound(prior.upper), u);
    return 1 / (1 + std::exp(-x));
}

Real beta_quantile(const Prior& prior, Real u) {
    const boost::math::beta_distribution<Real> law(prior.centre, prior.spread);
    const Real low = cdf(law, std::clamp<Real>(prior.lower, 0, 1));
    const Real high = cdf(law, std::clamp<Real>(prior.upper, 0, 1));
    return boost::math::quantile(law, low + u * (high - low));
}

/// Smallest n in the bounds at which the summed probabilities, of those in the bounds, reach `u`.
Real poisson_quantile(const Prior& prior, Real u) {
    const auto first = static_cast<std::int64_t>(std::ceil(std::max(0.0, prior.lower)));
    // Nothing that is left beyond this adds to a sum that is one already.
    const double far = prior.centre + 40 * std::sqrt(prior.centre + 1) + 40;
    const auto last = static_cast<std::int64_t>(std::floor(std::min(prior.upper, far)));
    const auto probability = [&](std::int64_t n) {
        return std::exp(-Real(prior.centre) + Real(n) * std::log(Real(prior.centre)) -
                        boost::math::lgamma(Real(n + 1)));
    };
    Real all = 0, sum = 0;
    for (auto n = first; n <= last; ++n) all += probability(n);
    for (auto n = first; n < last; ++n)
        if ((sum += probability(n)) >= u * all) return static_cast<Real>(n);
    return static_cast<Real>(std::max(first, last));
}

Real categorical_quantile(const Prior& prior, Real u) {
    Real all = 0, sum = 0;
    for (const double level : prior.levels) all += level;
    for (std::size_t i = 0; i + 1 < prior.levels.size(); ++i)
        if ((sum += prior.levels[i]) > u * all) return prior.values[i];
    return prior.values.back();
}

/// Straight between the points given; flat outside them.
Real interpolated_quantile(const Prior& prior, Real u) {
    const auto& levels = prior.levels;
    if (u <= levels.front()) return prior.values.front();
    for (std::size_t i = 1; i < levels.size(); ++i) {
        if (u > levels[i]) continue;
        const Real share = (u - levels[i - 1]) / (Real(levels[i]) - levels[i - 1]);
        return prior.values[i - 1] + share * (Real(prior.values[i]) - prior.values[i - 1]);
    }
    return prior.values.back();
}

Real untruncated(const Prior& prior, Real u) {
    switch (prior.law) {
        case Law::fixed:
            return prior.centre;
        case Law::normal:
            return normal_quantile(prior.centre, prior.spread, prior.lower, prior.upper, u);
        case Law::lognormal:
            return std::exp(normal_quantile(std::log(Real(prior.centre)), prior.spread,
                                            log_bound(prior.lower), log_bound(prior.upper), u));
        case Law::uniform:
            return prior.lower + u * (Real(prior.upper) - prior.lower);
        case Law::loguniform:
            return std::exp(log_bound(prior.lower) + u * (log_bound(prior.upper) - log_bound(prior.lower)));
        case Law::logit_normal:
            return logit_normal_quantile(prior, u);
        case Law::beta:
            return beta_quantile(prior, u);
        case Law::poisson:
            return poisson_quantile(prior, u);
        case Law::bernoulli:
            return u > 1 - Real(prior.centre) ? 1 : 0;
        case Law::categorical:
            return categorical_quantile(prior, u);
        case Law::quantiles:
            return interpolated_quantile(prior, u);
        case Law::expression:
            break;
    }
    return std::numeric_limits<Real>::quiet_NaN();
}

}  // namespace

double quantile(const Prior& prior, double u) {
    const auto value = static_cast<double>(untruncated(prior, u));
    return prior.law == Law::fixed || std::isnan(value) ? value : std::clamp(value, prior.lower, prior.upper);
}

double normal_score(double u) {
    return static_cast<double>(truncated_score(-INFINITY, INFINITY, u));
}

double normal_probability(double score) {
    return static_cast<double>(cdf(standard_normal, Real(score)));
}

}  // namespace abscopal
