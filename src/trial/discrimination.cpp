// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <limits>

#include "trial/normal_score.hpp"
#include "trial/population.hpp"
#include "trial/ranks.hpp"

namespace abscopal {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

Eigen::Index at(std::size_t i) {
    return static_cast<Eigen::Index>(i);
}

/// Scores by class, without those that are not known.
struct Classes {
    std::vector<double> positive, negative;
    Classes(std::span<const double> score, std::span<const char> is_positive) {
        for (std::size_t i = 0; i < score.size(); ++i)
            if (!std::isnan(score[i])) (is_positive[i] ? positive : negative).push_back(score[i]);
    }
    std::vector<double> all() const {
        auto both = positive;
        both.insert(both.end(), negative.begin(), negative.end());
        return both;
    }
};

double variance(const std::vector<double>& x) {
    double mean = 0.0, squares = 0.0;
    for (const double value : x) mean += value / static_cast<double>(x.size());
    for (const double value : x) squares += (value - mean) * (value - mean);
    return x.size() > 1 ? squares / static_cast<double>(x.size() - 1) : 0.0;
}

/// Share of the other class below each subject (half of those equal): DeLong's structural components.
std::vector<double> placements(const std::vector<double>& own_ranks, const std::vector<double>& all_ranks,
                               std::size_t first, std::size_t n_others) {
    std::vector<double> shares;
    for (std::size_t i = 0; i < own_ranks.size(); ++i)
        shares.push_back((all_ranks[first + i] - own_ranks[i]) / static_cast<double>(n_others));
    return shares;
}

/// Σ (t³ − t) over ties.
double tie_sum(std::vector<double> ranks) {
    std::sort(ranks.begin(), ranks.end());
    double sum = 0.0;
    for (std::size_t first = 0; first < ranks.size();) {
        std::size_t last = first;
        while (last < ranks.size() && ranks[last] == ranks[first]) ++last;
        const double t = static_cast<double>(last - first);
        sum += t * t * t - t;
        first = last;
    }
    return sum;
}

double mann_whitney_p(double auc, double m, double n, const std::vector<double>& ranks) {
    const double all = m + n;
    const double variance_of_u = m * n / 12 * (all + 1 - tie_sum(ranks) / (all * (all - 1)));
    if (!(variance_of_u > 0)) return 1.0;
    return 2 * normal_probability(-std::fabs(auc - 0.5) * m * n / std::sqrt(variance_of_u));
}

/// Limits on the logit; at 0 and 1, where it has none, those of the next attainable value.
void set_limits(Discrimination& d, double error) {
    const double least = 0.5 / static_cast<double>(d.n_positive * d.n_negative);
    const double auc = std::clamp(d.auc, least, 1 - least);
    const double logit = std::log(auc / (1 - auc));
    const double width = 1.959963984540054 * std::max(error, least) / (auc * (1 - auc));
    d.lower = 1 / (1 + std::exp(-(logit - width)));
    d.upper = d.auc >= 1 ? 1.0 : 1 / (1 + std::exp(-(logit + width)));
    if (d.auc <= 0) d.lower = 0.0;
}

struct Scaling {
    std::vector<double> means, deviations;
};

Scaling scaling_of(Columns inputs, std::span<const std::size_t> subjects) {
    Scaling scaling;
    for (const auto& input : inputs) {
        std::vector<double> x;
        double mean = 0.0;
        for (const auto i : subjects) x.push_back(input[i]), mean += input[i];
        scaling.means.push_back(mean / static_cast<double>(subjects.size()));
        const double deviation = std::sqrt(variance(x));
        scaling.deviations.push_back(deviation > 0 ? deviation : 1.0);
    }
    return scaling;
}

LogisticFit fit(Columns inputs, std::span<const char> positive, std::span<const std::size_t> subjects,
                double ridge) {
    const auto scaling = scaling_of(inputs, subjects);
    const auto n = subjects.size(), d = inputs.size();
    Eigen::MatrixXd x = Eigen::MatrixXd::Ones(at(n), at(d + 1));
    Eigen::VectorXd y(at(n)), beta = Eigen::VectorXd::Zero(at(d + 1));
    for (std::size_t i = 0; i < n; ++i) {
        y(at(i)) = positive[subjects[i]] ? 1.0 : 0.0;
        for (std::size_t j = 0; j < d; ++j)
            x(at(i), at(j + 1)) = (inputs[j][subjects[i]] - scaling.means[j]) / scaling.deviations[j];
    }
    Eigen::VectorXd penalty = Eigen::VectorXd::Constant(at(d + 1), ridge * static_cast<double>(n));
    penalty(0) = 1e-9;
    bool converged = false;
    for (int iteration = 0; iteration < 100 && !converged; ++iteration) {
        const Eigen::VectorXd p = (1.0 / (1.0 + (-(x * beta)).array().exp())).matrix();
        const Eigen::VectorXd slope = x.transpose() * (y - p) - penalty.cwiseProduct(beta);
        Eigen::MatrixXd h = x.transpose() * (p.array() * (1 - p.array())).matrix().asDiagonal() * x;
        h.diagonal() += penalty;
        h.diagonal().array() += 1e-12;
        Eigen::VectorXd step = h.ldlt().solve(slope);
        const double longest = step.cwiseAbs().maxCoeff();
        if (longest > 3) step *= 3 / longest;
        beta += step;
        converged = longest < 1e-10;
    }
    LogisticFit result{beta(0), {}, scaling.means, scaling.deviations, converged};
    for (std::size_t j = 0; j < d; ++j) result.coefficients.push_back(beta(at(j + 1)));
    return result;
}

}  // namespace

Discrimination discriminate(std::span<const double> score, std::span<const char> positive) {
    const Classes classes(score, positive);
    const auto m = classes.positive.size(), n = classes.negative.size();
    Discrimination result{nan, nan, nan, nan, m, n};
    if (m == 0 || n == 0) return result;
    const auto ranks = mid_ranks(classes.all());
    const auto above = placements(mid_ranks(classes.positive), ranks, 0, n);
    const auto below = placements(mid_ranks(classes.negative), ranks, m, m);
    result.auc = 0.0;
    for (const double share : above) result.auc += share / static_cast<double>(m);
    result.p = mann_whitney_p(result.auc, static_cast<double>(m), static_cast<double>(n), ranks);
    set_limits(result, std::sqrt(variance(above) / static_cast<double>(m) +
                                 variance(below) / static_cast<double>(n)));
    return result;
}

std::vector<std::pair<double, double>> roc_curve(std::span<const double> score,
                                                 std::span<const char> positive) {
    const Classes classes(score, positive);
    std::vector<std::pair<double, char>> sorted;
    for (const double x : classes.positive) sorted.emplace_back(x, 1);
    for (const double x : classes.negative) sorted.emplace_back(x, 0);
    std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
    std::vector<std::pair<double, double>> curve{{0.0, 0.0}};
    double true_positive = 0, false_positive = 0;
    for (std::size_t i = 0; i < sorted.size(); ++i) {
        (sorted[i].second ? true_positive : false_positive) += 1;
        if (i + 1 < sorted.size() && sorted[i + 1].first == sorted[i].first) continue;
        curve.emplace_back(false_positive / std::max(1.0, static_cast<double>(classes.negative.size())),
                           true_positive / std::max(1.0, static_cast<double>(classes.positive.size())));
    }
    return curve;
}

double LogisticFit::score(const std::vector<double>& row) const {
    double sum = intercept;
    for (std::size_t j = 0; j < coefficients.size(); ++j)
        sum += coefficients[j] * (row[j] - means[j]) / deviations[j];
    return sum;
}

LogisticFit logistic(Columns inputs, std::span<const char> positive, double ridge) {
    std::vector<std::size_t> everyone(positive.size());
    for (std::size_t i = 0; i < everyone.size(); ++i) everyone[i] = i;
    return fit(inputs, positive, everyone, ridge);
}

std::vector<double> cross_validated(Columns inputs, std::span<const char> positive, std::size_t folds) {
    std::vector<double> scores(positive.size(), nan);
    for (std::size_t fold = 0; fold < folds; ++fold) {
        std::vector<std::size_t> others;
        for (std::size_t i = 0; i < positive.size(); ++i)
            if (i % folds != fold) others.push_back(i);
        if (others.size() < 2) continue;
        const auto model = fit(inputs, positive, others, 1e-3);
        for (std::size_t i = fold; i < positive.size(); i += folds) {
            std::vector<double> row;
            for (const auto& input : inputs) row.push_back(input[i]);
            scores[i] = model.score(row);
        }
    }
    return scores;
}

}  // namespace abscopal
