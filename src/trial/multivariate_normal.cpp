// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>
#include <cassert>
#include <cmath>

#include "abscopal/statistics.hpp"
#include "trial/ties.hpp"

namespace abscopal {
namespace {

using Matrix = std::vector<std::vector<double>>;

/// Lower triangle L with L Lᵀ = correlation; a variable that others determine has a zero on the diagonal.
Matrix cholesky(const Matrix& correlation) {
    const std::size_t n = correlation.size();
    Matrix factor(n, std::vector<double>(n, 0.0));
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j <= i; ++j) {
            double rest = correlation[i][j];
            for (std::size_t k = 0; k < j; ++k) rest -= factor[i][k] * factor[j][k];
            if (i == j)
                factor[i][i] = rest > 1e-12 ? std::sqrt(rest) : 0.0;
            else if (factor[j][j] > 0.0)
                factor[i][j] = rest / factor[j][j];
        }
    }
    return factor;
}

/// Genz's integrand at a point of the unit cube: the product of conditional probabilities.
class Integrand {
  public:
    Integrand(std::span<const double> lower, std::span<const double> upper, const Matrix& correlation)
        : lower_(lower), upper_(upper), factor_(cholesky(correlation)), y_(lower.size()) {}

    double operator()(std::span<const double> point) {
        double product = 1.0;
        for (std::size_t i = 0; i < lower_.size(); ++i) {
            double mean = 0.0;
            for (std::size_t j = 0; j < i; ++j) mean += factor_[i][j] * y_[j];
            const auto [from, to] = conditional(i, mean);
            if (!(to > from)) return 0.0;
            product *= to - from;
            if (i < point.size())
                y_[i] = std::clamp(normal_quantile(from + point[i] * (to - from)), -40.0, 40.0);
        }
        return product;
    }

  private:
    std::pair<double, double> conditional(std::size_t i, double mean) const {
        const double scale = factor_[i][i];
        if (scale == 0.0) return {0.0, lower_[i] < mean && mean < upper_[i] ? 1.0 : 0.0};
        return {normal_cdf((lower_[i] - mean) / scale), normal_cdf((upper_[i] - mean) / scale)};
    }

    std::span<const double> lower_, upper_;
    Matrix factor_;
    std::vector<double> y_;
};

/// Square roots of primes make a lattice that fills the cube evenly (Richtmyer 1951).
constexpr std::array<double, 19> primes{2,  3,  5,  7,  11, 13, 17, 19, 23, 29,
                                        31, 37, 41, 43, 47, 53, 59, 61, 67};

double fraction(double x) {
    return x - std::floor(x);
}

}  // namespace

NormalProbability multivariate_normal(std::span<const double> lower, std::span<const double> upper,
                                      const std::vector<std::vector<double>>& correlation) {
    assert(lower.size() == upper.size() && correlation.size() == lower.size());
    assert(!lower.empty() && lower.size() <= primes.size());
    constexpr std::size_t n_shifts = 8, n_points = 8191;
    Integrand integrand(lower, upper, correlation);
    std::vector<double> point(lower.size() - 1);
    if (point.empty()) return {integrand(point), 0.0};
    double sum = 0.0, squares = 0.0;
    for (std::size_t shift = 0; shift < n_shifts; ++shift) {
        double mean = 0.0;
        for (std::size_t i = 1; i <= n_points; ++i) {
            for (std::size_t k = 0; k < point.size(); ++k) {
                const double step = std::sqrt(primes[k]), offset = std::sqrt(primes[k] + 0.5);
                const double x =
                    fraction(static_cast<double>(i) * step + static_cast<double>(shift) * offset);
                point[k] = std::abs(2.0 * x - 1.0);
            }
            mean += integrand(point) / static_cast<double>(n_points);
        }
        sum += mean;
        squares += mean * mean;
    }
    const double value = sum / n_shifts;
    const double variance = std::max(0.0, squares / n_shifts - value * value) / (n_shifts - 1);
    return {value, 3.0 * std::sqrt(variance)};
}

}  // namespace abscopal
