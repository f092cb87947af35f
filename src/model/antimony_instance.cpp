// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>
#include <set>

#include "model/antimony_draft.hpp"

/// Submodels: copies, joins, deletions, conversions.
namespace abscopal::antimony {
namespace {

// Submodels of submodels multiply; no sane model comes near.
constexpr std::size_t max_things = 100000;

bool is_within(std::string_view path, std::string_view submodel) {
    return path.size() > submodel.size() && path.starts_with(submodel) && path[submodel.size()] == '.';
}

/// Calls `change` on every formula of a thing.
template <class Change>
void change_formulas(Thing& thing, const Change& change) {
    for (Formula* formula :
         {&thing.formula, &thing.rate, &thing.event.trigger, &thing.event.delay, &thing.event.priority})
        if (*formula) change(*formula);
    for (auto& assignment : thing.event.assignments)
        if (assignment.second) change(assignment.second);
}

/// Calls `change` on every path that a thing refers to outside of formulas.
template <class Change>
void change_paths(Thing& thing, const Change& change) {
    for (std::string* path : {&thing.same_as, &thing.compartment, &thing.inherited_compartment})
        if (!path->empty()) change(*path);
    for (auto* side : {&thing.reaction.left, &thing.reaction.right})
        for (auto& term : *side) {
            change(term.species);
            if (!term.count_symbol.empty()) change(term.count_symbol);
        }
    for (auto& assignment : thing.event.assignments) change(assignment.first);
}

Expression prefixed(const Expression& formula, const std::string& prefix) {
    return transform(formula, [&](const Expression& node) -> Expression {
        if (node->op == Op::symbol) return symbol(prefix + node->name, node->place);
        if (node->unit.empty()) return node;
        return number(node->value, prefix + node->unit, node->place);
    });
}

Thing copied(const Thing& original, const std::string& submodel) {
    const std::string prefix = submodel + ".";
    Thing thing = original;
    thing.path = prefix + thing.path;
    change_paths(thing, [&](std::string& path) { path = prefix + path; });
    change_formulas(thing, [&](Formula& formula) {
        formula.math = prefixed(formula.math, prefix);
        formula.owner = formula.owner.empty() ? submodel : prefix + formula.owner;
    });
    if (thing.unit) thing.unit = prefixed(thing.unit, prefix);
    return thing;
}

bool mentions(const Draft& draft, const Expression& formula, const Thing& wanted) {
    bool found = false;
    for_each_node(formula, [&](const Node& node) {
        const Thing* used = node.op == Op::symbol ? draft.find(node.name) : nullptr;
        found = found || (used && &draft.root(*used) == &wanted);
    });
    return found;
}

bool is_nested(const Thing& thing) {
    return thing.path.find('.') != std::string::npos;
}

template <class Value>
void hand_over(Value& from, Value& to) {
    if (to == Value{}) to = std::move(from);
    from = Value{};
}

void hand_over(Formula& from, Formula& to) {
    if (!to) to = std::move(from);
    from = {};
}

void hand_over_formulas(Thing& from, Thing& to, const std::string& factor) {
    if (from.formula_kind == FormulaKind::assignment && !to.formula)
        to.formula_kind = FormulaKind::assignment;
    if (from.formula_kind == FormulaKind::rate && !to.rate && !to.formula)
        to.formula_kind = FormulaKind::rate;
    if (!factor.empty())
        for (Formula* formula : {&from.formula, &from.rate})
            if (*formula) formula->math = make(Op::times, {formula->math, symbol(factor)});
    hand_over(from.formula, to.formula);
    hand_over(from.rate, to.rate);
    from.formula_kind = to.formula_kind;
}

void hand_over_reaction(Thing& from, Thing& to) {
    const auto is_empty = [](const ReactionDraft& r) { return r.left.empty() && r.right.empty(); };
    if (!is_empty(from.reaction) && is_empty(to.reaction)) to.reaction = from.reaction;
    from.reaction = {};
}

void hand_over_all(Thing& from, Thing& to, const std::string& factor) {
    if (!to.unit) to.unit = from.unit;
    from.unit = nullptr;
    if (to.constness == Constness::by_default) to.constness = from.constness;
    from.constness = to.constness;
    hand_over(from.name, to.name);
    hand_over(from.source, to.source);
    hand_over(from.notes, to.notes);
    to.substance_only = to.substance_only || from.substance_only;
    hand_over_formulas(from, to, factor);
    hand_over_reaction(from, to);
    hand_over(from.compartment, to.compartment);
    hand_over(from.inherited_compartment, to.inherited_compartment);
}

[[noreturn]] void fail_join(const Thing& one, const Thing& other, std::string_view why, const Place& place) {
    throw InputError(
        Fault{"kind-conflict",
              "'" + one.path + "' cannot be the same as '" + other.path + "': " + std::string(why),
              place,
              {}});
}

void join_kinds(Draft& draft, Thing& one, Thing& other, const Place& place) {
    if (one.kind == Kind::submodel || other.kind == Kind::submodel)
        fail_join(one, other, "join the things inside submodels one by one", place);
    const bool alike = one.kind == other.kind || one.kind == Kind::unknown || other.kind == Kind::unknown ||
                       one.kind == Kind::formula || other.kind == Kind::formula;
    if (!alike)
        fail_join(
            one, other,
            "they are a " + std::string(name_of(one.kind)) + " and a " + std::string(name_of(other.kind)),
            place);
    const bool other_knows =
        other.kind != Kind::unknown && (other.kind != Kind::formula || one.kind == Kind::unknown);
    const Kind kind = other_knows ? other.kind : one.kind;
    set_kind(draft, one, kind, place);
    set_kind(draft, other, kind, place);
}

/// What the deleted thing leaves behind in another one. True: the other cannot stand without it.
bool forget(const Draft& draft, Thing& thing, const Thing& deleted) {
    change_formulas(thing, [&](Formula& formula) {
        if (mentions(draft, formula.math, deleted)) formula = {};
    });
    for (auto* side : {&thing.reaction.left, &thing.reaction.right})
        std::erase_if(*side,
                      [&](const Term& term) { return &draft.root(*draft.find(term.species)) == &deleted; });
    std::erase_if(thing.event.assignments, [&](const auto& assignment) {
        return !assignment.second || &draft.root(*draft.find(assignment.first)) == &deleted;
    });
    return thing.kind == Kind::event && (!thing.event.trigger || thing.event.assignments.empty());
}

void mark_deleted(Thing& thing) {
    Thing empty;
    empty.path = thing.path;
    empty.place = thing.place;
    empty.kind = Kind::deleted;
    thing = std::move(empty);
}

Expression time_converted(const Draft& draft, const Expression& formula, const Expression& factor) {
    return transform(formula, [&](const Expression& node) -> Expression {
        if (node->op == Op::time) return make(Op::divide, {node, factor}, node->place);
        if (node->op == Op::delay)
            return make(Op::delay, {node->args[0], make(Op::times, {factor, node->args[1]})}, node->place);
        const Thing* used = node->op == Op::symbol ? draft.find(node->name) : nullptr;
        if (used && draft.root(*used).kind == Kind::reaction)
            return make(Op::times, {node, factor}, node->place);
        return node;
    });
}

/// Formulas written inside the submodel see `converted / factor`.
void convert_symbol(Draft& draft, const std::string& submodel, const Thing& converted,
                    const std::string& factor) {
    const auto seen = [&](const Expression& node) -> Expression {
        const Thing* used = node->op == Op::symbol ? draft.find(node->name) : nullptr;
        if (!used || &draft.root(*used) != &converted) return node;
        return make(Op::divide, {node, symbol(factor)}, node->place);
    };
    for (auto& thing : draft.things) {
        change_formulas(thing, [&](Formula& formula) {
            if (formula.owner == submodel || is_within(formula.owner, submodel))
                formula.math = transform(formula.math, seen);
        });
        for (auto& [variable, formula] : thing.event.assignments)
            if (is_within(thing.path, submodel) && &draft.root(*draft.find(variable)) == &converted)
                formula.math = make(Op::times, {formula.math, symbol(factor)});
    }
}

/// A reaction that the outer model has replaced counts in the outer units: formulas of the submodel see it as
/// it is.
void unscale_replaced_reactions(Draft& draft, const Scaling& scaling) {
    const auto is_replaced = [&](const Expression& node) {
        const Thing* used = node->op == Op::symbol ? draft.find(node->name) : nullptr;
        return used && is_within(used->path, scaling.submodel) && draft.root(*used).kind == Kind::reaction &&
               !is_within(draft.root(*used).path, scaling.submodel);
    };
    const auto is_factor = [&](const Expression& node) {
        return node->op == Op::symbol && node->name == scaling.factor;
    };
    const auto unscaled = [&](const Expression& node) -> Expression {
        const bool scales = (node->op == Op::times || node->op == Op::divide) && node->args.size() == 2;
        return scales && is_replaced(node->args[0]) && is_factor(node->args[1]) ? node->args[0] : node;
    };
    for (auto& thing : draft.things)
        change_formulas(thing, [&](Formula& formula) {
            if (formula.owner == scaling.submodel || is_within(formula.owner, scaling.submodel))
                formula.math = transform(formula.math, unscaled);
        });
}

void inherit_compartment(Draft& draft, const std::string& path, const std::string& compartment,
                         bool from_reaction) {
    Thing& thing = draft.root(*draft.find(path));
    if (!thing.compartment.empty()) return;
    if (!thing.inherited_compartment.empty() && thing.inherited_from_reaction && !from_reaction) return;
    thing.inherited_compartment = compartment;
    thing.inherited_from_reaction = from_reaction;
}

void hand_compartment_down(Draft& draft, const Thing& thing) {
    const std::string compartment =
        thing.compartment.empty() ? thing.inherited_compartment : thing.compartment;
    if (compartment.empty()) return;
    if (thing.kind == Kind::reaction || thing.kind == Kind::interaction)
        for (const auto* side : {&thing.reaction.left, &thing.reaction.right})
            for (const auto& term : *side) inherit_compartment(draft, term.species, compartment, true);
    if (thing.kind != Kind::submodel) return;
    for (const auto& member : draft.things)
        if (is_within(member.path, thing.path) && draft.root(member).path != compartment)
            inherit_compartment(draft, member.path, compartment, false);
}

}  // namespace

void instantiate(Draft& draft, const std::string& path, const Draft& model, const Place& place) {
    Thing& submodel = draft.use(path, place);
    if (submodel.kind == Kind::submodel)
        throw InputError(Fault{"two-definitions", "submodel '" + path + "' already exists", place, {}});
    if (draft.things.size() + model.things.size() > max_things)
        throw InputError(Fault{
            "too-large",
            "with submodel '" + path + "' the model has more than " + std::to_string(max_things) + " things",
            place,
            {}});
    set_kind(draft, submodel, Kind::submodel, place);
    submodel.model = model.id;
    submodel.place = place;
    for (const auto& thing : model.things) draft.add(copied(thing, path));
    draft.refused.insert(draft.refused.end(), model.refused.begin(), model.refused.end());
}

void join_things(Draft& draft, const std::string& one_path, const std::string& other_path,
                 const std::string& factor, const Place& place) {
    Thing& one = draft.root(draft.use(one_path, place));
    Thing& other = draft.root(draft.use(other_path, place));
    if (&one == &other) return;
    if (one.kind == Kind::deleted || other.kind == Kind::deleted)
        fail_join(one, other, "one of them was deleted", place);
    join_kinds(draft, one, other, place);
    hand_over_all(one, other, factor);
    // The name of the outer model is the one that lives on.
    if (is_nested(other) && !is_nested(one)) {
        hand_over_all(other, one, "");
        other.same_as = one.path;
    } else {
        one.same_as = other.path;
    }
    if (!factor.empty()) draft.conversions.push_back({one_path, factor});
}

void delete_thing(Draft& draft, const std::string& path, const Place& place) {
    Thing& deleted = draft.root(draft.use(path, place));
    const auto dot = deleted.path.find('.');
    if (dot == std::string::npos)
        throw InputError(
            Fault{"not-deletable",
                  "'" + deleted.path + "' belongs to this model; only things of submodels can be deleted",
                  place,
                  {}});
    const std::string submodel = deleted.path.substr(0, dot);
    for (auto& thing : draft.things)
        if (is_within(thing.path, submodel) && thing.kind != Kind::deleted && forget(draft, thing, deleted))
            mark_deleted(thing);
    if (deleted.kind == Kind::submodel)
        for (auto& thing : draft.things)
            if (is_within(thing.path, deleted.path)) mark_deleted(thing);
    mark_deleted(deleted);
}

void convert_time(Draft& draft, const std::string& submodel, const std::string& factor) {
    draft.scalings.push_back({submodel, factor});
    const auto tcf = symbol(factor);
    const auto over = [&](Formula& formula) {
        if (formula) formula.math = make(Op::divide, {formula.math, tcf});
    };
    for (auto& thing : draft.things) {
        if (!is_within(thing.path, submodel)) continue;
        change_formulas(thing,
                        [&](Formula& formula) { formula.math = time_converted(draft, formula.math, tcf); });
        if (thing.kind == Kind::reaction) over(thing.formula);
        over(thing.rate);
        if (thing.event.delay) thing.event.delay.math = make(Op::times, {thing.event.delay.math, tcf});
    }
}

void convert_extent(Draft& draft, const std::string& submodel, const std::string& factor) {
    draft.scalings.push_back({submodel, factor});
    for (auto& thing : draft.things) {
        if (!is_within(thing.path, submodel) || thing.kind != Kind::reaction) continue;
        if (thing.formula) thing.formula.math = make(Op::times, {thing.formula.math, symbol(factor)});
        convert_symbol(draft, submodel, thing, factor);
    }
}

void finish(Draft& draft) {
    for (const auto& thing : draft.things) hand_compartment_down(draft, thing);
    for (const auto& [inner, factor] : draft.conversions) {
        const auto dot = inner.rfind('.');
        if (dot != std::string::npos)
            convert_symbol(draft, inner.substr(0, dot), draft.root(*draft.find(inner)), factor);
    }
    for (const auto& [path, place] : draft.bounded)
        if (draft.root(*draft.find(path)).kind == Kind::reaction)
            draft.refused.push_back(
                {"unsupported-construct",
                 "a bound on the flux of reaction '" + path + "' (SBML package fbc) is not supported",
                 place,
                 {}});
    draft.bounded.clear();
    draft.conversions.clear();
    // Twice, since time may be scaled inside of extent or the other way round.
    for (int pass = 0; pass < 2; ++pass)
        for (const auto& scaling : draft.scalings) unscale_replaced_reactions(draft, scaling);
    draft.scalings.clear();
}

}  // namespace abscopal::antimony
