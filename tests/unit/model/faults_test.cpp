// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <gtest/gtest.h>

#include "compiled_model.hpp"

namespace abscopal::test {
namespace {

std::vector<Fault> faults_of(const std::string& antimony) {
    try {
        compile(read_antimony_text(antimony));
    } catch (const InputError& error) {
        return error.faults();
    }
    return {};
}

Spec spec_with(const Rule& rule) {
    Spec spec;
    Parameter x;
    x.id = "x";
    x.value = 1.0;
    x.constant = false;
    spec.parameters.push_back(x);
    spec.rules.push_back(rule);
    return spec;
}

Rule rule_for(const std::string& variable, Expression math) {
    Rule rule;
    rule.variable = variable;
    rule.math = std::move(math);
    return rule;
}

TEST(CompileFaults, an_undefined_name_comes_with_the_nearest) {
    Spec spec = spec_with(rule_for("x", make(Op::plus, {symbol("growth_rte"), number(1.0)})));
    Parameter rate;
    rate.id = "growth_rate";
    spec.parameters.push_back(rate);
    try {
        compile(spec);
        FAIL();
    } catch (const InputError& error) {
        EXPECT_EQ(error.faults().front().code, "undefined-name");
        EXPECT_NE(error.faults().front().message.find("did you mean 'growth_rate'?"), std::string::npos);
    }
}

TEST(CompileFaults, all_faults_are_reported_at_once) {
    Spec spec =
        spec_with(rule_for("x", make(Op::plus, {symbol("u"), symbol("v"), call("f", {number(1.0)})})));
    try {
        compile(spec);
        FAIL();
    } catch (const InputError& error) {
        EXPECT_EQ(error.faults().size(), 3u);
    }
}

TEST(CompileFaults, cyclic_rules_are_named) {
    Spec spec = spec_with(rule_for("x", symbol("y")));
    Parameter y;
    y.id = "y";
    y.constant = false;
    spec.parameters.push_back(y);
    spec.rules.push_back(rule_for("y", make(Op::times, {symbol("x"), number(2.0)})));
    EXPECT_EQ(first_code([&] { compile(spec); }), "cyclic-definition");
}

TEST(CompileFaults, cyclic_initial_assignments_are_named) {
    EXPECT_EQ(first_code([&] { compile(read_antimony_text("a = b + 1; b = a*2;")); }), "cyclic-definition");
}

TEST(CompileFaults, recursive_functions_are_named) {
    Spec spec = spec_with(rule_for("x", call("f", {number(1.0)})));
    FunctionDefinition f{"f", "", {"a"}, call("g", {symbol("a")}), {}},
        g{"g", "", {"a"}, call("f", {symbol("a")}), {}};
    spec.functions = {f, g};
    EXPECT_EQ(first_code([&] { compile(spec); }), "recursive-function");
}

TEST(CompileFaults, a_wrong_number_of_arguments_is_named) {
    Spec spec = spec_with(rule_for("x", call("f", {number(1.0), number(2.0)})));
    spec.functions = {{"f", "", {"a"}, symbol("a"), {}}};
    EXPECT_EQ(first_code([&] { compile(spec); }), "wrong-argument-count");
    EXPECT_EQ(first_code([&] { compile(spec_with(rule_for("x", make(Op::divide, {number(1.0)})))); }),
              "wrong-argument-count");
}

TEST(CompileFaults, a_variable_has_one_rule) {
    Spec spec = spec_with(rule_for("x", number(1.0)));
    spec.rules.push_back(rule_for("x", number(2.0)));
    EXPECT_EQ(first_code([&] { compile(spec); }), "overdetermined");
}

TEST(CompileFaults, constants_stay_constant) {
    Spec spec = spec_with(rule_for("x", number(1.0)));
    spec.parameters[0].constant = true;
    EXPECT_EQ(first_code([&] { compile(spec); }), "assignment-to-constant");
}

TEST(CompileFaults, an_id_is_declared_once) {
    Spec spec = spec_with(rule_for("x", number(1.0)));
    spec.parameters.push_back(spec.parameters[0]);
    EXPECT_EQ(first_code([&] { compile(spec); }), "duplicate-id");
}

TEST(CompileFaults, a_species_with_rule_and_reaction_is_overdetermined) {
    Spec spec = read_antimony_text("species $s; s = 1; k = 1; J: s -> ; k*s; s' = 2;");
    EXPECT_TRUE(compile(spec));
    for (Species& species : spec.species) species.boundary = false;
    EXPECT_EQ(first_code([&] { compile(spec); }), "overdetermined");
}

TEST(CompileFaults, what_the_course_needs_must_have_a_value) {
    EXPECT_EQ(first_code([] { compile(read_antimony_text("x = 1; x' = -k*x;")); }), "undetermined");
    EXPECT_EQ(first_code([] { compile(read_antimony_text("k = 2; x' = -k;")); }), "undetermined");
    EXPECT_TRUE(compile(read_antimony_text("x = 1; x' = -x; y := x*unused;")));
}

TEST(CompileFaults, what_no_stage_can_run_is_refused_by_name) {
    const auto faults = faults_of("x = 1; x' = -delay(x, 2);");
    ASSERT_FALSE(faults.empty());
    EXPECT_EQ(faults.front().code, "unsupported-construct");
    EXPECT_NE(faults.front().message.find("delay"), std::string::npos);
}

}  // namespace
}  // namespace abscopal::test
