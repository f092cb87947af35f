// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <array>
#include <cmath>
#include <numbers>

#include "base/random.hpp"

namespace abscopal::tissue {

/// What a random number of a cell is for. A new one gets a new value; old ones never change.
enum class Draw : std::uint32_t {
    transform = 1,
    death,
    cycle,
    redraw,
    direction,
    cut,
    daughter,
    eat_dead,
    eat_live,
    attack,
    fuse,
    attack_end,
    detach,
    attach,
    place,
    spread,
    orientation
};

/// Random numbers of one step, by cell: functions, so order and threads change nothing.
struct Dice {
    std::uint64_t seed;
    std::uint32_t step;

    /// Uniform in (0, 1); `index` tells numbers of one purpose apart (a neighbour's rank, a type).
    double operator()(std::uint64_t cell, Draw what, std::uint32_t index = 0) const {
        return uniform(seed, Purpose::cell, cell, step, (static_cast<std::uint32_t>(what) << 18) ^ index);
    }
    std::array<double, 3> on_circle(std::uint64_t cell, Draw what) const {
        const double angle = 2 * std::numbers::pi * (*this)(cell, what, 1);
        return {std::cos(angle), std::sin(angle), 0.0};
    }
    std::array<double, 3> on_sphere(std::uint64_t cell, Draw what) const {
        const double z = 2 * (*this)(cell, what, 0) - 1, r = std::sqrt(1 - z * z);
        const auto flat = on_circle(cell, what);
        return {r * flat[0], r * flat[1], z};
    }
};

}  // namespace abscopal::tissue
