// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <vector>

#include "abscopal/result.hpp"
#include "abscopal/simulation.hpp"
#include "trial/protocol.hpp"

/// One virtual patient, from first tumour cell to last visit. Functions of the protocol and her row alone.
namespace abscopal {

/// A candidate at baseline.
struct Grown {
    Candidate candidate;
    State state;                            ///< at baseline, if she is to be treated
    double weight_kg = 0.0, area_m2 = 0.0;  ///< at baseline
};

/// Takes a patient through an earlier line, which she may not survive.
struct LineEnd {
    Outcome outcome;
    std::string refused;  ///< why she is no patient of the trial, or empty
};
LineEnd live_through(const Protocol& protocol, Simulation& simulation, std::size_t line,
                     const Grown& patient);

/// Grows the tumour of candidate `index`, whose numbers are `row`, until it is found, takes her through
/// earlier lines, and judges whether she is a patient of the trial.
Grown grow(const Protocol& protocol, Simulation& simulation, std::size_t index,
           const std::vector<double>& row, double weight);

/// Follows a grown patient through one arm.
Course treat(const Protocol& protocol, Simulation& simulation, const Grown& patient, std::size_t arm);

}  // namespace abscopal
