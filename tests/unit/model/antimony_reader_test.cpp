// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>

#include "abscopal/spec.hpp"
#include "folder.hpp"

namespace abscopal {
namespace {

template <class Type>
const Type& by_id(const std::vector<Type>& list, const std::string& id) {
    const auto found = std::ranges::find(list, id, &Type::id);
    if (found == list.end()) throw std::runtime_error("no " + id);
    return *found;
}

const Rule& rule_of(const Spec& spec, const std::string& variable) {
    const auto found = std::ranges::find(spec.rules, variable, &Rule::variable);
    if (found == spec.rules.end()) throw std::runtime_error("no rule for " + variable);
    return *found;
}

TEST(AntimonyReader, NumbersReactionsWithoutNames) {
    const auto spec = read_antimony_text("A -> B; k*A\nB => ; 3\nk = 2");
    EXPECT_EQ(spec.id, "__main");
    EXPECT_EQ(spec.reactions[0].id, "_J0");
    EXPECT_TRUE(spec.reactions[0].reversible);
    EXPECT_EQ(spec.reactions[1].id, "_J1");
    EXPECT_FALSE(spec.reactions[1].reversible);
    EXPECT_EQ(by_id(spec.parameters, "k").value, 2.0);
}

TEST(AntimonyReader, SpeciesWithoutCompartmentLiveInTheDefaultOne) {
    const auto spec = read_antimony_text("A -> ; 1");
    EXPECT_EQ(by_id(spec.species, "A").compartment, "default_compartment");
    EXPECT_EQ(by_id(spec.compartments, "default_compartment").size, 1.0);
}

TEST(AntimonyReader, SpeciesInheritTheCompartmentOfTheirReaction) {
    const auto spec = read_antimony_text("A -> B; 1 in C\nspecies B in D\nC = 2");
    EXPECT_EQ(by_id(spec.species, "A").compartment, "C");
    EXPECT_EQ(by_id(spec.species, "B").compartment, "D");
    EXPECT_EQ(by_id(spec.compartments, "C").size, 2.0);
}

TEST(AntimonyReader, ANumberOverTheOwnCompartmentIsAnAmount) {
    const auto spec =
        read_antimony_text("species A in C = 5, B in C; B = 3/C; C = 2; substanceOnly species D in C = 4");
    EXPECT_EQ(by_id(spec.species, "A").initial_concentration, 5.0);
    EXPECT_EQ(by_id(spec.species, "B").initial_amount, 3.0);
    EXPECT_EQ(by_id(spec.species, "D").initial_amount, 4.0);
    EXPECT_TRUE(by_id(spec.species, "D").only_substance_units);
    EXPECT_TRUE(spec.initial_assignments.empty());
}

TEST(AntimonyReader, ConstancyIsGuessedAsLibAntimonyDoes) {
    const auto spec = read_antimony_text(
        "a = 1; b = a*2; c = S + 1; d := a; e = 1; e' = 2; f = 1; at a > 0: f = 2; var g = 1; S -> ; 1; "
        "const T; T -> ; 1");
    EXPECT_TRUE(by_id(spec.parameters, "a").constant);
    EXPECT_TRUE(by_id(spec.parameters, "b").constant);
    for (const char* id : {"c", "d", "e", "f", "g"}) EXPECT_FALSE(by_id(spec.parameters, id).constant) << id;
    EXPECT_FALSE(by_id(spec.species, "S").boundary);
    EXPECT_TRUE(by_id(spec.species, "T").boundary);
}

TEST(AntimonyReader, ReadsStoichiometries) {
    const auto spec = read_antimony_text("J: 2 A + n $B -> 0.5 C; 1; n = 3");
    const auto& reaction = spec.reactions[0];
    EXPECT_EQ(reaction.reactants[0].stoichiometry, 2.0);
    EXPECT_EQ(reaction.reactants[1].id, "n");
    EXPECT_EQ(reaction.reactants[1].stoichiometry, 3.0);
    EXPECT_EQ(reaction.products[0].stoichiometry, 0.5);
    EXPECT_TRUE(by_id(spec.species, "B").boundary);
    EXPECT_TRUE(spec.parameters.empty());
}

TEST(AntimonyReader, ReadsEvents) {
    const auto spec = read_antimony_text(
        "E: at 3 after S > T, priority = 2, t0 = false, persistent = false, fromTrigger = false: S = 5,\n  p "
        "= S + 1\n"
        "at time >= 5: p = 0\np = 1; S = 2; T = 3");
    const auto& event = spec.events[0];
    EXPECT_EQ(event.id, "E");
    EXPECT_EQ(to_text(event.trigger), "S > T");
    EXPECT_EQ(event.delay->value, 3.0);
    EXPECT_EQ(event.priority->value, 2.0);
    EXPECT_FALSE(event.initial_value || event.persistent || event.values_from_trigger_time);
    EXPECT_EQ(event.assignments.size(), 2U);
    EXPECT_EQ(spec.events[1].id, "_E0");
    EXPECT_TRUE(spec.events[1].initial_value && spec.events[1].persistent &&
                spec.events[1].values_from_trigger_time);
}

TEST(AntimonyReader, ReadsRulesOfAllKinds) {
    const auto spec = read_antimony_text("a := b + 1; b' = a; b = 2; 0 = c + a - 3; d = c");
    EXPECT_EQ(rule_of(spec, "a").kind, RuleKind::assignment);
    EXPECT_EQ(rule_of(spec, "b").kind, RuleKind::rate);
    EXPECT_EQ(rule_of(spec, "").kind, RuleKind::algebraic);
    EXPECT_EQ(spec.initial_assignments[0].symbol, "d");
    EXPECT_FALSE(by_id(spec.parameters, "c").constant);
}

TEST(AntimonyReader, ASubmodelIsACopyWithJoinedPorts) {
    const auto spec = read_antimony_text(R"(
model side(S, k)
  J0: S + E -> SE; k*S*E*q
  E = 3; q = 2
end
model *main()
  A: side(S1, 5)
  B: side(S2, kB)
  S1 = 1; kB = 7
  B.q = 9
end)");
    EXPECT_EQ(spec.id, "main");
    EXPECT_EQ(to_text(by_id(spec.reactions, "A__J0").law), "_ant0*S1*A__E*A__q");
    EXPECT_EQ(to_text(by_id(spec.reactions, "B__J0").law), "kB*S2*B__E*B__q");
    EXPECT_EQ(by_id(spec.parameters, "_ant0").value, 5.0);
    EXPECT_EQ(by_id(spec.parameters, "A__q").value, 2.0);
    EXPECT_EQ(by_id(spec.parameters, "B__q").value, 9.0);
    EXPECT_EQ(by_id(spec.species, "A__E").initial_concentration, 3.0);
    EXPECT_EQ(spec.species.size(), 6U);
}

TEST(AntimonyReader, TheOuterValueWinsWhereTwoThingsAreJoined) {
    const auto spec = read_antimony_text(
        "model m()\n x = 1; y = 2\nend\nmodel *top()\n A: m(); A.x is a; a = 5; b is A.y\nend");
    EXPECT_EQ(by_id(spec.parameters, "a").value, 5.0);
    EXPECT_EQ(by_id(spec.parameters, "b").value, 2.0);
    EXPECT_EQ(spec.parameters.size(), 2U);
}

TEST(AntimonyReader, DeletionTakesFormulasThatNeedTheDeletedWithIt) {
    const auto spec = read_antimony_text(
        "model m()\n J: S -> T; k*S\n y := k + 1\nend\nmodel *top()\n A: m(); delete A.k\nend");
    EXPECT_EQ(by_id(spec.reactions, "A__J").law, nullptr);
    EXPECT_TRUE(spec.rules.empty());
    EXPECT_TRUE(std::ranges::none_of(spec.parameters, [](const Parameter& p) { return p.id == "A__k"; }));
}

TEST(AntimonyReader, TimeAndExtentOfASubmodelAreConverted) {
    const auto spec = read_antimony_text(
        "model m()\n J: S -> ; k*time\n r' = 2\nend\nmodel *top()\n A: m(), timeconv=60, extentconv=xc; xc = "
        "10\nend");
    EXPECT_EQ(to_text(by_id(spec.reactions, "A__J").law), "A__k*(time/timeconv)/timeconv*xc");
    EXPECT_EQ(to_text(rule_of(spec, "A__r").math), "2/timeconv");
    EXPECT_EQ(by_id(spec.parameters, "timeconv").value, 60.0);
}

TEST(AntimonyReader, ReadsUnits) {
    const auto spec = read_antimony_text(R"(
unit time_unit = 86400 second
unit nM = 1e-9 mole / litre
k = 3 per_day; unit per_day = 1/(86400 second)
j = 2 1/day
h = 1; h has mole/(litre*second)
species S in C; S has nM; C has litre; C = 2)");
    EXPECT_EQ(spec.time_unit, "time_unit");
    EXPECT_EQ(by_id(spec.parameters, "k").unit, "per_day");
    EXPECT_EQ(by_id(spec.parameters, "j").unit, "1/day");
    EXPECT_EQ(by_id(spec.parameters, "h").unit, "mole/(litre*second)");
    EXPECT_EQ(by_id(spec.unit_definitions, "per_day").factors[0].exponent, -1.0);
    const auto& amount = by_id(spec.unit_definitions, by_id(spec.species, "S").unit);
    ASSERT_EQ(amount.factors.size(), 1U);
    EXPECT_EQ(amount.factors[0].kind, "mole");
    EXPECT_DOUBLE_EQ(amount.factors[0].multiplier, 1e-9);
}

TEST(AntimonyReader, KeepsNamesNotesAndSources) {
    const auto spec = read_antimony_text(R"(
model *tumour()
  k = 0.3; k has 1/day  // source: Wang 2021, doi:10.1098/rsos.201366
  k is "growth rate"
  j = 2  # a remark
  h = 1; m = 2  # source: assumed: round numbers
end
tumour is "A tumour"
tumour notes "grows")");
    EXPECT_EQ(by_id(spec.parameters, "k").source, "Wang 2021, doi:10.1098/rsos.201366");
    EXPECT_EQ(by_id(spec.parameters, "k").name, "growth rate");
    EXPECT_EQ(by_id(spec.parameters, "j").source, "");
    EXPECT_EQ(by_id(spec.parameters, "h").source, "assumed: round numbers");
    EXPECT_EQ(by_id(spec.parameters, "m").source, "assumed: round numbers");
    EXPECT_EQ(spec.name, "A tumour");
    EXPECT_EQ(spec.notes, "grows");
}

TEST(AntimonyReader, AcceptsAnnotationsAndOtherDecoration) {
    const auto spec = read_antimony_text(R"(
A -> B; k*A; A identity "http://identifiers.org/a",
   "http://identifiers.org/b"
A.sboTerm = 5; _J0.kineticLaw.sboTerm = 49; k.stdev = 3; B notes ```two
lines``` /* a comment */
C -o _J0;
D -| _J0;
E -( _J0;
constraint: A > 0
k = \
  3)");
    EXPECT_EQ(by_id(spec.parameters, "k").value, 3.0);
    EXPECT_EQ(by_id(spec.reactions, "_J0").modifiers, (std::vector<std::string>{"C", "D", "E"}));
    EXPECT_TRUE(spec.refused.empty());
}

TEST(AntimonyReader, RefusesFluxBoundsAndRandomDrawsByName) {
    const auto spec = read_antimony_text("J: A -> ; 1; -5 < J; maximize J\nA != 3\n--gene--");
    ASSERT_EQ(spec.refused.size(), 3U);
    EXPECT_NE(spec.refused[0].message.find("flux objective"), std::string::npos);
    EXPECT_NE(spec.refused[1].message.find("DNA strand"), std::string::npos);
    EXPECT_NE(spec.refused[2].message.find("bound on the flux of reaction 'J'"), std::string::npos);
    EXPECT_THROW(read_antimony_text("a = normal(0, 1)"), InputError);
}

TEST(AntimonyReader, ImportedStatementsJoinTheMainModel) {
    const test::Folder folder;
    folder.write("main.ant", "import \"parts/a.ant\"\nimport \"parts/b.ant\"\nk = 3\n");
    folder.write("parts/a.ant", "import \"c.ant\"\nJ1: A -> B; k*A\n");
    folder.write("parts/b.ant", "J2: B -> ; k*B in V\nunused: \n");
    folder.write("parts/c.ant", "A = 5; function f(x)\n x\nend\n");
    folder.write("parts/b.ant", "J2: B -> ; f(k)*B in V\n");
    const auto spec = read_antimony(folder.file("main.ant"));
    EXPECT_EQ(spec.id, "__main");
    EXPECT_EQ(spec.reactions.size(), 2U);
    EXPECT_EQ(by_id(spec.species, "A").initial_concentration, 5.0);
    EXPECT_EQ(by_id(spec.species, "B").compartment, "V");
    EXPECT_EQ(spec.parameters.size(), 1U);
}

TEST(AntimonyReader, FaultsOfImportedFilesNameThem) {
    const test::Folder folder;
    folder.write("main.ant", "import \"parts/a.ant\"\nimport \"main.ant\"\nimport \"nowhere.ant\"");
    folder.write("parts/a.ant", "a = 3 +\n");
    try {
        read_antimony(folder.file("main.ant"));
        FAIL();
    } catch (const InputError& error) {
        ASSERT_EQ(error.faults().size(), 3U);
        EXPECT_TRUE(error.faults()[0].place.file.ends_with("a.ant"));
        EXPECT_EQ(error.faults()[1].code, "import-cycle");
        EXPECT_EQ(error.faults()[2].code, "import");
    }
}

}  // namespace
}  // namespace abscopal
