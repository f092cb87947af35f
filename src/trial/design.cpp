// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "trial/design.hpp"

#include <bit>
#include <boost/random/sobol.hpp>

#include "base/random.hpp"

namespace abscopal {
namespace {

/// Direction numbers of one dimension (Bratley & Fox 1988, doi 10.1145/42288.214372).
void fill_directions(std::size_t dimension, std::uint32_t* v) {
    using Table = boost::random::default_sobol_table;
    constexpr int n = ScrambledSobol::digits;
    if (dimension == 0) {
        for (int k = 0; k < n; ++k) v[k] = std::uint32_t{1} << (n - 1 - k);
        return;
    }
    const std::uint32_t polynomial = Table::polynomial(dimension - 1);
    const int degree = std::bit_width(polynomial) - 1;
    for (int k = 0; k < degree; ++k)
        v[k] = std::uint32_t{Table::minit(dimension - 1, static_cast<std::size_t>(k))} << (n - 1 - k);
    for (int k = degree; k < n; ++k) {
        v[k] = v[k - degree] ^ (v[k - degree] >> degree);
        for (int j = 1; j < degree; ++j) {
            if ((polynomial >> (degree - j)) & 1u) v[k] ^= v[k - j];
        }
    }
}

/// Nested scrambling: each digit is flipped or not by a coin that belongs to the digits above it. Below the
/// last digit follow random ones.
double scrambled(std::uint64_t seed, std::uint32_t x, std::size_t dimension) {
    const auto step = static_cast<std::uint32_t>(dimension);
    std::uint64_t node = 1, result = 0;
    for (int digit = ScrambledSobol::digits - 1; digit >= 0; --digit) {
        const std::uint64_t bit = (x >> digit) & 1u;
        result = (result << 1) | (bit ^ (random_bits(seed, Purpose::scramble, node, step, 0) >> 63));
        node = (node << 1) | bit;
    }
    constexpr int tail = 53 - ScrambledSobol::digits;
    result = (result << tail) | (random_bits(seed, Purpose::scramble, node, step, 1) >> (64 - tail));
    return (static_cast<double>(result) + 0.5) * 0x1p-53;
}

}  // namespace

ScrambledSobol::ScrambledSobol(std::size_t n_dimensions) : directions_(n_dimensions * digits) {
    for (std::size_t d = 0; d < n_dimensions; ++d) fill_directions(d, &directions_[d * digits]);
}

double ScrambledSobol::point(std::uint64_t seed, std::uint64_t index, std::size_t dimension) const {
    std::uint32_t x = 0;
    for (int k = 0; k < digits; ++k) {
        if ((index >> k) & 1u) x ^= directions_[dimension * digits + static_cast<std::size_t>(k)];
    }
    return scrambled(seed, x, dimension);
}

std::uint64_t permuted(std::uint64_t seed, std::uint64_t key, std::uint64_t index, std::uint64_t n) {
    const int half = (std::bit_width(n - 1) + 1) / 2;
    const std::uint64_t mask = (std::uint64_t{1} << half) - 1;
    do {
        std::uint64_t left = index >> half, right = index & mask;
        for (std::uint32_t round = 0; round < 8; ++round) {
            const auto step = static_cast<std::uint32_t>(right ^ (right >> 32));
            const std::uint64_t mixed =
                left ^ (random_bits(seed, Purpose::permutation, key, step, round) & mask);
            left = right;
            right = mixed;
        }
        index = (left << half) | right;
    } while (index >= n);
    return index;
}

double latin_hypercube(std::uint64_t seed, std::uint64_t index, std::size_t dimension, std::uint64_t strata) {
    const std::uint64_t design = index / strata;
    const std::uint64_t key = (design << 16) | dimension;
    const auto stratum = static_cast<double>(permuted(seed, key, index % strata, strata));
    const double within =
        uniform(seed, Purpose::permutation, index, static_cast<std::uint32_t>(dimension), 255);
    return (stratum + within) / static_cast<double>(strata);
}

}  // namespace abscopal
