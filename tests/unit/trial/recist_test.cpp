// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "trial/recist.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace abscopal {
namespace {

/// Responses of one target lesion, first number the baseline.
std::string courses(const std::vector<double>& sums) {
    double nadir = sums.front();
    std::string text;
    for (std::size_t i = 1; i < sums.size(); ++i) {
        const LesionRead lesion{sums[i]};
        text += (text.empty() ? "" : " ") +
                std::string(name_of(target_response({&lesion, 1}, sums.front(), nadir)));
        nadir = std::min(nadir, sums[i]);
    }
    return text;
}

TEST(Recist, partial_response_then_stable_then_progression_from_nadir) {
    EXPECT_EQ(courses({100, 69.9, 74.9, 84.0}), "PR SD PD");
}

TEST(Recist, a_fifth_without_five_millimetres_is_no_progression) {
    EXPECT_EQ(courses({20, 10, 12.5, 15.1}), "PR PR PD");
}

TEST(Recist, five_millimetres_without_a_fifth_are_no_progression) {
    EXPECT_EQ(courses({100, 110, 119.9, 120}), "SD SD PD");
}

TEST(Recist, progression_goes_before_partial_response) {
    EXPECT_EQ(courses({100, 20, 26}), "PR PD");
}

TEST(Recist, limits_hold_exactly_for_readings_in_millimetres) {
    for (int base = 10; base <= 300; base += 10) {
        EXPECT_EQ(courses({double(base), base * 7 / 10.0}), "PR") << base;
        EXPECT_EQ(courses({double(base), base * 7 / 10.0 + 0.01}), "SD") << base;
    }
    for (int base = 25; base <= 300; base += 5) {
        EXPECT_EQ(courses({double(base), base * 6 / 5.0}), "PD") << base;
        EXPECT_EQ(courses({double(base), base * 6 / 5.0 - 0.01}), "SD") << base;
    }
}

TEST(Recist, complete_response_then_return_is_progression) {
    EXPECT_EQ(courses({30, 0, 0, 6}), "CR CR PD");
}

TEST(Recist, nodes_below_ten_millimetres_are_normal) {
    const std::vector<LesionRead> gone{{0.0}, {9.0, true}}, enlarged{{0.0}, {10.0, true}},
        left{{1.0}, {9.0, true}};
    EXPECT_EQ(target_response(gone, 50, 9), Response::complete);
    EXPECT_EQ(target_response(enlarged, 50, 10), Response::partial);
    EXPECT_EQ(target_response(left, 50, 10), Response::partial);
}

TEST(Recist, a_node_that_returned_to_normal_is_complete_even_above_nadir) {
    const std::vector<LesionRead> targets{{0.0}, {9.5, true}};
    EXPECT_EQ(target_response(targets, 50, 4), Response::complete);
}

TEST(Recist, a_missing_lesion_leaves_only_progression) {
    const std::vector<LesionRead> grown{{120.0}, {0.0, false, false}}, shrunk{{20.0}, {0.0, false, false}};
    EXPECT_EQ(target_response(grown, 100, 90), Response::progressive);
    EXPECT_EQ(target_response(shrunk, 100, 90), Response::not_evaluable);
    EXPECT_EQ(sum_of_diameters(grown), 120.0);
}

TEST(Recist, without_baseline_nothing_can_be_told) {
    const LesionRead lesion{12.0};
    EXPECT_EQ(target_response({&lesion, 1}, 0.0, 0.0), Response::not_evaluable);
    EXPECT_EQ(target_response({}, 10.0, 10.0), Response::not_evaluable);
}

TEST(Reading, below_the_detection_limit_a_lesion_is_absent_and_small_ones_count_five_millimetres) {
    ResponseCriteria sharp;
    sharp.detection_limit = 2.0;
    EXPECT_EQ(seen_diameter(1.99, sharp), 0.0);
    EXPECT_EQ(seen_diameter(2.0, sharp), 5.0);
    EXPECT_EQ(seen_diameter(7.3, sharp), 7.3);
    EXPECT_EQ(seen_diameter(4.9, ResponseCriteria{}), 0.0);
    EXPECT_EQ(seen_diameter(5.1, ResponseCriteria{}), 5.1);
}

using enum Response;

Judgement judged(std::vector<Visit> visits) {
    Course course;
    course.visits = std::move(visits);
    return judge(Trial{}, course, Reader::investigator);
}

Response best_response(std::vector<Visit> visits) {
    return judged(std::move(visits)).best.response;
}

Endpoint progression_free(std::vector<Visit> visits) {
    return *judged(std::move(visits)).find(EndpointKind::pfs);
}

TEST(BestResponse, is_the_best_up_to_first_progression) {
    EXPECT_EQ(best_response({{56, 0, stable}, {112, 0, partial}, {168, 0, progressive}}), partial);
    EXPECT_EQ(best_response({{56, 0, progressive}, {112, 0, complete}}), progressive);
    EXPECT_EQ(best_response({{56, 0, partial}, {112, 0, complete}, {150, 0, stable}}), complete);
}

TEST(BestResponse, early_stable_disease_does_not_count) {
    EXPECT_EQ(best_response({{41, 0, stable}}), not_evaluable);
    EXPECT_EQ(best_response({{41, 0, stable}, {80, 0, progressive}}), progressive);
    EXPECT_EQ(best_response({{42, 0, stable}, {80, 0, progressive}}), stable);
    EXPECT_EQ(best_response({}), missing);
}

TEST(ProgressionFree, ends_at_first_progression_or_is_censored_at_the_last_adequate_visit) {
    const auto event = progression_free({{56, 0, stable}, {112, 0, progressive}, {168, 0, progressive}});
    EXPECT_EQ(event.day, 112);
    EXPECT_TRUE(event.is_event);
    const auto censored = progression_free({{56, 0, stable}, {112, 0, partial}, {168, 0, not_evaluable}});
    EXPECT_EQ(censored.day, 112);
    EXPECT_FALSE(censored.is_event);
    EXPECT_EQ(progression_free({}).day, 0);
    EXPECT_FALSE(progression_free({}).is_event);
}

}  // namespace
}  // namespace abscopal
