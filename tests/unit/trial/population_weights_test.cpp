// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <numeric>

#include "base/random.hpp"
#include "trial/normal_score.hpp"
#include "trial/population.hpp"

namespace abscopal {
namespace {

std::vector<double> normal_numbers(std::size_t n, std::uint32_t draw) {
    std::vector<double> x;
    for (std::size_t i = 0; i < n; ++i) x.push_back(normal_score(uniform(5, Purpose::prior, i, 0, draw)));
    return x;
}

TEST(MaximumEntropy, GivesAClassItsShareAndAllInItOneWeight) {
    Moment responders{{1, 1, 0, 0, 0, 0, 0, 0, 0, 0}, {}, 0.5, 0.0};
    const auto result = maximum_entropy({&responders, 1}, 10);
    ASSERT_TRUE(result.converged);
    for (std::size_t i = 0; i < 10; ++i) EXPECT_NEAR(result.weights[i], i < 2 ? 2.5 : 0.625, 1e-9);
    EXPECT_NEAR(result.effective_size, 100.0 / (2 * 2.5 * 2.5 + 8 * 0.625 * 0.625), 1e-8);
    EXPECT_NEAR(result.achieved[0], 0.5, 1e-10);
    EXPECT_TRUE(result.supported[0]);
}

TEST(MaximumEntropy, TiltsExponentially) {
    // Two-sided die of Jaynes: a mean of 4.5 (Jaynes 1978: 0.054 0.079 0.114 0.165 0.240 0.348).
    Moment mean{{1, 2, 3, 4, 5, 6}, {}, 4.5, 0.0};
    const auto result = maximum_entropy({&mean, 1}, 6);
    const std::vector<double> jaynes{0.05435, 0.07877, 0.11416, 0.16545, 0.23977, 0.34749};
    for (std::size_t i = 0; i < 6; ++i) EXPECT_NEAR(result.weights[i] / 6, jaynes[i], 1e-5);
    const double ratio = std::exp(result.multipliers[0]);
    for (std::size_t i = 1; i < 6; ++i) EXPECT_NEAR(result.weights[i] / result.weights[i - 1], ratio, 1e-9);
}

TEST(MaximumEntropy, RecoversTheWeightsThatMadeTheMoments) {
    const auto x = normal_numbers(2000, 1), y = normal_numbers(2000, 2);
    std::vector<double> truth;
    for (std::size_t i = 0; i < x.size(); ++i) truth.push_back(std::exp(0.6 * x[i] - 0.4 * y[i]));
    const double sum = std::accumulate(truth.begin(), truth.end(), 0.0);
    std::vector<Moment> moments{{x, {}, 0, 0}, {y, {}, 0, 0}};
    for (std::size_t i = 0; i < x.size(); ++i) {
        truth[i] *= 2000 / sum;
        moments[0].value += truth[i] * x[i] / 2000;
        moments[1].value += truth[i] * y[i] / 2000;
    }
    const auto result = maximum_entropy(moments, 2000);
    ASSERT_TRUE(result.converged);
    EXPECT_NEAR(result.multipliers[0], 0.6, 1e-8);
    EXPECT_NEAR(result.multipliers[1], -0.4, 1e-8);
    for (std::size_t i = 0; i < x.size(); ++i) EXPECT_NEAR(result.weights[i], truth[i], 1e-6);
}

TEST(MaximumEntropy, MeetsAStratumAndPullsLessWhereTheErrorIsLarge) {
    std::vector<double> response, stratum;
    for (int i = 0; i < 100; ++i) {
        stratum.push_back(i < 40);
        response.push_back(i < 40 ? i < 10 : i < 50);
    }
    const Moment exact{response, stratum, 0.45, 0.0};
    const auto result = maximum_entropy({&exact, 1}, 100);
    EXPECT_NEAR(result.achieved[0], 0.45, 1e-9);
    EXPECT_NEAR(result.weights[45], result.weights[99], 1e-9) << "outside the stratum all stay alike";

    // With an error the miss is error² λ: between the start and the value.
    const Moment loose{response, {}, 0.45, 0.1};
    const auto pulled = maximum_entropy({&loose, 1}, 100);
    EXPECT_GT(pulled.achieved[0], 0.2);
    EXPECT_LT(pulled.achieved[0], 0.45);
    EXPECT_NEAR(0.45 - pulled.achieved[0], 0.01 * pulled.multipliers[0], 1e-9);
}

TEST(MaximumEntropy, SaysWhereNoSubjectSupportsAValue) {
    const Moment beyond{{0.1, 0.2, 0.3}, {}, 0.4, 0.05};
    const auto result = maximum_entropy({&beyond, 1}, 3);
    EXPECT_FALSE(result.supported[0]);
    EXPECT_LT(result.achieved[0], 0.3);
}

TEST(Acceptance, LeavesAPopulationThatFollowsTheLawAskedFor) {
    // Candidates: uniform over a wide square. Wanted: normal, correlated.
    std::vector<std::vector<double>> scores(2);
    for (std::size_t i = 0; i < 4000; ++i)
        for (std::uint32_t j = 0; j < 2; ++j)
            scores[j].push_back(8 * uniform(9, Purpose::prior, i, 0, j) - 4);
    const auto result = accept(scores, {{1, 0.6}, {0.6, 1}}, 3, 200);
    ASSERT_GE(result.n_accepted, 200U);
    EXPECT_LT(result.distance, 0.08);
    double n = 0, sx = 0, sy = 0, sxx = 0, syy = 0, sxy = 0;
    for (std::size_t i = 0; i < 4000; ++i) {
        if (!result.accepted[i]) continue;
        const double x = scores[0][i], y = scores[1][i];
        ++n, sx += x, sy += y, sxx += x * x, syy += y * y, sxy += x * y;
    }
    EXPECT_NEAR(sx / n, 0, 0.15);
    EXPECT_NEAR(sxx / n, 1, 0.3);
    EXPECT_NEAR(
        (sxy / n - sx * sy / n / n) / std::sqrt((sxx / n - sx * sx / n / n) * (syy / n - sy * sy / n / n)),
        0.6, 0.12);
}

TEST(Prcc, EqualsThePartialCorrelationOfRanks) {
    // Three variables: r_xy.z = (r_xy − r_xz r_yz) / √((1 − r_xz²)(1 − r_yz²)).
    const auto x = normal_numbers(500, 1), z0 = normal_numbers(500, 2), e = normal_numbers(500, 3);
    std::vector<double> z, y;
    for (std::size_t i = 0; i < 500; ++i) {
        z.push_back(z0[i] + 0.5 * x[i]);
        y.push_back(std::exp(x[i]) - z[i] + e[i]);
    }
    const auto rank_correlation = [](const std::vector<double>& a, const std::vector<double>& b) {
        const std::vector<std::vector<double>> one{a};
        return prcc(one, b)[0].value;  // with nothing to hold constant it is Spearman's
    };
    const double xy = rank_correlation(x, y), xz = rank_correlation(x, z), zy = rank_correlation(z, y);
    const std::vector<std::vector<double>> inputs{x, z, std::vector<double>(500, 1.0)};
    const auto result = prcc(inputs, y);
    EXPECT_NEAR(result[0].value, (xy - xz * zy) / std::sqrt((1 - xz * xz) * (1 - zy * zy)), 1e-12);
    EXPECT_GT(result[0].lower, 0.4);
    EXPECT_LT(result[1].upper, 0);
    EXPECT_TRUE(std::isnan(result[2].value)) << "a constant";
}

TEST(Prcc, OfAMonotonousFunctionIsOne) {
    const auto x = normal_numbers(100, 1);
    std::vector<double> y;
    for (const double value : x) y.push_back(std::atan(value));
    const std::vector<std::vector<double>> inputs{x, y};
    EXPECT_NEAR(prcc(inputs, y)[0].value, 1.0, 1e-12);
    EXPECT_TRUE(std::isnan(prcc(inputs, y)[1].value)) << "its ranks follow from those of the first";
}

TEST(SobolIndices, AgreeWithTheIshigamiFunction) {
    // Ishigami & Homma 1990 with a = 7, b = 0.1.
    const double a = 7, b = 0.1, pi = std::numbers::pi;
    const auto result = sobol_indices(3, 8192, 1, [&](const std::vector<double>& u) {
        const double x = pi * (2 * u[0] - 1), y = pi * (2 * u[1] - 1), z = pi * (2 * u[2] - 1);
        return std::vector{std::sin(x) + a * std::pow(std::sin(y), 2) + b * std::pow(z, 4) * std::sin(x)};
    });
    const double v1 = 0.5 * std::pow(1 + b * std::pow(pi, 4) / 5, 2), v2 = a * a / 8,
                 v13 = b * b * std::pow(pi, 8) * (1.0 / 18 - 1.0 / 50), v = v1 + v2 + v13;
    const std::vector<double> first{v1 / v, v2 / v, 0}, total{(v1 + v13) / v, v2 / v, v13 / v};
    for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_NEAR(result[0][i].first, first[i], 0.012) << i;
        EXPECT_NEAR(result[0][i].total, total[i], 0.012) << i;
        EXPECT_LT(result[0][i].first_error, 0.05);
    }
}

TEST(SobolIndices, AgreeWithTheGFunction) {
    const std::vector<double> a{0, 1, 4.5, 9};
    const auto result = sobol_indices(4, 8192, 2, [&](const std::vector<double>& u) {
        double g = 1;
        for (std::size_t i = 0; i < 4; ++i) g *= (std::fabs(4 * u[i] - 2) + a[i]) / (1 + a[i]);
        return std::vector{g, 2.0 * u[3] + 100};
    });
    double v = 1;
    std::vector<double> parts;
    for (const double ai : a) parts.push_back(1.0 / (3 * (1 + ai) * (1 + ai))), v *= 1 + parts.back();
    for (std::size_t i = 0; i < 4; ++i) {
        EXPECT_NEAR(result[0][i].first, parts[i] / (v - 1), 0.015) << i;
        EXPECT_NEAR(result[0][i].total, parts[i] * v / (1 + parts[i]) / (v - 1), 0.015) << i;
        EXPECT_NEAR(result[1][i].total, i == 3, 1e-3) << "a second output of the same points";
    }
}

TEST(Discrimination, CountsPairs) {
    const std::vector<double> score{0.9, 0.8, 0.4, 0.35, 0.8, 0.1};
    const std::vector<char> positive{1, 1, 1, 0, 0, 0};
    // Pairs won: 3 + 2.5 + 2 of 9.
    const auto d = discriminate(score, positive);
    EXPECT_DOUBLE_EQ(d.auc, 7.5 / 9);
    EXPECT_LT(d.lower, d.auc);
    EXPECT_GT(d.upper, d.auc);
    EXPECT_LE(d.upper, 1.0);
    const auto curve = roc_curve(score, positive);
    double area = 0;
    for (std::size_t i = 1; i < curve.size(); ++i)
        area += (curve[i].first - curve[i - 1].first) * (curve[i].second + curve[i - 1].second) / 2;
    EXPECT_DOUBLE_EQ(area, d.auc);
    EXPECT_EQ(curve.back(), std::pair(1.0, 1.0));
}

TEST(Discrimination, AgreesWithRanksAndDeLongByHand) {
    // A symmetrical case: every positive 1 … 4 plus ½ against 1 … 4. Placements 1/4, 2/4, 3/4, 4/4.
    const std::vector<double> score{1.5, 2.5, 3.5, 4.5, 1, 2, 3, 4};
    const std::vector<char> positive{1, 1, 1, 1, 0, 0, 0, 0};
    const auto d = discriminate(score, positive);
    EXPECT_DOUBLE_EQ(d.auc, 0.625);
    // var of placements 5/48 in each class, so the error is √(2·5/48/4).
    const double error = std::sqrt(2 * 5.0 / 48 / 4), logit = std::log(0.625 / 0.375);
    EXPECT_NEAR(d.lower, 1 / (1 + std::exp(-(logit - 1.959963984540054 * error / (0.625 * 0.375)))), 1e-12);
    // U = 10, mean 8, variance 4·4·9/12 = 12.
    EXPECT_NEAR(d.p, 2 * normal_probability(-2 / std::sqrt(12.0)), 1e-12);
    EXPECT_DOUBLE_EQ(discriminate(std::vector<double>{1, 1, 1}, std::vector<char>{1, 0, 0}).p, 1.0);
    EXPECT_TRUE(std::isnan(discriminate(std::vector<double>{1, 2}, std::vector<char>{1, 1}).auc));
}

TEST(Logistic, RecoversTheCoefficientsThatMadeTheClasses) {
    const std::size_t n = 20000;
    const auto a = normal_numbers(n, 1), b = normal_numbers(n, 2);
    std::vector<char> positive;
    for (std::size_t i = 0; i < n; ++i)
        positive.push_back(uniform(8, Purpose::prior, i, 0, 0) < 1 / (1 + std::exp(0.5 - a[i] + 0.5 * b[i])));
    const std::vector<std::vector<double>> inputs{a, b};
    const auto fit = logistic(inputs, positive, 0.0);
    ASSERT_TRUE(fit.converged);
    EXPECT_NEAR(fit.coefficients[0], 1.0, 0.05);
    EXPECT_NEAR(fit.coefficients[1], -0.5, 0.05);
    const auto scores = cross_validated(inputs, positive);
    const auto alone = discriminate(a, positive), both = discriminate(scores, positive);
    EXPECT_GT(both.lower, alone.auc) << "two say more than one";
}

TEST(Logistic, CrossValidationShowsThatNoiseSaysNothing) {
    std::vector<std::vector<double>> noise;
    for (std::uint32_t k = 0; k < 20; ++k) noise.push_back(normal_numbers(60, 10 + k));
    std::vector<char> positive;
    for (int i = 0; i < 60; ++i) positive.push_back(i / 2 % 2);
    std::vector<double> own;
    const auto fit = logistic(noise, positive);
    for (std::size_t i = 0; i < 60; ++i) {
        std::vector<double> row;
        for (const auto& column : noise) row.push_back(column[i]);
        own.push_back(fit.score(row));
    }
    EXPECT_GT(discriminate(own, positive).auc, 0.8);
    EXPECT_LT(discriminate(cross_validated(noise, positive), positive).lower, 0.6);
}

}  // namespace
}  // namespace abscopal
