// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
// Forward sensitivities against derivatives of closed forms.
#include <gtest/gtest.h>

#include <cmath>

#include "abscopal/ensemble.hpp"
#include "abscopal/model.hpp"
#include "abscopal/simulation.hpp"
#include "abscopal/spec.hpp"
#include "base/text.hpp"
#include "simulation/time_course.hpp"
#include "simulation/written.hpp"
#include "trial/event_table.hpp"

namespace abscopal {
namespace {

/// A course at some times of a model given as Antimony, by either method.
class Differentiated {
  public:
    Differentiated(const std::string& antimony, const std::vector<std::string>& by, std::vector<double> times,
                   bool in_lanes = false, const std::vector<std::string>& doses = {},
                   const std::vector<std::string>& settings = {})
        : model_(compile(read_antimony_text(antimony), by)) {
        TimeCourseRequest request;
        request.times = std::move(times);
        request.actions = parse_doses(*model_, doses);
        request.settings = parse_settings(*model_, settings);
        request.numerics.relative_tolerance = 1e-10;
        request.in_lanes = in_lanes;
        for (std::size_t i = 0; i < model_->observables.size(); ++i) request.columns.push_back({i, {}});
        course_ = run_time_course(model_, request);
    }

    double operator()(std::size_t row, const std::string& id) const {
        return course_.rows.at(row).at(find_observable(*model_, id).value());
    }
    double operator()(std::size_t row, const std::string& of, const std::string& by) const {
        return (*this)(row, "d(" + of + ")/d(" + by + ")");
    }
    const Outcome& outcome() const { return course_.outcome; }
    const Model& model() const { return *model_; }

  private:
    std::shared_ptr<const Model> model_;
    TimeCourse course_;
};

class BothMethods : public testing::TestWithParam<bool> {};
INSTANTIATE_TEST_SUITE_P(Sensitivities, BothMethods, testing::Bool(),
                         [](const auto& tested) { return tested.param ? "lanes" : "reference"; });

TEST_P(BothMethods, of_decay_by_rate_and_start_value) {
    const Differentiated run("x = 3; k = 0.5; x' = -k*x; y := x^2;", {"k", "x"}, {0, 1, 4}, GetParam());
    for (const auto& [row, t] : {std::pair{0, 0.0}, {1, 1.0}, {2, 4.0}}) {
        const double x = 3 * std::exp(-0.5 * t);
        EXPECT_NEAR(run(row, "x", "k"), -t * x, 1e-8);
        EXPECT_NEAR(run(row, "x", "x"), x / 3, 1e-8);
        EXPECT_NEAR(run(row, "y", "k"), -2 * x * t * x, 1e-7);
    }
    EXPECT_EQ(run(1, "k", "k"), 1.0);
    EXPECT_EQ(run(1, "k", "x"), 0.0);
}

TEST_P(BothMethods, of_start_values_that_depend_on_parameters) {
    const char* text =
        "compartment V = 2; species S in V = 3; a = 5; b = a^2; x = b + 1; x' = -0*x; k = 1; S' = -k*S;";
    const Differentiated run(text, {"a", "V", "S"}, {1}, GetParam());
    EXPECT_NEAR(run(0, "x", "a"), 10, 1e-9);
    EXPECT_NEAR(run(0, "b", "a"), 10, 1e-12);
    EXPECT_NEAR(run(0, "S", "V"), 0, 1e-9) << "a concentration given stays when its compartment grows";
    EXPECT_NEAR(run(0, "S", "S"), std::exp(-1.0), 1e-9);
    // What the user gives no longer depends on what the model would have made of it.
    const Differentiated given(text, {"a"}, {1}, GetParam(), {}, {"b=7"});
    EXPECT_NEAR(given(0, "b", "a"), 0, 0);
    EXPECT_NEAR(given(0, "x", "a"), 0, 1e-12);
    EXPECT_NEAR(given(0, "x"), 8, 1e-9);
}

TEST_P(BothMethods, of_one_compartment_with_boluses_and_infusions) {
    const double k = 0.3, V = 4;
    const Differentiated run("k = 0.3; V = 4; A = 0; A' = -k*A; c := A/V;", {"k", "V"}, {2, 3.5, 9},
                             GetParam(), {"A 10 at 0 every 3 times 3", "A 6 over 2 at 1"});
    const auto bolus = [&](double t) { return t < 0 ? 0.0 : 10 * std::exp(-k * t); };
    const auto bolus_slope = [&](double t) { return t < 0 ? 0.0 : -t * 10 * std::exp(-k * t); };
    // ∫ over the infusion of r·exp(−k(t−s)) and its derivative by k
    const auto infusion = [&](double t, double kk) {
        const double end = std::min(t, 3.0);
        return 3 / kk * (std::exp(-kk * (t - end)) - std::exp(-kk * (t - 1)));
    };
    int row = 0;
    for (const double t : {2.0, 3.5, 9.0}) {
        const double A = bolus(t) + bolus(t - 3) + bolus(t - 6) + infusion(t, k);
        const double h = 1e-5;
        const double slope = bolus_slope(t) + bolus_slope(t - 3) + bolus_slope(t - 6) +
                             (infusion(t, k + h) - infusion(t, k - h)) / (2 * h);
        EXPECT_NEAR(run(row, "A"), A, 1e-7);
        EXPECT_NEAR(run(row, "A", "k"), slope, 1e-6);
        EXPECT_NEAR(run(row, "A", "V"), 0, 1e-12);
        EXPECT_NEAR(run(row++, "c", "V"), -A / V / V, 1e-7);
    }
}

// Input dose/duration from lag to lag + duration.
TEST_P(BothMethods, of_an_infusion_whose_amount_lag_and_duration_are_parameters) {
    const Differentiated run(
        "k = 0.3; dose = 5; lag = 0.7; dur = 2; A = 0;"
        "A' = piecewise(dose/dur, time > lag && time < lag + dur, 0) - k*A;",
        {"dose", "lag", "dur", "k"}, {0.5, 1.7, 6}, GetParam());
    const double k = 0.3, dose = 5, lag = 0.7, dur = 2;
    EXPECT_EQ(run(0, "A", "lag"), 0);
    {
        const double u = 1.7 - lag, e = std::exp(-k * u), A = dose / dur / k * (1 - e);
        EXPECT_NEAR(run(1, "A"), A, 1e-8);
        EXPECT_NEAR(run(1, "A", "dose"), A / dose, 1e-8);
        EXPECT_NEAR(run(1, "A", "lag"), -dose / dur * e, 1e-8);
        EXPECT_NEAR(run(1, "A", "dur"), -A / dur, 1e-8);
    }
    const double early = std::exp(-k * (6 - lag - dur)), late = std::exp(-k * (6 - lag));
    const double A = dose / dur / k * (early - late);
    EXPECT_NEAR(run(2, "A"), A, 1e-8);
    EXPECT_NEAR(run(2, "A", "lag"), dose / dur * (early - late), 1e-8);
    EXPECT_NEAR(run(2, "A", "dur"), -A / dur + dose / dur * early, 1e-8);
    EXPECT_NEAR(run(2, "A", "k"), -A / k + dose / dur / k * (-(6 - lag - dur) * early + (6 - lag) * late),
                1e-8);
}

// x grows as x0·exp(g·t) to the threshold at T = ln(h/x0)/g, falls to f·h, and grows again.
TEST_P(BothMethods, of_growth_to_a_threshold_with_reset) {
    const Differentiated run(
        "x = 1; g = 0.4; h = 5; f = 0.2; x' = g*x; n = 0; at (x > h): x = f*x, n = n + 1;",
        {"g", "h", "f", "x"}, {3, 6, 9.5}, GetParam());
    const double g = 0.4, h = 5, f = 0.2;
    const auto check = [&](int row, double t, int falls) {
        // After n falls x = x0·exp(g·t)·f^n: the falls multiply, whenever they come.
        const double x = std::exp(g * t) * std::pow(f, falls);
        EXPECT_EQ(run(row, "n"), falls);
        EXPECT_NEAR(run(row, "x"), x, 1e-7);
        EXPECT_NEAR(run(row, "x", "g"), t * x, 1e-6);
        EXPECT_NEAR(run(row, "x", "h"), 0, 1e-6);
        EXPECT_NEAR(run(row, "x", "f"), falls * x / f, 1e-6);
        EXPECT_NEAR(run(row, "x", "x"), x, 1e-6);
    };
    check(0, 3, 0), check(1, 6, 1), check(2, 9.5, 2);
    static_cast<void>(h);
}

// Reset to a fixed value r: after the event x = r·exp(g(t − T)), T = ln(h/x0)/g.
TEST_P(BothMethods, of_growth_to_a_threshold_with_reset_to_a_value) {
    const Differentiated run("x = 1; g = 0.4; h = 5; r = 0.5; x' = g*x; y = 0; y' = x; at (x >= h): x = r;",
                             {"g", "h", "r", "x"}, {6}, GetParam());
    const double g = 0.4, h = 5, r = 0.5, T = std::log(h) / g, x = r * std::exp(g * (6 - T));
    EXPECT_NEAR(run(0, "x"), x, 1e-7);
    EXPECT_NEAR(run(0, "x", "g"), x * (6 - T) + x * g * (T / g), 1e-6);
    EXPECT_NEAR(run(0, "x", "h"), -x * g / (g * h), 1e-6);
    EXPECT_NEAR(run(0, "x", "r"), x / r, 1e-6);
    EXPECT_NEAR(run(0, "x", "x"), x, 1e-6);
    // y = (h − 1)/g + (x − r)/g
    EXPECT_NEAR(run(0, "y", "h"), 1 / g + run(0, "x", "h") / g, 1e-6);
}

// A delay that is a parameter: due at T + d; the value is taken at trigger time or at execution.
TEST_P(BothMethods, of_delayed_events) {
    const std::string growth = "x = 1; g = 0.4; h = 3; d = 0.8; x' = g*x; y = 0; z = 0; z' = y;";
    const double g = 0.4, h = 3, d = 0.8, T = std::log(h) / g + d;
    const Differentiated now(growth + "at d after (x > h), fromTrigger=false: y = x;", {"g", "h", "d"}, {7},
                             GetParam());
    const double y = h * std::exp(g * d), z = y * (7 - T);
    EXPECT_NEAR(now(0, "y"), y, 1e-7);
    EXPECT_NEAR(now(0, "y", "h"), y / h, 1e-6);
    EXPECT_NEAR(now(0, "y", "d"), y * g, 1e-6);
    EXPECT_NEAR(now(0, "y", "g"), y * d, 1e-6);
    EXPECT_NEAR(now(0, "z"), z, 1e-7);
    EXPECT_NEAR(now(0, "z", "d"), y * g * (7 - T) - y, 1e-6);
    EXPECT_NEAR(now(0, "z", "h"), y / h * (7 - T) - y / (g * h), 1e-6);
    const Differentiated then(growth + "at d after (x > h), fromTrigger=true: y = x + time;", {"g", "h", "d"},
                              {7}, GetParam());
    EXPECT_NEAR(then(0, "y"), h + T - d, 1e-7);
    EXPECT_NEAR(then(0, "y", "h"), 1 + 1 / (g * h), 1e-6);
    EXPECT_NEAR(then(0, "y", "d"), 0, 1e-9);
    EXPECT_NEAR(then(0, "y", "g"), -(T - d) / g, 1e-6);
}

// Both an event at a time that is a parameter and what depends on the parameter it sets.
TEST_P(BothMethods, of_an_event_at_a_time_that_is_a_parameter) {
    const Differentiated run("k = 0.2; T = 2; x = 4; x' = -k*x; at (time >= T): k = 3*k, x = x + 1;",
                             {"T", "k"}, {1, 2, 5}, GetParam());
    const double at = 4 * std::exp(-0.4), after = std::exp(-0.6 * 3);
    EXPECT_EQ(run(0, "x", "T"), 0);
    EXPECT_NEAR(run(1, "x"), at + 1, 1e-8) << "an event at the time looked at has happened";
    EXPECT_NEAR(run(2, "x"), (at + 1) * after, 1e-8);
    EXPECT_NEAR(run(2, "x", "T"), (-0.2 * at + 0.6 * (at + 1)) * after, 1e-7);
    EXPECT_NEAR(run(2, "k", "k"), 3, 1e-12);
    EXPECT_NEAR(run(2, "x", "k"), (-2 * at - (at + 1) * 3 * 3) * after, 1e-7);
}

// Concentrations whose compartment an event resizes.
TEST_P(BothMethods, of_concentrations_set_while_the_compartment_is_resized) {
    const Differentiated run(
        "compartment V = 2; species S in V = 3; a = 1.5; S' = 0; at (time > 1): V = a*V, S = a^2;", {"a"},
        {2}, GetParam());
    // S is set as a concentration with the size before the event: the amount a²·2, then in a·2.
    EXPECT_NEAR(run(0, "V", "a"), 2, 1e-12);
    EXPECT_NEAR(run(0, "S"), 1.5, 1e-12);
    EXPECT_NEAR(run(0, "S", "a"), 1, 1e-9);
}

TEST_P(BothMethods, of_kinks_that_do_not_jump) {
    const Differentiated run("x = 2; k = 0.5; x' = -k*x; y = 0; y' = max(x - 1, 0);", {"k"}, {4}, GetParam());
    // y = ∫ (x − 1) until T = ln(2)/k; where the integrand vanishes the end's shift does not count.
    const double k = 0.5, T = std::log(2.0) / k;
    EXPECT_NEAR(run(0, "y"), (2 - 1) / k - T, 1e-7);
    EXPECT_NEAR(run(0, "y", "k"), -1 / (k * k) + T / k, 1e-6);
}

TEST_P(BothMethods, of_steps_by_floor) {
    // y counts whole x passed, x = 0.1 + p·t: the n-th at (n − 0.1)/p
    const Differentiated run("p = 1.01; x = 0.1; x' = p; y = 1; y' = floor(x);", {"p"}, {2.5}, GetParam());
    ASSERT_TRUE(run.outcome().ok()) << name_of(run.outcome().status) << run.outcome().worst;
    EXPECT_NEAR(run(0, "y"), 1 + (2.5 - 0.9 / 1.01) + (2.5 - 1.9 / 1.01), 1e-7);
    EXPECT_NEAR(run(0, "y", "p"), 2.8 / (1.01 * 1.01), 1e-6);
}

// A dose whose share, lag and rate are parameters: amount F·10 from ALAG on over F·10/R.
TEST_P(BothMethods, of_doses_of_an_event_table_by_what_makes_them) {
    const auto model =
        compile(read_antimony_text("A = 0; k = 0.3; A' = -k*A; F_A = 0.8; ALAG_A = 0.5; R_A = 4;"),
                {"F_A", "ALAG_A", "R_A"});
    const auto table = parse_event_table("ID,TIME,EVID,CMT,AMT,RATE\n1,0,1,A,10,-1\n", "t.csv", *model, {});
    TimeCourseRequest request;
    request.times = {1, 6};
    request.actions = table.subjects.front().actions;
    request.numerics.relative_tolerance = 1e-10;
    request.in_lanes = GetParam();
    for (const char* id : {"A", "d(A)/d(F_A)", "d(A)/d(ALAG_A)", "d(A)/d(R_A)"})
        request.columns.push_back({*find_observable(*model, id), {}});
    const TimeCourse course = run_time_course(model, request);
    ASSERT_TRUE(course.outcome.ok());
    const double k = 0.3, F = 0.8, R = 4, lag = 0.5, D = 10 * F / R;
    const double during = std::exp(-k * (1 - lag));
    EXPECT_NEAR(course.rows[0][0], R / k * (1 - during), 1e-8);
    EXPECT_NEAR(course.rows[0][1], 0, 1e-8);
    EXPECT_NEAR(course.rows[0][2], -R * during, 1e-7);
    EXPECT_NEAR(course.rows[0][3], (1 - during) / k, 1e-8);
    const double early = std::exp(-k * (6 - lag - D)), late = std::exp(-k * (6 - lag));
    EXPECT_NEAR(course.rows[1][0], R / k * (early - late), 1e-8);
    EXPECT_NEAR(course.rows[1][1], 10 * early, 1e-6);
    EXPECT_NEAR(course.rows[1][2], R * (early - late), 1e-7);
    EXPECT_NEAR(course.rows[1][3], (early - late) / k - R * early * 10 * F / (R * R), 1e-6);
}

TEST(Sensitivities, by_what_the_model_computes_or_does_not_know_are_refused) {
    const Spec spec = read_antimony_text("x = 1; loss = 2; y := 2*x; x' = -loss*x;");
    try {
        compile(spec, {"y", "los", "loss", "loss"});
        FAIL();
    } catch (const InputError& error) {
        ASSERT_EQ(error.faults().size(), 3u);
        EXPECT_EQ(error.faults()[0].code, "not-settable");
        EXPECT_EQ(error.faults()[1].message, "sensitivity to unknown name 'los'; did you mean 'loss'?");
        EXPECT_EQ(error.faults()[2].code, "duplicate-id");
    }
}

void expect_refused(const std::string& antimony, const std::string& message) {
    const Spec spec = read_antimony_text(antimony);
    EXPECT_NO_THROW(compile(spec));
    try {
        compile(spec, {"k"});
        FAIL() << "no fault";
    } catch (const InputError& error) {
        ASSERT_EQ(error.faults().size(), 1u);
        EXPECT_EQ(error.faults()[0].message, message);
        EXPECT_GT(error.faults()[0].place.line, 0);
    }
}

TEST(Sensitivities, of_states_that_equations_determine_are_refused) {
    expect_refused("x = 3; k = 0.5; x' = -k*x; var y = 1; 0 = y^3 + y - x;",
                   "sensitivities are not supported where an algebraic rule must be solved for 'y'");
}

TEST(Sensitivities, where_moments_coincide_that_move_differently_are_refused) {
    const Differentiated run(
        "a = 2; b = 2; x = 1; x' = 0; at (time >= a): x = x + 1; at (time >= b): x = 3*x; y = 0; y' = x;",
        {"a"}, {1, 3});
    EXPECT_EQ(run.outcome().status, Status::not_differentiable);
    EXPECT_EQ(run.outcome().worst, "a");
    EXPECT_EQ(run.outcome().time, 2.0);
}

TEST(Sensitivities, the_digest_tells_what_is_differentiated) {
    const Spec spec = read_antimony_text("x = 1; k = 2; x' = -k*x;");
    EXPECT_EQ(compile(spec, {})->digest, compile(spec)->digest);
    EXPECT_NE(compile(spec, {"k"})->digest, compile(spec)->digest);
    EXPECT_NE(compile(spec, {"k"})->digest, compile(spec, {"x"})->digest);
}

TEST(Sensitivities, actions_that_multiply_or_replace_do_so_to_derivatives) {
    const auto model = compile(read_antimony_text("k = 0.5; x = 2; x' = -k*x; y = 1; y' = -k*y;"), {"k"});
    const Slot x = model->states[*find_state(*model, "x")].slot,
               y = model->states[*find_state(*model, "y")].slot;
    Numerics numerics;
    numerics.relative_tolerance = 1e-10;
    Simulation simulation(model, numerics);
    simulation.start(initial_state(*model),
                     {{1, ActionKind::multiply, x, 3, 0}, {2, ActionKind::replace, y, 7, 0}});
    ASSERT_TRUE(simulation.advance(4).ok());
    const auto& info = *model->sensitivities;
    const auto slope = [&](const char* id) {
        return simulation.value(info.observable(*find_observable(*model, id), 0));
    };
    EXPECT_NEAR(slope("x"), -4 * 6 * std::exp(-2.0), 1e-7);
    EXPECT_NEAR(slope("y"), -2 * 7 * std::exp(-1.0), 1e-7);
}

}  // namespace
}  // namespace abscopal
