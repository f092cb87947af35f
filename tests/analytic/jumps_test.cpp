// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
// Rates that jump, by the reference and in lanes: states that are zero until then have no size to measure
// errors by.
#include <gtest/gtest.h>

#include <cmath>

#include "abscopal/spec.hpp"
#include "simulation/time_course.hpp"

namespace abscopal {
namespace {

class Jumps : public testing::TestWithParam<bool> {
  protected:
    /// `id` at `time`.
    double of(const std::string& antimony, const std::string& id, double time) {
        const auto model = compile(read_antimony_text(antimony));
        TimeCourseRequest request;
        request.in_lanes = GetParam();
        request.times = {time};
        request.numerics.relative_tolerance = 1e-7;
        request.columns.push_back({find_observable(*model, id).value(), {}});
        const TimeCourse course = run_time_course(model, request);
        EXPECT_TRUE(course.outcome.ok())
            << name_of(course.outcome.status) << " at " << course.outcome.time << " in " << antimony;
        return course.outcome.ok() ? course.rows.at(0).at(0) : std::nan("");
    }
};

TEST_P(Jumps, of_floor_lift_a_zero) {
    EXPECT_NEAR(of("p = 1; x = 0; x' = p; y = 0; y' = floor(x);", "y", 5), 10, 1e-6);
    EXPECT_NEAR(of("x = 0; x' = 1.7; y = 0; y' = floor(x/3);", "y", 4), 4 - 3 / 1.7 + 4 - 6 / 1.7, 1e-6);
    EXPECT_NEAR(of("x = 5; x' = -1; y = 0; y' = floor(x);", "y", 7), 4 + 3 + 2 + 1 + 0 - 1 - 2, 1e-6);
}

TEST_P(Jumps, of_ceil_quotient_and_rem_lift_a_zero) {
    EXPECT_NEAR(of("x = 0; x' = 1; y = 0; y' = ceil(x);", "y", 3), 6, 1e-6);
    EXPECT_NEAR(of("x = 0; x' = 1; y = 0; y' = quotient(x, 2);", "y", 5), 2 + 2, 1e-6);
    EXPECT_NEAR(of("x = 0; x' = 1; y = 0; y' = rem(x, 0.3);", "y", 1.5), 5 * 0.045, 1e-6);
    EXPECT_NEAR(of("x = -2; x' = 1; y = 0; y' = rem(x, 0.7);", "y", 2), -(0.6 * 0.6 / 2 + 2 * 0.7 * 0.7 / 2),
                1e-6);
}

TEST_P(Jumps, of_conditions_on_states_lift_a_zero) {
    EXPECT_NEAR(of("x = 0; x' = 1; y = 0; y' = piecewise(2, x > 1, 0);", "y", 3), 4, 1e-6);
    EXPECT_NEAR(of("x = 0; x' = 1; y = 0; y' = piecewise(2, x > 0, 0);", "y", 3), 6, 1e-6);
    EXPECT_NEAR(of("x = 2; x' = 0; y = 0; y' = piecewise(1, x - time < 1, 0);", "y", 5), 4, 1e-6);
    EXPECT_NEAR(of("x = 1; x' = -x; y = 0; y' = piecewise(x, x < 0.5, 0);", "y", 3), 0.5 - std::exp(-3.0),
                1e-6);
}

TEST_P(Jumps, of_time_lift_a_zero) {
    EXPECT_NEAR(of("y = 0; y' = floor(time^2);", "y", 2), 3 * 2 - 1 - std::sqrt(2.0) - std::sqrt(3.0), 1e-6);
    EXPECT_NEAR(of("y = 0; y' = piecewise(1, sin(time) < 0, 0);", "y", 9), M_PI, 1e-6);
}

// A thousand jumps, whose errors grow with the state: x between n and n + 1 takes 1/n.
TEST_P(Jumps, in_thousands_keep_the_accuracy) {
    double time = 0.0;
    for (int n = 10; n < 2000; ++n) time += 1.0 / n;
    EXPECT_NEAR(of("x = 10; x' = floor(x);", "x", time), 2000, 2000 * 1e-5);
}

INSTANTIATE_TEST_SUITE_P(OfBothMethods, Jumps, testing::Bool(),
                         [](const auto& name) { return name.param ? "lanes" : "reference"; });

}  // namespace
}  // namespace abscopal
