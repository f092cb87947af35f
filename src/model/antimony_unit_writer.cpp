// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "model/antimony_unit_writer.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "base/units.hpp"
#include "model/infix.hpp"
#include "model/neutral_id.hpp"

namespace abscopal::antimony {
namespace {

constexpr std::array<std::string_view, 7> si_kinds{"metre",  "kilogram", "second", "ampere",
                                                   "kelvin", "mole",     "candela"};

/// A unit of everyday writing in SI.
std::optional<std::vector<UnitFactor>> si_factors(const std::string& word) {
    const auto unit = parse_unit(word);
    if (!unit) return std::nullopt;
    std::vector<UnitFactor> factors;
    for (std::size_t i = 0; i < si_kinds.size(); ++i)
        if (unit->dimensions[i] != 0.0)
            factors.push_back({std::string(si_kinds[i]), unit->dimensions[i], 0, 1.0});
    if (unit->factor != 1.0) factors.insert(factors.begin(), {"dimensionless", 1.0, 0, unit->factor});
    if (factors.empty()) factors.push_back({"dimensionless", 1.0, 0, 1.0});
    return factors;
}

}  // namespace

UnitWriter::UnitWriter(const Spec& spec, WrittenNames& names) : spec_(spec), names_(names) {
    add_defaults();
    add_all();
}

void UnitWriter::add_defaults() {
    add_default("time_unit", spec_.time_unit);
    add_default("substance", spec_.substance_unit);
    add_default("extent", spec_.extent_unit);
    add_default("volume", spec_.volume_unit);
    add_default("area", spec_.area_unit);
    add_default("length", spec_.length_unit);
}

/// `unit time_unit = …` also states the unit of time. A definition of that very name needs no other.
void UnitWriter::add_default(const std::string& word, const std::string& unit) {
    if (unit.empty()) return;
    const auto factors = factors_of(unit);
    if (!factors) return;
    define(word, *factors);
    if (unit == word || (unit == "time" && word == "time_unit")) names_.units[unit] = word;
}

void UnitWriter::add_all() {
    for (const auto& definition : spec_.unit_definitions) add(definition.id);
    const auto add_each = [&](const auto& entities) {
        for (const auto& entity : entities) add(entity.unit);
    };
    add_each(spec_.compartments);
    add_each(spec_.species);
    add_each(spec_.parameters);
    for (const auto& reaction : spec_.reactions) add_each(reaction.local_parameters);
    const auto add_numbers = [&](const Expression& formula) {
        if (formula) for_each_node(formula, [&](const Node& node) { add(node.unit); });
    };
    for (const auto& rule : spec_.rules) add_numbers(rule.math);
    for (const auto& initial : spec_.initial_assignments) add_numbers(initial.math);
    for (const auto& reaction : spec_.reactions) add_numbers(reaction.law);
    for (const auto& function : spec_.functions) add_numbers(function.body);
    for (const auto& event : spec_.events) {
        for (const auto& formula : {event.trigger, event.delay, event.priority}) add_numbers(formula);
        for (const auto& assignment : event.assignments) add_numbers(assignment.math);
    }
}

void UnitWriter::add(const std::string& unit) {
    if (unit.empty() || names_.units.contains(unit)) return;
    const bool defined =
        std::ranges::find(spec_.unit_definitions, unit, &UnitDefinition::id) != spec_.unit_definitions.end();
    const auto kind = sbml_unit_kind(unit);
    if (kind && !defined && !names_.is_taken(*kind)) {
        names_.units[unit] = *kind;
        return;
    }
    const auto factors = factors_of(unit);
    if (!factors) return;
    const std::string wanted = unit_id(unit);
    const bool clashes = names_.is_taken(wanted) || is_antimony_word(wanted);
    const std::string name = names_.fresh(clashes ? wanted + "_unit" : wanted);
    names_.units[unit] = name;
    define(name, *factors);
}

void UnitWriter::define(const std::string& name, const std::vector<UnitFactor>& factors) {
    definitions_ += "  unit " + name + " = " + unit_text(factors) + ";\n";
}

std::optional<std::vector<UnitFactor>> UnitWriter::factors_of(const std::string& unit) const {
    const auto found = std::ranges::find(spec_.unit_definitions, unit, &UnitDefinition::id);
    if (found != spec_.unit_definitions.end()) return found->factors;
    if (const auto kind = sbml_unit_kind(unit)) return std::vector<UnitFactor>{{*kind, 1.0, 0, 1.0}};
    if (auto factors = si_factors(unit)) return factors;
    // A product of units some of which the model defines.
    const bool single = std::ranges::all_of(unit, [](char c) {
        return c == '_' || (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z');
    });
    if (single) return std::nullopt;
    try {
        return unit_factors(parse_infix(unit), [&](const std::string& name) { return factors_of(name); });
    } catch (const InputError&) {
        return std::nullopt;
    }
}

std::string UnitWriter::name_of(const std::string& unit) const {
    const auto found = names_.units.find(unit);
    return found == names_.units.end() ? "" : found->second;
}

std::string UnitWriter::species_unit(const Species& species) const {
    const std::string amount = name_of(species.unit);
    if (amount.empty() || species.only_substance_units) return amount;
    const auto home = std::ranges::find(spec_.compartments, species.compartment, &Compartment::id);
    std::string volume = home == spec_.compartments.end() ? "" : name_of(home->unit);
    if (volume.empty() && !spec_.volume_unit.empty()) volume = "volume";
    // Without a unit of volume Antimony has no way to say that of an amount.
    return volume.empty() ? "" : amount + "/" + volume;
}

}  // namespace abscopal::antimony
