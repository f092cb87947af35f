// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <numeric>

#include "trial/risk_table.hpp"
#include "trial/ties.hpp"

namespace abscopal {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

double total(const std::vector<double>& values) {
    return std::accumulate(values.begin(), values.end(), 0.0);
}

double weight(const RiskSet& set, const FlemingHarrington& law) {
    return std::pow(set.survival_before, law.rho) * std::pow(1.0 - set.survival_before, law.gamma);
}

/// Covariance of the events by group at one time, given all events: multivariate hypergeometric.
Eigen::MatrixXd hypergeometric(const RiskSet& set) {
    const auto groups = static_cast<Eigen::Index>(set.at_risk.size());
    const double n = total(set.at_risk), d = total(set.events);
    if (n <= 1.0) return Eigen::MatrixXd::Zero(groups, groups);
    const Eigen::VectorXd share = Eigen::Map<const Eigen::VectorXd>(set.at_risk.data(), groups) / n;
    Eigen::MatrixXd covariance = share.asDiagonal();
    covariance -= share * share.transpose();
    return covariance * (d * (n - d) / (n - 1.0));
}

/// Sum of squares of every subject's part of the score (Lin & Wei 1989): the covariance under sampling
/// weights.
Eigen::MatrixXd robust_covariance(const GroupedTimes& data, const std::vector<RiskSet>& sets,
                                  const FlemingHarrington& law, Eigen::Index groups) {
    Eigen::MatrixXd covariance = Eigen::MatrixXd::Zero(groups, groups);
    const auto by_stratum = strata(data);
    for (std::size_t s = 0; s < by_stratum.size(); ++s) {
        for (const auto i : by_stratum[s]) {
            const Eigen::VectorXd mine =
                Eigen::VectorXd::Unit(groups, static_cast<Eigen::Index>(data.group[i]));
            Eigen::VectorXd score = Eigen::VectorXd::Zero(groups);
            for (const auto& set : sets) {
                if (set.stratum != s || set.time > data.sample.times[i]) continue;
                const double n = total(set.at_risk);
                const bool is_hers = data.sample.is_event[i] && set.time == data.sample.times[i];
                const Eigen::VectorXd share =
                    Eigen::Map<const Eigen::VectorXd>(set.at_risk.data(), groups) / n;
                score += weight(set, law) * ((is_hers ? 1.0 : 0.0) - total(set.events) / n) * (mine - share);
            }
            score *= weight_of(data.sample, i);
            covariance += score * score.transpose();
        }
    }
    return covariance;
}

/// uᵀ V⁻¹ u, leaving out what cannot vary, and how many directions can.
std::pair<double, std::size_t> quadratic_form(const Eigen::VectorXd& u, const Eigen::MatrixXd& covariance) {
    if (u.size() == 0) return {nan, 0};
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(covariance);
    const double largest = solver.eigenvalues().maxCoeff();
    double sum = 0.0;
    std::size_t degrees = 0;
    for (Eigen::Index k = 0; k < u.size(); ++k) {
        const double value = solver.eigenvalues()[k];
        if (!(value > 1e-11 * largest) || largest <= 0.0) continue;
        const double along = solver.eigenvectors().col(k).dot(u);
        sum += along * along / value;
        ++degrees;
    }
    return {degrees ? sum : nan, degrees};
}

/// P(some X below `low`, those before it within (low, high)): summed over the first such X, each term an
/// integral over its tail, so that small probabilities keep their digits.
double beyond_one_first(double from, double low, double high,
                        const std::vector<std::vector<double>>& correlation) {
    double sum = 0.0;
    for (std::size_t first = 0; first < correlation.size(); ++first) {
        std::vector<std::size_t> order{first};
        for (std::size_t k = 0; k < first; ++k) order.push_back(k);
        std::vector<std::vector<double>> reordered(order.size(), std::vector<double>(order.size()));
        for (std::size_t a = 0; a < order.size(); ++a)
            for (std::size_t b = 0; b < order.size(); ++b) reordered[a][b] = correlation[order[a]][order[b]];
        std::vector<double> lower(order.size(), low), upper(order.size(), high);
        lower[0] = from;
        upper[0] = low;
        sum += multivariate_normal(lower, upper, reordered).value;
    }
    return sum;
}

}  // namespace

LogRank log_rank(const GroupedTimes& data, FlemingHarrington law) {
    const auto sets = risk_sets(data);
    const auto groups = static_cast<Eigen::Index>(n_groups(data));
    LogRank test{
        std::vector<double>(n_groups(data), 0.0), std::vector<double>(n_groups(data), 0.0), nan, nan, 0, nan};
    Eigen::VectorXd score = Eigen::VectorXd::Zero(groups);
    Eigen::MatrixXd covariance = Eigen::MatrixXd::Zero(groups, groups);
    for (const auto& set : sets) {
        const double n = total(set.at_risk), d = total(set.events), w = weight(set, law);
        for (std::size_t g = 0; g < test.observed.size(); ++g) {
            test.observed[g] += w * set.events[g];
            test.expected[g] += w * d * set.at_risk[g] / n;
            score[static_cast<Eigen::Index>(g)] += w * (set.events[g] - d * set.at_risk[g] / n);
        }
        if (data.sample.weights.empty()) covariance += w * w * hypergeometric(set);
    }
    if (!data.sample.weights.empty()) covariance = robust_covariance(data, sets, law, groups);
    std::tie(test.chi_square, test.degrees) = quadratic_form(score, covariance);
    test.p = chi_square_p(test.chi_square, static_cast<double>(test.degrees));
    if (groups == 2 && covariance(1, 1) > 0.0) test.z = score[1] / std::sqrt(covariance(1, 1));
    return test;
}

MaxCombo max_combo(const GroupedTimes& data) {
    constexpr std::array<FlemingHarrington, 4> laws{{{0, 0}, {0, 1}, {1, 1}, {1, 0}}};
    Eigen::Vector4d score = Eigen::Vector4d::Zero();
    Eigen::Matrix4d covariance = Eigen::Matrix4d::Zero();
    const auto sets = n_groups(data) == 2 ? risk_sets(data) : std::vector<RiskSet>{};
    for (const auto& set : sets) {
        const double n = total(set.at_risk), d = total(set.events);
        const double variance = hypergeometric(set)(1, 1);
        Eigen::Vector4d w;
        for (Eigen::Index k = 0; k < 4; ++k) w[k] = weight(set, laws[static_cast<std::size_t>(k)]);
        score += w * (set.events[1] - d * set.at_risk[1] / n);
        covariance += variance * w * w.transpose();
    }
    MaxCombo test{{}, {}, nan, nan};
    std::vector<std::vector<double>> correlation(4, std::vector<double>(4, nan));
    for (Eigen::Index a = 0; a < 4; ++a) {
        test.z[static_cast<std::size_t>(a)] = score[a] / std::sqrt(covariance(a, a));
        for (Eigen::Index b = 0; b < 4; ++b)
            correlation[static_cast<std::size_t>(a)][static_cast<std::size_t>(b)] =
                test.correlation[static_cast<std::size_t>(a)][static_cast<std::size_t>(b)] =
                    covariance(a, b) / std::sqrt(covariance(a, a) * covariance(b, b));
    }
    if (std::any_of(test.z.begin(), test.z.end(), [](double z) { return !std::isfinite(z); })) return test;
    double largest = 0.0, least = std::numeric_limits<double>::infinity();
    for (const double z : test.z) {
        largest = std::max(largest, std::abs(z));
        least = std::min(least, z);
    }
    constexpr double infinity = std::numeric_limits<double>::infinity();
    test.p_two_sided = std::min(1.0, 2.0 * beyond_one_first(-infinity, -largest, largest, correlation));
    test.p_one_sided = std::min(1.0, beyond_one_first(-infinity, least, infinity, correlation));
    return test;
}

}  // namespace abscopal
