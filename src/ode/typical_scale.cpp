// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "ode/typical_scale.hpp"

#include <algorithm>
#include <cmath>

namespace abscopal {
namespace {

// Length of a chain of states that are still zero (drug, complex, dimer, …) through which a scale is carried.
constexpr int generations = 6;

double finite_size(double value) {
    return std::isfinite(value) ? std::fabs(value) : 0.0;
}

/// What moves the states at one point.
struct Fluxes {
    std::vector<double> net;     ///< rates and inputs
    std::vector<double> slopes;  ///< non-zeros in the order of the model's sparsity
};

// Sums |slope| · size over the other states into `inflow` and keeps each state's own slope.
void add_inflows(const Sparsity& sparsity, const std::vector<double>& slopes, const std::vector<double>& size,
                 std::vector<double>& inflow, std::vector<double>& own) {
    for (std::size_t column = 0; column < size.size(); ++column) {
        const auto end = static_cast<std::size_t>(sparsity.column_start[column + 1]);
        for (auto k = static_cast<std::size_t>(sparsity.column_start[column]); k < end; ++k) {
            const auto row = static_cast<std::size_t>(sparsity.row[k]);
            if (row == column)
                own[row] = finite_size(slopes[k]);
            else
                inflow[row] += finite_size(slopes[k]) * size[column];
        }
    }
}

Fluxes fluxes_at(Workbench& bench, double time, const std::vector<double>& y,
                 const std::vector<double>& input) {
    Fluxes fluxes;
    bench.set(time, y.data());
    bench.run(bench.model().rates, fluxes.net);
    bench.run(bench.model().jacobian, fluxes.slopes);
    for (std::size_t i = 0; i < y.size(); ++i) fluxes.net[i] = finite_size(fluxes.net[i] + input[i]);
    return fluxes;
}

// Species that fast reactions hold together are known from each other: none to better than what rounding
// leaves of the largest.
void share_scales(Workbench& bench, const std::vector<double>& largest, std::vector<double>& guess) {
    constexpr double part = 1e-3;
    for (const MassEntry& entry : bench.model().mass) {
        if (entry.row == entry.column) continue;
        const double share = std::fabs(bench.at(entry.value));
        guess[entry.row] = std::max(guess[entry.row], part * share * largest[entry.column]);
        if (share > 0.0)
            guess[entry.column] = std::max(guess[entry.column], part / share * largest[entry.row]);
    }
}

void guess_unseen(Workbench& bench, double time, const std::vector<double>& y,
                  const std::vector<double>& input, const std::vector<double>& largest,
                  std::vector<double>& guess, const std::vector<char>& moving) {
    std::vector<std::size_t> unseen;
    for (std::size_t i = 0; i < y.size(); ++i)
        if ((moving.empty() || moving[i]) && (largest[i] == 0.0 || largest[i] < guess[i]))
            unseen.push_back(i);
    if (unseen.empty()) return;
    const Fluxes fluxes = fluxes_at(bench, time, y, input);
    std::vector<double> size = largest, own(y.size(), 0.0);
    for (int generation = 0; generation < generations; ++generation) {
        std::vector<double> inflow = fluxes.net;
        add_inflows(bench.model().sparsity, fluxes.slopes, size, inflow, own);
        for (const std::size_t i : unseen) {
            if (own[i] > 0.0) guess[i] = finite_size(inflow[i] / own[i]);
            size[i] = std::max(largest[i], guess[i]);
        }
    }
}

// A derivative ∂x/∂p is measured against x/p, even where it is 0 so far.
void guess_derivatives(const Workbench& bench, const std::vector<double>& largest,
                       std::vector<double>& guess) {
    const SensitivityInfo& info = *bench.model().sensitivities;
    for (std::size_t k = 0; k < info.by.size(); ++k) {
        const double size = std::fabs(bench.at(info.slots[k]));
        for (std::size_t i = 0; i < info.n_states; ++i)
            guess[info.state(i, k)] = std::max(largest[i], guess[i]) / (size > 0.0 ? size : 1.0);
    }
}

}  // namespace

void guess_scales(Workbench& bench, double time, const std::vector<double>& y,
                  const std::vector<double>& input, const std::vector<double>& largest,
                  std::vector<double>& guess, const std::vector<char>& moving) {
    guess_unseen(bench, time, y, input, largest, guess, moving);
    share_scales(bench, largest, guess);
    if (bench.model().sensitivities) guess_derivatives(bench, largest, guess);
}

}  // namespace abscopal
