// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <gtest/gtest.h>

#include "abscopal/spec.hpp"
#include "unit/model/sbml_text.hpp"

namespace abscopal {
namespace {

using test::level2, test::level3, test::math;

TEST(SbmlReader, level_2_defaults_are_written_out) {
    const Spec spec = read_sbml_text(
        level2("<listOfCompartments><compartment id='c'/></listOfCompartments>"
               "<listOfSpecies><species id='s' compartment='c' initialConcentration='2'/></listOfSpecies>"
               "<listOfReactions><reaction id='r'><listOfReactants><speciesReference "
               "species='s'/></listOfReactants></reaction></listOfReactions>"));
    EXPECT_FALSE(spec.compartments.at(0).size.has_value());
    EXPECT_EQ(spec.compartments.at(0).dimensions, 3.0);
    EXPECT_TRUE(spec.compartments.at(0).constant);
    EXPECT_EQ(spec.species.at(0).initial_concentration, 2.0);
    EXPECT_FALSE(spec.species.at(0).only_substance_units);
    EXPECT_EQ(spec.reactions.at(0).reactants.at(0).stoichiometry, 1.0);
    EXPECT_TRUE(spec.reactions.at(0).reversible);
    EXPECT_EQ(spec.time_unit, "second");
    EXPECT_EQ(spec.volume_unit, "litre");
}

TEST(SbmlReader, level_3_leaves_unsaid_what_the_file_does_not_say) {
    const Spec spec = read_sbml_text(
        level3("<listOfCompartments><compartment id='c' constant='false'/></listOfCompartments>"
               "<listOfParameters><parameter id='k' constant='true'/></listOfParameters>"));
    EXPECT_FALSE(spec.compartments.at(0).size.has_value());
    EXPECT_FALSE(spec.compartments.at(0).constant);
    EXPECT_FALSE(spec.parameters.at(0).value.has_value());
    EXPECT_EQ(spec.time_unit, "");
}

TEST(SbmlReader, computed_stoichiometry_of_level_2_becomes_a_rule) {
    const Spec spec = read_sbml_text(
        level2("<listOfCompartments><compartment id='c' size='1'/></listOfCompartments>"
               "<listOfSpecies><species id='s' compartment='c' initialAmount='2'/></listOfSpecies>"
               "<listOfReactions><reaction id='r'><listOfProducts><speciesReference "
               "species='s'><stoichiometryMath>" +
               math("<apply><times/><cn>2</cn><ci>s</ci></apply>") +
               "</stoichiometryMath></speciesReference></listOfProducts></reaction></listOfReactions>"));
    const auto& product = spec.reactions.at(0).products.at(0);
    EXPECT_FALSE(product.constant);
    EXPECT_EQ(spec.rules.at(0).variable, product.id);
    EXPECT_TRUE(same(spec.rules.at(0).math, make(Op::times, {number(2), symbol("s")})));
}

TEST(SbmlReader, scientific_notation_keeps_the_bits) {
    const Spec spec = read_sbml_text(
        level3("<listOfParameters><parameter id='k' "
               "constant='false'/></listOfParameters><listOfRules><assignmentRule variable='k'>" +
               math("<cn type='e-notation'>1.1<sep/>-7</cn>") + "</assignmentRule></listOfRules>"));
    EXPECT_EQ(spec.rules.at(0).math->value, 1.1e-7);
}

TEST(SbmlReader, fast_reactions_stay_fast_and_level_3_version_2_has_no_word_for_them) {
    const Spec spec =
        read_sbml_text(level2("<listOfReactions><reaction id='r7' fast='true'/></listOfReactions>"));
    ASSERT_EQ(spec.reactions.size(), 1U);
    EXPECT_TRUE(spec.reactions[0].fast);
    EXPECT_THROW(write_sbml(spec), InputError);
}

TEST(SbmlReader, an_undeclared_symbol_is_named_with_its_nearest) {
    try {
        read_sbml_text(level2("<listOfParameters><parameter id='k_on' constant='false'/><parameter id='x' "
                              "constant='false'/></listOfParameters>"
                              "<listOfRules>\n<assignmentRule variable='x'>" +
                              math("<ci>k_om</ci>") + "</assignmentRule></listOfRules>"),
                       "a.xml");
        FAIL() << "no fault";
    } catch (const InputError& error) {
        EXPECT_EQ(error.faults().at(0).code, "unknown-symbol");
        EXPECT_NE(error.faults().at(0).message.find("did you mean 'k_on'"), std::string::npos);
        EXPECT_EQ(error.faults().at(0).place.file, "a.xml");
        EXPECT_EQ(error.faults().at(0).place.line, 5);
    }
}

TEST(SbmlReader, a_minus_of_one_argument_is_a_negation) {
    const Spec spec = read_sbml_text(level3(
        "<listOfParameters><parameter id='a' constant='true'/><parameter id='b' value='2' "
        "constant='true'/></listOfParameters><listOfInitialAssignments><initialAssignment symbol='a'>" +
        math("<apply><minus/><ci>b</ci></apply>") + "</initialAssignment></listOfInitialAssignments>"));
    ASSERT_EQ(spec.initial_assignments.size(), 1U);
    EXPECT_EQ(to_text(spec.initial_assignments[0].math), "-b");
}

TEST(SbmlReader, short_notes_of_a_value_are_its_source) {
    const Spec spec = read_sbml_text(
        level2("<listOfParameters><parameter id='k' value='2'><notes><body "
               "xmlns='http://www.w3.org/1999/xhtml'>Assumed <i>from</i> "
               "&quot;Chen 2014&quot; &amp; others</body></notes></parameter></listOfParameters>"));
    EXPECT_EQ(spec.parameters.at(0).source, "Assumed from \"Chen 2014\" & others");
    EXPECT_EQ(read_sbml_text(write_sbml(spec)).parameters.at(0).source, spec.parameters.at(0).source);
}

TEST(SbmlReader, a_matlab_function_that_the_file_does_not_define_is_understood) {
    const Spec spec = read_sbml_text(level2(test::rule("<apply><ci>log2</ci><cn>8</cn></apply>")));
    EXPECT_TRUE(same(spec.rules.at(0).math, make(Op::log, {number(2), number(8)})));
}

TEST(SbmlReader, a_switched_off_reaction_has_rate_zero) {
    const std::string text = level2("<listOfReactions><reaction id='force'><kineticLaw>" +
                                    math("<cn>3</cn>") + "</kineticLaw></reaction></listOfReactions>");
    EXPECT_TRUE(same(switch_off(read_sbml_text(text), {"force"}).reactions.at(0).law, number(0)));
    EXPECT_THROW(switch_off(read_sbml_text(text), {"forces"}), InputError);
}

}  // namespace
}  // namespace abscopal
