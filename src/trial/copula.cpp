// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "trial/copula.hpp"

#include <algorithm>
#include <cmath>

#include "trial/normal_score.hpp"

namespace abscopal {
namespace {

std::size_t index_of(const Population& population, const std::string& name, const Correlation& correlation) {
    std::vector<std::string> names;
    for (const auto& prior : population.priors)
        names.push_back(prior.law == Law::expression || prior.is_drawn ? "" : prior.parameter);
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) {
        throw InputError({"unknown-parameter",
                          "correlation names '" + name + "', which has no law" + did_you_mean(name, names),
                          correlation.place,
                          {}});
    }
    return static_cast<std::size_t>(found - names.begin());
}

/// Lower Cholesky factor in place; false if the matrix is not positive definite.
bool factorise(std::vector<double>& a, std::size_t n) {
    for (std::size_t j = 0; j < n; ++j) {
        for (std::size_t i = 0; i < n; ++i) {
            double sum = a[i * n + j];
            for (std::size_t k = 0; k < j; ++k) sum -= a[i * n + k] * a[j * n + k];
            if (i == j && !(sum > 1e-12)) return false;
            if (i == j) a[j * n + j] = std::sqrt(sum);
            if (i > j) a[i * n + j] = sum / a[j * n + j];
            if (i < j) a[i * n + j] = 0.0;
        }
    }
    return true;
}

}  // namespace

Copula::Copula(const Population& population) {
    std::vector<std::pair<std::size_t, std::size_t>> pairs;
    for (const auto& correlation : population.correlations) {
        const auto i = index_of(population, correlation.first, correlation),
                   j = index_of(population, correlation.second, correlation);
        if (i == j || !(std::fabs(correlation.rho) < 1)) {
            throw InputError({"bad-correlation",
                              "a correlation needs two parameters and −1 < rho < 1",
                              correlation.place,
                              {}});
        }
        pairs.emplace_back(i, j);
        members_.insert(members_.end(), {i, j});
    }
    std::sort(members_.begin(), members_.end());
    members_.erase(std::unique(members_.begin(), members_.end()), members_.end());

    const auto n = members_.size();
    const auto at = [&](std::size_t prior) {
        return static_cast<std::size_t>(std::lower_bound(members_.begin(), members_.end(), prior) -
                                        members_.begin());
    };
    factor_.assign(n * n, 0.0);
    for (std::size_t i = 0; i < n; ++i) factor_[i * n + i] = 1.0;
    for (std::size_t k = 0; k < pairs.size(); ++k) {
        const auto i = at(pairs[k].first), j = at(pairs[k].second);
        if (factor_[i * n + j] != 0.0) {
            throw InputError({"correlation-twice",
                              "this pair has a correlation already",
                              population.correlations[k].place,
                              {}});
        }
        factor_[i * n + j] = factor_[j * n + i] = population.correlations[k].rho;
    }
    if (!factorise(factor_, n)) {
        throw InputError({"correlation-matrix",
                          "the correlations contradict each other: their matrix is not positive definite",
                          population.correlations.back().place,
                          {}});
    }
}

void Copula::correlate(std::span<double> u) const {
    const auto n = members_.size();
    std::vector<double> score(n);
    for (std::size_t i = 0; i < n; ++i) score[i] = normal_score(u[members_[i]]);
    for (std::size_t i = 0; i < n; ++i) {
        double sum = 0.0;
        for (std::size_t k = 0; k <= i; ++k) sum += factor_[i * n + k] * score[k];
        // The first member keeps its number to the bit; the others stay inside the open interval.
        if (i > 0) u[members_[i]] = std::clamp(normal_probability(sum), 0x1p-54, 1.0 - 0x1p-53);
    }
}

}  // namespace abscopal
