// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "model/antimony_draft.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace abscopal::antimony {
namespace {

constexpr std::array<std::string_view, 11> kind_names{
    "name",  "parameter", "species", "compartment",   "reaction",      "interaction",
    "event", "submodel",  "unit",    "stoichiometry", "algebraic rule"};

[[noreturn]] void fail(std::string code, std::string message, const Place& place) {
    throw InputError(Fault{std::move(code), std::move(message), place, {}});
}

std::vector<std::string> members_of(const Draft& draft, std::string_view submodel) {
    std::vector<std::string> names;
    const std::string prefix = std::string(submodel) + ".";
    for (const auto& thing : draft.things)
        if (thing.path.starts_with(prefix)) names.push_back(thing.path.substr(prefix.size()));
    return names;
}

[[noreturn]] void fail_unknown_member(const Draft& draft, const std::string& path, const Place& place) {
    const auto dot = path.rfind('.');
    const std::string owner = path.substr(0, dot), member = path.substr(dot + 1);
    const Thing* submodel = draft.find(owner);
    if (!submodel || submodel->kind != Kind::submodel)
        fail("unknown-name", "'" + owner + "' is not a submodel, so it has no '" + member + "'", place);
    fail("unknown-name",
         "submodel '" + owner + "' (a '" + submodel->model + "') has no '" + member + "'" +
             did_you_mean(member, members_of(draft, owner)),
         place);
}

bool may_become(Kind from, Kind to) {
    if (from == to || to == Kind::unknown || from == Kind::unknown || to == Kind::formula) return true;
    return from == Kind::formula && to != Kind::submodel && to != Kind::algebraic;
}

bool may_have_rule(Kind kind) {
    return kind == Kind::unknown || kind == Kind::formula || kind == Kind::species ||
           kind == Kind::compartment || kind == Kind::stoichiometry;
}

void check_may_have_rule(const Thing& thing, std::string_view rule, const Place& place) {
    if (may_have_rule(thing.kind)) return;
    fail("kind-conflict",
         "'" + thing.path + "' is a " + std::string(name_of(thing.kind)) + " and cannot have " +
             std::string(rule),
         place);
}

}  // namespace

std::string_view name_of(Kind kind) {
    return kind == Kind::deleted ? "deleted thing" : kind_names[static_cast<std::size_t>(kind)];
}

Thing* Draft::find(std::string_view path) {
    const auto found = index.find(path);
    return found == index.end() ? nullptr : &things[found->second];
}

const Thing* Draft::find(std::string_view path) const {
    const auto found = index.find(path);
    return found == index.end() ? nullptr : &things[found->second];
}

Thing& Draft::add(Thing thing) {
    index.emplace(thing.path, things.size());
    return things.emplace_back(std::move(thing));
}

Thing& Draft::use(const std::string& path, const Place& at) {
    if (Thing* found = find(path)) return *found;
    if (path.find('.') != std::string::npos) fail_unknown_member(*this, path, at);
    Thing thing;
    thing.path = path;
    thing.place = at;
    return add(std::move(thing));
}

Thing& Draft::add_numbered(const std::string& stem, const Place& at) {
    for (int n = 0;; ++n)
        if (!find(stem + std::to_string(n))) return use(stem + std::to_string(n), at);
}

Thing& Draft::root(Thing& thing) {
    Thing* at = &thing;
    while (!at->same_as.empty()) at = find(at->same_as);
    return *at;
}

const Thing& Draft::root(const Thing& thing) const {
    const Thing* at = &thing;
    while (!at->same_as.empty()) at = find(at->same_as);
    return *at;
}

Expression use_symbols(Draft& draft, const Expression& formula) {
    for_each_node(formula, [&](const Node& node) {
        if (node.op == Op::symbol) draft.use(node.name, node.place);
        if (!node.unit.empty()) set_kind(draft, draft.use(node.unit, node.place), Kind::unit, node.place);
    });
    return formula;
}

void set_kind(Draft& draft, Thing& thing, Kind kind, const Place& place) {
    Thing& target = draft.root(thing);
    if (!may_become(target.kind, kind))
        fail("kind-conflict",
             "'" + target.path + "' is used as a " + std::string(name_of(kind)) + ", but it is already a " +
                 std::string(name_of(target.kind)),
             place);
    if (kind == Kind::unknown || (kind == Kind::formula && target.kind != Kind::unknown)) return;
    target.kind = kind;
    // A species that is set by a rule is not changed by reactions.
    const bool ruled =
        target.formula_kind == FormulaKind::assignment || target.formula_kind == FormulaKind::rate;
    if (kind == Kind::species && ruled) target.constness = Constness::constant;
}

void set_formula(Draft& draft, Thing& thing, Formula formula, const Place& place) {
    Thing& target = draft.root(thing);
    if (target.kind == Kind::submodel || target.kind == Kind::deleted)
        fail("kind-conflict",
             "'" + target.path + "' is a " + std::string(name_of(target.kind)) + " and cannot have a value",
             place);
    if (target.kind == Kind::event) {
        target.event.trigger = std::move(formula);
        return;
    }
    if (may_have_rule(target.kind) && target.formula_kind == FormulaKind::assignment)
        fail("two-definitions",
             "'" + target.path +
                 "' already has a rule (:=), which holds at all times, so it cannot have an initial value",
             place);
    set_kind(draft, target, Kind::formula, place);
    // A number with a unit says both.
    if (formula && formula.math->op == Op::number && !formula.math->unit.empty()) {
        target.unit = symbol(formula.math->unit, formula.math->place);
        formula.math = number(formula.math->value, {}, formula.math->place);
    }
    target.formula = std::move(formula);
}

void set_assignment_rule(Draft& draft, Thing& thing, Formula formula, const Place& place) {
    Thing& target = draft.root(thing);
    if (target.kind == Kind::reaction) {
        target.formula = std::move(formula);
        return;
    }
    check_may_have_rule(target, "an assignment rule (:=)", place);
    if (target.formula_kind == FormulaKind::rate && target.rate)
        fail("two-definitions",
             "'" + target.path + "' already has a rate rule (' =), so it cannot have an assignment rule",
             place);
    set_kind(draft, target, Kind::formula, place);
    target.formula_kind = FormulaKind::assignment;
    target.formula = std::move(formula);
}

void set_rate_rule(Draft& draft, Thing& thing, Formula formula, const Place& place) {
    Thing& target = draft.root(thing);
    check_may_have_rule(target, "a rate rule (' =)", place);
    if (target.formula_kind == FormulaKind::assignment && target.formula)
        fail("two-definitions",
             "'" + target.path + "' already has an assignment rule (:=), so it cannot have a rate rule",
             place);
    set_kind(draft, target, Kind::formula, place);
    target.formula_kind = FormulaKind::rate;
    target.rate = std::move(formula);
}

void set_algebraic_rule(Draft& draft, Thing& thing, Formula formula) {
    // If no variable of the rule was declared `var`, all that were not declared at all may vary.
    std::vector<Thing*> variables;
    for_each_node(formula.math, [&](const Node& node) {
        if (node.op == Op::symbol) variables.push_back(&draft.root(*draft.find(node.name)));
    });
    const auto declared = [](const Thing* one) { return one->constness == Constness::variable; };
    if (std::ranges::none_of(variables, declared))
        for (Thing* one : variables)
            if (one->constness == Constness::by_default) one->constness = Constness::variable;
    thing.kind = Kind::algebraic;
    thing.formula_kind = FormulaKind::algebraic;
    thing.formula = std::move(formula);
}

void set_constant(Draft& draft, Thing& thing, Constness constness, const Place& place) {
    Thing& target = draft.root(thing);
    if (constness == Constness::constant &&
        (target.kind == Kind::reaction || target.kind == Kind::interaction))
        fail("kind-conflict", "reaction '" + target.path + "' cannot be constant", place);
    target.constness = constness;
}

void set_compartment(Draft& draft, Thing& thing, Thing& compartment, const Place& place) {
    set_kind(draft, compartment, Kind::compartment, place);
    draft.root(thing).compartment = draft.root(compartment).path;
}

void set_reaction(Draft& draft, const std::string& path, ReactionDraft reaction, Formula law,
                  const Place& place) {
    Thing& thing = draft.root(*draft.find(path));
    const bool interaction = reaction.arrow != Arrow::reversible && reaction.arrow != Arrow::irreversible;
    set_kind(draft, thing, interaction ? Kind::interaction : Kind::reaction, place);
    for (const auto* side : {&reaction.left, &reaction.right}) {
        const bool target_side = interaction && side == &reaction.right;
        for (const auto& term : *side) {
            set_kind(draft, *draft.find(term.species), target_side ? Kind::formula : Kind::species,
                     term.place);
            if (!term.count_symbol.empty())
                set_kind(draft, *draft.find(term.count_symbol), Kind::stoichiometry, term.place);
        }
    }
    if (interaction) {
        if (reaction.right.empty())
            fail("syntax", "an interaction needs a reaction to act on, behind the arrow", place);
        for (const auto& term : reaction.right)
            if (law) set_formula(draft, *draft.find(term.species), law, place);
    } else if (law) {
        thing.formula = std::move(law);
    }
    thing.reaction = std::move(reaction);
    thing.place = place;
}

void set_event(Draft& draft, const std::string& path, EventDraft event, const Place& place) {
    for (const auto& [variable, formula] : event.assignments) {
        Thing& target = draft.root(*draft.find(variable));
        if (target.kind == Kind::unknown) target.kind = Kind::formula;
        if (target.kind != Kind::species) target.constness = Constness::variable;
    }
    Thing& thing = draft.root(*draft.find(path));
    set_kind(draft, thing, Kind::event, place);
    thing.event = std::move(event);
    thing.place = place;
}

namespace {

// A thing met before is being judged already: cyclic definitions are left to compile() to report.
bool is_constant(const Draft& draft, const Thing& thing, std::set<const Thing*>& seen) {
    const Thing& target = draft.root(thing);
    if (target.kind == Kind::reaction || target.kind == Kind::interaction || target.kind == Kind::event)
        return false;
    if (target.constness != Constness::by_default) return target.constness == Constness::constant;
    if (target.kind == Kind::species) return false;
    if (target.kind == Kind::unknown || !target.formula || !seen.insert(&target).second) return true;
    bool constant = true;
    for_each_node(target.formula.math, [&](const Node& node) {
        const Thing* used = node.op == Op::symbol ? draft.find(node.name) : nullptr;
        if (used && constant) constant = is_constant(draft, *used, seen);
    });
    return constant;
}

}  // namespace

bool is_constant(const Draft& draft, const Thing& thing) {
    std::set<const Thing*> seen;
    return is_constant(draft, thing, seen);
}

}  // namespace abscopal::antimony
