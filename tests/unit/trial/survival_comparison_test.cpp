// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
// Golden values: R 4.2.2, package survival 3.5-3 (survdiff, coxph, cox.zph, survfit), unless a test says
// otherwise.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <vector>

#include "abscopal/statistics.hpp"
#include "unit/trial/lung.hpp"

namespace abscopal {
namespace {

namespace lung = test::lung;

/// Acute myelogenous leukaemia (Miller 1997): maintained first, weeks.
const std::vector<double> weeks{9, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161, 5,
                                5, 8,  8,  12, 16, 23, 27, 30, 33, 43, 45};
const std::vector<char> relapsed{1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1};
const std::vector<std::size_t> unmaintained{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1,
                                            1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
const GroupedTimes leukaemia{{weeks, relapsed}, unmaintained};
const GroupedTimes lung_by_sex{{lung::days, lung::died}, lung::sex};

std::vector<double> leukaemia_weights() {
    std::vector<double> weights;
    for (std::size_t i = 0; i < weeks.size(); ++i) weights.push_back(std::array{1.0, 2.0, 0.5, 1.5}[i % 4]);
    return weights;
}

/// The 227 whose ECOG is known.
struct KnownEcog {
    std::vector<double> days, age, ecog, sex;
    std::vector<char> died;
    std::vector<std::size_t> sex_group, ecog_group;
    KnownEcog() {
        for (std::size_t i = 0; i < lung::days.size(); ++i) {
            if (lung::ecog[i] < 0) continue;
            days.push_back(lung::days[i]);
            died.push_back(lung::died[i]);
            age.push_back(lung::age[i]);
            ecog.push_back(lung::ecog[i]);
            sex.push_back(static_cast<double>(lung::sex[i]));
            sex_group.push_back(lung::sex[i]);
            ecog_group.push_back(static_cast<std::size_t>(lung::ecog[i]));
        }
    }
};

TEST(LogRank, golden_values_of_leukaemia_and_lung) {
    EXPECT_NEAR(log_rank(leukaemia).chi_square, 3.3963886989776, 1e-12);
    EXPECT_NEAR(log_rank(lung_by_sex).chi_square, 10.3267419548856, 1e-11);
    EXPECT_NEAR(log_rank(lung_by_sex, {1, 0}).chi_square, 12.7141514011575, 1e-11);
    EXPECT_EQ(log_rank(leukaemia).degrees, 1U);
    EXPECT_GT(log_rank(leukaemia).z, 0.0) << "without maintenance there are more relapses";
}

TEST(LogRank, stratified_and_of_many_groups) {
    const KnownEcog known;
    const GroupedTimes stratified{{known.days, known.died}, known.sex_group, known.ecog_group};
    EXPECT_NEAR(log_rank(stratified).chi_square, 10.7950596334964, 1e-11);
    const GroupedTimes by_ecog{{known.days, known.died}, known.ecog_group};
    EXPECT_NEAR(log_rank(by_ecog).chi_square, 21.962131682476, 1e-11);
    EXPECT_EQ(log_rank(by_ecog).degrees, 3U);
}

TEST(LogRank, unit_weights_leave_the_score_and_change_the_variance_little) {
    const std::vector<double> ones(lung::days.size(), 1.0);
    GroupedTimes weighted = lung_by_sex;
    weighted.sample.weights = ones;
    const auto a = log_rank(lung_by_sex), b = log_rank(weighted);
    EXPECT_NEAR(a.expected[1], b.expected[1], 1e-10);
    EXPECT_NEAR(a.chi_square, b.chi_square, 0.05 * a.chi_square);
    for (auto* test : {&a, &b}) EXPECT_NEAR(test->z * test->z, test->chi_square, 1e-9);
}

TEST(LogRank, says_nothing_without_events_or_with_one_group) {
    const std::vector<double> times{1, 2, 3};
    const std::vector<char> none{0, 0, 0};
    const std::vector<std::size_t> groups{0, 1, 0}, one{0, 0, 0};
    EXPECT_TRUE(std::isnan(log_rank({{times, none}, groups}).p));
    EXPECT_TRUE(std::isnan(log_rank({{times, std::vector<char>{1, 1, 1}}, one}).p));
    EXPECT_TRUE(std::isnan(log_rank({}).p));
    EXPECT_TRUE(std::isnan(max_combo({{times, none}, groups}).p_two_sided));
}

TEST(MaxCombo, golden_values_of_lung) {
    // R, two-sided and one-sided p by 1e6 draws (± 0.00003).
    const auto test = max_combo(lung_by_sex);
    constexpr std::array z{-3.2135248, -1.8601033, -2.7685344, -3.5656909};
    for (std::size_t k = 0; k < 4; ++k) EXPECT_NEAR(test.z[k], z[k], 1e-7);
    EXPECT_NEAR(test.correlation[0][1], 0.8406802, 1e-7);
    EXPECT_NEAR(test.correlation[0][2], 0.9267492, 1e-7);
    EXPECT_NEAR(test.correlation[0][3], 0.9193489, 1e-7);
    EXPECT_NEAR(test.correlation[1][2], 0.8715199, 1e-7);
    EXPECT_NEAR(test.correlation[1][3], 0.5598165, 1e-7);
    EXPECT_NEAR(test.correlation[2][3], 0.7848592, 1e-7);
    EXPECT_NEAR(test.p_two_sided, 0.00099, 0.00003);
    EXPECT_NEAR(test.p_one_sided, 0.00049, 0.00003);
}

TEST(MultivariateNormal, orthants_and_products_have_closed_forms) {
    const double infinity = std::numeric_limits<double>::infinity();
    const std::array<double, 2> zero{0, 0}, up{infinity, infinity};
    for (const double r : {-0.9, -0.3, 0.0, 0.5, 0.99}) {
        const auto p = multivariate_normal(zero, up, {{1, r}, {r, 1}});
        EXPECT_NEAR(p.value, 0.25 + std::asin(r) / (2 * M_PI), 1e-5) << r;
    }
    const std::array<double, 3> zero3{0, 0, 0}, up3{infinity, infinity, infinity};
    const double a = 0.3, b = -0.2, c = 0.6;
    EXPECT_NEAR(multivariate_normal(zero3, up3, {{1, a, b}, {a, 1, c}, {b, c, 1}}).value,
                0.125 + (std::asin(a) + std::asin(b) + std::asin(c)) / (4 * M_PI), 1e-5);
    const std::array<double, 4> low{-1, -2, -3, -1}, high{1, 1, 0.5, 2};
    double product = 1.0;
    std::vector<std::vector<double>> identity(4, std::vector<double>(4, 0.0));
    for (std::size_t k = 0; k < 4; ++k) {
        identity[k][k] = 1.0;
        product *= 0.5 * (std::erfc(-high[k] / std::sqrt(2)) - std::erfc(-low[k] / std::sqrt(2)));
    }
    EXPECT_NEAR(multivariate_normal(low, high, identity).value, product, 1e-12);
}

TEST(MultivariateNormal, a_variable_given_twice_counts_once) {
    const std::array<double, 2> low{-1, -2}, high{1, 0.5};
    const auto p = multivariate_normal(low, high, {{1, 1}, {1, 1}});
    EXPECT_NEAR(p.value, 0.5 * (std::erfc(-0.5 / std::sqrt(2)) - std::erfc(1 / std::sqrt(2))), 1e-4);
}

TEST(Cox, leukaemia_with_both_rules_for_ties) {
    const std::vector<std::vector<double>> x{{unmaintained.begin(), unmaintained.end()}};
    const auto efron = cox(leukaemia, x), breslow = cox(leukaemia, x, Ties::breslow);
    EXPECT_NEAR(efron.coefficients[0], 0.915532575014718, 1e-11);
    EXPECT_NEAR(efron.standard_errors[0], 0.5119343, 1e-7);
    EXPECT_NEAR(breslow.coefficients[0], 0.9042197236857, 1e-11);
    EXPECT_NEAR(breslow.standard_errors[0], 0.5122479, 1e-7);
    EXPECT_NEAR(efron.proportional_chi_square[0], 0.00787507772332374, 1e-10);
    const auto ratio = hazard_ratio(leukaemia);
    EXPECT_NEAR(ratio.ratio, std::exp(0.915532575014718), 1e-10);
    EXPECT_NEAR(ratio.interval.lower, std::exp(0.915532575014718 - 1.959963984540054 * 0.5119343), 1e-6);
}

TEST(Cox, lung_stratified_with_covariates) {
    const KnownEcog known;
    const GroupedTimes data{{known.days, known.died}, known.sex_group, known.sex_group};
    const auto fit = cox(data, std::vector{known.age, known.ecog});
    EXPECT_NEAR(fit.coefficients[0], 0.0105662546009495, 1e-11);
    EXPECT_NEAR(fit.coefficients[1], 0.4624244343582905, 1e-11);
    EXPECT_NEAR(fit.standard_errors[0], 0.00924137389309218, 1e-11);
    EXPECT_NEAR(fit.standard_errors[1], 0.11476109785480394, 1e-11);
    EXPECT_NEAR(fit.log_likelihood_null, -638.509764984236, 1e-9);
    EXPECT_NEAR(fit.log_likelihood, -628.770939501205, 1e-9);
}

TEST(Cox, test_of_proportional_hazards_agrees_with_cox_zph) {
    const KnownEcog known;
    const GroupedTimes data{{known.days, known.died}, known.sex_group};
    const auto fit = cox(data, std::vector{known.age, known.ecog, known.sex});
    EXPECT_NEAR(fit.proportional_chi_square[0], 0.18798767365229, 1e-8);
    EXPECT_NEAR(fit.proportional_chi_square[1], 2.05424877405441, 1e-8);
    EXPECT_NEAR(fit.proportional_chi_square[2], 2.30543722740497, 1e-8);
    EXPECT_NEAR(fit.proportional_global, 4.46365758875861, 1e-8);
}

TEST(Cox, weighted_fits_have_the_sandwich_variance) {
    const auto weights = leukaemia_weights();
    GroupedTimes data = leukaemia;
    data.sample.weights = weights;
    const std::vector<std::vector<double>> x{{unmaintained.begin(), unmaintained.end()}};
    const auto efron = cox(data, x), breslow = cox(data, x, Ties::breslow);
    EXPECT_NEAR(efron.coefficients[0], 0.91339298228662, 1e-10);
    EXPECT_NEAR(efron.standard_errors[0], 0.514110683090083, 1e-10);
    EXPECT_NEAR(efron.log_likelihood, -57.8478603106079, 1e-9);
    EXPECT_NEAR(breslow.coefficients[0], 0.897195032706992, 1e-10);
    EXPECT_NEAR(breslow.standard_errors[0], 0.507628146855354, 1e-10);
}

TEST(Cox, says_when_no_finite_ratio_exists) {
    const std::vector<double> times{1, 2, 3, 4, 5, 6};
    const std::vector<char> events{1, 1, 1, 0, 0, 0}, none{0, 0, 0, 0, 0, 0};
    const std::vector<std::size_t> apart{1, 1, 1, 0, 0, 0}, same{0, 0, 0, 0, 0, 0};
    EXPECT_FALSE(hazard_ratio({{times, events}, apart}).converged);
    EXPECT_TRUE(std::isnan(hazard_ratio({{times, events}, apart}).ratio));
    EXPECT_FALSE(hazard_ratio({{times, none}, apart}).converged);
    EXPECT_FALSE(hazard_ratio({{times, events}, same}).converged);
    EXPECT_FALSE(hazard_ratio({}).converged);
}

TEST(Cox, covariates_may_be_large_and_shifted) {
    std::vector<double> shifted, scaled;
    for (const auto g : unmaintained) {
        shifted.push_back(static_cast<double>(g) + 1e6);
        scaled.push_back(static_cast<double>(g) * 1e4);
    }
    EXPECT_NEAR(cox(leukaemia, std::vector<std::vector<double>>{shifted}).coefficients[0], 0.915532575014718,
                1e-8);
    EXPECT_NEAR(cox(leukaemia, std::vector<std::vector<double>>{scaled}).coefficients[0],
                0.915532575014718e-4, 1e-12);
}

TEST(RestrictedMean, golden_values_of_lung) {
    std::vector<double> days[2];
    std::vector<char> died[2];
    for (std::size_t i = 0; i < lung::days.size(); ++i) {
        days[lung::sex[i]].push_back(lung::days[i]);
        died[lung::sex[i]].push_back(lung::died[i]);
    }
    const EventTimes male{days[0], died[0]}, female{days[1], died[1]};
    const auto a = restricted_mean(male, 600), b = restricted_mean(female, 600);
    EXPECT_NEAR(a.value, 297.2674805758112, 1e-9);
    EXPECT_NEAR(a.standard_error, 16.9122475619312, 1e-9);
    EXPECT_NEAR(b.value, 397.4147355272218, 1e-9);
    EXPECT_NEAR(b.standard_error, 21.4293640273467, 1e-9);
    const auto gain = difference(b, a);
    EXPECT_NEAR(gain.value, 100.1472549514106, 1e-9);
    EXPECT_NEAR(gain.standard_error, std::hypot(16.9122475619312, 21.4293640273467), 1e-9);
    EXPECT_EQ(common_horizon(std::array{male, female}), 965.0);
    EXPECT_TRUE(std::isnan(restricted_mean(female, 1000).value)) << "subjects were still at risk at the end";
}

TEST(RestrictedMean, without_censoring_is_the_mean_of_times_cut_at_the_horizon) {
    const std::vector<double> times{1, 2, 4, 7, 11};
    const std::vector<char> events(5, 1);
    EXPECT_NEAR(restricted_mean({times, events}, 20).value, 5.0, 1e-14);
    EXPECT_NEAR(restricted_mean({times, events}, 3).value, (1 + 2 + 3 + 3 + 3) / 5.0, 1e-14);
    EXPECT_NEAR(restricted_mean({times, events}, 20).standard_error, std::sqrt((16 + 9 + 1 + 4 + 36) / 25.0),
                1e-12);
}

TEST(KaplanMeier, weighted_curve_has_the_jackknife_variance) {
    const auto weights = leukaemia_weights();
    const EventTimes sample{std::span(weeks).first(11), std::span(relapsed).first(11),
                            std::span(weights).first(11)};
    const auto curve = kaplan_meier(sample);
    const std::array<double, 7> survival{0.9259259259259259, 0.7777777777777778, 0.6611111111111111,
                                         0.5833333333333333, 0.5303030303030302, 0.3712121212121211,
                                         0.0742424242424242};
    const std::array<double, 7> error{0.0726893898463197, 0.1439741208603778, 0.1629288801807454,
                                      0.1676948736387573, 0.1704372775656270, 0.1787481084792558,
                                      0.0789809083238757};
    std::size_t k = 0;
    for (const auto& step : curve.steps) {
        if (step.events == 0) continue;
        EXPECT_NEAR(step.survival, survival[k], 1e-13);
        EXPECT_NEAR(step.survival * std::sqrt(step.log_variance), error[k], 1e-12);
        ++k;
    }
    EXPECT_EQ(k, 7U);
}

TEST(KaplanMeier, unit_weights_give_the_unweighted_variance) {
    const std::vector<double> ones(weeks.size(), 1.0);
    const auto a = kaplan_meier({weeks, relapsed}), b = kaplan_meier({weeks, relapsed, ones});
    for (std::size_t i = 0; i + 1 < a.steps.size(); ++i) {
        EXPECT_NEAR(a.steps[i].log_variance, b.steps[i].log_variance, 1e-12);
        EXPECT_EQ(a.steps[i].survival, b.steps[i].survival);
    }
    EXPECT_NEAR(restricted_mean({weeks, relapsed}, 40).standard_error,
                restricted_mean({weeks, relapsed, ones}, 40).standard_error, 1e-12);
}

TEST(KaplanMeier, reverse_curve_is_follow_up) {
    const auto curve =
        follow_up({std::span(weeks).first(11), std::span(relapsed).first(11)}, SurvivalInterval::log);
    EXPECT_EQ(curve.median, 103);
    EXPECT_EQ(curve.median_lower, 28);
    EXPECT_TRUE(std::isnan(curve.median_upper));
}

TEST(Milestone, is_the_curve_at_a_time) {
    const auto curve = kaplan_meier({std::span(weeks).first(11), std::span(relapsed).first(11)});
    EXPECT_EQ(milestone(curve, 1).survival, 1.0);
    EXPECT_NEAR(milestone(curve, 25).survival, 0.613636363636364, 1e-14);
    EXPECT_NEAR(milestone(curve, 25).lower, 0.2657520400012861, 1e-12);
    EXPECT_EQ(milestone(curve, 25).at_risk, 6U);
    EXPECT_TRUE(std::isnan(milestone(curve, 200).survival));
    const auto other = kaplan_meier({std::span(weeks).last(12), std::span(relapsed).last(12)});
    EXPECT_GT(milestone_z(milestone(curve, 25), milestone(other, 25)), 0.0);
    EXPECT_NEAR(milestone_z(milestone(curve, 25), milestone(curve, 25)), 0.0, 1e-15);
    EXPECT_EQ(milestone(other, 200).survival, 0.0);
}

TEST(AalenJohansen, golden_values_with_and_without_weights) {
    const std::vector<double> times{1, 2, 2, 3, 4, 5, 5, 6, 7, 8, 9, 10};
    const std::vector<std::size_t> cause{1, 2, 1, 0, 1, 2, 1, 0, 2, 1, 0, 1};
    const auto steps = aalen_johansen(times, cause, 2);
    EXPECT_NEAR(steps[4].event_free, 0.468750000000000, 1e-14);
    EXPECT_NEAR(steps[4].incidence[0], 0.3541666666666666, 1e-14);
    EXPECT_NEAR(steps[4].standard_error[0], 0.1432686183040122, 1e-13);
    EXPECT_NEAR(steps[4].standard_error[1], 0.1140097702826710, 1e-13);
    EXPECT_NEAR(steps.back().incidence[0], 0.7057291666666666, 1e-14);
    EXPECT_NEAR(steps.back().standard_error[0], 0.1447256497306524, 1e-13);
    std::vector<double> weights;
    for (std::size_t i = 0; i < times.size(); ++i) weights.push_back(std::array{1.0, 2.0, 0.5}[i % 3]);
    const auto weighted = aalen_johansen(times, cause, 2, weights);
    EXPECT_NEAR(weighted[4].incidence[0], 0.3439849624060151, 1e-14);
    EXPECT_NEAR(weighted[4].standard_error[0], 0.1605102270453644, 1e-13);
    EXPECT_NEAR(weighted.back().standard_error[0], 0.1418708682614465, 1e-13);
}

TEST(AalenJohansen, of_one_cause_is_the_complement_of_kaplan_meier) {
    const std::vector<std::size_t> cause(relapsed.begin(), relapsed.end());
    const auto curve = kaplan_meier({weeks, relapsed});
    const auto steps = aalen_johansen(weeks, cause, 1);
    for (std::size_t i = 0; i + 1 < steps.size(); ++i) {
        EXPECT_NEAR(steps[i].incidence[0], 1.0 - curve.steps[i].survival, 1e-13);
        EXPECT_NEAR(steps[i].standard_error[0],
                    curve.steps[i].survival * std::sqrt(curve.steps[i].log_variance), 1e-12);
    }
}

TEST(Interaction, is_the_likelihood_ratio_of_lung) {
    // anova(coxph(~ sex + factor(ecog)), coxph(~ sex * factor(ecog))) with ECOG 2 and 3 taken together.
    std::vector<double> days;
    std::vector<char> died;
    std::vector<std::size_t> sex, ecog;
    for (std::size_t i = 0; i < lung::days.size(); ++i) {
        if (lung::ecog[i] < 0) continue;
        days.push_back(lung::days[i]), died.push_back(lung::died[i]);
        sex.push_back(static_cast<std::size_t>(lung::sex[i]));
        ecog.push_back(std::min<std::size_t>(2, static_cast<std::size_t>(lung::ecog[i])));
    }
    const auto test = interaction({{days, died}, sex}, ecog);
    EXPECT_NEAR(test.chi_square, 0.472736570237657, 1e-9);
    EXPECT_EQ(test.degrees, 2U);
    EXPECT_TRUE(std::isnan(interaction({{days, died}, sex}, std::vector<std::size_t>(days.size(), 1)).p));
}

}  // namespace
}  // namespace abscopal
