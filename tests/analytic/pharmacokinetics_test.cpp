// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
// Linear kinetics in closed form, superposed over doses.
#include <gtest/gtest.h>

#include <cmath>

#include "one_patient.hpp"

namespace abscopal {
namespace {

using test::OnePatient;

Numerics tight() {
    Numerics numerics;
    numerics.relative_tolerance = 1e-12;
    return numerics;
}

double one_compartment(double t, double k, const Action& dose) {
    const double s = t - dose.time;
    if (s < 0) return 0;
    if (dose.kind == ActionKind::add) return dose.value * std::exp(-k * s);
    const double rate = dose.value / dose.duration, end = std::min(s, dose.duration);
    return rate / k * (1 - std::exp(-k * end)) * std::exp(-k * (s - end));
}

TEST(Pharmacokinetics, one_compartment_superposes_boluses_and_infusions) {
    OnePatient run("x = 0; k = 0.3; x' = -k*x;", tight());
    const Slot x = run.state("x");
    std::vector<Action> doses;
    for (int i = 0; i < 6; ++i) {
        doses.push_back({4.0 * i, ActionKind::add, x, 10.0 + i, 0});
        doses.push_back({4.0 * i + 1, ActionKind::infuse, x, 5, 4.5});
    }
    run.start(doses);
    for (const double t : {0.0, 0.5, 1.0, 3.7, 8.0, 12.25, 22.0, 30.0}) {
        double expected = 0;
        for (const auto& dose : doses) expected += one_compartment(t, 0.3, dose);
        EXPECT_NEAR(run.at(t, "x"), expected, 1e-9 * expected) << t;
    }
}

/// Amount in the central of two compartments, unit dose: A exp(−αt) + B exp(−βt).
struct TwoCompartments {
    double alpha, beta, a, b;
    TwoCompartments(double k10, double k12, double k21) {
        const double sum = k10 + k12 + k21, root = std::sqrt(sum * sum - 4 * k10 * k21);
        alpha = (sum + root) / 2;
        beta = k10 * k21 / alpha;
        a = (alpha - k21) / (alpha - beta);
        b = (k21 - beta) / (alpha - beta);
    }
    double bolus(double t) const { return t < 0 ? 0 : a * std::exp(-alpha * t) + b * std::exp(-beta * t); }
    double infusion(double t, double duration) const {
        if (t < 0) return 0;
        const double end = std::min(t, duration);
        const auto part = [&](double weight, double rate) {
            return weight / rate * (1 - std::exp(-rate * end)) * std::exp(-rate * (t - end)) / duration;
        };
        return part(a, alpha) + part(b, beta);
    }
};

TEST(Pharmacokinetics, two_compartments_superpose_boluses_and_infusions) {
    OnePatient run(
        "c = 0; p = 0; k10 = 0.2; k12 = 3; k21 = 0.05; c' = -(k10 + k12)*c + k21*p; p' = k12*c - k21*p;",
        tight());
    const TwoCompartments exact(0.2, 3, 0.05);
    std::vector<Action> doses;
    for (int i = 0; i < 5; ++i) {
        doses.push_back({21.0 * i, ActionKind::infuse, run.state("c"), 200, 1.0 / 48});
        doses.push_back({14.0 * i, ActionKind::add, run.state("c"), 50, 0});
    }
    run.start(doses);
    for (const double t : {0.25, 1.0, 14.0, 20.0, 50.0, 84.01, 120.0}) {
        double expected = 0;
        for (int i = 0; i < 5; ++i)
            expected += 200 * exact.infusion(t - 21.0 * i, 1.0 / 48) + 50 * exact.bolus(t - 14.0 * i);
        EXPECT_NEAR(run.at(t, "c"), expected, 1e-9 * expected) << t;
    }
}

TEST(Pharmacokinetics, a_shifted_regimen_under_a_shifted_clock_gives_the_same) {
    OnePatient run("c = 0; k = 0.2; c' = -k*c;", tight());
    const Slot c = run.state("c");
    run.start({{1, ActionKind::add, c, 5, 0}, {3, ActionKind::infuse, c, 2, 1}});
    const double early = run.at(6, "c");
    State late = initial_state(run.model(), {}, 64);
    run.simulation().start(late, {{65, ActionKind::add, c, 5, 0}, {67, ActionKind::infuse, c, 2, 1}});
    EXPECT_NEAR(run.at(70, "c"), early, 1e-10 * early);
}

}  // namespace
}  // namespace abscopal
