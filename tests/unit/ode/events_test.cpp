// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <gtest/gtest.h>

#include <cmath>

#include "one_patient.hpp"

namespace abscopal {
namespace {

using test::OnePatient;

TEST(Events, fire_where_a_state_crosses_and_only_once) {
    OnePatient run("x = 0; x' = 1; n = 0; at x > 2.5: n = n + 1;");
    EXPECT_EQ(run.at(2.4, "n"), 0);
    EXPECT_EQ(run.at(2.6, "n"), 1);
    EXPECT_EQ(run.at(10, "n"), 1);
}

TEST(Events, are_located_to_rounding) {
    OnePatient run("x = 0; x' = 2; found = 0; at x > 3: found = time;");
    EXPECT_NEAR(run.at(4, "found"), 1.5, 1e-13);
}

TEST(Events, at_time_zero_fire_only_if_the_trigger_was_false_before) {
    OnePatient fires("n = 0; x = 0; x' = 1; at time >= 0, t0 = false: n = 1;");
    EXPECT_EQ(fires.at(0, "n"), 1);
    OnePatient rests("n = 0; x = 0; x' = 1; at time >= 0, t0 = true: n = 1;");
    EXPECT_EQ(rests.at(5, "n"), 0);
}

TEST(Events, strict_time_trigger_fires_just_after_and_equality_at_the_time) {
    OnePatient run(
        "x = 0; x' = 1; a = 0; b = 0; c = 0; at time > 2: a = 1; at time >= 2: b = 1; at time == 2: c = 1;");
    ASSERT_TRUE(run.to(2).ok());
    EXPECT_EQ(run["a"], 0);
    EXPECT_EQ(run["b"], 1);
    EXPECT_EQ(run["c"], 1);
    EXPECT_EQ(run.at(2.000001, "a"), 1);
}

TEST(Events, of_higher_priority_go_first_and_priorities_are_taken_anew) {
    // b runs first and lifts c above a.
    OnePatient run(R"(x = 0; x' = 1; order = 0; pa = 5; pb = 9; pc = 1;
        at time >= 1, priority = pa: order = order*10 + 1;
        at time >= 1, priority = pb: order = order*10 + 2, pc = 7;
        at time >= 1, priority = pc: order = order*10 + 3;
        at time >= 1, fromTrigger = false, priority = -1: order = order*10 + 4;)");
    // Values of the first three are fixed at trigger time: 0*10 + k.
    EXPECT_EQ(run.at(2, "order"), 14);
}

TEST(Events, values_are_those_of_trigger_time_unless_said_otherwise) {
    OnePatient run(R"(x = 0; x' = 1; early = 0; late = 0;
        at 2 after time >= 1, fromTrigger = true: early = x;
        at 2 after time >= 1, fromTrigger = false: late = x;)");
    ASSERT_TRUE(run.to(4).ok());
    EXPECT_NEAR(run["early"], 1, 1e-9);
    EXPECT_NEAR(run["late"], 3, 1e-9);
}

TEST(Events, that_do_not_persist_are_dropped_when_the_trigger_falls) {
    OnePatient run(R"(x = 0; x' = 1; kept = 0; dropped = 0;
        at 1 after (x > 1 && x < 1.5), persistent = true: kept = 1;
        at 1 after (x > 1 && x < 1.5), persistent = false: dropped = 1;)");
    ASSERT_TRUE(run.to(5).ok());
    EXPECT_EQ(run["kept"], 1);
    EXPECT_EQ(run["dropped"], 0);
}

TEST(Events, cascade_at_one_time) {
    OnePatient run(
        "x = 0; x' = 1; a = 0; b = 0; c = 0; at time >= 1: a = 1; at a > 0: b = 1; at b > 0: c = time;");
    EXPECT_EQ(run.at(1, "c"), 1);
}

TEST(Events, may_retrigger_themselves_with_a_delay) {
    OnePatient run(
        "x = 0; x' = 1; n = 0; tick = 0; at 1 after tick < 1: tick = 1, n = n + 1; at tick > 0: tick = 0;");
    ASSERT_TRUE(run.to(0.5).ok());
    EXPECT_EQ(run["n"], 0);
    OnePatient clock("x = 0; x' = 1; n = 0; at x >= 1: x = 0, n = n + 1;");
    EXPECT_EQ(clock.at(10.5, "n"), 10);
}

TEST(Events, without_end_at_one_time_are_called_so) {
    OnePatient run("x = 0; x' = 1; a = 0; at a < 1 && x > 1: a = 1; at a >= 1: a = 0;");
    const Outcome outcome = run.to(5);
    EXPECT_EQ(outcome.status, Status::event_limit);
    EXPECT_NEAR(outcome.time, 1, 1e-9);
    EXPECT_FALSE(outcome.worst.empty());
    EXPECT_EQ(run.to(6).status, Status::event_limit);
}

TEST(Events, change_compartments_with_amounts_conserved) {
    OnePatient run("compartment V = 2; species S in V; S = 3; at time >= 1: V = 6;");
    EXPECT_DOUBLE_EQ(run.at(0.5, "S"), 3);
    EXPECT_DOUBLE_EQ(run.at(1.5, "S"), 1);
}

TEST(Events, with_a_negative_delay_end_the_course) {
    OnePatient run("x = 0; x' = 1; a = 0; at (-1) after time >= 1: a = 1;");
    EXPECT_EQ(run.to(5).status, Status::bad_parameter);
}

TEST(Switches, of_a_rate_are_not_stepped_over) {
    // A pulse of length 0.01 within a quiet year.
    OnePatient run("x = 0; x' = piecewise(100, time > 200 && time < 200.01, 0);");
    EXPECT_NEAR(run.at(365, "x"), 1, 1e-9);
    OnePatient kink("x = -1; y = 0; x' = 1; y' = max(x, 0);");
    EXPECT_NEAR(kink.at(3, "y"), 2, 1e-8);
}

TEST(Switches, that_chatter_do_not_stop_time) {
    // Sliding along x = 0 has no solution in the classical sense: it may end as a failure, but it must end.
    Numerics numerics;
    numerics.max_steps = 20'000;
    OnePatient run("x = 1; x' = -piecewise(1, x > 0, -1, x < 0, 0);", numerics);
    const Outcome outcome = run.to(3);
    EXPECT_TRUE(outcome.ok() || outcome.status == Status::step_limit || outcome.status == Status::accuracy)
        << name_of(outcome.status);
    EXPECT_GE(outcome.time, 1);
    EXPECT_NEAR(run["x"], 0, 1e-6);
}

TEST(Failures, name_the_component_and_keep_the_last_good_state) {
    // x reaches infinity at 1.
    OnePatient run("y = 0; y' = 1; x = 1; x' = x^2;");
    const Outcome outcome = run.to(2);
    EXPECT_FALSE(outcome.ok());
    EXPECT_EQ(outcome.worst, "x");
    EXPECT_NEAR(outcome.time, 1, 1e-6);
    EXPECT_TRUE(std::isfinite(run["x"]));
    OnePatient not_a_number("x = 1; x' = sqrt(0.5 - time);");
    const Outcome creeping = not_a_number.to(2);
    EXPECT_FALSE(creeping.ok());
    EXPECT_EQ(creeping.worst, "x");
    EXPECT_NEAR(creeping.time, 0.5, 1e-6);
    EXPECT_LT(creeping.steps, 20'000);
}

}  // namespace
}  // namespace abscopal
