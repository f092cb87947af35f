// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "ode/chance.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <numbers>

namespace abscopal {
namespace {

// ln k! by Stirling's series; exact products below ten.
double log_factorial(double k) {
    constexpr std::array<double, 10> small{1, 1, 2, 6, 24, 120, 720, 5040, 40320, 362880};
    if (k < 10.0) return std::log(small[static_cast<std::size_t>(k)]);
    const double inverse = 1.0 / k, square = inverse * inverse;
    return (k + 0.5) * std::log(k) - k + 0.5 * std::log(2.0 * std::numbers::pi) +
           inverse * (1.0 / 12.0 - square * (1.0 / 360.0 - square / 1260.0));
}

// Of n fair coins, how many fell on the first side.
std::int64_t half_of(std::int64_t n, std::uint64_t key, std::uint64_t channel, std::uint32_t node) {
    constexpr std::int64_t many = 1 << 20;
    if (n > many) {  // normal to within 1e-4 of a standard deviation
        const double u = uniform(key, Purpose::bridge, channel, node, 0);
        const double v = uniform(key, Purpose::bridge, channel, node, 1);
        const double normal = std::sqrt(-2.0 * std::log(u)) * std::cos(2.0 * std::numbers::pi * v);
        const double half = 0.5 * static_cast<double>(n);
        const double size = half + 0.5 * std::sqrt(static_cast<double>(n)) * normal;
        return std::clamp<std::int64_t>(std::llround(size), 0, n);
    }
    std::int64_t count = 0;
    for (std::uint32_t word = 0; n > 0; ++word, n -= 64) {
        std::uint64_t coins = random_bits(key, Purpose::bridge, channel, node, word);
        if (n < 64) coins &= (std::uint64_t{1} << n) - 1;
        count += std::popcount(coins);
    }
    return count;
}

}  // namespace

std::uint64_t Chance::bits() {
    const std::uint64_t n = n_drawn_++;
    return random_bits(seed_, Purpose::firing, subject_, static_cast<std::uint32_t>(n),
                       static_cast<std::uint32_t>(n >> 32) & 0xFFFFFF);
}

double Chance::uniform() {
    constexpr double step = 1.0 / 9007199254740992.0;  // 2^-53
    return (static_cast<double>(bits() >> 11) + 0.5) * step;
}

double Chance::exponential() {
    return -std::log(uniform());
}

std::int64_t Chance::small_poisson(double mean) {
    double rest = uniform(), share = std::exp(-mean);
    std::int64_t count = 0;
    while (rest > share && count < 1000) {
        rest -= share;
        share *= mean / static_cast<double>(++count);
    }
    return count;
}

std::int64_t Chance::poisson(double mean) {
    if (!(mean > 0.0)) return 0;
    if (mean < 10.0) return small_poisson(mean);
    const double b = 0.931 + 2.53 * std::sqrt(mean), a = -0.059 + 0.02483 * b;
    const double inverse_alpha = 1.1239 + 1.1328 / (b - 3.4), sure = 0.9277 - 3.6224 / (b - 2.0);
    while (true) {
        const double u = uniform() - 0.5, v = uniform();
        const double edge = 0.5 - std::fabs(u);
        const double k = std::floor((2.0 * a / edge + b) * u + mean + 0.43);
        if (edge >= 0.07 && v <= sure) return static_cast<std::int64_t>(k);
        if (k < 0.0 || (edge < 0.013 && v > edge)) continue;
        const double bound = k * std::log(mean) - mean - log_factorial(k);
        if (std::log(v * inverse_alpha / (a / (edge * edge) + b)) <= bound)
            return static_cast<std::int64_t>(k);
    }
}

std::int64_t count_before(std::int64_t n, double share, std::uint64_t key, std::uint64_t channel) {
    constexpr std::int64_t few = 32;
    constexpr std::uint32_t deepest = 1U << 30, single = 1U << 23;
    if (share >= 1.0) return n;
    std::int64_t before = 0;
    std::uint32_t node = 1;
    while (n > few && node < deepest) {
        const std::int64_t first = half_of(n, key, channel, node);
        const bool is_late = share >= 0.5;
        before += is_late ? first : 0;
        n = is_late ? n - first : first;
        share = is_late ? 2.0 * share - 1.0 : 2.0 * share;
        node = 2 * node + (is_late ? 1 : 0);
    }
    for (std::int64_t i = 0; i < n; ++i)
        before +=
            uniform(key, Purpose::bridge, channel, node, single | static_cast<std::uint32_t>(i)) < share;
    return before;
}

}  // namespace abscopal
