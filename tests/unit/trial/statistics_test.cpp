// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
// Golden values: R 4.2.2, package survival 3.5-3 (survfit, quantile) and binom.test.
#include "abscopal/statistics.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace abscopal {
namespace {

struct Sample {
    std::vector<double> times;
    std::vector<char> events;
    SurvivalCurve curve(SurvivalInterval kind = SurvivalInterval::log_log) const {
        return kaplan_meier(times, events, kind);
    }
};

/// Survival in acute myelogenous leukaemia with and without maintenance (Miller 1997, Survival Analysis),
/// weeks.
const Sample maintained{{9, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161}, {1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0}};
const Sample not_maintained{{5, 5, 8, 8, 12, 16, 23, 27, 30, 33, 43, 45},
                            {1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1}};
/// Ties of every sort.
const Sample tied{{1, 1, 2, 2, 2, 3, 4, 4, 5, 6, 6, 6, 8, 9, 9, 10},
                  {1, 0, 1, 1, 0, 0, 1, 1, 0, 1, 1, 0, 0, 1, 1, 1}};

constexpr std::array kinds{SurvivalInterval::plain, SurvivalInterval::log, SurvivalInterval::log_log,
                           SurvivalInterval::logit, SurvivalInterval::arcsin};

SurvivalStep at(const SurvivalCurve& curve, double time) {
    for (const auto& step : curve.steps)
        if (step.time == time) return step;
    ADD_FAILURE() << "no step at " << time;
    return {};
}

TEST(KaplanMeier, survival_of_the_leukaemia_data) {
    EXPECT_NEAR(at(maintained.curve(), 23).survival, 0.613636363636364, 1e-14);
    EXPECT_NEAR(at(maintained.curve(), 31).survival, 0.490909090909091, 1e-14);
    EXPECT_NEAR(at(not_maintained.curve(), 30).survival, 0.291666666666667, 1e-14);
}

TEST(KaplanMeier, five_kinds_of_interval_agree_with_R) {
    constexpr std::array<std::array<double, 4>, 5> golden{{
        {0.3144824919464367, 0.912790235326290, 0.1957815234786194, 0.776440698743603},
        {0.376867059501680, 0.999157600228473, 0.267518248858267, 0.883319225339558},
        {0.2657520400012861, 0.835299243250221, 0.1918766196187283, 0.729671569779485},
        {0.3102037123890582, 0.848696532682434, 0.2283264891383349, 0.751503157264650},
        {0.312169781956037, 0.873541088558101, 0.214113772991882, 0.762664609215056},
    }};
    for (std::size_t k = 0; k < kinds.size(); ++k) {
        const auto with = at(maintained.curve(kinds[k]), 23),
                   without = at(not_maintained.curve(kinds[k]), 23);
        EXPECT_NEAR(with.lower, golden[k][0], 1e-12);
        EXPECT_NEAR(with.upper, golden[k][1], 1e-12);
        EXPECT_NEAR(without.lower, golden[k][2], 1e-12);
        EXPECT_NEAR(without.upper, golden[k][3], 1e-12);
    }
}

TEST(KaplanMeier, ties_count_as_R_counts_them) {
    const auto curve = tied.curve();
    ASSERT_EQ(curve.steps.size(), 9U);
    constexpr std::array<std::array<std::size_t, 3>, 9> counts{{{16, 1, 1},
                                                                {14, 2, 1},
                                                                {11, 0, 1},
                                                                {10, 2, 0},
                                                                {8, 0, 1},
                                                                {7, 2, 1},
                                                                {4, 0, 1},
                                                                {3, 2, 0},
                                                                {1, 1, 0}}};
    for (std::size_t i = 0; i < counts.size(); ++i) {
        EXPECT_EQ(curve.steps[i].at_risk, counts[i][0]);
        EXPECT_EQ(curve.steps[i].events, counts[i][1]);
        EXPECT_EQ(curve.steps[i].censored, counts[i][2]);
    }
    EXPECT_NEAR(at(curve, 9).lower, 0.00929622188836273, 1e-14);
    EXPECT_NEAR(at(curve, 9).upper, 0.470934098740049, 1e-12);
    EXPECT_NEAR(at(tied.curve(SurvivalInterval::arcsin), 1).upper, 0.999940945671213, 1e-12);
}

TEST(KaplanMeier, limits_are_undefined_at_survival_one_and_zero) {
    EXPECT_TRUE(std::isnan(at(tied.curve(), 10).lower));
    EXPECT_TRUE(std::isnan(at(tied.curve(SurvivalInterval::plain), 10).upper));
    const std::array<double, 2> times{1, 2};
    const std::array<char, 2> events{0, 1};
    EXPECT_TRUE(std::isnan(kaplan_meier(times, events).steps.front().upper));
    EXPECT_EQ(kaplan_meier(times, events, SurvivalInterval::plain).steps.front().lower, 1.0);
}

TEST(Median, brookmeyer_crowley_intervals_agree_with_R) {
    constexpr double not_reached = -1;
    constexpr std::array<std::array<double, 4>, 5> golden{{{18, 48, 8, 33},
                                                           {18, not_reached, 8, not_reached},
                                                           {13, not_reached, 5, 33},
                                                           {13, not_reached, 8, 43},
                                                           {18, not_reached, 8, 33}}};
    const auto shown = [](double time) { return std::isnan(time) ? -1.0 : time; };
    for (std::size_t k = 0; k < kinds.size(); ++k) {
        const auto with = maintained.curve(kinds[k]), without = not_maintained.curve(kinds[k]);
        EXPECT_EQ(with.median, 31);
        EXPECT_EQ(without.median, 23);
        EXPECT_EQ(shown(with.median_lower), golden[k][0]);
        EXPECT_EQ(shown(with.median_upper), golden[k][1]);
        EXPECT_EQ(shown(without.median_lower), golden[k][2]);
        EXPECT_EQ(shown(without.median_upper), golden[k][3]);
    }
}

TEST(Median, rests_at_one_half_count_to_their_middle) {
    const std::array<double, 4> times{1, 2, 3, 4};
    EXPECT_EQ(kaplan_meier(times, std::array<char, 4>{1, 1, 1, 0}).median, 2.5);
    EXPECT_EQ(kaplan_meier(times, std::array<char, 4>{1, 1, 0, 0}).median, 3.0);
    EXPECT_EQ(kaplan_meier(times, std::array<char, 4>{1, 1, 1, 1}).median_lower, 1.0);
}

TEST(Median, is_not_reached_without_enough_events) {
    const std::array<double, 3> times{3, 1, 2};
    EXPECT_TRUE(std::isnan(kaplan_meier(times, std::array<char, 3>{0, 0, 0}).median));
    EXPECT_TRUE(std::isnan(kaplan_meier({}, {}).median));
    EXPECT_EQ(kaplan_meier(times, std::array<char, 3>{0, 0, 0}).steps.back().survival, 1.0);
}

TEST(KaplanMeier, order_of_subjects_does_not_matter) {
    Sample reversed = tied;
    std::reverse(reversed.times.begin(), reversed.times.end());
    std::reverse(reversed.events.begin(), reversed.events.end());
    const auto a = tied.curve(), b = reversed.curve();
    for (std::size_t i = 0; i < a.steps.size(); ++i) EXPECT_EQ(a.steps[i].survival, b.steps[i].survival);
}

TEST(ClopperPearson, golden_values) {
    const auto check = [](std::size_t x, std::size_t n, double level, double lower, double upper) {
        const auto interval = clopper_pearson(x, n, level);
        EXPECT_NEAR(interval.lower, lower, 1e-12);
        EXPECT_NEAR(interval.upper, upper, 1e-12);
    };
    check(5, 20, 0.95, 0.0865714691014346, 0.4910458717079575);
    check(0, 20, 0.95, 0.0, 0.168433470983085);
    check(20, 20, 0.95, 0.831566529016915, 1.0);
    check(7, 200, 0.90, 0.0165396350178951, 0.0647325221368485);
    check(0, 0, 0.95, 0.0, 1.0);
}

}  // namespace
}  // namespace abscopal
