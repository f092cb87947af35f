// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "base/text.hpp"
#include "model/antimony_statements.hpp"

/// Reactions, events and submodels.
namespace abscopal::antimony {

bool StatementParser::at_arrow() const {
    const Token& token = cursor_.peek();
    if (token.is("->") || token.is("=>") || token.is("<==>")) return true;
    const Token& after = cursor_.peek(1);
    const bool letter_o = after.kind == Token::Kind::word && after.text == "o";
    return token.is("-") && !after.spaced && (after.is("|") || after.is("(") || letter_o);
}

Arrow StatementParser::arrow() {
    if (!at_arrow()) cursor_.fail_expected("'+' or an arrow ('->', '=>', '-o', '-|', '-(')");
    const Token& token = cursor_.next();
    if (token.is("=>")) return Arrow::irreversible;
    if (!token.is("-")) return Arrow::reversible;
    return cursor_.next().is("|") ? Arrow::inhibits : Arrow::influences;
}

Term StatementParser::term() {
    Term term;
    const Token& token = cursor_.peek();
    term.place = cursor_.place(token);
    const bool negative = cursor_.take("-");
    const bool numbered = cursor_.peek().kind == Token::Kind::number;
    if (numbered)
        term.count = cursor_.next().value * (negative ? -1.0 : 1.0);
    else if (negative)
        cursor_.fail_expected("a number");
    term.species = path(false);
    const Token& after = cursor_.peek();
    const bool counted =
        after.is("$") || (after.kind == Token::Kind::word && !is_antimony_keyword(after.text));
    if (numbered || !counted) return term;
    term.count_symbol = term.species;
    term.species = path(false);
    return term;
}

std::vector<Term> StatementParser::terms() {
    std::vector<Term> found;
    if (at_arrow() || at_end()) return found;
    do found.push_back(term());
    while (cursor_.take("+"));
    return found;
}

void StatementParser::reaction(const std::string& name, const Place& place) {
    ReactionDraft draft;
    draft.left = terms();
    draft.arrow = arrow();
    draft.right = terms();
    if (!cursor_.take(";")) cursor_.fail_expected("'+' or ';' (and the rate, which may be empty)");
    Formula law;
    if (!at_word("in")) law = formula();
    const std::string id = name.empty() ? draft_.add_numbered("_J", place).path : name;
    subjects_.push_back(id);
    set_reaction(draft_, id, std::move(draft), std::move(law), place);
    optional_compartment(id);
}

bool StatementParser::truth() {
    const Token& token = cursor_.peek();
    const std::string word = lower_case(token.text);
    if (token.kind != Token::Kind::word || (word != "true" && word != "false"))
        cursor_.fail_expected("true or false");
    cursor_.next();
    return word == "true";
}

void StatementParser::event_options(EventDraft& event) {
    while (cursor_.take(",")) {
        const Token& token = cursor_.peek();
        const std::string option = token.text;
        const Place place = cursor_.place(token);
        cursor_.next();
        if (!cursor_.take("=")) cursor_.fail_expected("'=' after an option of the event");
        if (option == "priority")
            event.priority = formula();
        else if (option == "t0")
            event.initial_value = truth();
        else if (option == "persistent")
            event.persistent = truth();
        else if (option == "fromTrigger")
            event.from_trigger = truth();
        else
            throw InputError(Fault{
                "unknown-option",
                "unknown option '" + token.text +
                    "' of an event; expected priority, t0, persistent or fromTrigger" +
                    did_you_mean(token.text,
                                 std::vector<std::string>{"priority", "t0", "persistent", "fromTrigger"}),
                place,
                {}});
    }
}

void StatementParser::event_assignments(EventDraft& event) {
    do {
        skip_newlines();
        const std::string variable = path(false);
        if (!cursor_.take("=")) cursor_.fail_expected("'='");
        Formula value = formula();
        if (!value) cursor_.fail_expected("a formula");
        event.assignments.emplace_back(variable, std::move(value));
    } while (cursor_.take(",") || cursor_.take(":"));
}

void StatementParser::event(const std::string& name, const Place& place) {
    cursor_.next();
    EventDraft draft;
    draft.trigger = formula();
    if (take_word("after")) {
        draft.delay = std::move(draft.trigger);
        draft.trigger = formula();
    }
    if (!draft.trigger) cursor_.fail_expected("the condition of the event");
    event_options(draft);
    if (!cursor_.take(":"))
        cursor_.fail_expected("an operator, 'after', ',' or ':' and the assignments of the event");
    event_assignments(draft);
    const std::string id = name.empty() ? draft_.add_numbered("_E", place).path : name;
    subjects_.push_back(id);
    set_event(draft_, id, std::move(draft), place);
}

void StatementParser::submodel(const std::string& name, const Place& place) {
    const Token& token = cursor_.next();
    const Draft* model = library_.find_model(token.text);
    if (model == &draft_)
        throw InputError(
            Fault{"model-in-itself", "model '" + token.text + "' contains itself", cursor_.place(token), {}});
    if (!model)
        throw InputError(Fault{"unknown-model",
                               "no model '" + token.text + "' is defined above" +
                                   did_you_mean(token.text, library_.model_names()),
                               cursor_.place(token),
                               {}});
    const std::string id = name.empty() ? draft_.add_numbered("_sys", place).path : name;
    if (id.find('.') != std::string::npos)
        throw InputError(
            Fault{"syntax", "a submodel cannot be added to another submodel ('" + id + "')", place, {}});
    subjects_.push_back(id);
    instantiate(draft_, id, *model, place);
    arguments(id, *model);
    conversion_options(id);
    optional_compartment(id);
}

void StatementParser::arguments(const std::string& name, const Draft& model) {
    cursor_.next();
    for (std::size_t n = 0; !cursor_.take(")"); ++n) {
        const Token& token = cursor_.peek();
        const Place place = cursor_.place(token);
        const bool negative = cursor_.take("-");
        std::string given;
        if (cursor_.peek().kind == Token::Kind::number) {
            Thing& thing = draft_.add_numbered("_ant", place);
            const double value = cursor_.next().value;
            set_formula(draft_, thing, {number(negative ? -value : value, {}, place), ""}, place);
            given = thing.path;
        } else {
            given = path(false);
        }
        if (n >= model.ports.size())
            throw InputError(Fault{"argument-count",
                                   "model '" + model.id + "' has " + std::to_string(model.ports.size()) +
                                       " port(s); this one is too many",
                                   place,
                                   {}});
        join_things(draft_, name + "." + model.ports[n], given, "", place);
        if (!cursor_.take(",") && !cursor_.peek().is(")")) cursor_.fail_expected("',' or ')'");
    }
}

void StatementParser::conversion_options(const std::string& name) {
    while (cursor_.take(",")) {
        const Token& token = cursor_.next();
        const std::string option = token.text;
        const Place place = cursor_.place(token);
        if (option != "timeconv" && option != "extentconv")
            throw InputError(
                Fault{"unknown-option",
                      "unknown option '" + token.text + "' of a submodel; expected timeconv or extentconv",
                      place,
                      {}});
        if (!cursor_.take("=")) cursor_.fail_expected("'='");
        std::string factor = option;
        if (cursor_.peek().kind == Token::Kind::number)
            set_formula(draft_, draft_.use(option, place), {number(cursor_.next().value, {}, place), ""},
                        place);
        else
            factor = path(false);
        Thing& thing = *draft_.find(factor);
        set_kind(draft_, thing, Kind::formula, place);
        set_constant(draft_, thing, Constness::constant, place);
        option == "timeconv" ? convert_time(draft_, name, factor) : convert_extent(draft_, name, factor);
    }
}

}  // namespace abscopal::antimony
