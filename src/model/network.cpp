// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "model/network.hpp"

#include <limits>
#include <utility>

#include "base/text.hpp"

namespace abscopal {
namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

std::string quoted(const std::string& text) {
    return "'" + text + "'";
}

void set_value(Quantity& quantity, const std::optional<double>& value) {
    quantity.has_value = value.has_value();
    quantity.value = value.value_or(unknown);
}

}  // namespace

std::string local_id(const Reaction& reaction, const std::string& local) {
    return reaction.id + "_" + local;
}

Network::Network(const Spec& spec, FaultList& faults) : spec_(spec), faults_(faults) {
    for (const FunctionDefinition& function : spec.functions) {
        claim(function.id, function.place);
        functions_.emplace(function.id, &function);
    }
    for (const Compartment& compartment : spec.compartments) {
        Quantity quantity;
        quantity.kind = Quantity::Kind::compartment;
        quantity.entity = compartment;
        quantity.constant = compartment.constant;
        set_value(quantity, compartment.size);
        add(std::move(quantity));
    }
    for (const Species& species : spec.species) add_species(species);
    for (const Parameter& parameter : spec.parameters) {
        Quantity quantity;
        quantity.entity = parameter;
        quantity.constant = parameter.constant;
        set_value(quantity, parameter.value);
        add(std::move(quantity));
    }
    for (const Reaction& reaction : spec.reactions) add_reaction(reaction);
    take_rules();
    take_initial_assignments();
    take_event_targets();
    take_participations();
    settle_roles();
    settle_concentrations();
    memo_.resize(quantities_.size());
    solved_.assign(quantities_.size(), no_node);
}

void Network::claim(const std::string& id, const Place& place) {
    if (id.empty() || claimed_.try_emplace(id, place).second) return;
    faults_.add("duplicate-id", "id " + quoted(id) + " is declared twice", place);
}

void Network::add(Quantity quantity) {
    claim(quantity.entity.id, quantity.entity.place);
    by_id_.try_emplace(quantity.entity.id, quantities_.size());
    quantities_.push_back(std::move(quantity));
}

void Network::add_species(const Species& species) {
    Quantity quantity;
    quantity.kind = Quantity::Kind::species;
    quantity.entity = species;
    quantity.constant = species.constant;
    quantity.species = &species;
    quantity.value_is_amount = !species.initial_concentration.has_value();
    set_value(quantity,
              species.initial_concentration ? species.initial_concentration : species.initial_amount);
    add(std::move(quantity));
}

void Network::add_reaction(const Reaction& reaction) {
    Quantity quantity;
    quantity.kind = Quantity::Kind::reaction;
    quantity.role = Quantity::Role::assigned;
    quantity.entity = reaction;
    quantity.definition = reaction.law;
    quantity.reaction = &reaction;
    add(std::move(quantity));
    for (const Parameter& local : reaction.local_parameters) {
        Quantity parameter;
        parameter.entity = local;
        parameter.entity.id = local_id(reaction, local.id);
        set_value(parameter, local.value);
        add(std::move(parameter));
    }
    for (const SpeciesReference& reference : reaction.reactants) add_reference(reference);
    for (const SpeciesReference& reference : reaction.products) add_reference(reference);
}

void Network::add_reference(const SpeciesReference& reference) {
    if (reference.id.empty()) return;
    Quantity quantity;
    quantity.kind = Quantity::Kind::stoichiometry;
    quantity.entity.id = reference.id;
    quantity.entity.place = reference.place;
    quantity.constant = reference.constant;
    set_value(quantity, reference.stoichiometry);
    if (reference.math) {
        quantity.role = Quantity::Role::assigned;
        quantity.definition = reference.math;
    }
    add(std::move(quantity));
}

std::optional<std::size_t> Network::find(const std::string& id) const {
    const auto entry = by_id_.find(id);
    if (entry == by_id_.end()) return std::nullopt;
    return entry->second;
}

const FunctionDefinition* Network::find_function(const std::string& id) const {
    const auto entry = functions_.find(id);
    return entry == functions_.end() ? nullptr : entry->second;
}

std::vector<std::string> Network::ids() const {
    std::vector<std::string> result;
    for (const Quantity& quantity : quantities_) result.push_back(quantity.entity.id);
    return result;
}

// The variable that a rule, an initial assignment or an event wants to set.
Quantity* Network::target(const std::string& id, const std::string& what, const Place& place) {
    const auto found = find(id);
    if (!found) {
        faults_.add("undefined-name",
                    what + " sets " + quoted(id) + ", which is not defined" + did_you_mean(id, ids()), place);
        return nullptr;
    }
    Quantity& quantity = quantities_[*found];
    if (quantity.kind == Quantity::Kind::reaction) {
        faults_.add("invalid-target", what + " sets " + quoted(id) + ", which is a reaction", place);
        return nullptr;
    }
    return &quantity;
}

void Network::take_rules() {
    for (const Rule& rule : spec_.rules) {
        if (!rule.math) continue;
        if (rule.kind == RuleKind::algebraic) {
            algebraic_rules_.push_back(&rule);
            continue;
        }
        const std::string what = rule.kind == RuleKind::rate ? "rate rule" : "assignment rule";
        Quantity* quantity = target(rule.variable, what, rule.place);
        if (!quantity) continue;
        if (quantity->constant && quantity->kind != Quantity::Kind::stoichiometry) {
            faults_.add("assignment-to-constant",
                        what + " changes " + quoted(rule.variable) + ", which is constant", rule.place);
        } else if (quantity->definition || quantity->rate_rule) {
            faults_.add("overdetermined", quoted(rule.variable) + " is determined by more than one rule",
                        rule.place);
        }
        if (rule.kind == RuleKind::rate) {
            quantity->rate_rule = rule.math;
        } else {
            quantity->definition = rule.math;
        }
    }
}

void Network::take_initial_assignments() {
    for (const InitialAssignment& assignment : spec_.initial_assignments) {
        if (!assignment.math) continue;
        Quantity* quantity = target(assignment.symbol, "initial assignment", assignment.place);
        if (!quantity) continue;
        if (quantity->definition && quantity->kind != Quantity::Kind::stoichiometry) {
            faults_.add("overdetermined",
                        quoted(assignment.symbol) + " has both an initial assignment and an assignment rule",
                        assignment.place);
        } else if (quantity->initial) {
            faults_.add("overdetermined", quoted(assignment.symbol) + " has two initial assignments",
                        assignment.place);
        }
        quantity->initial = assignment.math;
    }
}

void Network::take_event_targets() {
    for (const Event& event : spec_.events) {
        for (const EventAssignment& assignment : event.assignments) {
            if (!assignment.math) continue;
            Quantity* quantity = target(assignment.variable, "event", assignment.place);
            if (!quantity) continue;
            if (quantity->definition) {
                faults_.add("overdetermined",
                            quoted(assignment.variable) + " is set by an event and by an assignment rule",
                            assignment.place);
            } else if (quantity->constant && quantity->kind != Quantity::Kind::stoichiometry) {
                faults_.add("assignment-to-constant",
                            "event changes " + quoted(assignment.variable) + ", which is constant",
                            assignment.place);
            }
            quantity->is_set_by_event = true;
        }
    }
}

void Network::take_participations() {
    participations_.resize(quantities_.size());
    const auto take = [&](const Reaction& reaction, const std::vector<SpeciesReference>& references,
                          double sign) {
        for (const SpeciesReference& reference : references) {
            const auto species = find(reference.species);
            if (!species || quantities_[*species].kind != Quantity::Kind::species) {
                faults_.add("undefined-name",
                            "reaction " + quoted(reaction.id) + " names species " +
                                quoted(reference.species) + ", which is not defined" +
                                did_you_mean(reference.species, ids()),
                            reference.place.line ? reference.place : reaction.place);
                continue;
            }
            Quantity& quantity = quantities_[*species];
            if (quantity.species->boundary || !reaction.law) continue;
            if (quantity.constant) {
                faults_.add("assignment-to-constant",
                            "reaction " + quoted(reaction.id) + " changes " + quoted(reference.species) +
                                ", which is constant",
                            reference.place.line ? reference.place : reaction.place);
            }
            quantity.is_changed_by_reaction = true;
            quantity.is_changed_by_fast_reaction |= reaction.fast;
            participations_[*species].push_back({*find(reaction.id), &reference, sign, reaction.fast});
        }
    };
    for (const Reaction& reaction : spec_.reactions) {
        take(reaction, reaction.reactants, -1.0);
        take(reaction, reaction.products, 1.0);
    }
}

// What is integrated, what is computed, and what stays.
void Network::settle_roles() {
    for (Quantity& quantity : quantities_) {
        if (quantity.kind == Quantity::Kind::reaction) continue;
        const bool has_rule = quantity.definition || quantity.rate_rule;
        if (has_rule && quantity.is_changed_by_reaction) {
            faults_.add("overdetermined",
                        quoted(quantity.entity.id) +
                            " is determined by a rule and by reactions; is it meant as a boundary species?",
                        quantity.entity.place);
        }
        if (quantity.definition) {
            quantity.role = Quantity::Role::assigned;
        } else if (quantity.rate_rule || (quantity.kind == Quantity::Kind::species && !quantity.constant)) {
            quantity.role = Quantity::Role::state;
        }
    }
}

void Network::settle_concentrations() {
    for (Quantity& quantity : quantities_) {
        if (quantity.kind != Quantity::Kind::species || quantity.species->compartment.empty()) continue;
        const auto place = find(quantity.species->compartment);
        if (!place || quantities_[*place].kind != Quantity::Kind::compartment) {
            faults_.add("undefined-name",
                        "species " + quoted(quantity.entity.id) + " is in compartment " +
                            quoted(quantity.species->compartment) + ", which is not defined" +
                            did_you_mean(quantity.species->compartment, ids()),
                        quantity.entity.place);
            continue;
        }
        quantity.place_of_species = place;
        if (!quantity.species->only_substance_units && has_size(*place)) quantity.compartment = *place;
    }
}

// A size may also come from an algebraic rule, which may determine any variable.
bool Network::has_size(std::size_t compartment) const {
    const Quantity& quantity = quantities_[compartment];
    return spec_.compartments[compartment].size || quantity.initial || quantity.definition ||
           quantity.rate_rule || quantity.is_set_by_event ||
           (!quantity.constant && !algebraic_rules_.empty());
}

}  // namespace abscopal
