// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "abscopal/cohort.hpp"

/// Designs of experiments: points in the open unit cube, each a function of seed, index and dimension.
namespace abscopal {

/// Owen-scrambled Sobol sequence (direction numbers of Joe & Kuo 2008, doi 10.1137/070709359, as tabulated in
/// Boost.Random; nested uniform scrambling of Owen 1995, doi 10.1007/978-1-4612-2552-2_19). Any 2^k
/// consecutive points that begin at a multiple of 2^k put one into each of 2^k equal intervals of every
/// dimension.
class ScrambledSobol {
  public:
    static constexpr std::size_t max_dimensions = 3667;
    static constexpr int digits = 32;

    /// Precondition: n_dimensions ≤ max_dimensions.
    explicit ScrambledSobol(std::size_t n_dimensions);
    /// Precondition: index < 2^32.
    double point(std::uint64_t seed, std::uint64_t index, std::size_t dimension) const;

  private:
    std::vector<std::uint32_t> directions_;  ///< [dimension][digit]
};

/// Latin hypercube of `strata` points: index i falls into its own of `strata` equal intervals of every
/// dimension. Indices from `strata` on begin further designs of the same size.
double latin_hypercube(std::uint64_t seed, std::uint64_t index, std::size_t dimension, std::uint64_t strata);

/// The place of `index` in a random permutation of 0 … n − 1, in constant time: a Feistel network of Philox
/// rounds over the next power of four, walked until it falls below n (Black & Rogaway 2002,
/// doi 10.1007/3-540-45760-7_9).
std::uint64_t permuted(std::uint64_t seed, std::uint64_t key, std::uint64_t index, std::uint64_t n);

}  // namespace abscopal
