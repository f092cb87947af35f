// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
// Motions that grow: an L-stable method would damp those that are fast, and no error test sees those below
// its tolerance.
#include <gtest/gtest.h>

#include <cmath>

#include "abscopal/spec.hpp"
#include "simulation/time_course.hpp"

namespace abscopal {
namespace {

TimeCourse run_in(bool in_lanes, const std::string& antimony, double time) {
    const auto model = compile(read_antimony_text(antimony));
    TimeCourseRequest request;
    request.in_lanes = in_lanes;
    request.times = {time};
    request.numerics.relative_tolerance = 1e-6;
    request.columns.push_back({find_observable(*model, "x").value(), {}});
    return run_time_course(model, request);
}

TEST(Growth, that_explodes_fails_in_lanes_as_in_the_reference) {
    for (const char* model : {"x = 1; x' = 1e297*x;", "x = 1; x' = 1e20*x; y = 0; y' = 1; z = 1; z' = -z;",
                              "x = 1; x' = 1e20*x; y = 1; y' = 1e19*y; z = 1; z' = -z;",
                              "x = 1; y = 0; x' = 1e9*x + 1e9*y; y' = 1e9*y - 1e9*x;"}) {
        const TimeCourse reference = run_in(false, model, 5), lanes = run_in(true, model, 5);
        EXPECT_FALSE(reference.outcome.ok()) << model;
        EXPECT_EQ(name_of(lanes.outcome.status), name_of(reference.outcome.status)) << model;
    }
}

TEST(Growth, over_250_e_foldings_is_followed) {
    const TimeCourse course = run_in(true, "x = 1; x' = 50*x;", 5);
    ASSERT_TRUE(course.outcome.ok());
    EXPECT_NEAR(std::log(course.rows[0][0]), 250, 1e-3);
}

// Beside a state of size 1, 1e-300 is far below any tolerance.
TEST(Growth, from_below_the_tolerance_is_neither_damped_nor_overrated) {
    const TimeCourse course = run_in(true, "y = 1; y' = -y; x = 1e-300; x' = 100*x;", 9);
    ASSERT_TRUE(course.outcome.ok());
    EXPECT_NEAR(std::log(course.rows[0][0]), -300 * std::log(10) + 900, 2);
}

// Each of two would run away alone; together they rest at once. Steps need not follow the one.
TEST(Growth, that_another_state_holds_back_costs_no_steps) {
    const TimeCourse course = run_in(true, "x = 1; y = 1; x' = 1e6*(x - 2*y); y' = 1e6*(2*x - 3*y) + 1;", 1);
    ASSERT_TRUE(course.outcome.ok());
    EXPECT_NEAR(course.rows[0][0], -2e-6, 1e-10);
    EXPECT_LT(course.outcome.steps, 200);
}

}  // namespace
}  // namespace abscopal
