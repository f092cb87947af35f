// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "abscopal/model.hpp"
#include "abscopal/spec.hpp"

namespace abscopal {
namespace {

Parameter parameter(const std::string& id, double value) {
    Parameter p;
    p.id = id;
    p.value = value;
    return p;
}

Reaction reaction(const std::string& id, Expression law) {
    Reaction r;
    r.id = id;
    r.law = std::move(law);
    return r;
}

bool has_line(const std::string& text, const std::string& line) {
    return text.find("\n  " + line + "\n") != std::string::npos;
}

TEST(AntimonyWriter, GroupsStatementsUnderComments) {
    const auto text = write_antimony(read_antimony_text(R"(
model *tumour()
  grow: T => 2 T; k*T; compartment V = 2; T in V; T = 5/V
  unit per_day = 1/(86400 second); k = 0.3 per_day  // source: Wang 2021
  k is "growth rate"; y := k + 1; z' = y; z = 1
  E: at 2 after T > 3, priority = 1, t0 = false: T = 0, z = 2
end
tumour is "A tumour")"));
    EXPECT_TRUE(text.starts_with("model *tumour()\n  // Units\n")) << text;
    for (const char* group :
         {"// Units", "// Compartments", "// Species", "// Reactions", "// Values", "// Rules", "// Events"})
        EXPECT_TRUE(has_line(text, group)) << group << "\n" << text;
    EXPECT_TRUE(has_line(text, "species T in V = 5/V;")) << text;
    EXPECT_TRUE(has_line(text, "grow: T => 2 T; k*T;")) << text;
    EXPECT_TRUE(has_line(text, "k = 0.3; k has per_day; k is \"growth rate\";  // source: Wang 2021"))
        << text;
    EXPECT_TRUE(has_line(text, "z' = y;")) << text;
    EXPECT_TRUE(has_line(text, "E: at 2 after T > 3, priority = 1, t0 = false: T = 0, z = 2;")) << text;
    EXPECT_TRUE(text.ends_with("end\n\ntumour is \"A tumour\"\n")) << text;
}

TEST(AntimonyWriter, KeepsUnitsNamesAndSources) {
    const auto spec = read_antimony_text(R"(
k = 0.3; k has 1/day; k is "rate"  // source: Wang 2021, doi:10.1/2
unit nM = 1e-9 mole/litre; compartment C = 2 litre; species S in C = 5 nM  # source: assumed: typical
unit time_unit = 86400 second)");
    const auto again = read_antimony_text(write_antimony(spec));
    EXPECT_EQ(again.parameters[0].name, "rate");
    EXPECT_EQ(again.parameters[0].source, "Wang 2021, doi:10.1/2");
    EXPECT_EQ(again.parameters[0].unit, "per_day");
    EXPECT_EQ(again.species[0].source, "assumed: typical");
    EXPECT_EQ(again.time_unit, "time_unit");
    EXPECT_EQ(write_antimony(again), write_antimony(read_antimony_text(write_antimony(again))));
}

TEST(AntimonyWriter, WordsOfAntimonyGetAnUnderscore) {
    Spec spec;
    spec.id = "model";
    for (const char* id : {"at", "exp", "volume", "end"}) spec.parameters.push_back(parameter(id, 2.0));
    spec.parameters.push_back(parameter("at_", 3.0));
    spec.rules.push_back(
        {RuleKind::assignment, "end", make(Op::plus, {symbol("at"), symbol("at_"), symbol("exp")}), {}});
    spec.parameters[3].constant = false;
    const auto again = read_antimony_text(write_antimony(spec));
    EXPECT_EQ(again.id, "model_");
    EXPECT_EQ(again.rules[0].variable, "end_");
    EXPECT_EQ(to_text(again.rules[0].math), "at__ + at_ + exp_");
}

TEST(AntimonyWriter, LocalParametersBecomeGlobalAndStayApart) {
    Spec spec;
    spec.id = "m";
    spec.parameters = {parameter("k", 1.0), parameter("J_k", 2.0)};
    spec.reactions.push_back(reaction("J", make(Op::times, {symbol("k"), symbol("J_k")})));
    spec.reactions[0].local_parameters = {parameter("k", 5.0)};
    spec.reactions.push_back(reaction("I", symbol("k")));
    const auto again = read_antimony_text(write_antimony(spec));
    EXPECT_EQ(to_text(again.reactions[0].law), "J_k_*J_k");
    EXPECT_EQ(to_text(again.reactions[1].law), "k");
}

TEST(AntimonyWriter, FunctionsComeAfterThoseTheyCall) {
    Spec spec;
    spec.functions = {{"f", "", {"x"}, call("g", {symbol("x")}), {}}, {"g", "", {"x"}, symbol("x"), {}}};
    const auto text = write_antimony(spec);
    EXPECT_LT(text.find("function g"), text.find("function f"));
}

TEST(AntimonyWriter, AModelNamedLikeOneOfItsThingsGetsAnotherName) {
    Spec spec;
    spec.id = "Tumour";
    spec.parameters = {parameter("Tumour", 1.0)};
    EXPECT_EQ(read_antimony_text(write_antimony(spec)).id, "Tumour_");
}

TEST(AntimonyWriter, ConstancyThatAntimonyWouldGuessWrongIsSaid) {
    Spec spec;
    spec.parameters = {parameter("varies", 1.0), parameter("fixed", 1.0), parameter("unset", 0.0)};
    spec.parameters[0].constant = false;
    spec.parameters[2].value.reset();
    spec.initial_assignments.push_back({"fixed", symbol("varies"), {}});
    const auto again = read_antimony_text(write_antimony(spec));
    ASSERT_EQ(again.parameters.size(), 3U);
    for (const auto& p : spec.parameters)
        EXPECT_EQ(std::ranges::find(again.parameters, p.id, &Parameter::id)->constant, p.constant) << p.id;
}

TEST(AntimonyWriter, TruthsStandWhereConditionsStand) {
    Spec spec;
    spec.parameters = {parameter("x", 1.0)};
    spec.parameters[0].constant = false;
    Event event;
    event.id = "E";
    event.trigger = make(Op::and_, {number(1.0), make(Op::gt, {symbol("x"), number(1.0)})});
    event.assignments = {{"x", make(Op::piecewise, {number(1.0), number(0.0), number(1.0)}), {}}};
    spec.events = {event};
    const auto text = write_antimony(spec);
    EXPECT_NE(text.find("E: at true && x > 1: x = piecewise(1, false, 1);"), std::string::npos) << text;
}

TEST(AntimonyWriter, NumbersReadBackToTheSameBits) {
    Spec spec;
    const double values[] = {0.1, 1.0 / 3.0, 1e300, 5e-324, -0.0, 123456789.123456789, 3.141592653589793};
    for (const double value : values)
        spec.parameters.push_back(parameter("p" + std::to_string(spec.parameters.size()), value));
    const auto again = read_antimony_text(write_antimony(spec));
    for (std::size_t i = 0; i < std::size(values); ++i) EXPECT_EQ(again.parameters[i].value, values[i]);
}

TEST(AntimonyWriter, NamesEveryConstructThatAntimonyCannotSay) {
    Spec spec;
    spec.conversion_factor = "f";
    spec.reactions.push_back(reaction("J", nullptr));
    spec.reactions[0].fast = true;
    spec.functions = {{"g", "", {}, nullptr, {}}};
    try {
        write_antimony(spec);
        FAIL();
    } catch (const InputError& error) {
        EXPECT_EQ(error.faults().size(), 3U);
        for (const auto& fault : error.faults()) EXPECT_EQ(fault.code, "not-in-antimony");
    }
}

}  // namespace
}  // namespace abscopal
