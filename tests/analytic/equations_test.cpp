// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
// Algebraic rules and fast reactions against closed forms, by the reference and in lanes.
#include <gtest/gtest.h>

#include <cmath>

#include "abscopal/spec.hpp"
#include "simulation/time_course.hpp"

namespace abscopal {
namespace {

class Equations : public testing::TestWithParam<bool> {
  protected:
    TimeCourse run(const Spec& spec, std::vector<std::string> ids, std::vector<double> times,
                   const std::vector<std::pair<std::string, double>>& boluses = {}) {
        const auto model = compile(spec);
        TimeCourseRequest request;
        request.in_lanes = GetParam();
        request.times = std::move(times);
        request.numerics.relative_tolerance = 1e-9;
        for (const auto& id : ids) request.columns.push_back({find_observable(*model, id).value(), {}});
        for (const auto& [id, time] : boluses)
            request.actions.push_back(
                {time, ActionKind::add, model->states[find_state(*model, id).value()].slot, 1.0});
        TimeCourse course = run_time_course(model, request);
        EXPECT_TRUE(course.outcome.ok()) << name_of(course.outcome.status) << " in " << course.outcome.worst;
        course.rows.resize(request.times.size(), std::vector<double>(ids.size(), NAN));
        return course;
    }
    TimeCourse run(const std::string& antimony, std::vector<std::string> ids, std::vector<double> times) {
        return run(read_antimony_text(antimony), std::move(ids), std::move(times));
    }
};

Spec with_fast(const std::string& antimony, const std::string& reaction) {
    Spec spec = read_antimony_text(antimony);
    for (Reaction& each : spec.reactions)
        if (each.id == reaction) each.fast = true;
    return spec;
}

TEST_P(Equations, a_cubic_rule_holds_along_the_whole_course) {
    const auto course = run("x = 10; x' = -x; var z; 0 = z^3 + z - x;", {"x", "z"}, {0.0, 0.5, 2.0, 5.0});
    EXPECT_NEAR(course.rows[0][1], 2.0, 1e-10);
    for (std::size_t i = 0; i < course.times.size(); ++i) {
        const double x = 10 * std::exp(-course.times[i]), z = course.rows[i][1];
        EXPECT_NEAR(course.rows[i][0], x, 1e-7);
        EXPECT_NEAR(z * z * z + z, x, 1e-7);
    }
}

// a + b = x, a = b²: b = (√(1 + 4x) − 1) / 2. Each rule holds two unknowns.
TEST_P(Equations, coupled_rules_are_solved_together) {
    const auto course = run("x = 6; x' = -0.3*x*b; var a; var b = 1; 0 = a + b - x; 0 = a - b*b;",
                            {"x", "a", "b"}, {0.0, 1.0, 4.0});
    EXPECT_NEAR(course.rows[0][2], 2.0, 1e-9);
    for (const auto& row : course.rows) {
        EXPECT_NEAR(row[2], (std::sqrt(1 + 4 * row[0]) - 1) / 2, 1e-7);
        EXPECT_NEAR(row[1], row[2] * row[2], 1e-7);
    }
}

// What a rule determines may drive what is integrated: dx/dt = −z with z² = x is x = (1 − t/2)².
TEST_P(Equations, a_variable_of_a_rule_drives_a_rate) {
    const auto course = run("x = 1; x' = -z; var z = 1; 0 = z*z - x;", {"x"}, {0.5, 1.0, 1.5});
    for (std::size_t i = 0; i < course.times.size(); ++i)
        EXPECT_NEAR(course.rows[i][0], std::pow(1 - course.times[i] / 2, 2), 1e-7);
}

TEST_P(Equations, events_doses_and_switches_leave_consistent_values) {
    const auto spec = read_antimony_text(R"(x = 1; x' = 0; var z = 1; k = 1; 0 = z^2 - x*s;
        s := piecewise(1, time < 3, 4); at time >= 2: x = 9;)");
    const auto course = run(spec, {"z"}, {0.0, 1.0, 2.0, 3.0, 4.0}, {{"x", 1.0}});
    const double expected[] = {1.0, std::sqrt(2.0), 3.0, 6.0, 6.0};
    for (std::size_t i = 0; i < 5; ++i) EXPECT_NEAR(course.rows[i][0], expected[i], 1e-8) << i;
}

// A ⇌ B at once with B/A = 3; B is lost at rate 0.4: A + B decays with 0.4 · 3/4.
TEST_P(Equations, a_fast_reaction_stays_at_equilibrium_while_a_slow_one_drains_it) {
    const auto spec = with_fast(R"(compartment c = 1; species A in c = 4; species B in c = 0;
        f: A -> B; c*(3*A - B); s: B -> ; 0.4*c*B;)",
                                "f");
    const auto course = run(spec, {"A", "B"}, {0.0, 1.0, 5.0}, {{"A", 5.0}});
    EXPECT_NEAR(course.rows[0][0], 1.0, 1e-9);
    EXPECT_NEAR(course.rows[0][1], 3.0, 1e-9);
    EXPECT_NEAR(course.rows[1][1], 3 * std::exp(-0.3), 1e-7);
    const double total = 4 * std::exp(-1.5) + 1;
    EXPECT_NEAR(course.rows[2][0], total / 4, 1e-7);
    EXPECT_NEAR(course.rows[2][1], total * 3 / 4, 1e-7);
}

// A + B ⇌ C binds to K_d = 1 with totals 2 and 3: C² − 6 C + 6 = 0, the root below 2.
TEST_P(Equations, fast_binding_takes_the_root_that_the_reaction_would) {
    const auto spec =
        with_fast(R"(compartment c = 1; species A in c = 2; species B in c = 3; species C in c = 0;
        f: A + B -> C; c*(A*B - C); s: -> B; 0.1*c;)",
                  "f");
    const auto course = run(spec, {"A", "B", "C"}, {0.0, 10.0});
    EXPECT_NEAR(course.rows[0][2], 3 - std::sqrt(3.0), 1e-8);
    EXPECT_NEAR(course.rows[1][0] + course.rows[1][2], 2.0, 1e-7);
    EXPECT_NEAR(course.rows[1][1] + course.rows[1][2], 4.0, 1e-7);
    EXPECT_NEAR(course.rows[1][0] * course.rows[1][1], course.rows[1][2], 1e-7);
}

TEST_P(Equations, a_fast_reaction_can_be_switched_on_and_off) {
    const auto spec = with_fast(R"(compartment c = 1; species A in c = 1; species B in c = 0; k = 0;
        f: A -> B; k*A; s: -> A; 1; at time >= 2: k = 1; at time >= 3: k = 0;)",
                                "f");
    const auto course = run(spec, {"A", "B"}, {1.0, 2.0, 2.5, 4.0});
    const double a[] = {2.0, 0.0, 0.0, 1.0}, b[] = {0.0, 3.0, 3.5, 4.0};
    for (std::size_t i = 0; i < 4; ++i) {
        EXPECT_NEAR(course.rows[i][0], a[i], 1e-7) << i;
        EXPECT_NEAR(course.rows[i][1], b[i], 1e-7) << i;
    }
}

INSTANTIATE_TEST_SUITE_P(Methods, Equations, testing::Bool(),
                         [](const auto& method) { return method.param ? "lanes" : "reference"; });

}  // namespace
}  // namespace abscopal
