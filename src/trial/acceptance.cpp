// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

#include "base/random.hpp"
#include "trial/normal_score.hpp"
#include "trial/population.hpp"

namespace abscopal {
namespace {

constexpr std::size_t n_neighbours = 5;

Eigen::Index at(std::size_t i) {
    return static_cast<Eigen::Index>(i);
}

/// Logarithm, but for a constant, of the density of the subjects at each of them.
std::vector<double> log_density_of_subjects(Columns scores, std::size_t n) {
    const double d = static_cast<double>(scores.size());
    std::vector<double> density(n), distance(n);
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j < n; ++j) {
            double square = 0.0;
            for (const auto& score : scores) square += (score[i] - score[j]) * (score[i] - score[j]);
            distance[j] = square;
        }
        // The subject itself is the nearest.
        const auto k = std::min(n_neighbours, n - 1);
        std::nth_element(distance.begin(), distance.begin() + static_cast<std::ptrdiff_t>(k), distance.end());
        density[i] = -0.5 * d * std::log(std::max(distance[k], 1e-300));
    }
    return density;
}

std::vector<double> log_density_wanted(Columns scores, const std::vector<std::vector<double>>& correlation,
                                       std::size_t n) {
    const auto d = scores.size();
    Eigen::MatrixXd r = Eigen::MatrixXd::Identity(at(d), at(d));
    for (std::size_t i = 0; i < correlation.size(); ++i)
        for (std::size_t j = 0; j < d; ++j) r(at(i), at(j)) = correlation[i][j];
    const Eigen::LLT<Eigen::MatrixXd> factor(r);
    std::vector<double> density(n);
    for (std::size_t i = 0; i < n; ++i) {
        Eigen::VectorXd z(at(d));
        for (std::size_t j = 0; j < d; ++j) z(at(j)) = scores[j][i];
        density[i] = -0.5 * factor.matrixL().solve(z).squaredNorm();
    }
    return density;
}

/// Kolmogorov–Smirnov distance of the chosen scores from the standard normal law.
double distance_from_normal(const std::vector<std::size_t>& order, const std::vector<double>& score,
                            const std::vector<bool>& chosen, std::size_t n_chosen) {
    double distance = 0.0;
    std::size_t seen = 0;
    for (const auto i : order) {
        if (!chosen[i]) continue;
        const double law = normal_probability(score[i]), n = static_cast<double>(n_chosen);
        distance = std::max(
            {distance, law - static_cast<double>(seen) / n, static_cast<double>(seen + 1) / n - law});
        ++seen;
    }
    return distance;
}

class Acceptor {
  public:
    Acceptor(Columns scores, const std::vector<std::vector<double>>& correlation, std::uint64_t seed)
        : scores_(scores), n_(scores.empty() ? 0 : scores.front().size()) {
        const auto have = log_density_of_subjects(scores, n_),
                   want = log_density_wanted(scores, correlation, n_);
        for (std::size_t i = 0; i < n_; ++i) {
            log_ratio_.push_back(want[i] - have[i]);
            log_dice_.push_back(std::log(uniform(seed, Purpose::selection, i, 0, 0)));
        }
        for (const auto& score : scores) {
            auto& order = orders_.emplace_back(n_);
            for (std::size_t i = 0; i < n_; ++i) order[i] = i;
            std::stable_sort(order.begin(), order.end(),
                             [&](std::size_t a, std::size_t b) { return score[a] < score[b]; });
        }
    }

    Acceptance at_scale(double log_scale) const {
        Acceptance result;
        result.scale = std::exp(log_scale);
        for (std::size_t i = 0; i < n_; ++i) {
            const double log_p = std::min(0.0, log_scale + log_ratio_[i]);
            result.probability.push_back(std::exp(log_p));
            result.accepted.push_back(log_dice_[i] < log_p);
            result.n_accepted += result.accepted.back();
        }
        return result;
    }

    /// Sum of the distances of all marginals; leaves the largest.
    double distances(Acceptance& result) const {
        double sum = 0.0;
        result.distance = result.n_accepted ? 0.0 : 1.0;
        for (std::size_t j = 0; j < scores_.size() && result.n_accepted; ++j) {
            const double d = distance_from_normal(orders_[j], scores_[j], result.accepted, result.n_accepted);
            sum += d;
            result.distance = std::max(result.distance, d);
        }
        return sum;
    }

    /// Of scales between those that accept next to none and all.
    Acceptance best(std::size_t at_least) const {
        const auto [low, high] = std::minmax_element(log_ratio_.begin(), log_ratio_.end());
        Acceptance best = at_scale(-*low);
        double least = distances(best);
        constexpr int steps = 240;
        for (int k = 0; k <= steps; ++k) {
            auto tried = at_scale(-*high + (*high - *low) * k / steps);
            if (tried.n_accepted < std::max<std::size_t>(1, at_least)) continue;
            const double sum = distances(tried);
            if (sum >= least) continue;
            least = sum;
            best = std::move(tried);
        }
        return best;
    }

    std::size_t size() const { return n_; }

  private:
    Columns scores_;
    std::size_t n_;
    std::vector<double> log_ratio_, log_dice_;
    std::vector<std::vector<std::size_t>> orders_;
};

}  // namespace

Acceptance accept(Columns scores, const std::vector<std::vector<double>>& correlation, std::uint64_t seed,
                  std::size_t at_least) {
    const Acceptor acceptor(scores, correlation, seed);
    return acceptor.size() ? acceptor.best(at_least) : Acceptance{};
}

}  // namespace abscopal
