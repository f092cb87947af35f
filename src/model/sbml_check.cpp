// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "model/sbml_check.hpp"

#include <map>
#include <set>

#include "base/units.hpp"
#include "model/sbml_guard.hpp"
#include "model/unit_table.hpp"

namespace abscopal {
namespace {

std::vector<std::string> names(const std::set<std::string>& set) {
    return {set.begin(), set.end()};
}

/// Declares every id first, then looks at every use.
class NameCheck {
  public:
    NameCheck(const Spec& spec, FaultList& faults) : spec_(spec), faults_(faults) {}

    void run() {
        declare_all();
        for (const auto& species : spec_.species)
            use(compartments_, "compartment", species.compartment, species.place);
        for (const auto& reaction : spec_.reactions) reaction_uses(reaction);
        for (const auto& function : spec_.functions)
            mathematics(function.body, {function.arguments.begin(), function.arguments.end()}, true);
        for (const auto& assignment : spec_.initial_assignments)
            assigned(assignment.symbol, assignment.math, assignment.place);
        for (const auto& rule : spec_.rules) {
            if (rule.kind == RuleKind::algebraic)
                mathematics(rule.math);
            else
                assigned(rule.variable, rule.math, rule.place);
        }
        for (const auto& event : spec_.events) event_uses(event);
        units();
    }

  private:
    void declare(std::set<std::string>& kind, const std::string& id, const Place& place) {
        if (id.empty()) return;
        if (id.size() > max_identifier_bytes)
            faults_.add("long-id",
                        "the id '" + id.substr(0, 32) + "…' is longer than " +
                            std::to_string(max_identifier_bytes) + " bytes",
                        place);
        if (!all_.insert(id).second) faults_.add("duplicate-id", "the id '" + id + "' is given twice", place);
        kind.insert(id);
    }

    void declare_all() {
        for (const auto& e : spec_.functions) {
            declare(functions_, e.id, e.place);
            arity_[e.id] = e.arguments.size();
        }
        for (const auto& e : spec_.compartments) declare(compartments_, e.id, e.place);
        for (const auto& e : spec_.species) declare(species_, e.id, e.place);
        for (const auto& e : spec_.parameters) declare(parameters_, e.id, e.place);
        for (const auto& e : spec_.reactions) {
            declare(reactions_, e.id, e.place);
            for (const auto& side : {e.reactants, e.products})
                for (const auto& reference : side) declare(references_, reference.id, reference.place);
        }
        for (const auto& e : spec_.events) declare(events_, e.id, e.place);
        for (const auto* kind : {&compartments_, &species_, &parameters_, &references_})
            variables_.insert(kind->begin(), kind->end());
        symbols_ = variables_;
        symbols_.insert(reactions_.begin(), reactions_.end());
    }

    void use(const std::set<std::string>& kind, const std::string& what, const std::string& id,
             const Place& place) {
        if (kind.contains(id)) return;
        faults_.add("unknown-" + what,
                    "there is no " + what + " '" + id + "'" + did_you_mean(id, names(kind)), place);
    }

    void assigned(const std::string& variable, const Expression& math, const Place& place) {
        use(variables_, "variable", variable, place);
        mathematics(math);
    }

    void reaction_uses(const Reaction& reaction) {
        for (const auto& side : {reaction.reactants, reaction.products})
            for (const auto& reference : side) {
                use(species_, "species", reference.species, reference.place);
                mathematics(reference.math);
            }
        for (const auto& modifier : reaction.modifiers) use(species_, "species", modifier, reaction.place);
        std::set<std::string> local;
        for (const auto& parameter : reaction.local_parameters)
            if (!local.insert(parameter.id).second)
                faults_.add("duplicate-id", "the id '" + parameter.id + "' is given twice in one reaction",
                            parameter.place);
        mathematics(reaction.law, local);
    }

    void event_uses(const Event& event) {
        for (const auto& math : {event.trigger, event.delay, event.priority}) mathematics(math);
        for (const auto& assignment : event.assignments)
            assigned(assignment.variable, assignment.math, assignment.place);
    }

    void mathematics(const Expression& math, const std::set<std::string>& local = {},
                     bool only_local = false) {
        if (!math) return;
        for_each_node(math, [&](const Node& node) {
            if (node.op == Op::symbol && !local.contains(node.name))
                use(only_local ? local : symbols_, "symbol", node.name, node.place);
            if (node.op == Op::call) called(node);
            if (node.op == Op::number) unit(node.unit, node.place);
        });
    }

    void called(const Node& node) {
        use(functions_, "function", node.name, node.place);
        const auto found = arity_.find(node.name);
        if (found == arity_.end() || found->second == node.args.size()) return;
        faults_.add("function-arguments",
                    "function '" + node.name + "' takes " + std::to_string(found->second) +
                        " arguments, found " + std::to_string(node.args.size()),
                    node.place);
    }

    void units() {
        for (const auto& e : spec_.compartments) unit(e.unit, e.place);
        for (const auto& e : spec_.species) unit(e.unit, e.place);
        for (const auto& e : spec_.parameters) unit(e.unit, e.place);
        for (const auto& e : spec_.reactions)
            for (const auto& local : e.local_parameters) unit(local.unit, local.place);
        for (const auto* text : {&spec_.time_unit, &spec_.substance_unit, &spec_.volume_unit,
                                 &spec_.area_unit, &spec_.length_unit, &spec_.extent_unit})
            unit(*text, {spec_.origin});
        for (const auto* factor : {&spec_.conversion_factor}) conversion_factor(*factor, {spec_.origin});
        for (const auto& e : spec_.species) conversion_factor(e.conversion_factor, e.place);
    }

    void unit(const std::string& text, const Place& place) {
        if (text.empty() || table_.knows(text)) return;
        faults_.add("unknown-unit", "there is no unit '" + text + "'" + did_you_mean(text, table_.ids()),
                    place);
    }

    void conversion_factor(const std::string& id, const Place& place) {
        if (!id.empty()) use(parameters_, "parameter", id, place);
    }

    const Spec& spec_;
    FaultList& faults_;
    UnitTable table_{spec_};
    std::set<std::string> all_, functions_, compartments_, species_, parameters_, reactions_, references_,
        events_, variables_, symbols_;
    std::map<std::string, std::size_t> arity_;
};

}  // namespace

void check_names(const Spec& spec, FaultList& faults) {
    NameCheck(spec, faults).run();
}

}  // namespace abscopal
