// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <gtest/gtest.h>

#include <cmath>

#include "abscopal/statistics.hpp"

// Every probability is over a fixed seed: a claim of three standard errors fails once in 370 seeds, and for
// this one does not.
namespace abscopal {
namespace {

constexpr double month = 30.4375;
constexpr std::size_t n_trials = 20'000;

ArmTimes exponential(double median_days) {
    return {{0.0}, {std::log(2.0) / median_days}};
}

ComparisonPlan plan_of(double hazard_ratio, std::size_t n_patients, std::size_t events) {
    ComparisonPlan plan;
    plan.arms = {exponential(12.0 * month), exponential(12.0 * month / hazard_ratio)};
    plan.n_patients = n_patients;
    plan.enrolment = {18.0 * month, 6.0 * month, 0.0002};
    plan.events = events;
    return plan;
}

TEST(TrialSimulation, keeps_the_error_of_the_first_kind) {
    auto plan = plan_of(1.0, 300, 150);
    const double three_errors = 3.0 * std::sqrt(0.025 * 0.975 / n_trials);
    EXPECT_NEAR(simulate_trials(plan, n_trials, 1).power, 0.025, three_errors);
    plan.looks = {0.5, 0.75};
    EXPECT_NEAR(simulate_trials(plan, n_trials, 2).power, 0.025, three_errors);
    plan.spending = Spending::lan_demets_pocock;
    EXPECT_NEAR(simulate_trials(plan, n_trials, 3).power, 0.025, three_errors);
}

TEST(TrialSimulation, reproduces_the_power_of_a_published_design) {
    // Hazard ratio 0.7, two-sided 0.05, 90 %: 331 events (Schoenfeld 1981).
    const auto result = simulate_trials(plan_of(0.7, 600, 331), n_trials, 3);
    EXPECT_NEAR(result.power, 0.90, 0.01);
    EXPECT_NEAR(result.hazard_ratio, 0.7, 0.01);
    EXPECT_NEAR(result.events, 331.0, 1e-9);
    EXPECT_EQ(result.short_of_events, 0.0);
}

TEST(TrialSimulation, stops_as_often_at_each_look_as_the_integral_says) {
    auto plan = plan_of(0.7, 600, 331);
    plan.looks = {1.0 / 3.0, 2.0 / 3.0};
    plan.futility = {0.0, 0.5};
    const auto result = simulate_trials(plan, n_trials, 4);
    const std::vector<double> information{1.0 / 3.0, 2.0 / 3.0, 1.0};
    std::vector<double> upper, lower{0.0, 0.5, -INFINITY};
    for (const auto& look : result.looks) upper.push_back(look.critical);
    const double drift = -std::log(0.7) * std::sqrt(331.0) / 2.0;
    const auto expected = crossing(information, upper, lower, drift);
    for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_NEAR(result.looks[i].efficacy, expected.upper[i], 0.015) << i;
        if (i == 2) continue;
        EXPECT_NEAR(result.looks[i].stopped, expected.lower[i], 0.01) << i;
    }
    EXPECT_LT(result.events, 331.0);
}

TEST(TrialSimulation, a_delayed_effect_costs_power_and_cures_make_a_plateau) {
    auto plan = plan_of(1.0, 480, 300);
    const double hazard = plan.arms[0].hazard[0];
    plan.arms[1] = {{0.0, 4.0 * month}, {hazard, 0.5 * hazard}};
    const double late = simulate_trials(plan, 2000, 5).power;
    plan.arms[1] = {{0.0}, {0.5 * hazard}};
    EXPECT_LT(late + 0.01, simulate_trials(plan, 2000, 5).power);
    plan.arms = {ArmTimes{{0.0}, {hazard}, 1.0}, ArmTimes{{0.0}, {hazard}, 1.0}};
    plan.cut_off = 60.0 * month;
    const auto nobody = simulate_trials(plan, 10, 5);
    EXPECT_EQ(nobody.events, 0.0);
    EXPECT_EQ(nobody.power, 0.0);
    EXPECT_EQ(nobody.short_of_events, 1.0);
}

TEST(TrialSimulation, resampled_patients_bring_their_law) {
    auto plan = plan_of(0.7, 600, 331);
    const double by_law = simulate_trials(plan, 4000, 6).power;
    for (auto& arm : plan.arms) {
        for (int i = 0; i < 4000; ++i) {
            arm.times.push_back(-std::log((i + 0.5) / 4000.0) / arm.hazard[0]);
            arm.is_event.push_back(1);
        }
    }
    EXPECT_NEAR(simulate_trials(plan, 4000, 7).power, by_law, 0.025);
}

TEST(Enrolment, half_of_the_final_rate_during_the_ramp) {
    const Enrolment enrolment{100.0, 40.0, 0.0};
    EXPECT_DOUBLE_EQ(entry_day(enrolment, 0.0), 0.0);
    EXPECT_DOUBLE_EQ(entry_day(enrolment, 0.25), 40.0);
    EXPECT_DOUBLE_EQ(entry_day(enrolment, 0.0625), 20.0);
    EXPECT_DOUBLE_EQ(entry_day(enrolment, 1.0), 100.0);
    EXPECT_DOUBLE_EQ(entry_day({100.0, 0.0, 0.0}, 0.3), 30.0);
}

}  // namespace
}  // namespace abscopal
