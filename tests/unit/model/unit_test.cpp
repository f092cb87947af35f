// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <gtest/gtest.h>

#include "abscopal/model.hpp"
#include "unit/model/sbml_text.hpp"

namespace abscopal {
namespace {

using test::level3, test::math;

Entity entity(const std::string& id, const std::string& unit) {
    return {id, "", unit, "", {}};
}

/// A drug in 2 mL, lost at 0.5 per hour and given at 3 picomole per minute; time in days, amounts in
/// nanomole.
Spec one_compartment() {
    Spec spec;
    spec.time_unit = "day";
    spec.extent_unit = "micromole";
    spec.compartments.push_back({entity("V", "milliliter"), 2.0});
    Species drug;
    drug.id = "D";
    drug.unit = "nanomole";
    drug.compartment = "V";
    drug.initial_concentration = 7.0;
    spec.species.push_back(drug);
    spec.parameters.push_back({entity("loss", "1/hour"), 0.5});
    spec.parameters.push_back({entity("input", "picomole/minute"), 3.0});
    Reaction reaction;
    reaction.id = "out";
    reaction.reactants.push_back({"D", "", 1.0, nullptr, true, {}});
    reaction.law =
        make(Op::minus, {make(Op::times, {symbol("loss"), symbol("D"), symbol("V")}), symbol("input")});
    spec.reactions.push_back(reaction);
    return spec;
}

/// d(state)/dt at the start, state by state.
std::vector<double> start_rates(const Model& model) {
    auto workspace = model.workspace;
    for (const auto& step : model.initial) {
        step.program.run(workspace.data());
        workspace[step.target] = workspace[step.program.outputs.at(0)];
    }
    model.prelude.run(workspace.data());
    model.rates.run(workspace.data());
    std::vector<double> rates;
    for (const Slot slot : model.rates.outputs) rates.push_back(workspace[slot]);
    return rates;
}

TEST(ConvertUnits, rates_come_out_in_the_declared_units) {
    const auto model = compile(convert_units(one_compartment()));
    ASSERT_EQ(model->n_states(), 1U);
    // 0.5/h of 14 nmol is 168 nmol/day; 3 pmol/min is 4.32 nmol/day.
    EXPECT_NEAR(start_rates(*model).at(0), -168.0 + 4.32, 1e-10);
}

TEST(ConvertUnits, values_keep_their_declared_units) {
    const Spec converted = convert_units(one_compartment());
    EXPECT_EQ(converted.parameters.at(0).value, 0.5);
    EXPECT_EQ(converted.parameters.at(0).unit, "1/hour");
    EXPECT_EQ(converted.species.at(0).initial_concentration, 7.0);
    EXPECT_EQ(converted.compartments.at(0).size, 2.0);
}

TEST(ConvertUnits, one_consistent_system_gives_the_same_rates_as_no_conversion) {
    Spec spec = one_compartment();
    spec.time_unit = "second", spec.extent_unit = "mole";
    spec.compartments[0].unit = "metre^3", spec.species[0].unit = "mole";
    spec.parameters[0].unit = "1/second", spec.parameters[1].unit = "mole/second";
    EXPECT_EQ(start_rates(*compile(convert_units(spec))), start_rates(*compile(spec)));
}

TEST(ConvertUnits, time_in_mathematics_and_rate_rules_are_converted) {
    Spec spec = one_compartment();
    Parameter age{entity("age", "hour"), 0.0, false};
    spec.parameters.push_back(age);
    spec.rules.push_back({RuleKind::rate, "age", number(1.0), {}});
    const auto model = compile(convert_units(spec));
    const auto state = find_state(*model, "age");
    ASSERT_TRUE(state);
    EXPECT_NEAR(start_rates(*model).at(*state), 24.0, 1e-12);  // hours per day
}

TEST(ConvertUnits, a_quantity_without_a_unit_is_named) {
    Spec spec = one_compartment();
    spec.parameters[0].unit.clear();
    try {
        convert_units(spec);
        FAIL() << "no fault";
    } catch (const InputError& error) {
        EXPECT_EQ(error.faults().at(0).code, "missing-unit");
        EXPECT_NE(error.faults().at(0).message.find("'loss'"), std::string::npos);
    }
}

TEST(ConvertUnits, dimensions_that_do_not_fit_are_refused) {
    Spec spec = one_compartment();
    spec.reactions[0].law = make(Op::times, {symbol("loss"), symbol("D")});
    EXPECT_THROW(convert_units(spec), InputError);
}

TEST(CheckUnits, a_consistent_model_has_no_mismatch) {
    EXPECT_TRUE(check_units(one_compartment()).empty());
}

TEST(CheckUnits, a_sum_of_two_dimensions_is_a_mismatch) {
    Spec spec = one_compartment();
    spec.reactions[0].law = make(Op::plus, {make(Op::times, {symbol("loss"), symbol("D")}), symbol("input")});
    const auto faults = check_units(spec);
    ASSERT_EQ(faults.size(), 1U);
    EXPECT_EQ(faults[0].message, "'loss*D + input' puts together mole/(metre^3*second) and mole/second");
}

TEST(CheckUnits, a_law_that_is_no_extent_per_time_is_a_mismatch) {
    Spec spec = one_compartment();
    spec.reactions[0].law = make(Op::times, {symbol("loss"), symbol("D")});
    const auto faults = check_units(spec);
    ASSERT_EQ(faults.size(), 1U);
    EXPECT_EQ(faults[0].message, "law of 'out' is mole/(metre^3*second), expected mole/second");
}

TEST(CheckUnits, what_touches_a_quantity_without_unit_is_not_judged) {
    Spec spec = one_compartment();
    spec.parameters[0].unit.clear();
    EXPECT_TRUE(check_units(spec).empty());
}

TEST(CheckUnits, an_exponential_wants_a_pure_number_and_says_where) {
    const Spec spec = read_sbml_text(
        level3("<listOfParameters><parameter id='t' value='1' units='second' constant='true'/>"
               "<parameter id='x' units='dimensionless' "
               "constant='false'/></listOfParameters>\n<listOfRules>\n<assignmentRule variable='x'>" +
               math("<apply><exp/><ci>t</ci></apply>") + "</assignmentRule></listOfRules>"));
    const auto faults = check_units(spec);
    ASSERT_EQ(faults.size(), 1U);
    EXPECT_EQ(faults[0].place.line, 6);
}

}  // namespace
}  // namespace abscopal
