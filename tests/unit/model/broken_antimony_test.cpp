// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "abscopal/model.hpp"
#include "abscopal/spec.hpp"

namespace abscopal {
namespace {

struct Broken {
    const char* text;
    const char* code;
    int line, column;
    const char* says;  ///< part of the message
};

// clang-format off
const Broken broken[] = {
    {"k = 3 +", "syntax", 1, 8, "expected a number, a name or '('"},
    {"k = (3 + 4", "syntax", 1, 11, "expected an operator or ')'"},
    {"k = 3; @", "syntax", 1, 8, "unexpected character '@'"},
    {"k = 3 4", "syntax", 1, 7, "expected an operator, a unit"},
    {"a = 3 \xE2\x89\xA5 b", "syntax", 1, 7, "unexpected character"},
    {"\n\nA -> B k*A", "syntax", 3, 9, "expected '+' or ';'"},
    {"A -> B; k*A)", "syntax", 1, 12, "unexpected ')'"},
    {"A <-> B; k", "syntax", 1, 3, "'->' is the reversible one"},
    {"A + B", "syntax", 1, 6, "an arrow"},
    {"k = sni(3)", "unknown-function", 1, 5, "did you mean 'sin'"},
    {"k = exp(1, 2)", "argument-count", 1, 5, "takes 1 argument"},
    {"k = normal(0, 1)", "unsupported-function", 1, 5, "random numbers"},
    {"function f(x)\n x + y\nend", "unknown-name", 2, 6, "no argument of the function 'f'"},
    {"function f(x)\n x\nend\na = f(1, 2)", "argument-count", 4, 5, "takes 1 argument"},
    {"model m()\n a = 1\n", "syntax", 1, 1, "has no 'end'"},
    {"end", "syntax", 1, 1, "'end' closes no model here"},
    {"model a()\nend\nmodel a()\nend", "two-definitions", 3, 7, "already a model or function"},
    {"a := 1; a = 2", "two-definitions", 1, 9, "already has a rule"},
    {"a' = 1; a := 2", "two-definitions", 1, 9, "already has a rate rule"},
    {"compartment C; C -> ; 1", "kind-conflict", 1, 16, "already a compartment"},
    {"exp = 3", "reserved-name", 1, 1, "built-in name"},
    {"in = 3", "reserved-name", 1, 1, "keyword"},
    {"at x > 3 y = 2", "syntax", 1, 12, "':' and the assignments"},
    {"at x > 3, prioritty = 2: x = 1", "unknown-option", 1, 11, "did you mean 'priority'"},
    {"e: at (x > 1): x", "syntax", 1, 17, "expected '='"},
    {"model side(S)\n k = 1\nend\nA: sde(S1)", "unknown-model", 4, 4, "did you mean 'side'"},
    {"model side(S)\n k = 1\nend\nA: side(S1, 2)", "argument-count", 4, 13, "1 port(s)"},
    {"model side(S)\n growth = 1\nend\nA: side(); A.grwth = 3", "unknown-name", 4, 12, "did you mean 'growth'"},
    {"x.y = 3", "unknown-name", 1, 1, "not a submodel"},
    {"delete A", "not-deletable", 1, 8, "only things of submodels"},
    {"model m()\n k = 1\nend\nA: m(); delete A.k; b = A.k", "kind-conflict", 4, 25, "deleted"},
    {"unit u = 3 + second", "bad-unit", 1, 12, "a unit is a product"},
    {"unit a = b; unit b = a; k has a; k = 1", "bad-unit", 1, 6, "defined by itself"},
    {"A idntity \"x\"", "unknown-annotation", 1, 3, "did you mean 'identity'"},
    {"name is \"unclosed", "syntax", 1, 9, "never closed"},
    {"/* never closed", "syntax", 1, 1, "expected '*/'"},
    {"import \"nowhere.ant\"", "import", 1, 8, "nowhere.ant"},
    {"0 =", "syntax", 1, 4, "algebraic rule"},
};
// clang-format on

TEST(BrokenAntimony, SaysWhereAndWhatWasExpected) {
    for (const auto& input : broken) {
        try {
            read_antimony_text(input.text, "m.ant");
            ADD_FAILURE() << "accepted: " << input.text;
        } catch (const InputError& error) {
            const auto& fault = error.faults().front();
            EXPECT_EQ(fault.code, input.code) << input.text;
            EXPECT_EQ(fault.place.file, "m.ant") << input.text;
            EXPECT_EQ(fault.place.line, input.line) << input.text;
            EXPECT_EQ(fault.place.column, input.column) << input.text << ": " << fault.message;
            EXPECT_NE(fault.message.find(input.says), std::string::npos)
                << input.text << ": " << fault.message;
        }
    }
}

std::vector<Fault> faults_of(const std::string& text) {
    try {
        read_antimony_text(text);
    } catch (const InputError& error) {
        return error.faults();
    }
    return {};
}

TEST(BrokenAntimony, ReportsEveryBrokenLine) {
    const auto faults = faults_of("a = 1 +\nb = 2\nA -> B k\nmodel m()\n c = (\nend\nd = sin()\n");
    ASSERT_EQ(faults.size(), 4U);
    EXPECT_EQ(faults[0].place.line, 1);
    EXPECT_EQ(faults[1].place.line, 3);
    EXPECT_EQ(faults[2].place.line, 5);
    EXPECT_EQ(faults[3].place.line, 7);
}

TEST(BrokenAntimony, StopsAtTwentyFaults) {
    std::string text;
    for (int i = 0; i < 100; ++i) text += "a = \"\n";
    EXPECT_EQ(faults_of(text).size(), 20U);
}

TEST(BrokenAntimony, SuggestsTheKeywordOfAMisspeltStatement) {
    const auto faults = faults_of("Species S = 3");
    ASSERT_EQ(faults.size(), 1U);
    ASSERT_EQ(faults[0].notes.size(), 1U);
    EXPECT_NE(faults[0].notes[0].find("'species'"), std::string::npos);
}

TEST(BrokenAntimony, LimitsNesting) {
    EXPECT_EQ(faults_of("k = " + std::string(50000, '(')).at(0).code, "too-deep");
    std::string models = "model m0()\n a = 1\nend\n";
    for (int i = 1; i < 60; ++i) {
        const std::string n = std::to_string(i), before = std::to_string(i - 1);
        models += "model m" + n + "()\n A: m" + before + "()\nend\n";
    }
    EXPECT_TRUE(faults_of(models).empty());
    std::string doubled = "model m0()\n a = 1\nend\n";
    for (int i = 1; i < 60; ++i) {
        const std::string n = std::to_string(i), before = std::to_string(i - 1);
        doubled += "model m" + n + "()\n A: m" + before + "(); B: m" + before + "()\nend\n";
    }
    EXPECT_EQ(faults_of(doubled).at(0).code, "too-large");
}

constexpr const char* sample = R"(// A model of everything
unit nM = 1e-9 mole / litre;
function f(x, y)
  x^2 + y
end
model side(S, k)
  J0: S + 2 E -> n SE; k*S*E - k2*SE in C
  compartment C = 2; species E in C = 3/C; n = 2; k2 = 0.1 nM  // source: a paper
  r' = f(k2, time); r = 1
end
model *top()
  A: side(S1, k4), timeconv=60; B: side(S2, 3)
  A.k2 is k9 / cf; delete B.r; B.E is "enzyme"
  x := piecewise(1, S1 > 3 && !(S2 < 2), 2); 0 = x - z; var z
  E1: at 2 after S1 > 3, priority = 1, t0 = false: S1 = 0, k4 = k4 + 1
  substanceOnly species $T; T = 5; T identity "http://a", "http://b"
  S1 = 1; k4 = 0.5; k4 has 1/second; cf = 2
end
top is "All of it"
)";

/// A small generator: the same mutations on every machine.
struct Dice {
    unsigned long long state;
    std::size_t below(std::size_t n) {
        state = state * 6364136223846793005ULL + 1442695040888963407ULL;
        return static_cast<std::size_t>(state >> 33) % n;
    }
};

std::string mutated(std::string text, Dice& dice) {
    constexpr std::string_view pieces[] = {"(", ")",   ";",     "\n", "->", "=",     ":=", "'",
                                           ".", "end", "model", "at", "is", "in",    "$",  "\"",
                                           "`", "#",   "-",     "^",  ",",  "1e999", "A.", "unit"};
    for (std::size_t n = 1 + dice.below(4); n > 0; --n) {
        const std::size_t at = dice.below(text.size());
        const std::size_t length = dice.below(12);
        switch (dice.below(4)) {
            case 0:
                text.erase(at, length);
                break;
            case 1:
                text.insert(at, pieces[dice.below(std::size(pieces))]);
                break;
            case 2:
                text[at] = static_cast<char>(dice.below(256));
                break;
            default:
                text.insert(dice.below(text.size()), text.substr(at, length));
                break;
        }
        if (text.empty()) text = "a";
    }
    return text;
}

std::optional<Spec> read_if_possible(const std::string& text) {
    try {
        return read_antimony_text(text);
    } catch (const InputError& error) {
        EXPECT_FALSE(error.faults().empty());
        return std::nullopt;
    }
}

std::optional<std::string> written_if_possible(const Spec& spec) {
    try {
        return write_antimony(spec);
    } catch (const InputError&) {
        return std::nullopt;
    }
}

TEST(BrokenAntimony, MutatedModelsAreRefusedOrReadAndWhatIsReadCanBeWrittenAndReadAgain) {
    ASSERT_TRUE(read_if_possible(sample));
    Dice dice{20261124};
    int read = 0, refused = 0;
    for (int i = 0; i < 3000; ++i) {
        const std::string text = mutated(sample, dice);
        const auto spec = read_if_possible(text);
        ++(spec ? read : refused);
        const auto written = spec ? written_if_possible(*spec) : std::nullopt;
        if (!written) continue;
        EXPECT_NO_THROW(read_antimony_text(*written)) << text << "\nbecame\n" << *written;
    }
    EXPECT_GT(read, 100);
    EXPECT_GT(refused, 100);
}

}  // namespace
}  // namespace abscopal
