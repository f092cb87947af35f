// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "model/antimony_statements.hpp"

/// What does not change the mathematics: annotations, attributes, constraints; and what is refused by name.
namespace abscopal::antimony {
namespace {

constexpr std::array<std::string_view, 36> qualifiers{
    "is",          "identity",      "model_entity_is", "isDescribedBy",
    "description", "isDerivedFrom", "origin",          "isInstanceOf",
    "class",       "hasInstance",   "instance",        "hasPart",
    "part",        "isPartOf",      "parthood",        "isVersionOf",
    "hypernym",    "hasVersion",    "version",         "isHomologTo",
    "homolog",     "isEncodedBy",   "encoder",         "encodes",
    "encodement",  "occursIn",      "container",       "hasProperty",
    "property",    "isPropertyOf",  "propertyBearer",  "hasTaxon",
    "taxon",       "notes",         "created",         "modified"};

// Of a thing: what libAntimony keeps beside the model's mathematics.
constexpr std::array<std::string_view, 19> attributes{"sboterm",
                                                      "mean",
                                                      "stdev",
                                                      "standardDeviation",
                                                      "standardError",
                                                      "variance",
                                                      "kurtosis",
                                                      "skewness",
                                                      "coefficientOfVariation",
                                                      "median",
                                                      "mode",
                                                      "sampleSize",
                                                      "range",
                                                      "confidenceInterval",
                                                      "credibleInterval",
                                                      "interquartileRange",
                                                      "distribution",
                                                      "externalParameter",
                                                      "uncertParameter"};

bool is_attribute(const std::string& word) {
    return std::ranges::find(attributes, word) != attributes.end() || lower_case(word) == "sboterm";
}

}  // namespace

std::vector<std::string> StatementParser::texts() {
    std::vector<std::string> found;
    do {
        skip_newlines();
        if (cursor_.peek().kind != Token::Kind::text) cursor_.fail_expected("a text in quotes");
        found.push_back(cursor_.next().text);
    } while (cursor_.take(","));
    return found;
}

void StatementParser::refuse(const std::string& construct, const Place& place) {
    draft_.refused.push_back({"unsupported-construct", construct + " is not supported", place, {}});
}

void StatementParser::constraint(const std::string& word) {
    const Place place = cursor_.place(cursor_.next());
    if (word == "constraint") {
        if (!cursor_.peek().is(":")) cursor_.next();
        if (!cursor_.take(":")) cursor_.fail_expected("':' and a condition");
        parse_infix(cursor_);  // only tells a validator when to complain: no effect on the model
        return;
    }
    parse_infix(cursor_);
    refuse("'" + word + "' (flux objective, SBML package fbc)", place);
}

/// `x.sboTerm = 5`, `x.stdev = 2`: true, and skipped, unless a submodel has a thing of that name.
bool StatementParser::skipped_attribute() {
    const std::size_t start = cursor_.position();
    const Place place = cursor_.place(cursor_.peek());
    std::string owner, word = cursor_.next().text;
    while (cursor_.peek().is(".")) {
        owner += (owner.empty() ? "" : ".") + word;
        word = (cursor_.next(), cursor_.next().text);
    }
    const bool given = cursor_.peek().is("=") || at_word("is");
    const bool skip = !owner.empty() && given && is_attribute(word) && !draft_.find(owner + "." + word);
    if (!skip) cursor_.go_to(start);
    if (skip) draft_.use(owner.substr(0, owner.find('.')), place);  // `J.kineticLaw.sboTerm` is about J
    while (skip && !at_end()) cursor_.next();
    return skip;
}

bool StatementParser::at_relation(std::size_t ahead) const {
    const Token& token = cursor_.peek(ahead);
    return token.is("<") || token.is(">") || token.is("<=") || token.is(">=") || token.is("!=");
}

/// `-5 < J0`: bounds of a reaction's flux belong to a package; on other things they only tell a validator
/// when to complain.
void StatementParser::bounds(const Place& place) {
    for_each_node(use_symbols(draft_, parse_infix(cursor_)), [&](const Node& node) {
        if (node.op == Op::symbol) draft_.bounded.push_back({node.name, place});
    });
}

bool StatementParser::at_dna(std::size_t ahead) const {
    return cursor_.peek(ahead).is("-") && cursor_.peek(ahead + 1).is("-") && !cursor_.peek(ahead + 1).spaced;
}

void StatementParser::dna_strand(const Place& place) {
    refuse("a DNA strand (--)", place);
    while (!at_end()) cursor_.next();
}

void StatementParser::annotation(const std::string& name) {
    const Token& token = cursor_.next();
    if (cursor_.take(".")) {
        cursor_.next();
        cursor_.next();
        return;
    }
    if (std::ranges::find(qualifiers, token.text) == qualifiers.end()) {
        const std::vector<std::string> known(qualifiers.begin(), qualifiers.end());
        throw InputError(Fault{"unknown-annotation",
                               "unknown annotation '" + token.text + "'" + did_you_mean(token.text, known),
                               cursor_.place(token),
                               {}});
    }
    const auto found = texts();
    if (token.text == "notes") draft_.root(*draft_.find(name)).notes = join(found, "\n");
}

}  // namespace abscopal::antimony
