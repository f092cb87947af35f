// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <gtest/gtest.h>

#include <cmath>

#include "one_patient.hpp"

namespace abscopal {
namespace {

using test::OnePatient;

const char* const decay = "x = 0; k = 0.5; x' = -k*x;";

TEST(Doses, at_the_start_and_at_the_end_are_in) {
    OnePatient run(decay);
    run.start({{0, ActionKind::add, run.state("x"), 4, 0}, {2, ActionKind::add, run.state("x"), 1, 0}});
    EXPECT_DOUBLE_EQ(run.at(0, "x"), 4);
    EXPECT_NEAR(run.at(2, "x"), 4 * std::exp(-1.0) + 1, 1e-8);
    EXPECT_NEAR(run.at(3, "x"), (4 * std::exp(-1.0) + 1) * std::exp(-0.5), 1e-8);
}

TEST(Doses, at_one_time_happen_in_their_order) {
    OnePatient run(decay);
    const Slot x = run.state("x");
    run.start(
        {{1, ActionKind::add, x, 4, 0}, {1, ActionKind::multiply, x, 3, 0}, {1, ActionKind::add, x, 1, 0}});
    EXPECT_DOUBLE_EQ(run.at(1, "x"), 13);
    run.start({{1, ActionKind::add, x, 4, 0}, {1, ActionKind::replace, x, 3, 0}});
    EXPECT_DOUBLE_EQ(run.at(1, "x"), 3);
}

TEST(Doses, infusions_overlap_and_leave_no_residue) {
    OnePatient run("x = 0; x' = 0*x;");
    const Slot x = run.state("x");
    run.start({{1, ActionKind::infuse, x, 0.3, 3}, {2, ActionKind::infuse, x, 0.1, 4}});
    EXPECT_NEAR(run.at(3, "x"), 0.2 + 0.025, 1e-12);
    EXPECT_EQ(run.simulation().state().infusions.size(), 2u);
    EXPECT_NEAR(run.at(10, "x"), 0.4, 1e-12);
    EXPECT_TRUE(run.simulation().state().infusions.empty());
}

TEST(Doses, a_state_taken_during_an_infusion_goes_on_with_it) {
    OnePatient run(decay);
    run.start({{1, ActionKind::infuse, run.state("x"), 6, 4}});
    ASSERT_TRUE(run.to(3).ok());
    const State middle = run.simulation().state();
    const double whole = run.at(8, "x");
    run.simulation().start(middle);
    EXPECT_NEAR(run.at(8, "x"), whole, 1e-8);
}

TEST(Doses, reset_goes_back_to_the_start_and_ends_infusions) {
    OnePatient run("x = 2; k = 0.5; x' = -k*x;");
    run.start({{1, ActionKind::infuse, run.state("x"), 6, 4}, {2, ActionKind::reset, no_slot, 0, 0}});
    EXPECT_DOUBLE_EQ(run.at(2, "x"), 2);
    EXPECT_NEAR(run.at(4, "x"), 2 * std::exp(-1.0), 1e-9);
}

TEST(Doses, change_parameters_from_then_on) {
    OnePatient run("x = 1; k = 1; x' = -k*x;");
    run.start({{1, ActionKind::replace, run.parameter("k"), 0, 0}});
    EXPECT_NEAR(run.at(5, "x"), std::exp(-1.0), 1e-9);
}

TEST(Doses, trigger_events_and_leave_pending_ones_pending) {
    OnePatient run("x = 0; k = 0.1; x' = -k*x; n = 0; at 2 after x > 5: n = n + 1;");
    run.start({{1, ActionKind::add, run.state("x"), 10, 0}, {2, ActionKind::add, run.state("x"), 10, 0}});
    EXPECT_EQ(run.at(2.5, "n"), 0);
    EXPECT_EQ(run.at(3, "n"), 1);
    EXPECT_EQ(run.at(9, "n"), 1);
}

TEST(Doses, later_than_now_are_replaced_and_running_infusions_kept) {
    OnePatient run("x = 0; x' = 0*x;");
    const Slot x = run.state("x");
    run.start({{1, ActionKind::infuse, x, 4, 4}, {3, ActionKind::add, x, 100, 0}});
    ASSERT_TRUE(run.to(2).ok());
    run.simulation().reschedule({{2.5, ActionKind::add, x, 1, 0}, {1.5, ActionKind::add, x, 1000, 0}});
    EXPECT_NEAR(run.at(10, "x"), 5, 1e-9);
}

TEST(Doses, a_few_roundings_apart_are_both_given) {
    OnePatient run(decay);
    const double next = std::nextafter(1.0, 2.0);
    run.start({{1, ActionKind::add, run.state("x"), 1, 0}, {next, ActionKind::add, run.state("x"), 1, 0}});
    EXPECT_NEAR(run.at(1.5, "x"), 2 * std::exp(-0.25), 1e-9);
}

// A dose that comes after the observation of time 0 stands at the smallest double above it.
TEST(Doses, one_rounding_after_zero_is_given) {
    OnePatient run(decay);
    run.start({{std::nextafter(0.0, 1.0), ActionKind::add, run.state("x"), 4, 0}});
    EXPECT_EQ(run.at(0, "x"), 0);
    EXPECT_NEAR(run.at(2, "x"), 4 * std::exp(-1.0), 1e-8);
}

TEST(Bits, do_not_depend_on_where_one_looks) {
    OnePatient often(decay), once(decay);
    const std::vector<Action> actions{{0.7, ActionKind::add, often.state("x"), 3, 0}};
    often.start(actions);
    once.start(actions);
    for (int i = 1; i < 500; ++i) EXPECT_TRUE(often.to(0.01 * i).ok());
    EXPECT_EQ(often.at(5, "x"), once.at(5, "x"));
}

TEST(Bits, do_not_depend_on_the_patient_before) {
    const char* const model =
        "x = 1; y = 0; k = 3; x' = -k*x*x + 0.1*y; y' = k*x*x - y; n = 0; at y > 0.4: n = 1;";
    OnePatient used(model), fresh(model);
    State other = initial_state(used.model());
    other.y[0] = 1e6;
    used.simulation().start(other);
    EXPECT_TRUE(used.to(3).ok());
    used.start({});
    for (const double time : {0.1, 1.0, 7.0}) {
        EXPECT_TRUE(used.to(time).ok());
        EXPECT_TRUE(fresh.to(time).ok());
        EXPECT_EQ(used.simulation().state(), fresh.simulation().state());
    }
}

TEST(Crossing, is_found_from_below_to_rounding) {
    OnePatient run("x = 1; x' = 0.1*x;");
    bool crossed = false;
    const auto x = *find_observable(run.model(), "x");
    EXPECT_TRUE(run.simulation().advance_to_crossing(100, x, 3, crossed).ok());
    EXPECT_TRUE(crossed);
    EXPECT_NEAR(run.simulation().state().time, 10 * std::log(3.0), 1e-7);
    EXPECT_NEAR(run["x"], 3, 1e-12);
    EXPECT_TRUE(run.simulation().advance_to_crossing(20, x, 2, crossed).ok());
    EXPECT_FALSE(crossed);
    EXPECT_EQ(run.simulation().state().time, 20);
}

TEST(Crossing, by_a_dose_counts_at_its_time) {
    OnePatient run(decay);
    run.start({{4, ActionKind::add, run.state("x"), 9, 0}});
    bool crossed = false;
    EXPECT_TRUE(
        run.simulation().advance_to_crossing(10, *find_observable(run.model(), "x"), 5, crossed).ok());
    EXPECT_TRUE(crossed);
    EXPECT_EQ(run.simulation().state().time, 4);
}

}  // namespace
}  // namespace abscopal
