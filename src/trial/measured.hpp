// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "abscopal/result.hpp"

/// Virtual twins of one patient: candidates conditioned on what was measured in her.
namespace abscopal {

/// Log likelihood of the measurement in a patient whose true number is `x`, less its largest value.
double log_likeness(const Measured& measured, double x);

/// Candidates drawn with probability proportional to weight × likeness.
struct Twins {
    Cohort cohort;                ///< of `n` rows, in an order of which every beginning is a fair sample
    double effective_size = 0.0;  ///< of the likeness over the candidates (Kish); 0: nobody is like her
};
Twins twins_of(std::span<const Measured> measured, const Cohort& candidates, std::uint64_t seed,
               std::size_t n);

/// What was measured at baseline and a grown candidate does not match, by rejection with the likeness; empty:
/// she is alike.
std::string unlike_at_baseline(const Trial& trial, const std::vector<std::string>& columns,
                               const Candidate& candidate);

}  // namespace abscopal
