// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <gtest/gtest.h>

#include <cmath>

#include "abscopal/spec.hpp"
#include "base/random.hpp"
#include "unit/model/sbml_text.hpp"

namespace abscopal {
namespace {

using test::level2, test::level3, test::math, test::rule;

/// Reads what cannot be read and returns the first fault.
Fault fault_of(const std::string& text) {
    try {
        read_sbml_text(text, "broken.xml");
    } catch (const InputError& error) {
        return error.faults().at(0);
    }
    ADD_FAILURE() << "no fault";
    return {};
}

/// The fault has this code (if one is given) and line (if one is known).
void expect_fault(const std::string& text, const std::string& code, int line) {
    const Fault fault = fault_of(text);
    EXPECT_TRUE(code.empty() || fault.code == code) << fault.code << ": " << fault.message;
    EXPECT_EQ(fault.place.file, "broken.xml");
    EXPECT_EQ(fault.place.line, line) << fault.message;
    EXPECT_FALSE(fault.message.empty());
    EXPECT_EQ(fault.message.find('\n'), std::string::npos);
}

std::string repeat(const std::string& text, int times) {
    std::string all;
    for (int i = 0; i < times; ++i) all += text;
    return all;
}

std::string compartment(const std::string& id) {
    return "<compartment id='" + id + "' size='1' constant='true'/>\n";
}

TEST(BrokenSbml, truncated_xml) {
    expect_fault(level2("").substr(0, level2("").size() - 12), "", 4);
}

TEST(BrokenSbml, wrong_namespace) {
    expect_fault("<?xml version='1.0'?>\n<sbml xmlns='http://example.org/other' level='2' version='4'/>", "",
                 2);
}

TEST(BrokenSbml, another_kind_of_xml) {
    expect_fault("<html><body/></html>", "", 1);
}

TEST(BrokenSbml, a_document_type_with_entities_that_explode) {
    std::string text = "<?xml version='1.0'?>\n<!DOCTYPE sbml [<!ENTITY a 'aaaaaaaaaa'>";
    for (char c = 'b'; c < 'k'; ++c)
        text += std::string("<!ENTITY ") + c + " '" +
                repeat(std::string("&") + static_cast<char>(c - 1) + ";", 10) + "'>";
    expect_fault(text + "]>\n" + level2("&j;"), "doctype", 2);
}

TEST(BrokenSbml, elements_nested_300_deep) {
    expect_fault(level2(repeat("<notes>", 300) + repeat("</notes>", 300)), "xml-too-deep", 4);
}

TEST(BrokenSbml, mathematics_nested_8000_deep) {
    expect_fault(level2(rule(repeat("<apply><minus/>", 8000) + "<cn>1</cn>" + repeat("</apply>", 8000))),
                 "xml-too-deep", 6);
}

TEST(BrokenSbml, mathematics_nested_within_the_limit_is_read) {
    EXPECT_NO_THROW(read_sbml_text(
        level2(rule(repeat("<apply><minus/>", 240) + "<cn>1</cn>" + repeat("</apply>", 240)))));
}

TEST(BrokenSbml, undeclared_compartment) {
    expect_fault(
        level2(
            "<listOfCompartments>\n" + compartment("cell") +
            "</listOfCompartments>\n<listOfSpecies>\n<species id='s' compartment='cel'/></listOfSpecies>\n"),
        "unknown-compartment", 8);
}

TEST(BrokenSbml, undeclared_species_in_a_reaction) {
    expect_fault(level2("<listOfReactions><reaction id='r'><listOfReactants>\n<speciesReference "
                        "species='s'/></listOfReactants></reaction></listOfReactions>"),
                 "unknown-species", 5);
}

TEST(BrokenSbml, duplicate_ids) {
    expect_fault(
        level2("<listOfCompartments>\n" + compartment("c") + compartment("c") + "</listOfCompartments>"), "",
        6);
}

TEST(BrokenSbml, a_level_that_does_not_exist) {
    expect_fault(test::document("level7/version1", 7, 1, ""), "", 2);
}

TEST(BrokenSbml, mathematics_that_sbml_does_not_have) {
    expect_fault(level2(rule("<apply><int/><ci>x</ci></apply>")), "", 6);
}

TEST(BrokenSbml, an_operation_with_too_few_arguments) {
    expect_fault(level2(rule("<apply><divide/><cn>1</cn></apply>")), "", 6);
}

TEST(BrokenSbml, a_function_called_with_too_many_arguments) {
    expect_fault(level2("<listOfFunctionDefinitions><functionDefinition id='f'>" +
                        math("<lambda><bvar><ci>a</ci></bvar><ci>a</ci></lambda>") +
                        "</functionDefinition></listOfFunctionDefinitions>\n" +
                        rule("<apply><ci>f</ci><cn>1</cn><cn>2</cn></apply>")),
                 "function-arguments", 7);
}

TEST(BrokenSbml, an_unknown_unit_is_named_with_its_nearest) {
    const std::string text = level3(
        "<listOfParameters>\n<parameter id='k' value='1' units='secnd' constant='true'/></listOfParameters>");
    expect_fault(text, "unknown-unit", 5);
    EXPECT_NE(fault_of(text).message.find("did you mean 'second'"), std::string::npos);
}

TEST(BrokenSbml, a_number_with_an_absurd_exponent_is_read_as_infinity_or_refused) {
    try {
        const Spec spec = read_sbml_text(level2(rule("<cn type='e-notation'>1<sep/>999999999</cn>")));
        EXPECT_TRUE(std::isinf(spec.rules.at(0).math->value));
    } catch (const InputError& error) {
        EXPECT_EQ(error.faults().at(0).place.line, 6);
    }
}

TEST(BrokenSbml, binary_garbage) {
    expect_fault(std::string("\x7f"
                             "ELF\x02\x01\x01\x00\x00",
                             9),
                 "not-text", 1);
    expect_fault("<sbml>\xff\xfe</sbml>", "not-utf8", 1);
}

TEST(BrokenSbml, a_required_package_that_nobody_knows_is_refused) {
    const Spec spec = read_sbml_text(
        "<sbml xmlns='http://www.sbml.org/sbml/level3/version1/core' level='3' version='1' "
        "xmlns:zz='http://www.sbml.org/sbml/level3/version1/zz/version1' zz:required='true'><model/></sbml>");
    ASSERT_EQ(spec.refused.size(), 1u);
    EXPECT_EQ(spec.refused[0].code, "required-package");
}

TEST(BrokenSbml, nothing_at_all) {
    expect_fault("", "", 1);
}

TEST(BrokenSbml, an_id_of_300_bytes) {
    expect_fault(
        level2("<listOfCompartments>\n" + compartment(std::string(300, 'c')) + "</listOfCompartments>"),
        "long-id", 5);
}

TEST(BrokenSbml, an_external_model_outside_the_folder_is_not_opened) {
    const std::string text =
        "<?xml version='1.0'?>\n<sbml xmlns='http://www.sbml.org/sbml/level3/version1/core' level='3' "
        "version='1' comp:required='true' "
        "xmlns:comp='http://www.sbml.org/sbml/level3/version1/comp/version1'>\n"
        "<comp:listOfExternalModelDefinitions>\n<comp:externalModelDefinition comp:id='e' "
        "comp:source='../../etc/passwd'/>\n"
        "</comp:listOfExternalModelDefinitions>\n<model id='m'><comp:listOfSubmodels><comp:submodel "
        "comp:id='a' comp:modelRef='e'/>"
        "</comp:listOfSubmodels></model></sbml>";
    expect_fault(text, "comp-outside", 4);
}

TEST(BrokenSbml, a_model_that_contains_itself) {
    const std::string text =
        "<?xml version='1.0'?>\n<sbml xmlns='http://www.sbml.org/sbml/level3/version1/core' level='3' "
        "version='1' comp:required='true' "
        "xmlns:comp='http://www.sbml.org/sbml/level3/version1/comp/version1'>\n"
        "<comp:listOfModelDefinitions>\n<comp:modelDefinition id='d'><comp:listOfSubmodels><comp:submodel "
        "comp:id='b' comp:modelRef='d'/>"
        "</comp:listOfSubmodels></comp:modelDefinition></comp:listOfModelDefinitions>\n<model "
        "id='m'><comp:listOfSubmodels>"
        "<comp:submodel comp:id='a' comp:modelRef='d'/></comp:listOfSubmodels></model></sbml>";
    expect_fault(text, "comp-cycle", 4);
}

/// Flips, drops and doubles bytes of a good document: whatever comes out is a Spec or an InputError.
TEST(BrokenSbml, random_damage_never_crashes) {
    const std::string good = level3(
        "<listOfCompartments>\n" + compartment("c") +
        "</listOfCompartments>\n<listOfSpecies><species id='s' compartment='c' initialAmount='1' "
        "hasOnlySubstanceUnits='false' boundaryCondition='false' constant='false'/></listOfSpecies>\n" +
        rule("<piecewise><piece><cn "
             "type='e-notation'>1<sep/>3</cn><apply><lt/><ci>s</ci><cn>2</cn></apply></"
             "piece><otherwise><apply><log/>"
             "<logbase><cn>2</cn></logbase><ci>c</ci></apply></otherwise></piecewise>") +
        "<listOfEvents><event useValuesFromTriggerTime='true'><trigger initialValue='true' "
        "persistent='true'>" +
        math("<true/>") + "</trigger><listOfEventAssignments><eventAssignment variable='s'>" +
        math("<cn>1</cn>") + "</eventAssignment></listOfEventAssignments></event></listOfEvents>");
    ASSERT_NO_THROW(read_sbml_text(good));
    for (std::uint64_t trial = 0; trial < 400; ++trial) {
        std::string text = good;
        for (std::uint32_t change = 0; change < 1 + trial % 4; ++change) {
            const auto bits = random_bits(7, Purpose::measurement, trial, change, 0);
            const auto at = bits % text.size();
            const auto kind = (bits >> 32) % 4;
            if (kind == 0) text[at] = static_cast<char>(' ' + (bits >> 40) % 95);
            if (kind == 1) text.erase(at, 1 + (bits >> 40) % 30);
            if (kind == 2) text.insert(at, text.substr((bits >> 40) % text.size(), 20));
            if (kind == 3) std::swap(text[at], text[(bits >> 40) % text.size()]);
        }
        try {
            write_sbml(read_sbml_text(text));
        } catch (const InputError& error) {
            EXPECT_FALSE(error.faults().empty());
        }
    }
}

}  // namespace
}  // namespace abscopal
