// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "abscopal/expression.hpp"

/// A Spec is the editable description of a model: what a reader produces, a writer writes and
/// compile() (model.hpp) turns into a Model. Its semantics are those of SBML Level 3 Version 2 core;
/// readers of older levels bring their defaults into this form.
///
/// Hierarchical models are flattened by the readers; ids inside submodels are joined by "__".
namespace abscopal {

/// What every named thing of a model has.
struct Entity {
    std::string id;
    std::string name;    ///< display name, may be empty
    std::string unit;    ///< unit as written ("1/day", "nanomolarity", an id of unit_definitions) or empty
    std::string source;  ///< where the value comes from (paper, DOI, "assumed: why") or empty
    Place place;
};

struct Compartment : Entity {
    std::optional<double> size;
    double dimensions = 3.0;
    bool constant = true;
};

struct Species : Entity {
    std::string compartment;
    std::optional<double> initial_amount;  ///< at most one of these two is set
    std::optional<double> initial_concentration;
    bool only_substance_units = false;  ///< the id in mathematics means the amount, not the concentration
    bool boundary = false;              ///< reactions do not change it
    bool constant = false;
    std::string conversion_factor;  ///< id of a parameter, or empty: the model's
};

struct Parameter : Entity {
    std::optional<double> value;
    bool constant = true;
};

struct SpeciesReference {
    std::string species;
    std::string id;                       ///< may be empty; else usable in mathematics
    std::optional<double> stoichiometry;  ///< unset: given by an initial assignment, a rule or `math`
    Expression math;                      ///< Level 2 stoichiometryMath, or null
    bool constant = true;
    Place place;
};

struct Reaction : Entity {
    std::vector<SpeciesReference> reactants;
    std::vector<SpeciesReference> products;
    std::vector<std::string> modifiers;
    std::vector<Parameter> local_parameters;  ///< seen only in `law`
    Expression law;                           ///< extent (amount) per time, or null
    std::string compartment;
    bool reversible = false;
    bool fast = false;
};

enum class RuleKind { assignment, rate, algebraic };

struct Rule {
    RuleKind kind = RuleKind::assignment;
    std::string variable;  ///< empty for algebraic rules (0 = math)
    Expression math;       ///< may be null (Level 3 Version 2): then the rule has no effect
    Place place;
};

struct InitialAssignment {
    std::string symbol;
    Expression math;
    Place place;
};

struct EventAssignment {
    std::string variable;
    Expression math;
    Place place;
};

struct Event : Entity {
    Expression trigger;
    bool initial_value = true;  ///< the trigger's value just before the start
    bool persistent = true;
    Expression delay;     ///< or null
    Expression priority;  ///< or null
    bool values_from_trigger_time = true;
    std::vector<EventAssignment> assignments;
};

struct FunctionDefinition {
    std::string id;
    std::string name;
    std::vector<std::string> arguments;
    Expression body;
    Place place;
};

/// A product of (multiplier · 10^scale · kind)^exponent.
struct UnitFactor {
    std::string kind;
    double exponent = 1.0;
    int scale = 0;
    double multiplier = 1.0;
};

struct UnitDefinition : Entity {
    std::vector<UnitFactor> factors;
};

struct Spec {
    std::string id;
    std::string name;
    std::string notes;   ///< plain text or XHTML as found
    std::string origin;  ///< file it was read from
    int sbml_level = 3;  ///< of the file, for semantics that differ between levels
    int sbml_version = 2;

    // Default units, as ids or words; empty where the model does not say.
    std::string time_unit, substance_unit, volume_unit, area_unit, length_unit, extent_unit;
    std::string conversion_factor;  ///< id of a parameter, or empty

    std::vector<UnitDefinition> unit_definitions;
    std::vector<FunctionDefinition> functions;
    std::vector<Compartment> compartments;
    std::vector<Species> species;
    std::vector<Parameter> parameters;
    std::vector<InitialAssignment> initial_assignments;
    std::vector<Rule> rules;
    std::vector<Reaction> reactions;
    std::vector<Event> events;

    /// Constructs that no stage can represent, by name ("package fbc required"): compile() refuses them.
    std::vector<Fault> refused;
};

/// Reads SBML (.xml, .sbml) or Antimony (.ant, .txt), told apart by content.
/// Throws InputError with places, FileError if it cannot be read.
Spec read_spec(const std::string& path);
Spec read_sbml(const std::string& path);
Spec read_sbml_text(const std::string& text, const std::string& name = "<text>");
Spec read_antimony(const std::string& path);
Spec read_antimony_text(const std::string& text, const std::string& name = "<text>");

/// SBML Level 3 Version 2 core as text.
std::string write_sbml(const Spec& spec);
std::string write_antimony(const Spec& spec);

/// The Spec with these reactions at rate 0, as SimBiology's inactive reactions, which SBML has no word for.
/// Throws InputError for an id that is no reaction.
Spec switch_off(Spec spec, const std::vector<std::string>& reactions);

enum class UnitPolicy {
    ignore,   ///< numbers are taken as they are: SBML semantics
    convert,  ///< units are part of the model, as in SimBiology: see convert_units()
};

/// The same model with units put into its mathematics: every value keeps its declared unit, and expressions
/// are rewritten to calculate in SI and to store in the unit of their target (src/model/unit_conversion.cpp).
/// Compile the result as usual; to convert it again is wrong. Throws InputError where a unit is missing
/// or the dimensions do not fit (check_units).
Spec convert_units(const Spec& spec);

/// Every dimension mismatch with its place. Expressions that touch a quantity without a unit are not judged.
std::vector<Fault> check_units(const Spec& spec);

}  // namespace abscopal
