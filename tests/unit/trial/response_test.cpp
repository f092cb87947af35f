// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <gtest/gtest.h>

#include <cmath>
#include <sstream>
#include <string>
#include <vector>

#include "abscopal/endpoints.hpp"

namespace abscopal {
namespace {

using enum Overall;

Assessment with_sum(double day, double sum) {
    return {day, {{sum}}, NonTarget::none, false, {}};
}

/// Overall responses of one target lesion, read every 8 weeks; first number the baseline.
std::string responses(const std::vector<double>& sums) {
    std::vector<Assessment> visits;
    for (std::size_t i = 1; i < sums.size(); ++i)
        visits.push_back(with_sum(56.0 * static_cast<double>(i), sums[i]));
    std::string text;
    for (const auto& point : recist(with_sum(0, sums[0]), visits))
        text += (text.empty() ? "" : " ") + std::string(name_of(point.response));
    return text;
}

std::vector<TimePoint> visits(const std::string& words, double every = 28.0, double first = 56.0) {
    std::istringstream stream(words);
    std::vector<TimePoint> points;
    for (std::string word; stream >> word;) {
        Overall response = complete;
        while (name_of(response) != word) response = static_cast<Overall>(static_cast<int>(response) + 1);
        points.push_back({first + every * static_cast<double>(points.size()), response, response, 0, 0});
    }
    return points;
}

BestOverall confirmed(const std::string& words, std::size_t max_not_evaluable = 1,
                      bool accept_stable = false) {
    BestRules rules;
    rules.is_confirmed = true;
    rules.max_not_evaluable = max_not_evaluable;
    rules.accept_stable = accept_stable;
    return best_overall(visits(words), rules);
}

TEST(TimePointResponse, specified_courses_of_the_sum) {
    EXPECT_EQ(responses({100, 69.9, 74.9, 84.0}), "PR SD PD");
    EXPECT_EQ(responses({20, 10, 12.5, 15.1}), "PR PR PD");
}

TEST(TimePointResponse, every_row_of_the_table_with_targets) {
    struct Row {
        Overall target;
        NonTarget non_target;
        bool is_new;
        Overall overall;
    };
    using N = NonTarget;
    const Row rows[]{{complete, N::complete, false, complete},
                     {complete, N::none, false, complete},
                     {complete, N::present, false, partial},
                     {complete, N::not_evaluable, false, partial},
                     {partial, N::complete, false, partial},
                     {partial, N::present, false, partial},
                     {partial, N::not_evaluable, false, partial},
                     {stable, N::present, false, stable},
                     {stable, N::not_evaluable, false, stable},
                     {not_evaluable, N::present, false, not_evaluable},
                     {not_evaluable, N::none, false, not_evaluable},
                     {progressive, N::complete, false, progressive},
                     {progressive, N::not_evaluable, true, progressive},
                     {complete, N::progressive, false, progressive},
                     {not_evaluable, N::progressive, false, progressive},
                     {complete, N::complete, true, progressive},
                     {not_evaluable, N::not_evaluable, true, progressive}};
    for (const auto& row : rows)
        EXPECT_EQ(overall_response(true, row.target, row.non_target, row.is_new), row.overall)
            << name_of(row.target) << " " << static_cast<int>(row.non_target);
}

TEST(TimePointResponse, every_row_of_the_table_without_targets) {
    EXPECT_EQ(overall_response(false, not_evaluable, NonTarget::complete, false), complete);
    EXPECT_EQ(overall_response(false, not_evaluable, NonTarget::present, false), non_complete);
    EXPECT_EQ(overall_response(false, not_evaluable, NonTarget::not_evaluable, false), not_evaluable);
    EXPECT_EQ(overall_response(false, not_evaluable, NonTarget::progressive, false), progressive);
    EXPECT_EQ(overall_response(false, not_evaluable, NonTarget::complete, true), progressive);
}

TEST(TimePointResponse, a_missing_target_leaves_only_progression_and_no_nadir) {
    const Assessment baseline{0, {{60}, {60}}, NonTarget::none, false, {}};
    const std::vector<Assessment> reads{{56, {{45}, {45}}, NonTarget::none, false, {}},
                                        {112, {{10}, {0, false, false}}, NonTarget::none, false, {}},
                                        {168, {{120}, {0, false, false}}, NonTarget::none, false, {}}};
    const auto points = recist(baseline, reads);
    EXPECT_EQ(points[1].response, not_evaluable);
    EXPECT_EQ(points[2].nadir, 90.0);
    EXPECT_EQ(points[2].response, progressive);
}

TEST(TargetSelection, takes_the_largest_five_and_two_an_organ) {
    std::vector<BaselineLesion> lesions{{"liver", 30},
                                        {"liver", 50},
                                        {"liver", 40},
                                        {"lung", 12},
                                        {"lung", 9.9},
                                        {"neck", 16, true},
                                        {"groin", 20, true},
                                        {"axilla", 15, true},
                                        {"bone", 80, false, false, false},
                                        {"skin", 60, false, true},
                                        {"kidney", 11}};
    EXPECT_EQ(select_targets(lesions), (std::vector<std::size_t>{1, 2, 3, 5, 6}));
    lesions.resize(5);
    EXPECT_EQ(select_targets(lesions), (std::vector<std::size_t>{1, 2, 3}));
    EXPECT_TRUE(select_targets({}).empty());
}

TEST(BestOverallResponse, without_confirmation_is_the_best_up_to_progression) {
    EXPECT_EQ(best_overall(visits("SD PR PD CR")).response, partial);
    EXPECT_EQ(best_overall(visits("SD PR PD CR")).day, 84);
    EXPECT_EQ(best_overall(visits("PD CR")).response, progressive);
    EXPECT_EQ(best_overall(visits("NON-CR/NON-PD NE")).response, non_complete);
    EXPECT_EQ(best_overall({}).response, missing);
    EXPECT_EQ(best_overall(visits("SD", 28, 41)).response, not_evaluable);
    EXPECT_EQ(best_overall(visits("SD PD", 28, 41)).response, progressive);
    BestRules rules;
    rules.until = 83;
    EXPECT_EQ(best_overall(visits("SD CR"), rules).response, stable);
}

TEST(BestOverallResponse, every_row_of_the_confirmation_table) {
    EXPECT_EQ(confirmed("CR CR").response, complete);
    EXPECT_EQ(confirmed("CR PR").response, stable);
    EXPECT_EQ(confirmed("CR SD").response, stable);
    EXPECT_EQ(confirmed("CR PD").response, stable);
    EXPECT_EQ(confirmed("CR NE").response, stable);
    EXPECT_EQ(confirmed("PR CR").response, partial);
    EXPECT_EQ(confirmed("PR PR").response, partial);
    EXPECT_EQ(confirmed("PR SD").response, stable);
    EXPECT_EQ(confirmed("PR PD").response, stable);
    EXPECT_EQ(confirmed("PR NE").response, stable);
    EXPECT_EQ(confirmed("NE NE").response, not_evaluable);
    BestRules late;
    late.is_confirmed = true;
    late.stable_from = 300;
    EXPECT_EQ(best_overall(visits("CR PD"), late).response, progressive);
    EXPECT_EQ(best_overall(visits("PR PD"), late).response, progressive);
    EXPECT_EQ(best_overall(visits("PR NE"), late).response, not_evaluable);
}

TEST(BestOverallResponse, confirmation_bridges_as_many_missing_visits_as_allowed) {
    EXPECT_EQ(confirmed("CR NE CR", 1).response, complete);
    EXPECT_EQ(confirmed("CR NE CR", 0).response, stable);
    EXPECT_EQ(confirmed("PR SD PR", 1, false).response, stable);
    EXPECT_EQ(confirmed("PR SD PR", 1, true).response, partial);
    EXPECT_EQ(confirmed("PR SD SD PR", 1, true).response, stable);
    EXPECT_EQ(confirmed("SD PR PR CR CR").response, complete);
    EXPECT_EQ(confirmed("SD PR PR CR CR").response_day, 84);
    BestRules rules;
    rules.is_confirmed = true;
    EXPECT_EQ(best_overall(visits("PR PR", 27), rules).response, stable) << "27 days are too few";
}

TEST(Benefit, control_clinical_benefit_and_depth) {
    EXPECT_TRUE(is_disease_control(stable) && is_response(partial) && !is_response(stable));
    const auto long_stable = visits("SD SD SD", 56), short_stable = visits("SD SD PD", 28);
    EXPECT_TRUE(has_clinical_benefit(best_overall(long_stable), long_stable));
    EXPECT_FALSE(has_clinical_benefit(best_overall(short_stable), short_stable));
    const auto points =
        recist(with_sum(0, 100), std::vector{with_sum(56, 60), with_sum(112, 80), with_sum(168, 20)});
    EXPECT_NEAR(depth_of_response(100, points), -40, 1e-12) << "what follows progression does not count";
    EXPECT_TRUE(std::isnan(depth_of_response(100, {})));
}

// --- iRECIST ---

/// One target lesion from 100 mm; weeks and sums in turn.
std::string immune(const std::vector<std::pair<double, double>>& weeks_and_sums, ImmuneRules rules = {}) {
    std::vector<Assessment> reads;
    for (const auto& [week, sum] : weeks_and_sums) reads.push_back(with_sum(7 * week, sum));
    std::string text;
    for (const auto& point : irecist(with_sum(0, 100), reads, rules))
        text += (text.empty() ? "" : " ") + std::string(name_of(point.response));
    return text;
}

TEST(ImmuneResponse, growth_is_counted_from_the_first_suspicion_or_the_last_visit) {
    EXPECT_EQ(immune({{8, 125}, {12, 128}, {18, 131}}), "iUPD iUPD iCPD");
    ImmuneRules rules;
    rules.is_from_last_visit = true;
    EXPECT_EQ(immune({{8, 125}, {12, 128}, {18, 131}}, rules), "iUPD iUPD iUPD");
    EXPECT_EQ(immune({{8, 125}, {12, 128}, {18, 133}}, rules), "iUPD iUPD iCPD");
}

TEST(ImmuneResponse, shrinkage_undoes_a_suspicion) {
    EXPECT_EQ(immune({{8, 125}, {12, 69}, {24, 90}, {30, 96}}), "iUPD iPR iUPD iCPD");
    EXPECT_EQ(immune({{8, 125}, {12, 110}, {18, 126}}), "iUPD iSD iUPD");
    EXPECT_EQ(immune({{8, 125}, {12, 0}}), "iUPD iCR");
}

TEST(ImmuneResponse, a_scan_before_four_weeks_cannot_confirm) {
    EXPECT_EQ(immune({{8, 125}, {11, 140}, {13, 140}, {20, 50}}), "iUPD iUPD iCPD iCPD");
}

struct Step {
    double sum;
    NonTarget non_target;
    bool non_target_increased;
    NewLesions fresh;
};

Immune second(const Step& first, const Step& then) {
    const Assessment baseline{0, {{100}}, NonTarget::present, false, {}};
    const auto read = [](double day, const Step& step) {
        return Assessment{day, {{step.sum}}, step.non_target, step.non_target_increased, step.fresh};
    };
    return irecist(baseline, std::vector{read(56, first), read(91, then)}).back().response;
}

TEST(ImmuneResponse, every_row_of_the_table_after_a_suspicion) {
    using N = NonTarget;
    const NewLesions none{}, one{1, true, 12, false}, grown{1, true, 17, false}, more{2, true, 12, false},
        spread{1, true, 12, true}, gone{1, false, 0, false};
    const Step target{125, N::present, false, none}, other{100, N::progressive, false, none},
        fresh{100, N::present, false, one}, all{125, N::progressive, false, one};
    // Suspected in targets.
    EXPECT_EQ(second(target, {0, N::complete, false, none}), Immune::complete);
    EXPECT_EQ(second(target, {0, N::present, false, none}), Immune::partial);
    EXPECT_EQ(second(target, {60, N::present, false, none}), Immune::partial);
    EXPECT_EQ(second(target, {100, N::present, false, none}), Immune::stable);
    EXPECT_EQ(second(target, {129.9, N::present, false, none}), Immune::unconfirmed);
    EXPECT_EQ(second(target, {130, N::present, false, none}), Immune::confirmed);
    EXPECT_EQ(second(target, {125, N::progressive, false, none}), Immune::confirmed) << "another category";
    EXPECT_EQ(second(target, {60, N::present, false, one}), Immune::confirmed) << "another category";
    // In non-target lesions.
    EXPECT_EQ(second(other, {60, N::progressive, false, none}), Immune::unconfirmed);
    EXPECT_EQ(second(other, {60, N::progressive, true, none}), Immune::confirmed);
    EXPECT_EQ(second(other, {60, N::present, false, none}), Immune::partial);
    EXPECT_EQ(second(other, {125, N::progressive, false, none}), Immune::confirmed);
    // By new lesions.
    EXPECT_EQ(second(fresh, {60, N::present, false, one}), Immune::unconfirmed);
    EXPECT_EQ(second(fresh, {60, N::present, false, grown}), Immune::confirmed);
    EXPECT_EQ(second(fresh, {60, N::present, false, more}), Immune::confirmed);
    EXPECT_EQ(second(fresh, {60, N::present, false, spread}), Immune::confirmed);
    EXPECT_EQ(second(fresh, {60, N::present, false, gone}), Immune::partial);
    // In all.
    EXPECT_EQ(second(all, {125, N::progressive, false, one}), Immune::unconfirmed);
    EXPECT_EQ(second(all, {130, N::progressive, false, one}), Immune::confirmed);
    EXPECT_EQ(second(all, {125, N::progressive, true, one}), Immune::confirmed);
    EXPECT_EQ(second(all, {125, N::progressive, false, more}), Immune::confirmed);
}

std::vector<ImmunePoint> immune_visits(const std::string& words) {
    std::istringstream stream(words);
    std::vector<ImmunePoint> points;
    for (std::string word; stream >> word;) {
        Immune response = Immune::complete;
        while (name_of(response) != word) response = static_cast<Immune>(static_cast<int>(response) + 1);
        points.push_back({56.0 * static_cast<double>(points.size() + 1), response});
    }
    return points;
}

TEST(BestImmuneResponse, the_eight_scenarios) {
    const std::pair<const char*, Immune> scenarios[]{
        {"iCR iCR iUPD iUPD iCPD", Immune::complete},    {"iUPD iPR iCR iSD iUPD", Immune::complete},
        {"iUPD NE iCR iCR iCR", Immune::complete},       {"iUPD iPR iSD iUPD NE", Immune::partial},
        {"iUPD iSD iPR iUPD iCPD", Immune::partial},     {"iUPD iSD iUPD iCPD iCPD", Immune::stable},
        {"iUPD iCPD iCPD iCPD iCPD", Immune::confirmed}, {"iUPD iUPD iCPD iCPD iCPD", Immune::confirmed},
        {"iUPD NE NE NE NE", Immune::unconfirmed}};
    for (const auto& [words, best] : scenarios) EXPECT_EQ(best_immune(immune_visits(words)), best) << words;
    EXPECT_EQ(best_immune({}), Immune::missing);
}

TEST(ImmuneProgression, is_dated_at_the_first_suspicion_that_holds) {
    const PatientRecord patient;
    const auto day = [&](const std::string& words) {
        return immune_progression_free_survival(immune_visits(words), patient);
    };
    EXPECT_EQ(day("iSD iUPD NE iCPD").day, 112);
    EXPECT_TRUE(day("iSD iUPD").is_event);
    EXPECT_EQ(day("iUPD iPR iSD iUPD iCPD").day, 224);
    EXPECT_FALSE(day("iUPD iPR iSD NE").is_event);
    EXPECT_EQ(day("iUPD iPR iSD NE").day, 168);
    EXPECT_EQ(day("NE").reason, Reason::no_assessment);
    PatientRecord dead;
    dead.death = 100;
    EXPECT_EQ(immune_progression_free_survival(immune_visits("iSD iUPD"), dead).day, 100);
}

}  // namespace
}  // namespace abscopal
