// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <cstdint>

#include "base/random.hpp"

namespace abscopal {

/// Random numbers of one course, drawn one after the other by a counter: a function of seed, subject and how
/// many were drawn before.
class Chance {
  public:
    Chance(std::uint64_t seed, std::uint64_t subject) : seed_(seed), subject_(subject) {}

    std::uint64_t bits();
    double uniform();      ///< in (0, 1)
    double exponential();  ///< of mean 1
    /// Poisson: by inversion for small means, else by transformed rejection (Hörmann 1993, doi
    /// 10.1016/0167-6687(93)90997-4).
    std::int64_t poisson(double mean);

  private:
    std::int64_t small_poisson(double mean);
    std::uint64_t seed_, subject_, n_drawn_ = 0;
};

/// How many of `n` events that fell evenly into an interval lie in its first `share`: binomial, a function of
/// the key, ascending in `share`. By halving the interval; the halves share the events by fair coins.
std::int64_t count_before(std::int64_t n, double share, std::uint64_t key, std::uint64_t channel);

}  // namespace abscopal
