// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "model/assemble.hpp"

namespace abscopal::test {
namespace {

// Time is leaf 0, a state leaf 1, a parameter leaf 2.
struct Graphs : testing::Test {
    Graph g;
    NodeId x = g.leaf(1, on_state), p = g.leaf(2, on_parameter);

    double value(NodeId node, double x_value, double p_value = 0.0) {
        Assembler assembler(g, {0, 1, 2}, {0.0, x_value, p_value});
        const Program program = assembler.assemble(std::span(&node, 1), false);
        std::vector<double> w = assembler.workspace();
        program.run(w.data());
        return w[program.outputs[0]];
    }

    NodeId slope(NodeId node) {
        const std::vector<NodeId> order = g.reachable(std::span(&node, 1));
        return differentiate(g, order, {no_node, g.constant(1.0)}).back();
    }
};

TEST_F(Graphs, one_expression_is_one_node) {
    EXPECT_EQ(g.add(x, p), g.add(p, x));
    EXPECT_EQ(g.mul(g.negate(x), p), g.negate(g.mul(p, x)));
    EXPECT_NE(g.sub(x, p), g.sub(p, x));
}

TEST_F(Graphs, simplification_is_exact) {
    EXPECT_EQ(g.add(x, g.constant(0.0)), x);
    EXPECT_EQ(g.mul(x, g.constant(1.0)), x);
    EXPECT_EQ(g.make(Code::power, x, g.constant(1.0)), x);
    EXPECT_TRUE(g.is_constant(g.mul(g.constant(0.1), g.constant(3.0)), 0.1 * 3.0));
    // 0·x is no 0 where x is infinite.
    EXPECT_TRUE(std::isnan(value(g.mul(g.constant(0.0), x), std::numeric_limits<double>::infinity())));
}

TEST_F(Graphs, whole_powers_become_products) {
    const NodeId seventh = g.make(Code::power, x, g.constant(7.0));
    for (const NodeId id : g.reachable(std::span(&seventh, 1))) EXPECT_NE(g[id].code, Code::power);
    EXPECT_NEAR(value(seventh, 1.3), std::pow(1.3, 7), 1e-14);
    EXPECT_NEAR(value(g.make(Code::power, x, g.constant(-3.0)), 1.3), std::pow(1.3, -3), 1e-15);
}

TEST_F(Graphs, substitution_replaces_a_leaf_everywhere) {
    const NodeId f = g.add(g.mul(x, p), g.make(Code::exp, x));
    const NodeId at_zero = g.substitute(f, 1, g.constant(0.0));
    EXPECT_EQ(value(at_zero, 99.0, 5.0), 1.0);
}

TEST_F(Graphs, slopes_of_all_functions_are_those_of_differences) {
    const double h = 1e-6;
    const auto check = [&](Code code, double at) {
        const NodeId f = g.make(code, g.mul(x, x));
        const double expected = (value(f, at + h) - value(f, at - h)) / (2 * h);
        EXPECT_NEAR(value(slope(f), at), expected, 1e-7 * std::max(1.0, std::fabs(expected)))
            << name_of(code);
    };
    for (const Code code : {Code::negate, Code::sqrt, Code::abs, Code::exp, Code::ln, Code::log10, Code::sin,
                            Code::cos, Code::tan, Code::sinh, Code::cosh, Code::tanh, Code::asin, Code::acos,
                            Code::atan, Code::asinh, Code::atanh}) {
        check(code, 0.7);
    }
    check(Code::acosh, 1.7);
}

TEST_F(Graphs, slopes_of_all_operations_are_those_of_differences) {
    const double h = 1e-6;
    for (const Code code :
         {Code::add, Code::sub, Code::mul, Code::div, Code::power, Code::rem, Code::min, Code::max}) {
        const NodeId f = g.make(code, g.add(g.mul(x, x), p), g.make(Code::exp, x));
        const double expected = (value(f, 0.7 + h, 2.0) - value(f, 0.7 - h, 2.0)) / (2 * h);
        EXPECT_NEAR(value(slope(f), 0.7, 2.0), expected, 1e-6) << name_of(code);
    }
}

TEST_F(Graphs, a_slope_of_zero_is_no_node) {
    EXPECT_EQ(slope(g.mul(p, p)), no_node);
    EXPECT_EQ(slope(g.make(Code::floor, x)), no_node);
    EXPECT_EQ(slope(g.make(Code::lt, x, p)), no_node);
}

TEST_F(Graphs, programs_share_no_register_and_reuse_their_own) {
    NodeId chain = x;
    for (int i = 0; i < 50; ++i) chain = g.make(i % 2 ? Code::sin : Code::cos, chain);
    Assembler assembler(g, {0, 1, 2}, {0.0, 1.0, 1.0});
    const Program one = assembler.assemble(std::span(&chain, 1), false);
    EXPECT_EQ(assembler.workspace().size(), 4u);
    const Program two = assembler.assemble(std::span(&chain, 1), false);
    EXPECT_NE(one.outputs[0], two.outputs[0]);
}

}  // namespace
}  // namespace abscopal::test
