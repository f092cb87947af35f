// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "abscopal/cohort.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <set>

#include "base/random.hpp"
#include "trial/design.hpp"
#include "trial/normal_score.hpp"

namespace abscopal {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

Prior prior(Law law, double centre, double spread, double lower = -infinity, double upper = infinity) {
    return {"x", law, centre, spread, lower, upper, "", "", {}};
}

/// Kolmogorov–Smirnov distance of the numbers from a law whose distribution function is `cdf`.
template <class Cdf>
double ks_distance(std::vector<double> x, Cdf cdf) {
    std::sort(x.begin(), x.end());
    const double n = static_cast<double>(x.size());
    double distance = 0.0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        const double f = cdf(x[i]), below = static_cast<double>(i) / n;
        distance = std::max({distance, f - below, below + 1.0 / n - f});
    }
    return distance;
}

double phi(double z) {
    return 0.5 * std::erfc(-z / std::sqrt(2.0));
}

std::vector<double> column(const Cohort& cohort, std::size_t c) {
    std::vector<double> values;
    for (const auto& row : cohort.rows) values.push_back(row[c]);
    return values;
}

double correlation(const std::vector<double>& a, const std::vector<double>& b) {
    double sa = 0, sb = 0, saa = 0, sbb = 0, sab = 0;
    const double n = static_cast<double>(a.size());
    for (std::size_t i = 0; i < a.size(); ++i) {
        sa += a[i], sb += b[i];
        saa += a[i] * a[i], sbb += b[i] * b[i], sab += a[i] * b[i];
    }
    return (sab - sa * sb / n) / std::sqrt((saa - sa * sa / n) * (sbb - sb * sb / n));
}

constexpr std::size_t many = 1 << 15;
// P(KS > 2.23 / sqrt(n)) = 1e-4 for a true law.
const double ks_limit = 2.23 / std::sqrt(static_cast<double>(many));

class EverySampling : public testing::TestWithParam<Sampling> {};

TEST_P(EverySampling, draws_follow_their_law) {
    const double normal_mass = phi(1.5) - phi(-0.5);
    const std::vector<std::pair<Prior, std::function<double(double)>>> cases{
        {prior(Law::normal, 3.0, 2.0), [](double x) { return phi((x - 3.0) / 2.0); }},
        {prior(Law::lognormal, 0.0072, 0.8), [](double x) { return phi(std::log(x / 0.0072) / 0.8); }},
        {prior(Law::uniform, 0, 0, -1.0, 4.0), [](double x) { return (x + 1.0) / 5.0; }},
        {prior(Law::loguniform, 0, 0, 1e-3, 0.1),
         [](double x) { return std::log(x / 1e-3) / std::log(100.0); }},
        {prior(Law::normal, 3.0, 2.0, 2.0, 6.0),
         [=](double x) { return (phi((x - 3.0) / 2.0) - phi(-0.5)) / normal_mass; }},
        {prior(Law::lognormal, 1.0, 1.0, std::exp(-0.5), std::exp(1.5)),
         [=](double x) { return (phi(std::log(x)) - phi(-0.5)) / normal_mass; }}};
    Population population;
    population.sampling = GetParam();
    for (const auto& [law, cdf] : cases) population.priors.push_back(law);
    const Cohort cohort = sample(population, 7, 0, many, many);
    for (std::size_t c = 0; c < cases.size(); ++c) {
        EXPECT_LT(ks_distance(column(cohort, c), cases[c].second), ks_limit) << "case " << c;
        const auto& law = cases[c].first;
        for (const double x : column(cohort, c))
            ASSERT_TRUE(x >= law.lower && x <= law.upper) << "case " << c;
    }
    for (std::size_t a = 0; a < cases.size(); ++a) {
        for (std::size_t b = 0; b < a; ++b) {
            EXPECT_LT(std::fabs(correlation(column(cohort, a), column(cohort, b))),
                      4 / std::sqrt(double{many}))
                << a << " " << b;
        }
    }
}

TEST_P(EverySampling, a_row_does_not_depend_on_where_the_block_begins) {
    Population population;
    population.sampling = GetParam();
    population.priors = {prior(Law::normal, 0, 1), prior(Law::lognormal, 2, 0.5),
                         prior(Law::uniform, 0, 0, 0, 1)};
    population.priors[1].parameter = "y";
    population.priors[2].parameter = "z";
    population.correlations = {{"x", "y", 0.5, {}}};
    const Cohort whole = sample(population, 11, 0, 100, 100), part = sample(population, 11, 37, 20, 100);
    for (std::size_t i = 0; i < part.rows.size(); ++i) EXPECT_EQ(part.rows[i], whole.rows[37 + i]);
    EXPECT_NE(sample(population, 12, 0, 1, 100).rows, sample(population, 11, 0, 1, 100).rows);
}

TEST_P(EverySampling, a_further_prior_leaves_the_others_alone) {
    Population population;
    population.sampling = GetParam();
    population.priors = {prior(Law::normal, 0, 1)};
    const auto before = column(sample(population, 5, 0, 50, 50), 0);
    population.priors.push_back(prior(Law::uniform, 0, 0, 0, 1));
    EXPECT_EQ(column(sample(population, 5, 0, 50, 50), 0), before);
}

TEST_P(EverySampling, the_copula_gives_the_scores_their_correlation) {
    Population population;
    population.sampling = GetParam();
    population.priors = {prior(Law::lognormal, 1, 0.4), prior(Law::lognormal, 2, 0.7),
                         prior(Law::uniform, 0, 0, 0, 1)};
    population.priors[0].parameter = "a";
    population.priors[1].parameter = "b";
    population.priors[2].parameter = "c";
    population.correlations = {{"a", "b", 0.8, {}}, {"b", "c", -0.3, {}}};
    const Cohort cohort = sample(population, 3, 0, many, many);
    std::vector<double> a, b, c;
    for (const auto& row : cohort.rows) {
        a.push_back(std::log(row[0]));
        b.push_back(std::log(row[1]));
        c.push_back(normal_score(row[2]));
    }
    EXPECT_NEAR(correlation(a, b), 0.8, 0.01);
    EXPECT_NEAR(correlation(b, c), -0.3, 0.02);
    EXPECT_NEAR(correlation(a, c), 0.0, 0.025);
    EXPECT_LT(ks_distance(b, [](double x) { return phi((x - std::log(2.0)) / 0.7); }), ks_limit);
}

INSTANTIATE_TEST_SUITE_P(Designs, EverySampling,
                         testing::Values(Sampling::random, Sampling::latin_hypercube, Sampling::sobol));

TEST(Quantile, agrees_with_tabulated_normal_quantiles) {
    // Odeh & Evans 1974 and NIST tables, to the digits printed there.
    EXPECT_NEAR(quantile(prior(Law::normal, 0, 1), 0.975), 1.959963984540054, 1e-15);
    EXPECT_NEAR(quantile(prior(Law::normal, 0, 1), 1e-10), -6.361340902404056, 1e-14);
    EXPECT_EQ(quantile(prior(Law::normal, 0, 1), 0.5), 0.0);
    EXPECT_EQ(quantile(prior(Law::lognormal, 2.5, 0.3), 0.5), 2.5);
    EXPECT_EQ(quantile(prior(Law::fixed, 4.0, 0), 0.1), 4.0);
}

TEST(Quantile, stays_exact_far_in_either_tail) {
    const Prior upper = prior(Law::normal, 0, 1, 9.0, 10.0), lower = prior(Law::normal, 0, 1, -10.0, -9.0);
    const double median = quantile(upper, 0.5);
    EXPECT_GT(median, 9.0);
    EXPECT_LT(median, 9.2);  // nearly exponential there, with mean distance 1/9
    EXPECT_DOUBLE_EQ(median, -quantile(lower, 0.5));
}

TEST(Quantile, rises_with_u) {
    for (const auto& law :
         {prior(Law::normal, 1, 2, -1, 3), prior(Law::lognormal, 1, 2), prior(Law::loguniform, 0, 0, 1, 9)}) {
        double last = -infinity;
        for (int k = 1; k < 1000; ++k) {
            const double x = quantile(law, k / 1000.0);
            EXPECT_GE(x, last);
            last = x;
        }
    }
}

TEST(Sobol, every_block_of_a_power_of_two_is_balanced_in_every_dimension) {
    const ScrambledSobol sobol(60);
    for (const std::uint64_t first : {0u, 64u, 1024u}) {
        for (std::size_t d = 0; d < 60; ++d) {
            std::set<int> cells;
            for (std::uint64_t i = first; i < first + 64; ++i)
                cells.insert(static_cast<int>(sobol.point(1, i, d) * 64));
            EXPECT_EQ(cells.size(), 64u) << "dimension " << d;
        }
    }
}

TEST(Sobol, the_first_two_dimensions_form_a_zero_net) {
    const ScrambledSobol sobol(2);
    for (int k = 0; k <= 8; ++k) {
        std::set<std::pair<int, int>> boxes;
        for (std::uint64_t i = 0; i < 256; ++i) {
            boxes.insert({static_cast<int>(sobol.point(9, i, 0) * (1 << k)),
                          static_cast<int>(sobol.point(9, i, 1) * (1 << (8 - k)))});
        }
        EXPECT_EQ(boxes.size(), 256u);
    }
}

TEST(LatinHypercube, puts_one_point_into_each_stratum) {
    for (std::size_t d = 0; d < 5; ++d) {
        std::set<int> strata;
        for (std::uint64_t i = 0; i < 37; ++i)
            strata.insert(static_cast<int>(latin_hypercube(2, i, d, 37) * 37));
        EXPECT_EQ(strata.size(), 37u);
    }
}

TEST(Permutation, is_one_for_every_size) {
    for (std::uint64_t n = 1; n < 70; ++n) {
        std::set<std::uint64_t> places;
        for (std::uint64_t i = 0; i < n; ++i) places.insert(permuted(1, 2, i, n));
        EXPECT_EQ(places.size(), n);
        EXPECT_LT(*places.rbegin(), n);
    }
}

TEST(Philox, gives_the_known_answers_of_Random123) {
    EXPECT_EQ(philox({0, 0, 0, 0}, {0, 0}), (PhiloxCounter{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
    EXPECT_EQ(philox({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff}),
              (PhiloxCounter{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
    EXPECT_EQ(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
              (PhiloxCounter{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(Correlations, that_contradict_each_other_are_refused) {
    Population population;
    for (const char* name : {"a", "b", "c"}) {
        population.priors.push_back(prior(Law::normal, 0, 1));
        population.priors.back().parameter = name;
    }
    population.correlations = {{"a", "b", 0.9, {}}, {"b", "c", 0.9, {}}, {"a", "c", -0.9, {}}};
    EXPECT_THROW(sample(population, 1, 0, 1, 1), InputError);
    population.correlations = {{"a", "bb", 0.9, {}}};
    EXPECT_THROW(sample(population, 1, 0, 1, 1), InputError);
}

class DrawsFile : public testing::Test {
  protected:
    std::string write(const std::string& text) {
        const auto path =
            std::filesystem::temp_directory_path() / ("abscopal_draws_" + std::to_string(getpid()) + ".csv");
        std::ofstream(path) << text;
        return path.string();
    }
};

TEST_F(DrawsFile, gives_rows_in_order_and_ends) {
    Population population;
    population.draws = read_draws(write("k,weight,V\n1,0.5,2\n3,1.5,4\n5,1,6\n"));
    population.priors = {prior(Law::fixed, 9, 0)};
    const Cohort cohort = sample(population, 1, 1, 10, 10);
    EXPECT_EQ(cohort.parameters, (std::vector<std::string>{"x", "k", "V"}));
    EXPECT_EQ(cohort.rows, (std::vector<std::vector<double>>{{9, 3, 4}, {9, 5, 6}}));
    EXPECT_EQ(cohort.weights, (std::vector<double>{1.5, 1}));
    EXPECT_TRUE(sample(population, 1, 3, 10, 10).rows.empty());
}

TEST_F(DrawsFile, names_every_bad_cell) {
    try {
        read_draws(write("k,weight\n1,0.5\nx,-1\ninf,1\n"));
        FAIL();
    } catch (const InputError& error) {
        ASSERT_EQ(error.faults().size(), 3u);
        EXPECT_EQ(error.faults()[0].place.line, 3);
        EXPECT_EQ(error.faults()[1].code, "negative-weight");
        EXPECT_EQ(error.faults()[1].place.column, 3);
        EXPECT_EQ(error.faults()[2].place.line, 4);
    }
}

/// Values of a law at evenly spaced levels.
std::vector<double> spread(const Prior& law) {
    std::vector<double> x;
    for (int i = 0; i < 10000; ++i) x.push_back(quantile(law, (i + 0.5) / 10000));
    return x;
}

double mean(const std::vector<double>& x) {
    double sum = 0;
    for (const double value : x) sum += value;
    return sum / static_cast<double>(x.size());
}

TEST(Prior, LawsOfSharesAndCountsHaveTheirMoments) {
    EXPECT_NEAR(mean(spread(prior(Law::beta, 2, 6))), 0.25, 1e-3);
    EXPECT_NEAR(mean(spread(prior(Law::beta, 1, 1, 0.5, 1.0))), 0.75, 1e-3) << "uniform on its upper half";
    EXPECT_NEAR(quantile(prior(Law::logit_normal, 0.3, 1.2), 0.5), 0.3, 1e-15);
    EXPECT_NEAR(mean(spread(prior(Law::bernoulli, 0.3, 0))), 0.3, 1e-9);
    const auto counts = spread(prior(Law::poisson, 3.5, 0));
    EXPECT_NEAR(mean(counts), 3.5, 5e-3);
    EXPECT_NEAR(static_cast<double>(std::count(counts.begin(), counts.end(), 0.0)) / 10000, std::exp(-3.5),
                2e-4);
    const auto positive = spread(prior(Law::poisson, 1.0, 0, 1.0));
    EXPECT_NEAR(mean(positive), 1 / (1 - std::exp(-1.0)), 2e-3) << "zero-truncated";
    Prior sites = prior(Law::categorical, 0, 0);
    sites.levels = {0.2, 0.5, 0.3}, sites.values = {1, 2, 4};
    EXPECT_NEAR(mean(spread(sites)), 2.4, 1e-9);
}

}  // namespace
}  // namespace abscopal
