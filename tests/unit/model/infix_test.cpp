// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "model/infix.hpp"

#include <gtest/gtest.h>

#include <string>

namespace abscopal {
namespace {

std::string reread(const std::string& text) {
    return to_text(parse_infix(text));
}

Fault fault_of(const std::string& text) {
    try {
        parse_infix(text);
    } catch (const InputError& error) {
        return error.faults().front();
    }
    return {};
}

TEST(Infix, PowerBindsToTheRightAndTighterThanTheSign) {
    EXPECT_TRUE(same(parse_infix("a^b^c"), parse_infix("a^(b^c)")));
    EXPECT_TRUE(same(parse_infix("-a^2"), parse_infix("-(a^2)")));
    EXPECT_TRUE(same(parse_infix("-a*b"), parse_infix("(-a)*b")));
    EXPECT_TRUE(same(parse_infix("2^-x"), parse_infix("2^(-x)")));
}

TEST(Infix, DifferenceAndQuotientBindToTheLeft) {
    EXPECT_TRUE(same(parse_infix("a - b - c"), parse_infix("(a - b) - c")));
    EXPECT_TRUE(same(parse_infix("a/b/c"), parse_infix("(a/b)/c")));
}

TEST(Infix, AndAndOrBindEquallyTightAsInLibSbml) {
    EXPECT_TRUE(same(parse_infix("a && b || c && d"), parse_infix("((a && b) || c) && d")));
}

TEST(Infix, RelationsOfOneKindChain) {
    const auto chain = parse_infix("a < b < c");
    EXPECT_EQ(chain->op, Op::lt);
    EXPECT_EQ(chain->args.size(), 3U);
}

TEST(Infix, ShortFunctionsHaveTheirFullMeaning) {
    EXPECT_TRUE(same(parse_infix("log(x)"), parse_infix("ln(x)")));
    EXPECT_TRUE(same(parse_infix("log10(x)"), parse_infix("log(10, x)")));
    EXPECT_TRUE(same(parse_infix("sqr(x)"), parse_infix("x^2")));
    EXPECT_TRUE(same(parse_infix("arcsinh(x)"), parse_infix("asinh(x)")));
    EXPECT_EQ(parse_infix("minus(x)")->op, Op::negate);
}

TEST(Infix, NumbersKeepTheirBitsAndUnits) {
    EXPECT_EQ(parse_infix("0.1")->value, 0.1);
    EXPECT_EQ(parse_infix("-5")->value, -5.0);
    EXPECT_EQ(parse_infix("1e-3 mole")->unit, "mole");
    EXPECT_EQ(parse_infix("5.")->value, 5.0);
}

TEST(Infix, TextReadsBackToTheSameTree) {
    for (const char* text : {"a - (b - c)",   "(a + b)*c",     "a^b^c",
                             "(a^b)^c",       "-(a + b)",      "piecewise(1, x > 3 && !y, 2)",
                             "(a || b) && c", "a || (b && c)", "(a < b) == c",
                             "geq(a, b, c)",  "f(x, -2)^2",    "plus()",
                             "a - -3",        "(-3)^2",        "xor(a, b)",
                             "rateOf(S1)",    "delay(x, 3)",   "avogadro*time",
                             "root(3, x)",    "A.B.x + 1"}) {
        const auto tree = parse_infix(text);
        EXPECT_TRUE(same(tree, parse_infix(to_text(tree)))) << text << " became " << to_text(tree);
    }
    EXPECT_EQ(reread("a+b*c"), "a + b*c");
}

TEST(Infix, FaultsHaveColumnAndExpectation) {
    EXPECT_EQ(fault_of("a + ").place.column, 5);
    EXPECT_EQ(fault_of("a + * b").message, "unexpected '*'; expected a number, a name or '('");
    EXPECT_EQ(fault_of("(a + b").message, "unexpected end of text; expected an operator or ')'");
    EXPECT_EQ(fault_of("sin(a, b)").code, "argument-count");
    EXPECT_EQ(fault_of("normal(0, 1)").code, "unsupported-function");
    EXPECT_EQ(fault_of("a b").place.column, 3);
    EXPECT_EQ(fault_of("a ? b").place.column, 3);
}

TEST(Infix, DepthIsLimited) {
    EXPECT_EQ(fault_of(std::string(100000, '(')).code, "too-deep");
    EXPECT_EQ(fault_of(std::string(100000, '-')).code, "too-deep");
    std::string chain = "a";
    for (int i = 0; i < 100000; ++i) chain += "-a";
    EXPECT_EQ(fault_of(chain).code, "too-deep");
    std::string sum = "a";
    for (int i = 0; i < 100000; ++i) sum += "+a";
    EXPECT_EQ(parse_infix(sum)->args.size(), 100001U);
}

TEST(Infix, refuses_remainders_of_remainders_that_would_grow_without_bounds) {
    std::string chain = "x";
    for (int i = 0; i < 5; ++i) chain += "%x";
    EXPECT_NO_THROW(parse_infix(chain));
    for (int i = 0; i < 30; ++i) chain += "%x";
    EXPECT_EQ(fault_of(chain).code, "too-deep");
}

}  // namespace
}  // namespace abscopal
