// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <array>
#include <cstdint>

/// Random numbers as functions of what they are for: no state, no order, the same on every machine.
/// Philox4x32-10: Salmon, Moraes, Dror & Shaw 2011, doi 10.1145/2063384.2063405.
namespace abscopal {

/// What a number is for. A new purpose gets a new value; old ones never change.
enum class Purpose : std::uint32_t {
    prior = 1,
    permutation = 2,
    scramble = 3,
    measurement = 4,
    cell = 5,
    reaction = 6,
    event = 7,
    death = 8,
    adverse_event = 9,
    rule = 10,
    firing = 11,  ///< of reactions, one course
    bridge = 12,  ///< where firings lie within a leap
    allocation = 20,
    enrolment = 21,
    dropout = 22,
    plan = 23,
    selection = 40
};

using PhiloxCounter = std::array<std::uint32_t, 4>;
using PhiloxKey = std::array<std::uint32_t, 2>;
PhiloxCounter philox(PhiloxCounter counter, PhiloxKey key);

/// 64 random bits for draw `draw` of `subject` (a patient, a cell) at `step`.
std::uint64_t random_bits(std::uint64_t seed, Purpose purpose, std::uint64_t subject, std::uint32_t step,
                          std::uint32_t draw);

/// Uniform in the open interval (0, 1), a multiple of 2^-53 shifted by half a step.
double uniform(std::uint64_t seed, Purpose purpose, std::uint64_t subject, std::uint32_t step,
               std::uint32_t draw);

}  // namespace abscopal
