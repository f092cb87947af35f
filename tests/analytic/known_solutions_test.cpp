// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <gtest/gtest.h>

#include <cmath>

#include "one_patient.hpp"

namespace abscopal {
namespace {

using test::OnePatient;

Numerics with_tolerance(double relative) {
    Numerics numerics;
    numerics.relative_tolerance = relative;
    return numerics;
}

class Tolerance : public testing::TestWithParam<double> {};

TEST_P(Tolerance, logistic_growth) {
    OnePatient run("x = 0.01; r = 0.7; K = 5; x' = r*x*(1 - x/K);", with_tolerance(GetParam()));
    for (const double t : {1.0, 8.0, 15.0, 40.0}) {
        const double exact = 5 / (1 + (5 / 0.01 - 1) * std::exp(-0.7 * t));
        EXPECT_NEAR(run.at(t, "x"), exact, 30 * GetParam() * exact) << t;
    }
}

TEST_P(Tolerance, gompertz_growth) {
    OnePatient run("x = 0.001; a = 0.3; K = 100; x' = a*x*ln(K/x);", with_tolerance(GetParam()));
    for (const double t : {1.0, 8.0, 40.0}) {
        const double exact = 100 * std::exp(std::log(0.001 / 100) * std::exp(-0.3 * t));
        EXPECT_NEAR(run.at(t, "x"), exact, 60 * GetParam() * exact) << t;
    }
}

// A state of 1e-15 beside one of 1e9: each is resolved by its own scale without being told.
TEST_P(Tolerance, scales_24_decades_apart) {
    OnePatient run("a = 1e9; b = 1e-15; c = 0; a' = -0.1*a; b' = -0.2*b; c' = 0.2*b - 0.05*c;",
                   with_tolerance(GetParam()));
    ASSERT_TRUE(run.to(10).ok());
    EXPECT_NEAR(run["a"], 1e9 * std::exp(-1.0), 30 * GetParam() * 1e9);
    EXPECT_NEAR(run["b"], 1e-15 * std::exp(-2.0), 30 * GetParam() * 1e-15);
    const double c = 1e-15 * 0.2 / 0.15 * (std::exp(-0.5) - std::exp(-2.0));
    EXPECT_NEAR(run["c"], c, 30 * GetParam() * 1e-15);
}

INSTANTIATE_TEST_SUITE_P(From1e4To1e10, Tolerance, testing::Values(1e-4, 1e-6, 1e-8, 1e-10));

// Hairer & Wanner 1996, section IV.10: the solution at the end of the test set's interval.
TEST(Stiff, robertson_kinetics_to_1e11) {
    OnePatient run(R"(a = 1; b = 0; c = 0;
        a' = -0.04*a + 1e4*b*c; b' = 0.04*a - 1e4*b*c - 3e7*b^2; c' = 3e7*b^2;)",
                   with_tolerance(1e-9));
    ASSERT_TRUE(run.to(1e11).ok());
    EXPECT_NEAR(run["a"], 0.2083340149701255e-7, 1e-4 * 0.2083e-7);
    EXPECT_NEAR(run["b"], 0.8333360770334713e-13, 1e-4 * 0.8333e-13);
    EXPECT_NEAR(run["c"], 0.9999999791665050, 1e-8);
}

// The same test set: van der Pol's equation with μ = 1000 at t = 2000.
TEST(Stiff, van_der_pol_to_2000) {
    OnePatient run("y = 2; z = 0; mu = 1000; y' = z; z' = mu*(1 - y^2)*z - y;", with_tolerance(1e-9));
    ASSERT_TRUE(run.to(2000).ok());
    EXPECT_NEAR(run["y"], 0.1706167732170469e1, 1e-5);
    EXPECT_NEAR(run["z"], -0.8928097010248125e-3, 1e-8);
}

TEST(Invariants, lotka_volterra_keeps_its_constant) {
    OnePatient run("x = 10; y = 5; x' = 1.1*x - 0.4*x*y; y' = 0.1*x*y - 0.4*y;", with_tolerance(1e-10));
    const auto constant = [&] {
        return 0.1 * run["x"] - 0.4 * std::log(run["x"]) + 0.4 * run["y"] - 1.1 * std::log(run["y"]);
    };
    const double start = constant();
    ASSERT_TRUE(run.to(200).ok());
    EXPECT_NEAR(constant(), start, 1e-6);
}

TEST(Invariants, a_closed_reaction_chain_keeps_its_mass) {
    OnePatient run("A -> B; 3*A; B -> C; 1e5*B*B; C -> A; 0.01*C; A = 1; B = 0; C = 0;",
                   with_tolerance(1e-8));
    ASSERT_TRUE(run.to(100).ok());
    EXPECT_NEAR(run["A"] + run["B"] + run["C"], 1, 1e-11);
}

// Kuznetsov, Makalkin, Taylor & Perelson 1994, doi 10.1007/BF02460644; numbers computed independently.
TEST(Published, kuznetsov_tumour_and_effector_cells) {
    OnePatient run(
        R"(E = 3.2e5; T = 5e6; s = 1.3e4; p = 0.1245; g = 2.019e7; m = 3.422e-10; d = 0.0412; a = 0.18; b = 2e-9; n = 1.101e-7;
        E' = s + p*E*T/(g + T) - m*E*T - d*E; T' = a*T*(1 - b*T) - n*E*T;)",
        with_tolerance(1e-9));
    ASSERT_TRUE(run.to(100).ok());
    EXPECT_NEAR(run["T"], 1305212.8, 0.1);
    EXPECT_NEAR(run["E"], 1218234.1, 0.1);
}

}  // namespace
}  // namespace abscopal
