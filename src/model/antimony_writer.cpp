// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>
#include <cmath>
#include <set>

#include "base/text.hpp"
#include "model/antimony_names.hpp"
#include "model/antimony_unit_writer.hpp"
#include "model/neutral_id.hpp"

/// One statement a line, in groups: units, functions, compartments, species, reactions, rules, events,
/// values.
namespace abscopal::antimony {
namespace {

bool in_algebraic_rule(const Spec& spec, const std::string& id) {
    bool found = false;
    for (const auto& rule : spec.rules)
        if (rule.kind == RuleKind::algebraic && rule.math)
            for_each_node(rule.math, [&](const Node& node) {
                found = found || (node.op == Op::symbol && node.name == id);
            });
    return found;
}

/// What Antimony has no words for.
void check_sayable(const Spec& spec) {
    FaultList faults;
    const auto refuse = [&](const std::string& what, const Place& place) {
        faults.add("not-in-antimony", what + " cannot be written in Antimony", place);
    };
    for (const auto& fault : spec.refused) faults.add(fault.code, fault.message, fault.place, fault.notes);
    if (!spec.conversion_factor.empty())
        refuse("conversion factor '" + spec.conversion_factor + "' of the model", {});
    for (const auto& species : spec.species)
        if (!species.conversion_factor.empty())
            refuse("conversion factor of species '" + species.id + "'", species.place);
    for (const auto& reaction : spec.reactions)
        if (reaction.fast) refuse("fast reaction '" + reaction.id + "'", reaction.place);
    // In Antimony a fixed species is one that reactions do not change, but an algebraic rule may.
    for (const auto& species : spec.species)
        if (species.constant && in_algebraic_rule(spec, species.id))
            refuse("constant species '" + species.id + "' in an algebraic rule", species.place);
    for (const auto& function : spec.functions)
        if (!function.body) refuse("function '" + function.id + "' without a formula", function.place);
    for (const auto& event : spec.events)
        if (!event.trigger && !event.assignments.empty())
            refuse("event '" + event.id + "' without a trigger", event.place);
    faults.throw_if_any();
}

std::string one_line(std::string text) {
    for (char& c : text) c = c == '\n' || c == '\r' || c == '\t' ? ' ' : c == '"' ? '\'' : c;
    return text;
}

class Writer {
  public:
    explicit Writer(const Spec& spec) : spec_(spec), names_(spec), units_(spec, names_) {
        for (const auto& rule : spec.rules)
            if (rule.math && rule.kind != RuleKind::algebraic) ruled_.insert(rule.variable);
        for (const auto& initial : spec.initial_assignments)
            if (initial.math) initial_.insert(initial.symbol);
        for (const auto& event : spec.events)
            for (const auto& assignment : event.assignments) set_by_events_.insert(assignment.variable);
        explicit_constness_ =
            std::ranges::any_of(spec.rules, [](const Rule& r) { return r.kind == RuleKind::algebraic; });
    }

    std::string run() {
        // Units must be known before the first formula is written, since numbers may carry them.
        const std::string unit_lines = units_.definitions();
        functions();
        if (!names_.model().empty() && names_.model() != "__main")
            text_ += "model *" + names_.model() + "()\n";
        group("Units", unit_lines);
        group("Compartments", compartments());
        group("Species", species());
        group("Reactions", reactions());
        group("Values", values());
        group("Initial values", initial_values());
        group("Rules", rules());
        group("Events", events());
        ending();
        return std::move(text_);
    }

  private:
    static std::string line(const std::string& statement) { return "  " + statement + "\n"; }

    void group(std::string_view title, const std::string& lines) {
        if (lines.empty()) return;
        if (!text_.empty() && text_.back() == '\n' && !text_.ends_with("()\n")) text_ += "\n";
        text_ += "  // " + std::string(title) + "\n" + lines;
    }

    /// Behind a statement, on its line: unit, display name, source.
    std::string details(const std::string& name, const Entity& entity, const std::string& unit) const {
        std::string text;
        if (!unit.empty()) text += "; " + name + " has " + unit;
        if (!entity.name.empty() && entity.name != name)
            text += "; " + name + " is \"" + one_line(entity.name) + "\"";
        if (!entity.source.empty())
            text += ";  // source: " + one_line(entity.source);
        else
            text += ";";
        return text;
    }

    std::string details(const std::string& name, const Entity& entity) const {
        return details(name, entity, units_.name_of(entity.unit));
    }

    // ── Functions ──

    void functions() {
        std::set<std::string> written;
        for (const auto& function : spec_.functions) write_function(function, written);
        if (!written.empty()) text_ += "\n";
    }

    /// Those that it calls come first.
    void write_function(const FunctionDefinition& function, std::set<std::string>& written) {
        if (!written.insert(function.id).second) return;
        for_each_node(function.body, [&](const Node& node) {
            if (node.op != Op::call) return;
            const auto called = std::ranges::find(spec_.functions, node.name, &FunctionDefinition::id);
            if (called != spec_.functions.end()) write_function(*called, written);
        });
        std::vector<std::string> arguments;
        for (const auto& argument : function.arguments) arguments.push_back(argument_name(argument));
        const auto body = transform(function.body, [&](const Expression& node) -> Expression {
            const bool argument =
                node->op == Op::symbol &&
                std::ranges::find(function.arguments, node->name) != function.arguments.end();
            return argument ? symbol(argument_name(node->name)) : node;
        });
        const std::string id = names_.of(function.id);
        text_ += "function " + id + "(" + join(arguments, ", ") + ")\n  " + names_.text(body) + "\nend\n";
        if (!function.name.empty() && function.name != id)
            text_ += id + " is \"" + one_line(function.name) + "\"\n";
    }

    std::string argument_name(const std::string& argument) const {
        const std::string name = names_.of(argument);
        return is_antimony_word(name) || name == names_.model() ? name + "_" : name;
    }

    // ── Compartments and species ──

    static std::string number_text(double value) { return to_text(value); }

    /// `const` or `var` where Antimony would guess otherwise.
    std::string constness(const std::string& id, bool constant, bool has_value) const {
        if (ruled_.contains(id) || (set_by_events_.contains(id) && !constant)) return has_value ? "" : "var ";
        if (!constant) return "var ";
        return initial_.contains(id) || explicit_constness_ || !has_value ? "const " : "";
    }

    std::string compartments() const {
        std::string text;
        for (const auto& compartment : spec_.compartments) {
            const std::string name = names_.of(compartment.id);
            std::string statement =
                constness(compartment.id, compartment.constant, true) + "compartment " + name;
            if (compartment.size && !defined_otherwise(compartment.id))
                statement += " = " + number_text(*compartment.size);
            text += line(statement + details(name, compartment));
        }
        return text;
    }

    bool defined_otherwise(const std::string& id) const {
        return initial_.contains(id) || std::ranges::any_of(spec_.rules, [&](const Rule& rule) {
                   return rule.math && rule.kind == RuleKind::assignment && rule.variable == id;
               });
    }

    std::string species_value(const Species& species) const {
        if (defined_otherwise(species.id)) return "";
        const std::string home = names_.of(species.compartment);
        if (species.initial_amount)
            return number_text(*species.initial_amount) + (species.only_substance_units ? "" : "/" + home);
        if (!species.initial_concentration) return "";
        return number_text(*species.initial_concentration) + (species.only_substance_units ? "*" + home : "");
    }

    std::string species() const {
        std::string text;
        for (const auto& species : spec_.species) {
            const std::string name = names_.of(species.id);
            const bool fixed = species.boundary || species.constant;
            std::string statement = species.only_substance_units ? "substanceOnly species " : "species ";
            statement += (fixed ? "$" : "") + name + " in " + names_.of(species.compartment);
            const std::string value = species_value(species);
            if (!value.empty()) statement += " = " + value;
            text += line(statement + details(name, species, units_.species_unit(species)));
        }
        return text;
    }

    // ── Reactions ──

    bool counted_by_name(const SpeciesReference& reference) const {
        return !reference.id.empty() || reference.math ||
               (reference.stoichiometry && !std::isfinite(*reference.stoichiometry));
    }

    std::string side(const Reaction& reaction, const std::vector<SpeciesReference>& references) const {
        std::vector<std::string> terms;
        for (const auto& reference : references) {
            std::string count;
            if (counted_by_name(reference))
                count = names_.stoichiometry(reaction, reference) + " ";
            else if (reference.stoichiometry.value_or(1.0) != 1.0)
                count = number_text(*reference.stoichiometry) + " ";
            terms.push_back(count + names_.of(reference.species));
        }
        return join(terms, " + ");
    }

    std::string reactions() const {
        std::string text;
        for (const auto& reaction : spec_.reactions) {
            const std::string name = names_.of(reaction.id);
            std::string statement = name + ": " + side(reaction, reaction.reactants) +
                                    (reaction.reversible ? " -> " : " => ") +
                                    side(reaction, reaction.products) + "; ";
            if (reaction.law) statement += names_.text(reaction.law, &reaction);
            if (!reaction.compartment.empty()) statement += " in " + names_.of(reaction.compartment);
            Entity unitless = reaction;
            text += line(statement + details(name, unitless, ""));
        }
        return text;
    }

    // ── Values ──

    std::string value(const std::string& name, const std::string& id, std::optional<double> number,
                      bool constant) const {
        const bool has_value = number && !defined_otherwise(id);
        const std::string word = constness(id, constant, has_value);
        return word + name + (has_value ? " = " + number_text(*number) : "");
    }

    std::string stoichiometries() const {
        std::string text;
        for (const auto& reaction : spec_.reactions)
            for (const auto* references : {&reaction.reactants, &reaction.products})
                for (const auto& reference : *references) {
                    if (!counted_by_name(reference) || reference.math) continue;
                    text += line(value(names_.stoichiometry(reaction, reference), reference.id,
                                       reference.stoichiometry, reference.constant) +
                                 ";");
                }
        return text;
    }

    std::string values() const {
        std::string text = stoichiometries();
        for (const auto& parameter : spec_.parameters) {
            const std::string name = names_.of(parameter.id);
            const std::string statement = value(name, parameter.id, parameter.value, parameter.constant);
            const std::string rest = details(name, parameter);
            const bool says_nothing = statement == name && rest == ";";
            if (!says_nothing) text += line(statement == name ? bare(rest) : statement + rest);
        }
        for (const auto& reaction : spec_.reactions)
            for (const auto& local : reaction.local_parameters) {
                const std::string name = names_.local(reaction, local.id);
                const std::string number =
                    local.value ? name + " = " + number_text(*local.value) : "const " + name;
                text += line(number + details(name, local));
            }
        return text;
    }

    /// Details without a statement before them.
    static std::string bare(const std::string& details) {
        return details.substr(details.starts_with("; ") ? 2 : 0);
    }

    std::string initial_values() const {
        std::string text;
        for (const auto& initial : spec_.initial_assignments)
            if (initial.math)
                text += line(names_.of(initial.symbol) + " = " + names_.text(initial.math) + ";");
        return text;
    }

    // ── Rules and events ──

    std::string rules() const {
        std::string text;
        for (const auto& reaction : spec_.reactions)
            for (const auto* references : {&reaction.reactants, &reaction.products})
                for (const auto& reference : *references)
                    if (reference.math)
                        text += line(names_.stoichiometry(reaction, reference) +
                                     " := " + names_.text(reference.math) + ";");
        for (const auto& rule : spec_.rules) {
            if (!rule.math) continue;
            const std::string left = rule.kind == RuleKind::algebraic    ? "0 = "
                                     : rule.kind == RuleKind::assignment ? names_.of(rule.variable) + " := "
                                                                         : names_.of(rule.variable) + "' = ";
            text += line(left + names_.text(rule.math) + ";");
        }
        return text;
    }

    std::string event_text(const Event& event, const std::string& assignments) const {
        std::string text = event.id.empty() ? "at " : names_.of(event.id) + ": at ";
        if (event.delay) text += names_.text(event.delay) + " after ";
        text += names_.condition(event.trigger);
        if (event.priority) text += ", priority = " + names_.text(event.priority);
        if (!event.initial_value) text += ", t0 = false";
        if (!event.persistent) text += ", persistent = false";
        if (!event.values_from_trigger_time) text += ", fromTrigger = false";
        return text + ": " + assignments;
    }

    std::string events() const {
        std::string text;
        for (const auto& event : spec_.events) {
            std::vector<std::string> assignments;
            for (const auto& assignment : event.assignments)
                if (assignment.math)
                    assignments.push_back(names_.of(assignment.variable) + " = " +
                                          names_.text(assignment.math));
            if (assignments.empty()) continue;  // nothing happens
            const std::string name = names_.of(event.id);
            text += line(event_text(event, join(assignments, ", ")) +
                         (name.empty() ? ";" : details(name, event, "")));
        }
        return text;
    }

    void ending() {
        const std::string& model = names_.model();
        const bool wrapped = !model.empty() && model != "__main";
        if (wrapped) text_ += "end\n";
        if (wrapped && !spec_.name.empty() && spec_.name != model)
            text_ += "\n" + model + " is \"" + one_line(spec_.name) + "\"\n";
        if (!wrapped || spec_.notes.empty()) return;
        std::string notes = spec_.notes;
        std::ranges::replace(notes, '`', '\'');
        text_ += model + " notes ```" + notes + "```\n";
    }

    const Spec& spec_;
    WrittenNames names_;
    UnitWriter units_;
    std::set<std::string> ruled_, initial_, set_by_events_;
    bool explicit_constness_ = false;
    std::string text_;
};

}  // namespace

std::string write(const Spec& spec) {
    check_sayable(spec);
    return Writer(spec).run();
}

}  // namespace abscopal::antimony

namespace abscopal {

std::string write_antimony(const Spec& spec) {
    return antimony::write(spec);
}

}  // namespace abscopal
