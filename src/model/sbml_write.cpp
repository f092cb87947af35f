// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>
#include <set>

#include "abscopal/spec.hpp"
#include "base/text.hpp"
#include "model/sbml_annotation.hpp"
#include "model/sbml_mathml.hpp"
#include "model/unit_naming.hpp"

namespace abscopal {
namespace {

using Attributes = XmlText::Attributes;

std::string yes_no(bool value) {
    return value ? "true" : "false";
}
std::string number_or_none(const std::optional<double>& value) {
    return value ? xml_number(*value) : "";
}

/// Level 3 has no American spelling and no Celsius.
std::string level3_kind(const std::string& kind) {
    if (kind == "liter") return "litre";
    if (kind == "meter") return "metre";
    return kind == "Celsius" ? "kelvin" : kind;
}

/// Writes a Spec as SBML Level 3 Version 2 core, list by list.
class SbmlWriting {
  public:
    explicit SbmlWriting(const Spec& spec)
        : spec_(spec), units_(spec), unit_([this](const std::string& text) { return units_.id_of(text); }) {
        for (const auto& species : spec.species) species_.insert(species.id);
    }

    std::string write() {
        xml_.raw("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
        xml_.open(
            "sbml",
            {{"xmlns", "http://www.sbml.org/sbml/level3/version2/core"}, {"level", "3"}, {"version", "2"}});
        xml_.open("model", model_attributes());
        notes();
        list("listOfFunctionDefinitions", spec_.functions, [this](const auto& e) { function(e); });
        unit_definitions();
        list("listOfCompartments", spec_.compartments, [this](const auto& e) { compartment(e); });
        list("listOfSpecies", spec_.species, [this](const auto& e) { species(e); });
        list("listOfParameters", spec_.parameters, [this](const auto& e) { parameter(e); });
        list("listOfInitialAssignments", spec_.initial_assignments, [this](const auto& e) {
            with_math("initialAssignment", {{"symbol", e.symbol}}, e.math);
        });
        list("listOfRules", spec_.rules, [this](const auto& e) { rule(e); });
        list("listOfReactions", spec_.reactions, [this](const auto& e) { reaction(e); });
        list("listOfEvents", spec_.events, [this](const auto& e) { event(e); });
        xml_.close();
        xml_.close();
        return xml_.take();
    }

  private:
    template <class Items, class WriteItem>
    void list(std::string_view element, const Items& items, const WriteItem& write_item) {
        if (items.empty()) return;
        xml_.open(element);
        for (const auto& item : items) write_item(item);
        xml_.close();
    }

    Attributes model_attributes() const {
        return {{"id", spec_.id},
                {"name", spec_.name},
                {"substanceUnits", unit_(spec_.substance_unit)},
                {"timeUnits", unit_(spec_.time_unit)},
                {"volumeUnits", unit_(spec_.volume_unit)},
                {"areaUnits", unit_(spec_.area_unit)},
                {"lengthUnits", unit_(spec_.length_unit)},
                {"extentUnits", unit_(spec_.extent_unit)},
                {"conversionFactor", spec_.conversion_factor}};
    }

    void notes() {
        if (spec_.notes.empty()) return;
        // Markup is taken as it is only where it says that it is XHTML.
        const bool markup = trim(spec_.notes).starts_with('<') &&
                            spec_.notes.find("http://www.w3.org/1999/xhtml") != std::string::npos;
        xml_.open("notes");
        xml_.raw(markup ? spec_.notes
                        : std::string(paragraph_open) + escaped(spec_.notes) + std::string(paragraph_close));
        xml_.close();
    }

    /// What SBML has no place for: the source of a value, and a unit that it cannot define.
    void annotation(const std::string& source, const std::string& unit, const std::string& words = {}) {
        if (source.empty() && unit.empty() && words.empty()) return;
        xml_.open("annotation");
        xml_.open("abscopal", {{"xmlns", std::string(annotation_namespace)}});
        if (!source.empty()) xml_.leaf("source", source);
        if (!unit.empty()) xml_.leaf("unit", unit);
        if (!words.empty()) xml_.leaf("words", words);
        xml_.close();
        xml_.close();
    }

    void annotation_of(const Entity& entity) {
        annotation(entity.source, unit_(entity.unit).empty() ? entity.unit : "");
    }

    /// An element without children of its own but, perhaps, an annotation.
    void plain(std::string_view element, const Attributes& attributes, const Entity& entity) {
        if (entity.source.empty() && unit_(entity.unit).empty() == entity.unit.empty())
            return xml_.empty(element, attributes);
        xml_.open(element, attributes);
        annotation_of(entity);
        xml_.close();
    }

    void with_math(std::string_view element, const Attributes& attributes, const Expression& math) {
        if (!math) return xml_.empty(element, attributes);
        xml_.open(element, attributes);
        write_math(xml_, math, unit_);
        xml_.close();
    }

    void function(const FunctionDefinition& e) {
        xml_.open("functionDefinition", {{"id", e.id}, {"name", e.name}});
        write_lambda(xml_, e.arguments, e.body, unit_);
        xml_.close();
    }

    void unit_definitions() {
        if (spec_.unit_definitions.empty() && units_.made().empty()) return;
        xml_.open("listOfUnitDefinitions");
        for (const auto& e : spec_.unit_definitions) {
            xml_.open("unitDefinition", {{"id", e.id}, {"name", e.name}});
            annotation(e.source, "");
            factors(e.factors);
            xml_.close();
        }
        for (const auto& e : units_.made()) {
            xml_.open("unitDefinition", {{"id", e.id}, {"name", e.words}});
            annotation("", "", e.words);
            factors(e.factors);
            xml_.close();
        }
        xml_.close();
    }

    void factors(const std::vector<UnitFactor>& all) {
        list("listOfUnits", all, [this](const UnitFactor& e) {
            xml_.empty("unit", {{"kind", level3_kind(e.kind)},
                                {"exponent", xml_number(e.exponent)},
                                {"scale", std::to_string(e.scale)},
                                {"multiplier", xml_number(e.multiplier)}});
        });
    }

    void compartment(const Compartment& e) {
        plain("compartment",
              {{"id", e.id},
               {"name", e.name},
               {"spatialDimensions", xml_number(e.dimensions)},
               {"size", number_or_none(e.size)},
               {"units", unit_(e.unit)},
               {"constant", yes_no(e.constant)}},
              e);
    }

    void species(const Species& e) {
        plain("species",
              {{"id", e.id},
               {"name", e.name},
               {"compartment", e.compartment},
               {"initialAmount", number_or_none(e.initial_amount)},
               {"initialConcentration", number_or_none(e.initial_concentration)},
               {"substanceUnits", unit_(e.unit)},
               {"hasOnlySubstanceUnits", yes_no(e.only_substance_units)},
               {"boundaryCondition", yes_no(e.boundary)},
               {"constant", yes_no(e.constant)},
               {"conversionFactor", e.conversion_factor}},
              e);
    }

    void parameter(const Parameter& e) {
        plain("parameter",
              {{"id", e.id},
               {"name", e.name},
               {"value", number_or_none(e.value)},
               {"units", unit_(e.unit)},
               {"constant", yes_no(e.constant)}},
              e);
    }

    void rule(const Rule& e) {
        if (e.kind == RuleKind::algebraic) return with_math("algebraicRule", {}, e.math);
        with_math(e.kind == RuleKind::rate ? "rateRule" : "assignmentRule", {{"variable", e.variable}},
                  e.math);
    }

    void reaction(const Reaction& e) {
        xml_.open("reaction", {{"id", e.id},
                               {"name", e.name},
                               {"reversible", yes_no(e.reversible)},
                               {"compartment", e.compartment}});
        annotation_of(e);
        side("listOfReactants", e.reactants);
        side("listOfProducts", e.products);
        list("listOfModifiers", modifiers_of(e), [this](const std::string& id) {
            xml_.empty("modifierSpeciesReference", {{"species", id}});
        });
        law(e);
        xml_.close();
    }

    void side(std::string_view element, const std::vector<SpeciesReference>& references) {
        list(element, references, [this](const SpeciesReference& e) {
            xml_.empty("speciesReference", {{"id", e.id},
                                            {"species", e.species},
                                            {"stoichiometry", number_or_none(e.stoichiometry)},
                                            {"constant", yes_no(e.constant)}});
        });
    }

    /// SBML wants every species that a law reads among the participants.
    std::vector<std::string> modifiers_of(const Reaction& e) const {
        std::vector<std::string> all = e.modifiers;
        std::set<std::string> known(all.begin(), all.end());
        for (const auto& side : {e.reactants, e.products})
            for (const auto& reference : side) known.insert(reference.species);
        for (const auto& local : e.local_parameters) known.insert(local.id);
        if (!e.law) return all;
        for_each_node(e.law, [&](const Node& node) {
            if (node.op == Op::symbol && species_.contains(node.name) && known.insert(node.name).second)
                all.push_back(node.name);
        });
        return all;
    }

    void law(const Reaction& e) {
        if (!e.law && e.local_parameters.empty()) return;
        xml_.open("kineticLaw");
        write_math(xml_, e.law, unit_);
        list("listOfLocalParameters", e.local_parameters, [this](const Parameter& local) {
            plain("localParameter",
                  {{"id", local.id},
                   {"name", local.name},
                   {"value", number_or_none(local.value)},
                   {"units", unit_(local.unit)}},
                  local);
        });
        xml_.close();
    }

    void event(const Event& e) {
        xml_.open("event", {{"id", e.id},
                            {"name", e.name},
                            {"useValuesFromTriggerTime", yes_no(e.values_from_trigger_time)}});
        annotation_of(e);
        with_math("trigger",
                  {{"initialValue", yes_no(e.initial_value)}, {"persistent", yes_no(e.persistent)}},
                  e.trigger);
        if (e.delay) with_math("delay", {}, e.delay);
        if (e.priority) with_math("priority", {}, e.priority);
        list("listOfEventAssignments", e.assignments, [this](const EventAssignment& assignment) {
            with_math("eventAssignment", {{"variable", assignment.variable}}, assignment.math);
        });
        xml_.close();
    }

    const Spec& spec_;
    WrittenUnits units_;
    UnitNaming unit_;
    std::set<std::string> species_;
    XmlText xml_;
};

/// A Level 2 stoichiometry that is computed in place, as Level 3 says it: an id and an assignment rule.
Spec with_named_stoichiometries(Spec spec) {
    int made = 0;
    for (auto& reaction : spec.reactions)
        for (auto* side : {&reaction.reactants, &reaction.products})
            for (auto& reference : *side) {
                if (!reference.math) continue;
                if (reference.id.empty())
                    reference.id = "stoichiometry__" + reaction.id + "_" + std::to_string(++made);
                reference.constant = false;
                spec.rules.push_back({RuleKind::assignment, reference.id,
                                      std::exchange(reference.math, nullptr), reference.place});
            }
    return spec;
}

}  // namespace

std::string write_sbml(const Spec& spec) {
    if (!spec.refused.empty()) throw InputError(spec.refused);
    FaultList faults;
    for (const auto& reaction : spec.reactions) {
        if (!reaction.fast) continue;
        faults.add("not-in-sbml",
                   "fast reaction '" + reaction.id + "' cannot be written in SBML Level 3 Version 2",
                   reaction.place);
    }
    faults.throw_if_any();
    return SbmlWriting(with_named_stoichiometries(spec)).write();
}

}  // namespace abscopal
