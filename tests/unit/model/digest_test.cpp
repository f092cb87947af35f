// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <gtest/gtest.h>

#include "compiled_model.hpp"

namespace abscopal::test {
namespace {

std::string digest(const std::string& antimony) {
    return compile(read_antimony_text(antimony))->digest;
}

const std::string base = "a = 2; b = 3; c = 4; x = 1; x' = -a*x + b*x^2 - c/x;";

TEST(Digest, order_of_declarations_does_not_count) {
    EXPECT_EQ(digest(base), digest("x' = -a*x + b*x^2 - c/x; x = 1; c = 4; b = 3; a = 2;"));
}

TEST(Digest, ways_to_write_the_same_expression_do_not_count) {
    for (const char* same : {"x' = b*x^2 - (a*x + c/x);", "x' = b*x*x - x*a - c*x^-1;",
                             "x' = (0 - a)*x - c/x + x^2*b;", "x' = -1*a*x + (b*x^2 + -(c/x));"}) {
        EXPECT_EQ(digest(base), digest(std::string("a = 2; b = 3; c = 4; x = 1;") + same)) << same;
    }
    EXPECT_EQ(digest("x = 1; x' = sqrt(x) + x/sqrt(x);"), digest("x = 1; x' = x^0.5 + x*x^-0.5;"));
    EXPECT_EQ(digest("x = 1; x' = piecewise(1, x > 2, 0);"), digest("x = 1; x' = piecewise(1, 2 < x, 0);"));
}

TEST(Digest, functions_count_as_what_they_expand_to) {
    EXPECT_EQ(digest("function f(u, v) u/(u + v); end\nmodel m() k = 2; x = 1; x' = -f(x, k); end"),
              digest("k = 2; x = 1; x' = -x/(x + k);"));
}

TEST(Digest, a_local_parameter_counts_as_a_parameter_of_its_reaction) {
    Spec local = read_antimony_text("species s; s = 1; J: s -> ; J_k*s; J_k = 3;");
    const std::string global = compile(local)->digest;
    std::erase_if(local.parameters, [](const Parameter& parameter) { return parameter.id == "J_k"; });
    Parameter k;
    k.id = "k";
    k.value = 3.0;
    local.reactions[0].local_parameters.push_back(k);
    local.reactions[0].law = make(Op::times, {symbol("k"), symbol("s")});
    EXPECT_EQ(compile(local)->digest, global);
}

TEST(Digest, amount_and_concentration_of_the_same_start_are_one) {
    Spec spec = read_antimony_text("compartment v = 2; species s in v; s = 3;");
    const std::string by_concentration = compile(spec)->digest;
    InitialAssignment start{"s", number(3.0), {}};
    spec.species[0].initial_concentration.reset();
    spec.species[0].initial_amount = 99.0;
    spec.initial_assignments.push_back(start);
    EXPECT_EQ(compile(spec)->digest, by_concentration);
}

TEST(Digest, names_units_and_notes_do_not_count) {
    Spec spec = read_antimony_text(base);
    const std::string before = compile(spec)->digest;
    spec.id = "other";
    spec.notes = "text";
    for (Parameter& parameter : spec.parameters)
        parameter.name = parameter.unit = parameter.source = "something";
    EXPECT_EQ(compile(spec)->digest, before);
}

TEST(Digest, whatever_changes_the_mathematics_counts) {
    const std::vector<std::string> others = {
        "a = 2.0000000000000004; b = 3; c = 4; x = 1; x' = -a*x + b*x^2 - c/x;",
        "a = 2; b = 3; c = 4; x = 1.5; x' = -a*x + b*x^2 - c/x;",
        "a = 2; b = 3; c = 4; x = 1; x' = a*x + b*x^2 - c/x;",
        "a = 2; b = 3; c = 4; x = 1; x' = -a*x + b*x^3 - c/x;",
        "a = 2; b = 3; c = 4; x = 1; x' = -b*x + a*x^2 - c/x;",
        "a = 2; b = 3; c = 4; y = 1; y' = -a*y + b*y^2 - c/y;",
        "a = 2; b = 3; c = 4; d = 1; x = 1; x' = -a*x + b*x^2 - c/x;",
        "a = 2; b = 3; c = 4; x = 1; x' = -a*x + b*x^2 - c/x; at time > 3: x = 0;",
        "a = 2; b = 3; c = 4; x = 1; x' = -a*x + b*x^2 - c/x; at time > 3.5: x = 0;",
        "a = 2; b = 3; c = 4; x = 1; x' = -a*x + b*x^2 - c/x; at 1 after time > 3: x = 0;"};
    std::vector<std::string> digests = {digest(base)};
    for (const std::string& other : others) digests.push_back(digest(other));
    std::sort(digests.begin(), digests.end());
    EXPECT_EQ(std::unique(digests.begin(), digests.end()), digests.end());
}

}  // namespace
}  // namespace abscopal::test
