// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "trial/measured.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/random.hpp"
#include "trial/row_formulas.hpp"

namespace abscopal {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

std::size_t place_in(const std::vector<std::string>& columns, const std::string& name) {
    return static_cast<std::size_t>(std::find(columns.begin(), columns.end(), name) - columns.begin());
}

/// Numbers in (0, 1) that fill it evenly from any beginning: bits in reverse, shifted by a random number.
double evenly(std::uint64_t seed, std::size_t i) {
    double value = 0.0, digit = 0.5;
    for (auto bits = i; bits > 0; bits /= 2, digit /= 2) value += digit * static_cast<double>(bits % 2);
    value += uniform(seed, Purpose::selection, 0, 2, 0);
    return value - std::floor(value);
}

}  // namespace

double log_likeness(const Measured& measured, double x) {
    if (measured.sd > 0) return -0.5 * std::pow((measured.value - x) / measured.sd, 2);
    if (!(measured.cv > 0)) return x == measured.value ? 0.0 : -infinity;
    if (!(x > 0 && measured.value > 0)) return -infinity;
    return -0.5 * std::pow(std::log(measured.value / x), 2) / std::log1p(measured.cv * measured.cv);
}

Twins twins_of(std::span<const Measured> measured, const Cohort& candidates, std::uint64_t seed,
               std::size_t n) {
    std::vector<double> logs, sums;
    for (std::size_t i = 0; i < candidates.rows.size(); ++i) {
        double log = std::log(candidates.weights[i]);
        for (const auto& one : measured) {
            const auto column = place_in(candidates.parameters, one.column);
            if (column < candidates.parameters.size()) log += log_likeness(one, candidates.rows[i][column]);
        }
        logs.push_back(log);
    }
    Twins twins;
    twins.cohort.parameters = candidates.parameters;
    const double top = logs.empty() ? -infinity : *std::max_element(logs.begin(), logs.end());
    // Six standard errors off in every measurement is not alike.
    if (!(top > -18.0 * static_cast<double>(std::max<std::size_t>(1, measured.size())))) return twins;
    double sum = 0.0, squares = 0.0;
    for (const double log : logs) {
        const double weight = std::exp(log - top);
        sum += weight, squares += weight * weight;
        sums.push_back(sum);
    }
    twins.effective_size = sum * sum / squares;
    for (std::size_t k = 0; k < n; ++k) {
        const auto found = std::upper_bound(sums.begin(), sums.end(), evenly(seed, k) * sum);
        const auto i = std::min(static_cast<std::size_t>(found - sums.begin()), sums.size() - 1);
        twins.cohort.rows.push_back(candidates.rows[i]);
        twins.cohort.weights.push_back(1.0);
    }
    return twins;
}

std::string unlike_at_baseline(const Trial& trial, const std::vector<std::string>& columns,
                               const Candidate& candidate) {
    const auto n_row = row_columns(trial.population).size();
    for (std::size_t j = 0; j < trial.measured.size(); ++j) {
        const auto& measured = trial.measured[j];
        const auto column = place_in(columns, measured.column);
        if (column < n_row) continue;  // she was drawn by it
        const double dice =
            uniform(trial.seed, Purpose::selection, candidate.index, 1, static_cast<std::uint32_t>(j));
        if (!(std::log(dice) < log_likeness(measured, candidate.parameters[column]))) return measured.column;
    }
    return "";
}

}  // namespace abscopal
