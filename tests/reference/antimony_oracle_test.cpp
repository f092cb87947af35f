// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "antimony_oracle.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "abscopal/model.hpp"
#include "base/file.hpp"

namespace abscopal {
namespace {

namespace fs = std::filesystem;
using test::ask_antimony;
using test::OracleTask;
using test::ScratchFolder;

constexpr const char* no_reference = "no folder of reference cases (ABSCOPAL_REFERENCE)";
constexpr const char* no_antimony = "the Python package antimony is not installed";

std::vector<fs::path> biomodels() {
    std::vector<fs::path> files;
    const auto reference = test::reference_dir();
    if (!reference) return files;
    for (const auto& entry : fs::directory_iterator(*reference / "biomodels"))
        if (entry.path().extension() == ".xml") files.push_back(entry.path());
    std::ranges::sort(files);
    return files;
}

/// The digest, or what is wrong with the model.
std::string digest_of(const Spec& spec) {
    return compile(spec)->digest;
}

std::string digest_of(const fs::path& file) {
    try {
        return digest_of(read_spec(file.string()));
    } catch (const InputError& error) {
        return error.what();
    }
}

TEST(AntimonyOracle, OurTextReadBackKeepsTheDigestOfEveryBioModel) {
    const auto files = biomodels();
    if (files.empty()) GTEST_SKIP() << no_reference;
    EXPECT_GE(files.size(), 87U);
    for (const auto& file : files) {
        const Spec spec = read_sbml(file.string());
        EXPECT_EQ(digest_of(read_antimony_text(write_antimony(spec))), digest_of(spec)) << file;
    }
}

TEST(AntimonyOracle, TextOfLibAntimonyHasTheDigestOfTheSbmlItWasMadeFrom) {
    const auto files = biomodels();
    if (files.empty()) GTEST_SKIP() << no_reference;
    const ScratchFolder folder;
    std::vector<OracleTask> tasks;
    for (const auto& file : files)
        tasks.push_back({"antimony", file, folder / (file.stem().string() + ".ant")});
    const auto answers = ask_antimony(tasks);
    if (!answers) GTEST_SKIP() << no_antimony;
    for (std::size_t i = 0; i < tasks.size(); ++i) {
        EXPECT_EQ((*answers)[i], "ok") << tasks[i].in;
        EXPECT_EQ(digest_of(tasks[i].out), digest_of(tasks[i].in)) << tasks[i].in;
    }
}

TEST(AntimonyOracle, LibAntimonyTurnsOurTextIntoSbmlOfTheSameDigest) {
    const auto files = biomodels();
    if (files.empty()) GTEST_SKIP() << no_reference;
    const ScratchFolder folder;
    std::vector<OracleTask> tasks;
    for (const auto& file : files) {
        const std::string stem = file.stem().string();
        write_file((folder / (stem + ".ant")).string(), write_antimony(read_sbml(file.string())));
        tasks.push_back({"sbml", folder / (stem + ".ant"), folder / (stem + ".xml")});
    }
    const auto answers = ask_antimony(tasks);
    if (!answers) GTEST_SKIP() << no_antimony;
    for (std::size_t i = 0; i < tasks.size(); ++i) {
        EXPECT_EQ((*answers)[i], "ok") << files[i];
        EXPECT_EQ(digest_of(tasks[i].out), digest_of(files[i])) << files[i];
    }
}

TEST(AntimonyOracle, TheShippedModelMeansTheSameToLibAntimony) {
    const ScratchFolder folder;
    const fs::path model = test::source_dir() / "models/tnbc/tnbc.ant";
    write_file((folder / "ours.ant").string(), write_antimony(read_spec(model.string())));
    const std::vector<OracleTask> tasks{{"sbml", model, folder / "theirs.xml"},
                                        {"sbml", folder / "ours.ant", folder / "back.xml"}};
    const auto answers = ask_antimony(tasks);
    if (!answers) GTEST_SKIP() << no_antimony;
    for (std::size_t i = 0; i < tasks.size(); ++i) {
        EXPECT_EQ((*answers)[i], "ok");
        EXPECT_EQ(digest_of(tasks[i].out), digest_of(model));
    }
}

/// Ids of submodel things end as A_x in libAntimony and A__x here.
std::string with_single_underscores(std::string text) {
    for (std::size_t at; (at = text.find("__")) != std::string::npos;) text.erase(at, 1);
    return text;
}

struct Example {
    const char* claim;
    const char* text;
};

const Example examples[] = {
    {"operators",
     "a = -x^2^y + z%3 - -2; b = !(x > 1) && y < 2 || z == 3; c = x <= y; d := minus(x, 2)*plus(y, z, 1); "
     "x=1; y=2; z=3"},
    {"functions",
     "a = log(x) + log10(x) + log(2, x) + sqr(x) + root(3, x) + sqrt(x) + arctan(x); b := piecewise(1, time "
     "> 2, "
     "2, time > 1, 3) + max(x, 2) + rem(x, 2) + quotient(x, 2); x = 2"},
    {"constants", "a = pi*exponentiale; b := avogadro + time; c = inf; d = 1e-3; e = .5; f = 5."},
    {"arrows",
     "J0: A -> B; k*A\nJ1: A + 2 B => C; k*A*B\n-> D; k\nD ->; k*D\nC =>; 3\nk = 2; A = 1; B = 2; C = 3; D = "
     "4"},
    {"named counts", "J: n A -> 2 B; k; n = 3; A = 1; B = 2; k = 4"},
    {"a count used twice", "J: n A -> n B; k; n = 3; A = 1; B = 2; k = 4"},
    {"negative counts", "J: 2 A -> -3 B; k; k = 1; A = 1; B = 1"},
    {"boundary species", "$A -> B; k*A; const C; C -> B; k*C; A = 1; B = 2; C = 3; k = 4"},
    {"species set by rules", "S := 3 + t; S -> B; k*S; B = 1; species R; R' = 2; R = 1; k = 2; t = 3"},
    {"compartments",
     "A -> B; k*A in C; species B in D; C = 2; D = 3; A = 4; B = 5/D; k = 1; compartment E = 2; E' = 0.5; "
     "substanceOnly species X in E = 7"},
    {"events",
     "E1: at 2 after x > 3, priority = 2, t0 = false, persistent = false, fromTrigger = false: x = 0, y = y "
     "+ 1\n"
     "at time >= 5: x = 1\nx = 1; x' = 1; y = 2"},
    {"algebraic rule", "0 = x + y - 3; y := time; var x; x = 1"},
    {"initial assignments", "S -> ; k*S; S = k + a; k = 2*a; a = 3"},
    {"user functions", "function f(x, y)\n x^2 + y\nend\nfunction g(x)\n f(x, 2)\nend\na := g(b); b = 3"},
    {"units do not matter", "unit h = 3600 second; k = 3 h; a = k + 2 h; a has h/second"},
    {"submodels",
     "model side(S, k)\n J0: S + E -> SE; k*S*E\n E = 3; SE = 0\nend\nmodel *top()\n A: side(S1, 5); B: "
     "side(S2, kB)\n"
     " S1 = 1; S2 = 2; kB = 7; A.E = 9\nend"},
    {"joined things",
     "model m()\n x = 1; y = 2; J: S -> ; x*S; S = 3\nend\nmodel *top()\n A: m(); B: m(); A.x is a; a = 5; b "
     "is A.y; "
     "A.S is B.S\nend"},
    {"submodels of submodels",
     "model inner()\n J: S -> ; k*S; k = 1; S = 2\nend\nmodel middle()\n I: inner(); I.k = 3\nend\nmodel "
     "*top()\n M: "
     "middle(); M.I.S = 7; q is M.I.k\nend"},
    {"time conversion",
     "model m()\n J: S -> ; k*S*time; k = 1; S = 2; r' = 2; r = 1; E: at 3 after time > 2: S = 1\nend\nmodel "
     "*top()\n "
     "A: m(), timeconv=60\nend"},
    {"extent conversion",
     "model m()\n J: S -> ; k*S; k = 1; S = 2; y := 3*J\nend\nmodel *top()\n A: m(), extentconv=xc; xc = "
     "10\nend"},
    {"conversion factor of a joined species",
     "model m()\n J: S -> ; k*S; k = 1; S = 2; y := 3*S\nend\nmodel *top()\n A: m(); A.S is T / cf; cf = "
     "100; T = 5\nend"},
    {"main model by star", "model *a()\n x = 1\nend\nmodel b()\n x = 2\nend"},
    {"last model without star", "model a()\n x = 1\nend\nmodel b()\n x = 2\nend"},
    {"bare statements before models", "x = 3\nmodel b()\n x = 2\nend"},
    {"interactions", "J0: A -> B; k*A*C\nC -o J0;\nD -| J0;\nA = 1; B = 2; C = 3; D = 4; k = 5"},
    {"decoration",
     "A -> B; k*A; A is \"a name\"; A identity \"http://identifiers.org/x\"; A.sboTerm = 5; k = 1  // "
     "source: a paper\n"
     "A = 2; B = 3 # a remark\n/* more */ k notes \"fast\"; constraint: A > 0"},
};

TEST(AntimonyOracle, HandWrittenModelsMeanTheSameToBoth) {
    const ScratchFolder folder;
    std::vector<OracleTask> tasks;
    for (const auto& example : examples) {
        const std::string name = std::to_string(tasks.size());
        write_file((folder / (name + ".ant")).string(), std::string(example.text) + "\n");
        tasks.push_back({"sbml", folder / (name + ".ant"), folder / (name + ".xml")});
    }
    const auto answers = ask_antimony(tasks);
    if (!answers) GTEST_SKIP() << no_antimony;
    for (std::size_t i = 0; i < tasks.size(); ++i) {
        SCOPED_TRACE(examples[i].claim);
        ASSERT_EQ((*answers)[i], "ok");
        const std::string ours = write_sbml(read_antimony_text(examples[i].text));
        EXPECT_EQ(digest_of(read_sbml_text(with_single_underscores(ours))),
                  digest_of(read_sbml_text(with_single_underscores(read_file(tasks[i].out.string())))));
    }
}

TEST(AntimonyOracle, WhatLibAntimonyRefusesWeRefuse) {
    const char* const broken[] = {"k = 3 +",       "A -> B",        "k = (3",
                                  "Species S = 3", "a := 1; a = 2", "a' = 1; a := 2",
                                  "exp = 3",       "in = 3",        "compartment C; C -> ; 1",
                                  "x.y = 3",       "delete A",      "model a()\n x = 1",
                                  "A: nomodel()",  "k = sin(1, 2)"};
    const ScratchFolder folder;
    std::vector<OracleTask> tasks;
    for (const char* text : broken) {
        const std::string name = std::to_string(tasks.size());
        write_file((folder / (name + ".ant")).string(), std::string(text) + "\n");
        tasks.push_back({"sbml", folder / (name + ".ant"), folder / (name + ".xml")});
    }
    const auto answers = ask_antimony(tasks);
    if (!answers) GTEST_SKIP() << no_antimony;
    for (std::size_t i = 0; i < tasks.size(); ++i) {
        EXPECT_NE((*answers)[i], "ok") << broken[i];
        EXPECT_THROW(read_antimony_text(broken[i]), InputError) << broken[i];
    }
}

}  // namespace
}  // namespace abscopal
