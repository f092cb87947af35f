// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "model/sbml_model.hpp"

#include <sbml/SBMLTypes.h>

#include <algorithm>
#include <map>
#include <set>

#include "model/sbml_annotation.hpp"
#include "model/sbml_math.hpp"

namespace abscopal {
namespace {

/// Level 2 and 1 name five units that a model may redefine; where it does not, they mean these. (Level 3 has
/// no such names, but files turned into it sometimes keep them.)
std::string old_default_unit(const std::string& id) {
    if (id == "substance") return "mole";
    if (id == "time") return "second";
    if (id == "volume") return "litre";
    if (id == "area") return "metre^2";
    if (id == "length") return "metre";
    return id;
}

/// Reads one model; each list of SBML becomes the list of the Spec, in order.
class ModelReading {
  public:
    ModelReading(const ::Model& model, std::string file, FaultList& faults)
        : model_(model), file_(std::move(file)), faults_(faults), level_(model.getLevel()) {}

    Spec read() {
        heading();
        unit_definitions();
        default_units();
        functions();
        compartments();
        species();
        parameters();
        initial_assignments();
        rules();
        reactions();
        events();
        constraints();
        return std::move(spec_);
    }

  private:
    Place place(const SBase& element) const {
        return {file_, static_cast<int>(element.getLine()), static_cast<int>(element.getColumn()), 0};
    }

    void describe(Entity& entity, const SBase& element) const {
        entity.id = element.getIdAttribute();
        entity.name = element.getName();
        entity.source = source_of(element);
        entity.place = place(element);
        const std::string unit = annotated(element, "unit");
        if (!unit.empty()) entity.unit = unit;
    }

    /// A unit id as the Spec says it: words where the definition was made from words, defaults of old levels
    /// resolved.
    std::string unit(const std::string& id) const {
        if (const auto words = words_.find(id); words != words_.end()) return words->second;
        return defined_units_.contains(id) ? id : old_default_unit(id);
    }

    Expression math(const ASTNode* node, const SBase& holder) const {
        MathReading reading;
        reading.place = place(holder);
        reading.unit = [this](const std::string& id) { return unit(id); };
        reading.is_defined = [this](const std::string& id) {
            return model_.getFunctionDefinition(id) != nullptr;
        };
        reading.faults = &faults_;
        return from_ast(node, reading);
    }

    void heading() {
        spec_.id = model_.getIdAttribute();
        spec_.name = model_.getName();
        spec_.notes = notes_of(model_);
        spec_.origin = file_;
        spec_.sbml_level = static_cast<int>(level_);
        spec_.sbml_version = static_cast<int>(model_.getVersion());
        spec_.conversion_factor = model_.getConversionFactor();
    }

    void unit_definitions() {
        for (unsigned i = 0; i < model_.getNumUnitDefinitions(); ++i) {
            const ::UnitDefinition& found = *model_.getUnitDefinition(i);
            defined_units_.insert(found.getIdAttribute());
            const std::string words = annotated(found, "words");
            if (words.empty())
                spec_.unit_definitions.push_back(unit_definition(found));
            else
                words_[found.getIdAttribute()] = words;
        }
    }

    UnitDefinition unit_definition(const ::UnitDefinition& found) const {
        UnitDefinition definition;
        describe(definition, found);
        for (unsigned i = 0; i < found.getNumUnits(); ++i) {
            const ::Unit& factor = *found.getUnit(i);
            definition.factors.push_back({UnitKind_toString(factor.getKind()), factor.getExponentAsDouble(),
                                          factor.getScale(), factor.getMultiplier()});
        }
        return definition;
    }

    void default_units() {
        const bool old = level_ < 3;
        spec_.time_unit = unit(old ? "time" : model_.getTimeUnits());
        spec_.substance_unit = unit(old ? "substance" : model_.getSubstanceUnits());
        spec_.volume_unit = unit(old ? "volume" : model_.getVolumeUnits());
        spec_.area_unit = unit(old ? "area" : model_.getAreaUnits());
        spec_.length_unit = unit(old ? "length" : model_.getLengthUnits());
        spec_.extent_unit = unit(old ? "substance" : model_.getExtentUnits());
    }

    void functions() {
        for (unsigned i = 0; i < model_.getNumFunctionDefinitions(); ++i) {
            const ::FunctionDefinition& found = *model_.getFunctionDefinition(i);
            FunctionDefinition function;
            function.id = found.getIdAttribute();
            function.name = found.getName();
            function.place = place(found);
            for (unsigned k = 0; k < found.getNumArguments(); ++k)
                function.arguments.emplace_back(found.getArgument(k)->getName());
            function.body = math(found.getBody(), found);
            spec_.functions.push_back(std::move(function));
        }
    }

    void compartments() {
        for (unsigned i = 0; i < model_.getNumCompartments(); ++i) {
            const ::Compartment& found = *model_.getCompartment(i);
            Compartment compartment;
            compartment.unit = unit(found.getUnits());
            describe(compartment, found);
            if (found.isSetSize())
                compartment.size = found.getSize();
            else if (level_ == 1)
                compartment.size = 1.0;
            if (found.isSetSpatialDimensions()) compartment.dimensions = found.getSpatialDimensionsAsDouble();
            compartment.constant = found.getConstant();
            spec_.compartments.push_back(std::move(compartment));
        }
    }

    bool is_point(const std::string& compartment) const {
        const ::Compartment* found = model_.getCompartment(compartment);
        return found != nullptr && found->isSetSpatialDimensions() &&
               found->getSpatialDimensionsAsDouble() == 0.0;
    }

    void species() {
        for (unsigned i = 0; i < model_.getNumSpecies(); ++i) {
            const ::Species& found = *model_.getSpecies(i);
            Species species;
            species.unit = unit(found.getSubstanceUnits());
            describe(species, found);
            species.compartment = found.getCompartment();
            if (found.isSetInitialAmount())
                species.initial_amount = found.getInitialAmount();
            else if (found.isSetInitialConcentration())
                species.initial_concentration = found.getInitialConcentration();
            species.only_substance_units =
                found.getHasOnlySubstanceUnits() || (level_ < 3 && is_point(species.compartment));
            species.boundary = found.getBoundaryCondition();
            species.constant = found.getConstant();
            species.conversion_factor = found.getConversionFactor();
            spec_.species.push_back(std::move(species));
        }
    }

    Parameter parameter(const ::Parameter& found) const {
        Parameter parameter;
        parameter.unit = unit(found.getUnits());
        describe(parameter, found);
        if (found.isSetValue()) parameter.value = found.getValue();
        parameter.constant = found.getConstant();
        return parameter;
    }

    void parameters() {
        for (unsigned i = 0; i < model_.getNumParameters(); ++i)
            spec_.parameters.push_back(parameter(*model_.getParameter(i)));
    }

    void initial_assignments() {
        for (unsigned i = 0; i < model_.getNumInitialAssignments(); ++i) {
            const ::InitialAssignment& found = *model_.getInitialAssignment(i);
            Expression value = math(found.getMath(), found);
            if (value)
                spec_.initial_assignments.push_back({found.getSymbol(), std::move(value), place(found)});
        }
    }

    void rules() {
        for (unsigned i = 0; i < model_.getNumRules(); ++i) {
            const ::Rule& found = *model_.getRule(i);
            const RuleKind kind = found.isRate()        ? RuleKind::rate
                                  : found.isAlgebraic() ? RuleKind::algebraic
                                                        : RuleKind::assignment;
            spec_.rules.push_back({kind, found.getVariable(), math(found.getMath(), found), place(found)});
        }
    }

    void reactions() {
        for (unsigned i = 0; i < model_.getNumReactions(); ++i) {
            const ::Reaction& found = *model_.getReaction(i);
            Reaction reaction;
            describe(reaction, found);
            reaction.compartment = found.getCompartment();
            reaction.reversible = found.getReversible();
            reaction.fast = found.isSetFast() && found.getFast();
            for (unsigned k = 0; k < found.getNumReactants(); ++k)
                reaction.reactants.push_back(side(*found.getReactant(k), found));
            for (unsigned k = 0; k < found.getNumProducts(); ++k)
                reaction.products.push_back(side(*found.getProduct(k), found));
            for (unsigned k = 0; k < found.getNumModifiers(); ++k)
                reaction.modifiers.push_back(found.getModifier(k)->getSpecies());
            if (found.isSetKineticLaw()) law(reaction, *found.getKineticLaw());
            spec_.reactions.push_back(std::move(reaction));
        }
    }

    void law(Reaction& reaction, const ::KineticLaw& found) const {
        for (unsigned k = 0; k < found.getNumParameters(); ++k) {
            const ::Parameter* local = level_ < 3 ? found.getParameter(k) : found.getLocalParameter(k);
            reaction.local_parameters.push_back(parameter(*local));
            reaction.local_parameters.back().constant = true;
        }
        reaction.law = math(found.getMath(), found);
    }

    SpeciesReference side(const ::SpeciesReference& found, const ::Reaction& reaction) {
        SpeciesReference reference;
        reference.species = found.getSpecies();
        reference.id = found.getIdAttribute();
        reference.place = place(found);
        if (level_ >= 3) {
            if (found.isSetStoichiometry()) reference.stoichiometry = found.getStoichiometry();
            reference.constant = found.getConstant();
        } else if (found.isSetStoichiometryMath()) {
            computed_stoichiometry(reference, found, reaction);
        } else {
            reference.stoichiometry = found.getStoichiometry() / found.getDenominator();
        }
        return reference;
    }

    /// Level 2 computes a stoichiometry in place; Level 3 names it and gives it an assignment rule.
    void computed_stoichiometry(SpeciesReference& reference, const ::SpeciesReference& found,
                                const ::Reaction& reaction) {
        const ::StoichiometryMath& holder = *found.getStoichiometryMath();
        const Expression value = math(holder.getMath(), holder);
        if (value && value->op == Op::number) {
            reference.stoichiometry = value->value;
            return;
        }
        if (reference.id.empty())
            reference.id = free_id("stoichiometry_" + reaction.getIdAttribute() + "_" + reference.species);
        reference.constant = false;
        spec_.rules.push_back({RuleKind::assignment, reference.id, value, place(holder)});
    }

    std::string free_id(const std::string& wanted) {
        std::string id = wanted;
        for (int i = 2; const_cast<::Model&>(model_).getElementBySId(id) != nullptr || made_ids_.contains(id);
             ++i)
            id = wanted + "_" + std::to_string(i);
        made_ids_.insert(id);
        return id;
    }

    void events() {
        for (unsigned i = 0; i < model_.getNumEvents(); ++i)
            spec_.events.push_back(event(*model_.getEvent(i)));
    }

    Event event(const ::Event& found) const {
        Event event;
        describe(event, found);
        if (const ::Trigger* trigger = found.getTrigger()) {
            event.trigger = math(trigger->getMath(), *trigger);
            event.initial_value = level_ < 3 || trigger->getInitialValue();
            event.persistent = level_ < 3 || trigger->getPersistent();
        }
        if (const ::Delay* delay = found.getDelay()) event.delay = math(delay->getMath(), *delay);
        if (const ::Priority* priority = found.getPriority())
            event.priority = math(priority->getMath(), *priority);
        event.values_from_trigger_time = found.getUseValuesFromTriggerTime();
        for (unsigned i = 0; i < found.getNumEventAssignments(); ++i) {
            const ::EventAssignment& assignment = *found.getEventAssignment(i);
            Expression value = math(assignment.getMath(), assignment);
            if (value)
                event.assignments.push_back({assignment.getVariable(), std::move(value), place(assignment)});
        }
        return event;
    }

    /// Constraints do not change a course; their mathematics must be readable all the same.
    void constraints() const {
        for (unsigned i = 0; i < model_.getNumConstraints(); ++i)
            math(model_.getConstraint(i)->getMath(), *model_.getConstraint(i));
    }

    const ::Model& model_;
    std::string file_;
    FaultList& faults_;
    unsigned level_;
    Spec spec_;
    std::map<std::string, std::string> words_;
    std::set<std::string> defined_units_, made_ids_;
};

}  // namespace

Spec spec_of(const ::Model& model, const std::string& file, FaultList& faults) {
    return ModelReading(model, file, faults).read();
}

}  // namespace abscopal
