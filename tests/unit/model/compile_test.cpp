// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <gtest/gtest.h>

#include <cmath>

#include "compiled_model.hpp"

namespace abscopal::test {
namespace {

TEST(Compile, a_species_is_carried_as_amount_and_read_as_concentration) {
    const CompiledModel m("compartment v = 2; species s in v; s = 3; k = 0.5; J: s -> ; v*k*s;");
    EXPECT_EQ(m.state("s"), 6.0);
    EXPECT_EQ(m.value("s"), 3.0);
    EXPECT_EQ(m.amount("s"), 6.0);
    EXPECT_EQ(m.rate("s"), -2.0 * 0.5 * 3.0);
    EXPECT_EQ(m.slope("s", "s"), -0.5);
}

TEST(Compile, a_substance_only_species_means_its_amount) {
    const CompiledModel m("compartment v = 2; substanceOnly species s in v; s = 3; J: s -> ; 0.5*s;");
    EXPECT_EQ(m.value("s"), 3.0);
    EXPECT_EQ(m.amount("s"), 3.0);
    EXPECT_EQ(m.rate("s"), -1.5);
}

TEST(Compile, a_concentration_rule_in_a_growing_compartment_moves_amount_for_both) {
    // A = V·c, V' = 0.1·V, c' = 4: A' = V·4 + c·0.1·V
    const CompiledModel rate_rule("compartment v = 2; v' = 0.1*v; species s in v; s = 3; s' = 4;");
    EXPECT_DOUBLE_EQ(rate_rule.rate("s"), 2.0 * 4.0 + 3.0 * 0.2);
    // The same volume given by a rule on time: V = 2 + 0.2·t.
    const CompiledModel assigned("compartment v := 2 + 0.2*time; species s in v; s = 3; s' = 4;");
    EXPECT_EQ(assigned.state("s"), 6.0);
    EXPECT_DOUBLE_EQ(assigned.rate("s"), 2.0 * 4.0 + 3.0 * 0.2);
}

TEST(Compile, rate_of_gives_rates_slopes_of_computed_variables_and_zero_for_constants) {
    const CompiledModel m(
        "x = 2; x' = -3*x; k = 5; y := x^2; a := rateOf(x); b := rateOf(y); c := rateOf(k);");
    EXPECT_EQ(m.value("a"), -6.0);
    EXPECT_EQ(m.value("b"), 2.0 * 2.0 * -6.0);
    EXPECT_EQ(m.value("c"), 0.0);
}

TEST(Compile, a_linear_algebraic_rule_determines_its_free_variable) {
    Spec spec = read_antimony_text("x = 2; x' = -x; var z = 1; k = 3; y := z + 1;");
    Rule rule;
    rule.kind = RuleKind::algebraic;  // 0 = x + z − k
    rule.math = make(Op::minus, {make(Op::plus, {symbol("x"), symbol("z")}), symbol("k")});
    spec.rules.push_back(rule);
    for (Parameter& parameter : spec.parameters) {
        if (parameter.id == "z") parameter.constant = false;
        if (parameter.id == "k") parameter.constant = true;
    }
    const CompiledModel m(spec);
    EXPECT_EQ(m.value("z"), 1.0);
    EXPECT_EQ(m.value("y"), 2.0);
    EXPECT_FALSE(find_settable(m.model(), "z"));
    spec.rules.back().math = make(Op::minus, {make(Op::times, {symbol("z"), symbol("z")}), symbol("k")});
    EXPECT_EQ(compile(spec)->states.at(1).determined, Determined::by_equation);
}

TEST(Compile, algebraic_rules_that_leave_open_what_they_determine_are_refused) {
    const std::string start = "var x = 1; x' = 0; ";
    EXPECT_EQ(first_code([&] { compile(read_antimony_text(start + "var a = 1; var b = 1; 0 = a*b - x;")); }),
              "underdetermined");
    EXPECT_EQ(first_code([&] { compile(read_antimony_text(start + "const c = 2; 0 = x - c;")); }),
              "overdetermined");
    EXPECT_EQ(compile(read_antimony_text(start + "var a; var b = 1; 0 = a*b - x;"))->states.at(1).id, "a");
}

TEST(Compile, initial_assignments_run_in_the_order_of_their_needs) {
    const CompiledModel m("a = b + 1; b = c * 2; c = 5; v := 2*a; d = v; x = d; x' = 1;");
    EXPECT_EQ(m.value("b"), 10.0);
    EXPECT_EQ(m.value("a"), 11.0);
    EXPECT_EQ(m.value("d"), 22.0);
    EXPECT_EQ(m.state("x"), 22.0);
}

TEST(Compile, a_value_given_by_the_user_wins_and_the_others_follow) {
    const std::string text = "a = 2*b; b = 3*c; c = 1;";
    EXPECT_EQ(CompiledModel(text, {{"b", 10.0}}).value("a"), 20.0);
    EXPECT_EQ(CompiledModel(text, {{"c", 2.0}}).value("a"), 12.0);
    EXPECT_EQ(CompiledModel(text, {{"a", 7.0}}).value("a"), 7.0);
}

TEST(Compile, a_concentration_given_by_the_user_meets_the_initial_size) {
    const CompiledModel plain("compartment v = 2; species s in v; s = 3;", {{"s", 5.0}, {"v", 4.0}});
    EXPECT_EQ(plain.amount("s"), 20.0);
    const CompiledModel kept("compartment v = 2; species s in v; s = 3;", {{"v", 4.0}});
    EXPECT_EQ(kept.amount("s"), 12.0);
    const CompiledModel computed("k = 2; compartment v := 3*k; species s in v; s = 3;",
                                 {{"s", 5.0}, {"k", 1.0}});
    EXPECT_EQ(computed.amount("s"), 15.0);
}

TEST(Compile, work_on_parameters_alone_is_hoisted) {
    const CompiledModel m("a = 2; b = 3; x = 1; x' = -exp(a*b + sin(b))*x;");
    EXPECT_EQ(m.model().rates.instructions.size(), 2u);
    EXPECT_EQ(m.model().prelude.instructions.size(), 4u);  // with the slope's sign
}

TEST(Compile, shared_subexpressions_are_computed_once) {
    const CompiledModel m("x = 1; y = 2; x' = exp(x*y) - 1; y' = exp(y*x) - 2;");
    EXPECT_EQ(m.model().rates.instructions.size(), 4u);
}

TEST(Compile, times_of_switches_are_exact_and_state_switches_are_roots) {
    const CompiledModel m(
        "T = 3; x = 1; x' = piecewise(1, time >= T, 0) + piecewise(1, time - 2 < T && x > 4, 0) + abs(x - 2);"
        "at 2*time > T + 1: x = 0;");
    const std::vector<double> times = m.run(m.model().time_switches);
    EXPECT_EQ(std::vector<double>(times.begin(), times.end()), (std::vector<double>{3.0, 5.0, 2.0}));
    std::vector<double> roots = m.run(m.model().roots);
    std::sort(roots.begin(), roots.end());
    EXPECT_EQ(roots, (std::vector<double>{-1.0, 3.0}));
}

TEST(Compile, switches_on_parameters_alone_are_none) {
    const CompiledModel m("a = 1; x = 1; x' = piecewise(1, a > 3, 2) + floor(a) + min(a, 2);");
    EXPECT_TRUE(m.model().roots.outputs.empty());
    EXPECT_TRUE(m.model().time_switches.outputs.empty());
}

TEST(Compile, the_slope_of_a_root_at_zero_is_guarded) {
    const CompiledModel m("x = 0; n = 0.7; x' = 1 - sqrt(x) - x^n - x^0.3; y = 0; y' = x*ln(y);");
    EXPECT_EQ(m.slope("x", "x"), 0.0);
    EXPECT_EQ(m.slope("y", "y"), 0.0);
}

TEST(Compile, slopes_follow_the_branch_in_force) {
    const std::string text = "x' = piecewise(3*x, x < 2, 5*x) + max(x, 2*x - 3) + abs(x - 10);";
    EXPECT_EQ(CompiledModel(text + "x = 1;").slope("x", "x"), 3.0 + 1.0 - 1.0);
    EXPECT_EQ(CompiledModel(text + "x = 5;").slope("x", "x"), 5.0 + 2.0 - 1.0);
}

TEST(Compile, events_set_concentrations_through_sizes) {
    const CompiledModel m("compartment v = 2; species s in v; s = 3; var k = 1; at time > 1: s = 7, k = 2;");
    const EventInfo& event = m.model().events.at(0);
    EXPECT_EQ(m.run(event.assignments), (std::vector<double>{7.0, 2.0}));
    EXPECT_EQ(m.run(event.sizes), (std::vector<double>{2.0, 1.0}));
    EXPECT_FALSE(m.model().parameters[*find_parameter(m.model(), "k")].is_constant);
}

TEST(Compile, the_same_spec_gives_the_same_model) {
    const std::string text = "a = 2; x = 1; y = 3; x' = -a*x*y; y' = a*x*y - y^3;";
    const auto one = compile(read_antimony_text(text)), two = compile(read_antimony_text(text));
    EXPECT_EQ(one->digest, two->digest);
    EXPECT_EQ(one->workspace, two->workspace);
    EXPECT_EQ(one->jacobian.outputs, two->jacobian.outputs);
    EXPECT_EQ(one->rates.instructions.size(), two->rates.instructions.size());
}

TEST(Compile, entities_are_found_by_id_or_unique_name) {
    Spec spec = read_antimony_text("x = 1; x' = 1; y = 2; z = 3;");
    for (Parameter& parameter : spec.parameters) parameter.name = parameter.id == "x" ? "tumour" : "twin";
    const auto model = compile(spec);
    EXPECT_EQ(find_state(*model, "tumour"), find_state(*model, "x"));
    EXPECT_TRUE(find_settable(*model, "tumour"));
    EXPECT_FALSE(find_parameter(*model, "twin"));
    EXPECT_FALSE(find_observable(*model, "nothing"));
}

}  // namespace
}  // namespace abscopal::test
