// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <span>
#include <vector>

#include "abscopal/cohort.hpp"

namespace abscopal {

/// Gaussian copula of the correlated priors; the others pass unchanged.
class Copula {
  public:
    /// Throws InputError: an unknown name, a pair given twice, or a matrix that is not positive definite.
    explicit Copula(const Population& population);
    /// Independent uniform numbers, one a prior, become correlated ones in place.
    void correlate(std::span<double> u) const;

  private:
    std::vector<std::size_t> members_;  ///< priors that have a correlation, ascending
    std::vector<double> factor_;        ///< lower Cholesky factor, [member][member]
};

}  // namespace abscopal
