// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "base/random.hpp"
#include "lanes/kernels.hpp"

namespace abscopal::lanes {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity(),
                 nan = std::numeric_limits<double>::quiet_NaN();
using Lanes = std::array<double, 8>;

double one(void (*f)(const double*, double*), double x) {
    Lanes in, out;
    in.fill(x);
    f(in.data(), out.data());
    return out[0];
}

double one(void (*f)(const double*, const double*, double*), double x, double y) {
    Lanes a, b, out;
    a.fill(x);
    b.fill(y);
    f(a.data(), b.data(), out.data());
    return out[0];
}

/// Distance from the true value in units in the last place of the result.
double ulps(double found, long double truth) {
    const double rounded = static_cast<double>(truth);
    if (found == rounded || (std::isnan(found) && std::isnan(rounded))) return 0.0;
    if (!std::isfinite(found) || !std::isfinite(rounded)) return infinity;
    const double ulp = std::max(std::nextafter(std::fabs(rounded), infinity) - std::fabs(rounded), 5e-324);
    return static_cast<double>(std::fabs(static_cast<long double>(found) - truth) / ulp);
}

double uniform_between(double low, double high, std::uint32_t draw) {
    return low + (high - low) * uniform(7, Purpose::reaction, 0, 0, draw);
}

class Math : public testing::TestWithParam<Target> {
  protected:
    const Kernels& k = kernels(GetParam());
};

TEST_P(Math, ExpIsWithinOneUlp) {
    double worst = 0;
    for (std::uint32_t i = 0; i < 200'000; ++i) {
        const double x = uniform_between(-744.0, 709.7, i);
        worst = std::max(worst, ulps(one(k.exp, x), std::exp(static_cast<long double>(x))));
    }
    EXPECT_LT(worst, 1.0);
    EXPECT_EQ(one(k.exp, 0.0), 1.0);
    EXPECT_EQ(one(k.exp, infinity), infinity);
    EXPECT_EQ(one(k.exp, -infinity), 0.0);
    EXPECT_EQ(one(k.exp, 710.0), infinity);
    EXPECT_TRUE(std::isnan(one(k.exp, nan)));
}

TEST_P(Math, LogIsWithinOneUlp) {
    double worst = 0;
    for (std::uint32_t i = 0; i < 200'000; ++i) {
        const double x = i % 2 ? std::exp(uniform_between(-740.0, 709.0, i)) : uniform_between(0.5, 2.0, i);
        worst = std::max(worst, ulps(one(k.log, x), std::log(static_cast<long double>(x))));
    }
    EXPECT_LT(worst, 1.0);
    EXPECT_EQ(one(k.log, 1.0), 0.0);
    EXPECT_EQ(one(k.log, 0.0), -infinity);
    EXPECT_EQ(one(k.log, infinity), infinity);
    EXPECT_TRUE(std::isnan(one(k.log, -1.0)));
    EXPECT_TRUE(std::isnan(one(k.log, nan)));
    EXPECT_LT(ulps(one(k.log, 5e-324), std::log(static_cast<long double>(5e-324))), 1.0);
}

TEST_P(Math, PowIsWithinTwoUlps) {
    double worst = 0;
    for (std::uint32_t i = 0; i < 200'000; ++i) {
        const double x = std::exp(uniform_between(-300.0, 300.0, 2 * i)),
                     y = uniform_between(-2.3, 2.3, 2 * i + 1);
        worst = std::max(worst, ulps(one(k.pow, x, y),
                                     std::pow(static_cast<long double>(x), static_cast<long double>(y))));
    }
    EXPECT_LT(worst, 2.0);
}

TEST_P(Math, PowHasTheEdgesOfC) {
    for (const double x :
         {0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.0, -3.0, infinity, -infinity, nan, 1e300, -1e-300}) {
        for (const double y :
             {0.0, -0.0, 1.0, -1.0, 2.0, 3.0, -3.0, 0.5, -0.5, 1e10, infinity, -infinity, nan}) {
            const double expected = std::pow(x, y), found = one(k.pow, x, y);
            if (std::isnan(expected))
                EXPECT_TRUE(std::isnan(found)) << x << "^" << y;
            else if (std::isinf(expected) || expected == 0.0)
                EXPECT_EQ(std::fabs(found), std::fabs(expected)) << x << "^" << y;
            else
                EXPECT_LT(ulps(found, expected), 2.0) << x << "^" << y;
        }
    }
}

std::uint64_t hash(const Kernels& k) {
    std::uint64_t sum = 1469598103934665603u;
    for (std::uint32_t i = 0; i < 100'000; ++i) {
        const double x = std::bit_cast<double>(random_bits(1, Purpose::reaction, 0, 1, i)),
                     y = uniform_between(-3, 3, i);
        for (const double value : {one(k.exp, std::fmod(x, 800.0)), one(k.log, x), one(k.pow, x, y),
                                   one(k.pow, uniform_between(0, 9, i), y)}) {
            sum = (sum ^ (std::isnan(value) ? 0u : std::bit_cast<std::uint64_t>(value))) * 1099511628211u;
        }
    }
    return sum;
}

TEST_P(Math, EveryTargetGivesTheSameBits) {
    EXPECT_EQ(hash(k), hash(kernels(Target::scalar)));
}

INSTANTIATE_TEST_SUITE_P(Targets, Math, testing::ValuesIn(supported_targets()),
                         [](const auto& tested) { return std::string(name_of(tested.param)); });

}  // namespace
}  // namespace abscopal::lanes
