// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "abscopal/trial.hpp"

/// Randomisation as functions of seed, stratum and place in the order of the patients: a resumed run
/// allocates as one that never stopped.
namespace abscopal {

/// Arm of patient number `ordinal` (from 0) of a stratum. Not for twins.
std::size_t allocated_arm(const Design& design, std::size_t n_arms, std::uint64_t seed, std::size_t stratum,
                          std::size_t ordinal);

/// Stratum of a patient: one number for all factors; 0 without.
class Strata {
  public:
    /// `columns`: names of the numbers in patients' rows.
    Strata(std::span<const Split> splits, std::span<const std::string> columns);
    std::size_t of(std::span<const double> row) const;
    std::size_t count() const;

  private:
    std::span<const Split> splits_;
    std::vector<std::size_t> columns_;
};

}  // namespace abscopal
