// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "tissue/circulation.hpp"

#include <algorithm>
#include <cmath>

namespace abscopal::tissue {
namespace {

using Pair = std::array<double, 2>;

Pair slope(const Circulation& c, const Pair& y) {
    const double out = c.k12 * y[0], back = c.k21 * y[1];
    return {-c.elimination_rate * y[0] - out + back / c.volume_ratio, out * c.volume_ratio - back};
}

Pair along(const Pair& y, double h, const Pair& k) {
    return {y[0] + h * k[0], y[1] + h * k[1]};
}

}  // namespace

void give_doses(const Circulation& circulation, double dt, std::uint64_t step, Pair& concentrations) {
    for (const auto& [time, amount] : circulation.doses) {
        if (std::llround(time / dt) != static_cast<long long>(step)) continue;
        if (circulation.model == "Constant")
            concentrations[0] = amount;
        else
            concentrations[0] += amount;
    }
}

void pass_step(const Circulation& circulation, double dt, Pair& y) {
    if (circulation.model == "Constant") return;
    const Pair a = slope(circulation, y), b = slope(circulation, along(y, dt / 2, a));
    const Pair c = slope(circulation, along(y, dt / 2, b)), d = slope(circulation, along(y, dt, c));
    for (std::size_t k = 0; k < 2; ++k) y[k] += dt / 6 * (a[k] + 2 * b[k] + 2 * c[k] + d[k]);
}

void circulate(const Project& project, std::size_t substrate, std::uint64_t step, Pair& concentrations,
               FieldSolver& solver) {
    const Circulation& circulation = project.substrates[substrate].circulation;
    give_doses(circulation, project.diffusion_step, step, concentrations);
    std::fill(solver.held_value.begin(), solver.held_value.end(),
              circulation.biot_number * concentrations[0]);
    pass_step(circulation, project.diffusion_step, concentrations);
}

}  // namespace abscopal::tissue
