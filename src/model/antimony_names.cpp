// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "model/antimony_names.hpp"

#include <algorithm>
#include <numbers>

#include "model/neutral_id.hpp"

namespace abscopal::antimony {
namespace {

std::vector<std::string> all_ids(const Spec& spec) {
    std::vector<std::string> ids;
    const auto collect = [&](const auto& entities) {
        for (const auto& entity : entities)
            if (!entity.id.empty()) ids.push_back(entity.id);
    };
    collect(spec.functions);
    collect(spec.compartments);
    collect(spec.species);
    collect(spec.parameters);
    collect(spec.reactions);
    collect(spec.events);
    for (const auto& reaction : spec.reactions) {
        collect(reaction.reactants);
        collect(reaction.products);
    }
    return ids;
}

/// libSBML writes 15 digits of a number; of these two it knows all.
Expression named_constant(const Expression& number) {
    if (number->value == std::numbers::pi) return symbol("pi");
    return number->value == std::numbers::e ? symbol("exponentiale") : number;
}

/// Where a number stands for a truth, Antimony wants the word.
Expression truth(const Expression& formula) {
    if (formula->op != Op::number || (formula->value != 0.0 && formula->value != 1.0)) return formula;
    return symbol(formula->value == 1.0 ? "true" : "false");
}

Expression with_truths(const Expression& formula) {
    return transform(formula, [](const Expression& node) -> Expression {
        const bool logical = node->op == Op::and_ || node->op == Op::or_ || node->op == Op::xor_ ||
                             node->op == Op::not_ || node->op == Op::implies;
        if (!logical && node->op != Op::piecewise) return node;
        auto args = node->args;
        for (std::size_t i = 0; i < args.size(); ++i)
            if (logical || i % 2 == 1) args[i] = truth(args[i]);
        return make(node->op, std::move(args), node->place);
    });
}

}  // namespace

WrittenNames::WrittenNames(const Spec& spec) {
    const auto ids = all_ids(spec);
    for (const auto& id : ids)
        if (!is_antimony_word(id)) taken_.insert(id);
    for (const auto& id : ids)
        if (is_antimony_word(id)) ids_[id] = fresh(id + "_");
    for (const auto& reaction : spec.reactions) {
        for (const auto& local : reaction.local_parameters)
            locals_[{reaction.id, local.id}] = fresh(reaction.id + "_" + local.id);
        for (const auto* side : {&reaction.reactants, &reaction.products})
            for (const auto& reference : *side)
                if (reference.id.empty())
                    stoichiometries_[&reference] = reaction.id + "_" + reference.species + "_stoich";
    }
    model_ = spec.id.empty() || spec.id == "__main" ? spec.id : fresh(spec.id);
}

std::string WrittenNames::of(const std::string& id) const {
    const auto found = ids_.find(id);
    return found == ids_.end() ? id : found->second;
}

std::string WrittenNames::local(const Reaction& reaction, const std::string& id) const {
    const auto found = locals_.find({reaction.id, id});
    return found == locals_.end() ? of(id) : found->second;
}

std::string WrittenNames::stoichiometry(const Reaction&, const SpeciesReference& reference) const {
    const auto found = stoichiometries_.find(&reference);
    return found == stoichiometries_.end() ? of(reference.id) : found->second;
}

std::string WrittenNames::fresh(std::string wanted) {
    while (is_antimony_word(wanted) || taken_.contains(wanted)) wanted += "_";
    taken_.insert(wanted);
    return wanted;
}

Expression WrittenNames::renamed(const Expression& formula, const Reaction* reaction) const {
    return transform(formula, [&](const Expression& node) -> Expression {
        if (node->op == Op::symbol) return symbol(reaction ? local(*reaction, node->name) : of(node->name));
        if (node->op == Op::call) return call(of(node->name), node->args);
        if (node->op == Op::asinh) return call("arcsinh", node->args);  // libAntimony does not know asinh
        if (node->op == Op::number && node->unit.empty()) return named_constant(node);
        if (node->op != Op::number) return node;
        const auto unit = units.find(node->unit);
        return number(node->value, unit == units.end() ? "" : unit->second);
    });
}

std::string WrittenNames::text(const Expression& formula, const Reaction* reaction) const {
    return to_text(with_truths(renamed(formula, reaction)));
}

std::string WrittenNames::condition(const Expression& formula) const {
    return to_text(truth(with_truths(renamed(formula, nullptr))));
}

}  // namespace abscopal::antimony
