// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <Eigen/Dense>
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "trial/design.hpp"
#include "trial/normal_score.hpp"
#include "trial/population.hpp"
#include "trial/ranks.hpp"

namespace abscopal {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

Eigen::Index at(std::size_t i) {
    return static_cast<Eigen::Index>(i);
}

/// Ranks with mean 0 and length 1; all zero where they do not vary.
Eigen::VectorXd standard_ranks(std::span<const double> x) {
    const auto ranks = mid_ranks(x);
    Eigen::VectorXd z = Eigen::Map<const Eigen::VectorXd>(ranks.data(), at(ranks.size()));
    z.array() -= z.mean();
    const double length = z.norm();
    return length > 0 ? Eigen::VectorXd(z / length) : z;
}

struct RankedInputs {
    Eigen::MatrixXd ranks;          ///< [subject][input used]
    std::vector<std::size_t> used;  ///< of the inputs
};

/// Ranks of the inputs without those that are constant or follow from inputs before them.
RankedInputs independent_ranks(Columns inputs, std::size_t n) {
    std::vector<Eigen::VectorXd> kept, basis;
    RankedInputs result;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        const auto z = standard_ranks(inputs[i]);
        Eigen::VectorXd rest = z;
        for (int pass = 0; pass < 2; ++pass)
            for (const auto& b : basis) rest -= b.dot(rest) * b;
        if (!(rest.squaredNorm() > 1e-9)) continue;
        basis.push_back(rest.normalized());
        kept.push_back(z);
        result.used.push_back(i);
    }
    result.ranks.resize(at(n), at(kept.size()));
    for (std::size_t k = 0; k < kept.size(); ++k) result.ranks.col(at(k)) = kept[k];
    return result;
}

PartialCorrelation with_limits(double r, double freedom) {
    const double z = std::atanh(r), width = 1.959963984540054 / std::sqrt(freedom - 1);
    return {r, std::tanh(z - width), std::tanh(z + width),
            2 * normal_probability(-std::fabs(z) * std::sqrt(freedom - 1))};
}

/// Means over blocks of the sample, for standard errors: 0 is all of it, then one left out at a time.
struct Sums {
    double first = 0, total = 0, y = 0, yy = 0, n = 0;
    Sums operator-(const Sums& o) const {
        return {first - o.first, total - o.total, y - o.y, yy - o.yy, n - o.n};
    }
    void operator+=(const Sums& o) { first += o.first, total += o.total, y += o.y, yy += o.yy, n += o.n; }
    double variance() const { return yy / (2 * n) - (y / (2 * n)) * (y / (2 * n)); }
    double first_index() const { return first / n / variance(); }
    double total_index() const { return total / (2 * n) / variance(); }
};

/// From outputs at A, B and A with column i of B; standard errors by the jackknife over 16 blocks.
SobolIndex index_of(std::span<const double> a, std::span<const double> b, std::span<const double> ab,
                    double shift) {
    constexpr std::size_t n_blocks = 16;
    std::array<Sums, n_blocks> blocks;
    Sums all;
    for (std::size_t j = 0; j < a.size(); ++j) {
        const double fa = a[j] - shift, fb = b[j] - shift, fab = ab[j] - shift;
        const Sums one{fb * (fab - fa), (fa - fab) * (fa - fab), fa + fb, fa * fa + fb * fb, 1};
        blocks[j * n_blocks / a.size()] += one;
        all += one;
    }
    double first_squares = 0, total_squares = 0;
    for (const auto& block : blocks) {
        const Sums rest = all - block;
        first_squares += std::pow(rest.first_index() - all.first_index(), 2);
        total_squares += std::pow(rest.total_index() - all.total_index(), 2);
    }
    const double factor = (n_blocks - 1.0) / n_blocks;
    return {all.first_index(), std::sqrt(factor * first_squares), all.total_index(),
            std::sqrt(factor * total_squares)};
}

}  // namespace

std::vector<PartialCorrelation> prcc(Columns inputs, std::span<const double> output) {
    std::vector<PartialCorrelation> result(inputs.size(), {nan, nan, nan, nan});
    const auto [x, used] = independent_ranks(inputs, output.size());
    const Eigen::VectorXd y = standard_ranks(output);
    const double freedom = static_cast<double>(output.size()) - static_cast<double>(used.size()) - 2;
    if (used.empty() || freedom < 2 || y.squaredNorm() == 0) return result;
    // Partial correlations from the regression of the output on all inputs.
    const Eigen::MatrixXd inverse = (x.transpose() * x).inverse();
    const Eigen::VectorXd slope = inverse * (x.transpose() * y);
    const double left = std::max(0.0, 1 - y.dot(x * slope));
    for (std::size_t k = 0; k < used.size(); ++k) {
        const double b = slope(at(k));
        const double r = b / std::sqrt(b * b + left * inverse(at(k), at(k)));
        result[used[k]] = with_limits(std::clamp(r, -1 + 1e-15, 1 - 1e-15), freedom);
    }
    return result;
}

std::vector<std::vector<SobolIndex>> sobol_indices(
    std::size_t d, std::size_t n, std::uint64_t seed,
    const std::function<std::vector<double>(const std::vector<double>&)>& outputs) {
    const ScrambledSobol design(2 * d);
    std::vector<std::vector<std::vector<double>>> values(d + 2);  // [matrix][sample][output]
    for (std::size_t j = 0; j < n; ++j) {
        std::vector<double> a(d), b(d);
        for (std::size_t i = 0; i < d; ++i)
            a[i] = design.point(seed, j, i), b[i] = design.point(seed, j, d + i);
        values[0].push_back(outputs(a));
        values[1].push_back(outputs(b));
        for (std::size_t i = 0; i < d; ++i) {
            auto ab = a;
            ab[i] = b[i];
            values[2 + i].push_back(outputs(ab));
        }
    }
    std::vector<std::vector<SobolIndex>> result;
    for (std::size_t k = 0; n > 0 && k < values[0][0].size(); ++k) {
        std::vector<std::vector<double>> y(d + 2);
        double mean = 0.0;
        for (std::size_t m = 0; m < d + 2; ++m)
            for (const auto& one : values[m]) y[m].push_back(one[k]);
        for (std::size_t j = 0; j < n; ++j) mean += (y[0][j] + y[1][j]) / (2 * static_cast<double>(n));
        auto& row = result.emplace_back();
        for (std::size_t i = 0; i < d; ++i) row.push_back(index_of(y[0], y[1], y[2 + i], mean));
    }
    return result;
}

}  // namespace abscopal
