// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "model/antimony_statements.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "model/neutral_id.hpp"

namespace abscopal::antimony {
namespace {

constexpr std::array<std::string_view, 12> declaration_words{
    "const",       "ext",           "var",  "species",  "formula", "reaction",
    "compartment", "substanceOnly", "gene", "operator", "DNA",     "event"};
template <class List>
bool holds(const List& list, std::string_view word) {
    return std::ranges::find(list, word) != std::end(list);
}

}  // namespace

Draft* Library::find_model(std::string_view id) {
    const auto found = std::ranges::find(models, id, &Draft::id);
    return found == models.end() ? nullptr : &*found;
}

const FunctionDefinition* Library::find_function(std::string_view id) const {
    const auto found = std::ranges::find(functions, id, &FunctionDefinition::id);
    return found == functions.end() ? nullptr : &*found;
}

std::vector<std::string> Library::model_names() const {
    std::vector<std::string> names;
    for (const auto& model : models) names.push_back(model.id);
    return names;
}

// ── Small steps ──

bool StatementParser::at_word(std::string_view word, std::size_t ahead) const {
    const Token& token = cursor_.peek(ahead);
    return token.kind == Token::Kind::word && token.text == word;
}

bool StatementParser::take_word(std::string_view word) {
    if (!at_word(word)) return false;
    cursor_.next();
    return true;
}

bool StatementParser::at_end() const {
    const Token& token = cursor_.peek();
    return token.kind == Token::Kind::newline || token.kind == Token::Kind::end || token.is(";");
}

void StatementParser::skip_newlines() {
    while (cursor_.peek().kind == Token::Kind::newline) cursor_.next();
}

void StatementParser::expect_end() {
    if (at_word("end")) return;
    if (!at_end()) cursor_.fail_expected("an operator, ';' or the end of the line");
    attach_source();
    cursor_.next();
}

void StatementParser::attach_source() {
    const int line = cursor_.peek().line;
    const auto found = std::ranges::find(sources_, line, &SourceComment::line);
    if (found == sources_.end()) return;
    for (const auto& subject : subjects_)
        if (Thing* thing = draft_.find(subject)) draft_.root(*thing).source = found->text;
}

std::string StatementParser::path(bool declares) {
    if (cursor_.take("$")) {
        const std::string name = path(declares);
        set_constant(draft_, *draft_.find(name), Constness::constant, cursor_.place(cursor_.peek()));
        return name;
    }
    const Token& token = cursor_.peek();
    if (token.kind != Token::Kind::word) cursor_.fail_expected("a name");
    const bool builtin = is_builtin_constant(token.text) || is_builtin_function(token.text);
    if (is_antimony_keyword(token.text) || builtin)
        throw InputError(Fault{"reserved-name",
                               "'" + token.text + "' is a " + (builtin ? "built-in name" : "keyword") +
                                   " of Antimony and cannot name a thing of the model",
                               cursor_.place(token),
                               {}});
    std::string name = cursor_.next().text;
    while (cursor_.peek().is(".") && cursor_.peek(1).kind == Token::Kind::word) {
        cursor_.next();
        name += "." + cursor_.next().text;
    }
    draft_.use(name, cursor_.place(token));
    if (declares) subjects_.push_back(name);
    return name;
}

void StatementParser::optional_compartment(const std::string& name) {
    if (!take_word("in")) return;
    const Place place = cursor_.place(cursor_.peek());
    const std::string compartment = path(false);
    set_compartment(draft_, *draft_.find(name), *draft_.find(compartment), place);
}

std::string StatementParser::path_in() {
    const std::string name = path(true);
    optional_compartment(name);
    return name;
}

Formula StatementParser::formula() {
    if (at_end() || cursor_.peek().is(":") || cursor_.peek().is(",")) return {};
    return {use_symbols(draft_, parse_infix(cursor_)), ""};
}

Expression StatementParser::unit_expression() {
    const auto unit = parse_infix(cursor_);
    for_each_node(unit, [&](const Node& node) {
        const std::string& word = node.op == Op::symbol ? node.name : node.unit;
        if (!word.empty()) set_kind(draft_, draft_.use(word, node.place), Kind::unit, node.place);
    });
    return unit;
}

// ── Statements ──

void StatementParser::statement() {
    subjects_.clear();
    if (at_end()) {
        cursor_.next();
        return;
    }
    dispatch();
    expect_end();
}

void StatementParser::dispatch() {
    const Token& token = cursor_.peek();
    if (token.kind == Token::Kind::word && keyword_statement(token.text)) return;
    if (token.kind == Token::Kind::number || token.is("-")) return numbered_statement();
    if (at_arrow()) return reaction("", cursor_.place(token));
    if (token.kind == Token::Kind::word || token.is("$")) return named_statement();
    cursor_.fail_expected("a statement: a reaction, an assignment, a declaration or an event");
}

bool StatementParser::keyword_statement(const std::string& word) {
    const Place place = cursor_.place(cursor_.peek());
    if (holds(declaration_words, word)) return declaration(), true;
    if (word == "unit") return unit_definition(), true;
    if (word == "delete") return deletions(), true;
    if (word == "at") return event("", place), true;
    if (word == "constraint" || word == "maximize" || word == "minimize") return constraint(word), true;
    return false;
}

void StatementParser::declaration() {
    Kind kind = Kind::unknown;
    Constness constness = Constness::by_default;
    bool substance_only = false;
    for (; cursor_.peek().kind == Token::Kind::word && holds(declaration_words, cursor_.peek().text);) {
        const Token& token = cursor_.next();
        const std::string word = token.text;
        if (word == "const" || word == "ext") constness = Constness::constant;
        if (word == "var") constness = Constness::variable;
        if (word == "substanceOnly") substance_only = true;
        if (word == "species" || substance_only) kind = Kind::species;
        if (word == "compartment") kind = Kind::compartment;
        if (word == "formula") kind = Kind::formula;
        if (word == "reaction" || word == "gene") kind = Kind::reaction;
        if (word == "DNA" || word == "operator")
            refuse("'" + token.text + "' (a DNA strand)", cursor_.place(token));
    }
    do {
        skip_newlines();
        declared_name(kind, constness, substance_only);
    } while (cursor_.take(","));
}

void StatementParser::declared_name(Kind kind, Constness constness, bool substance_only) {
    const Place place = cursor_.place(cursor_.peek());
    const std::string name = path_in();
    Thing& thing = *draft_.find(name);
    if (cursor_.peek().is("=") || cursor_.peek().is(":=") || cursor_.peek().is("'"))
        assignment(name, place);
    else if (take_word("has"))
        unit_of(name);
    if (constness != Constness::by_default) set_constant(draft_, thing, constness, place);
    if (kind == Kind::species) draft_.root(thing).substance_only = substance_only;
    set_kind(draft_, thing, kind, place);
}

void StatementParser::unit_definition() {
    cursor_.next();
    const Place place = cursor_.place(cursor_.peek());
    const std::string name = path(true);
    Thing& thing = *draft_.find(name);
    set_kind(draft_, thing, Kind::unit, place);
    if (!cursor_.take("=")) return;
    draft_.root(thing).formula = {unit_expression(), ""};
}

void StatementParser::deletions() {
    cursor_.next();
    do {
        const Place place = cursor_.place(cursor_.peek());
        delete_thing(draft_, path(false), place);
    } while (cursor_.take(","));
}

void StatementParser::named_statement() {
    if (skipped_attribute()) return;
    const Token& first = cursor_.peek();
    const std::size_t start = cursor_.position();
    const Place place = cursor_.place(first);
    if (at_dna(1)) return dna_strand(place);
    if (cursor_.peek(1).is("(") && first.kind == Token::Kind::word) return submodel("", place);
    const std::string name = path_in();
    const Token& token = cursor_.peek();
    if (token.is(":")) return after_colon(name, place);
    if (token.is("=") || token.is(":=") || token.is("'")) return assignment(name, place);
    if (at_word("is") || token.is("*")) return renaming(name, place);
    if (take_word("has")) return unit_of(name);
    if (token.is("<") && cursor_.peek(1).is("->"))
        cursor_.fail_expected("an arrow: '->' is the reversible one");
    if (at_dna(0)) return dna_strand(place);
    if (at_relation(0)) {
        cursor_.go_to(start);
        return bounds(place);
    }
    const Token& after = cursor_.peek(1);
    const bool annotates =
        token.kind == Token::Kind::word && (after.kind == Token::Kind::text || after.is("."));
    if (annotates && (after.kind == Token::Kind::text || cursor_.peek(3).kind == Token::Kind::text ||
                      cursor_.peek(3).kind == Token::Kind::number))
        return annotation(name);
    if (at_end() && !draft_.root(*draft_.find(name)).compartment.empty()) return;
    const bool starts_reaction = at_arrow() || token.is("+") || token.is("$") ||
                                 (token.kind == Token::Kind::word && !is_antimony_keyword(token.text));
    if (!starts_reaction)
        cursor_.fail_expected("'=', ':=', \"'=\", ':', an arrow, 'in', 'is' or 'has' after '" + name + "'");
    cursor_.go_to(start);
    subjects_.clear();
    reaction("", place);
}

void StatementParser::after_colon(const std::string& name, const Place& place) {
    cursor_.next();
    if (at_word("at")) return event(name, place);
    if (at_dna(0) || at_dna(1)) return dna_strand(place);
    if (at_word("maximize") || at_word("minimize")) return constraint(cursor_.peek().text);
    if (cursor_.peek().kind == Token::Kind::number && cursor_.peek(1).is("=")) return algebraic_rule(name);
    if (cursor_.peek().kind == Token::Kind::word && cursor_.peek(1).is("(")) return submodel(name, place);
    reaction(name, place);
}

void StatementParser::assignment(const std::string& name, const Place& place) {
    Thing& thing = *draft_.find(name);
    if (cursor_.take(":=")) return set_assignment_rule(draft_, thing, formula(), place);
    const bool rate = cursor_.take("'");
    if (!cursor_.take("=")) cursor_.fail_expected("'='");
    if (rate) return set_rate_rule(draft_, thing, formula(), place);
    if (thing.kind == Kind::unknown && is_unit_word(name) && cursor_.peek().kind != Token::Kind::number) {
        set_kind(draft_, thing, Kind::unit, place);
        thing.formula = {unit_expression(), ""};
        return;
    }
    set_formula(draft_, thing, formula(), place);
    // `k = 3 1/day`: behind the number a unit that is no single name.
    if (cursor_.peek().kind != Token::Kind::number || !thing.formula || thing.formula.math->op != Op::number)
        return;
    const std::size_t start = cursor_.position();
    const auto unit = unit_expression();
    if (unit->op == Op::number) {
        cursor_.go_to(start);
        cursor_.fail_expected("an operator, a unit, ';' or the end of the line");
    }
    draft_.root(thing).unit = unit;
}

void StatementParser::renaming(const std::string& name, const Place& place) {
    std::string factor;
    if (cursor_.take("*")) factor = path(false);
    if (!take_word("is")) cursor_.fail_expected("'is'");
    if (cursor_.peek().kind == Token::Kind::text) {
        draft_.root(*draft_.find(name)).name = cursor_.next().text;
        return;
    }
    const std::string other = path(false);
    if (cursor_.take("/")) factor = path(false);
    join_things(draft_, name, other, factor, place);
}

void StatementParser::unit_of(const std::string& name) {
    draft_.root(*draft_.find(name)).unit = unit_expression();
}

/// Starts with a number: a reaction ("2 A -> B"), an algebraic rule ("0 = …") or a flux bound ("-5 < J0").
void StatementParser::numbered_statement() {
    const Token& token = cursor_.peek();
    const Place place = cursor_.place(token);
    if (at_dna(0)) return dna_strand(place);
    if (token.is("-") && cursor_.peek(1).kind != Token::Kind::number) return reaction("", place);
    const std::size_t behind = token.is("-") ? 2 : 1;
    if (cursor_.peek(behind).is("=")) return algebraic_rule("");
    if (at_relation(behind)) return bounds(place);
    reaction("", place);
}

void StatementParser::algebraic_rule(const std::string& name) {
    const Token& token = cursor_.next();
    const Place place = cursor_.place(token);
    if (!cursor_.take("=")) cursor_.fail_expected("'='");
    Formula rule = formula();
    if (!rule) cursor_.fail_expected("the formula of an algebraic rule");
    if (token.value != 0.0) rule.math = make(Op::minus, {rule.math, number(token.value)}, place);
    Thing& thing = name.empty() ? draft_.add_numbered("_algebraic", place) : *draft_.find(name);
    thing.place = place;
    set_algebraic_rule(draft_, thing, std::move(rule));
}

}  // namespace abscopal::antimony
