// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>

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
    }
    return prior.centre;
}

}  // namespace

double quantile(const Prior& prior, double u) {
    const auto value = static_cast<double>(untruncated(prior, u));
    return prior.law == Law::fixed ? value : std::clamp(value, prior.lower, prior.upper);
}

double normal_score(double u) {
    return static_cast<double>(truncated_score(-INFINITY, INFINITY, u));
}

double normal_probability(double score) {
    return static_cast<double>(cdf(standard_normal, Real(score)));
}

}  // namespace abscopal
