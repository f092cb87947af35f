// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <sstream>
#include <string>

#include "abscopal/spec.hpp"
#include "base/text.hpp"

/// All content of a Spec as text, one thing a line: equal texts mean equal Specs (places, origin and level
/// aside).
namespace abscopal::test {

inline std::string show(const std::optional<double>& value) {
    return value ? to_text(*value) : "-";
}
inline std::string show(bool value) {
    return value ? "yes" : "no";
}

inline std::string show(const Expression& math) {
    if (!math) return "-";
    std::string units;
    for_each_node(math, [&](const Node& node) { units += node.op == Op::number ? "," + node.unit : ""; });
    return to_text(math) + " {" + units + "}";
}

inline std::string show(const Entity& e) {
    return e.id + " | " + e.name + " | " + e.unit + " | " + e.source + " | ";
}

inline std::string show(const std::vector<SpeciesReference>& side) {
    std::string text;
    for (const auto& e : side)
        text += " (" + e.id + " " + show(e.stoichiometry) + " " + show(e.math) + " " + show(e.constant) +
                " " + e.species + ")";
    return text;
}

inline std::string show(const Parameter& e) {
    return show(static_cast<const Entity&>(e)) + show(e.value) + " " + show(e.constant);
}

inline std::string spec_text(const Spec& spec) {
    std::ostringstream out;
    out << "model " << spec.id << " | " << spec.name << " | " << spec.notes << "\nunits " << spec.time_unit
        << ' ' << spec.substance_unit << ' ' << spec.volume_unit << ' ' << spec.area_unit << ' '
        << spec.length_unit << ' ' << spec.extent_unit << ' ' << spec.conversion_factor << '\n';
    for (const auto& e : spec.unit_definitions) {
        out << "unit " << show(e);
        for (const auto& f : e.factors)
            out << " (" << f.multiplier << "*10^" << f.scale << " " << f.kind << ")^" << f.exponent;
        out << '\n';
    }
    for (const auto& e : spec.functions)
        out << "function " << e.id << ' ' << e.name << '(' << join(e.arguments, ",") << ") " << show(e.body)
            << '\n';
    for (const auto& e : spec.compartments)
        out << "compartment " << show(e) << show(e.size) << ' ' << e.dimensions << ' ' << e.constant << '\n';
    for (const auto& e : spec.species)
        out << "species " << show(e) << e.compartment << ' ' << show(e.initial_amount) << ' '
            << show(e.initial_concentration) << ' ' << e.only_substance_units << e.boundary << e.constant
            << ' ' << e.conversion_factor << '\n';
    for (const auto& e : spec.parameters) out << "parameter " << show(e) << '\n';
    for (const auto& e : spec.initial_assignments)
        out << "initial " << e.symbol << " = " << show(e.math) << '\n';
    for (const auto& e : spec.rules)
        out << "rule " << static_cast<int>(e.kind) << ' ' << e.variable << " = " << show(e.math) << '\n';
    for (const auto& e : spec.reactions) {
        out << "reaction " << show(e) << show(e.reactants) << " ->" << show(e.products)
            << " m:" << join(e.modifiers, ",") << ' ' << e.compartment << ' ' << e.reversible << e.fast << ' '
            << show(e.law) << '\n';
        for (const auto& local : e.local_parameters) out << "  local " << show(local) << '\n';
    }
    for (const auto& e : spec.events) {
        out << "event " << show(e) << show(e.trigger) << ' ' << e.initial_value << e.persistent
            << e.values_from_trigger_time << " delay " << show(e.delay) << " priority " << show(e.priority)
            << '\n';
        for (const auto& a : e.assignments) out << "  " << a.variable << " = " << show(a.math) << '\n';
    }
    for (const auto& e : spec.refused) out << "refused " << e.message << '\n';
    return out.str();
}

}  // namespace abscopal::test
