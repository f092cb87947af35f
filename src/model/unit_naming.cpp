// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "model/unit_naming.hpp"

#include <algorithm>
#include <array>

namespace abscopal {
namespace {

bool is_word_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/// "1/(nM*day)" as "unit_1_per_nM_day".
std::string id_from(const std::string& words) {
    std::string id = "unit";
    for (const char c : words) {
        if (c == '/') id += "_per";
        if (is_word_character(c) && !is_word_character(id.back()))
            id += c;
        else if (is_word_character(c))
            id += id == "unit" || id.ends_with("_per") ? "_" + std::string(1, c) : std::string(1, c);
        else if (id.back() != '_')
            id += '_';
    }
    while (id.back() == '_') id.pop_back();
    return id;
}

std::vector<UnitFactor> factors_of(const Unit& unit) {
    constexpr std::array<const char*, 7> kinds = {"metre",  "kilogram", "second", "ampere",
                                                  "kelvin", "mole",     "candela"};
    std::vector<UnitFactor> factors = {{"dimensionless", 1.0, 0, unit.factor}};
    for (std::size_t i = 0; i < kinds.size(); ++i)
        if (unit.dimensions[i] != 0.0) factors.push_back({kinds[i], unit.dimensions[i], 0, 1.0});
    return factors;
}

}  // namespace

WrittenUnits::WrittenUnits(const Spec& spec) : table_(spec) {
    for (const auto& definition : spec.unit_definitions) ids_[definition.id] = definition.id;
    want_all(spec);
}

std::string WrittenUnits::id_of(const std::string& text) const {
    const auto found = ids_.find(text);
    return found == ids_.end() ? std::string() : found->second;
}

void WrittenUnits::want(const std::string& text) {
    if (text.empty() || ids_.contains(text)) return;
    if (is_sbml_base_unit(text)) {
        ids_[text] = text;
        return;
    }
    const auto unit = table_.find(text);
    if (!unit) return;
    made_.push_back({free_id(text), text, factors_of(*unit)});
    ids_[text] = made_.back().id;
}

std::string WrittenUnits::free_id(const std::string& words) const {
    const std::string wanted = id_from(words);
    const auto taken = [&](const std::string& id) {
        return std::any_of(ids_.begin(), ids_.end(), [&](const auto& pair) { return pair.second == id; });
    };
    std::string id = wanted;
    for (int i = 2; taken(id); ++i) id = wanted + "_" + std::to_string(i);
    return id;
}

void WrittenUnits::want_all(const Spec& spec) {
    const auto want_math = [&](const Expression& math) {
        if (math) for_each_node(math, [&](const Node& node) { want(node.unit); });
    };
    for (const auto* text : {&spec.substance_unit, &spec.time_unit, &spec.volume_unit, &spec.area_unit,
                             &spec.length_unit, &spec.extent_unit})
        want(*text);
    for (const auto& e : spec.functions) want_math(e.body);
    for (const auto& e : spec.compartments) want(e.unit);
    for (const auto& e : spec.species) want(e.unit);
    for (const auto& e : spec.parameters) want(e.unit);
    for (const auto& e : spec.initial_assignments) want_math(e.math);
    for (const auto& e : spec.rules) want_math(e.math);
    for (const auto& e : spec.reactions) {
        for (const auto& local : e.local_parameters) want(local.unit);
        want_math(e.law);
    }
    for (const auto& e : spec.events) {
        for (const auto& math : {e.trigger, e.delay, e.priority}) want_math(math);
        for (const auto& assignment : e.assignments) want_math(assignment.math);
    }
}

}  // namespace abscopal
