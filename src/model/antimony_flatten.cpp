// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "model/antimony_flatten.hpp"

#include <algorithm>
#include <set>

#include "model/antimony_units.hpp"

namespace abscopal::antimony {
namespace {

constexpr std::string_view default_compartment = "default_compartment";

std::string joined_by_underscores(std::string_view path) {
    std::string id;
    for (const char c : path) id += c == '.' ? std::string("__") : std::string(1, c);
    return id;
}

class Flattener {
  public:
    Flattener(const Draft& draft, const std::vector<FunctionDefinition>& functions) : draft_(draft) {
        spec_.functions = functions;
    }

    Spec run() {
        spec_.id = draft_.id;
        spec_.name = draft_.name;
        spec_.notes = draft_.notes;
        spec_.refused = draft_.refused;
        for (const auto& thing : draft_.things)
            if (thing.same_as.empty() && thing.kind == Kind::unit) add_unit(thing);
        for (const auto& thing : draft_.things)
            if (thing.same_as.empty()) add(thing);
        if (needs_default_compartment_) add_default_compartment();
        add_interactions();
        faults_.throw_if_any();
        return std::move(spec_);
    }

  private:
    // ── Names ──

    std::string id_of(const std::string& path) const {
        const Thing* thing = draft_.find(path);
        return joined_by_underscores(thing ? draft_.root(*thing).path : path);
    }

    void claim(const std::string& id, const Thing& thing) {
        if (!ids_.insert(id).second)
            faults_.add("two-definitions", "two things of the flattened model get the id '" + id + "'",
                        thing.place);
    }

    template <class Type>
    Type entity(const Thing& thing) {
        Type result;
        result.id = joined_by_underscores(thing.path);
        result.name = thing.name;
        result.source = thing.source;
        result.place = thing.place;
        if (thing.unit && thing.kind != Kind::unit) result.unit = unit_of(thing.unit);
        claim(result.id, thing);
        return result;
    }

    // ── Formulas ──

    Expression flat(const Formula& formula) {
        if (!formula) return nullptr;
        return transform(formula.math, [&](const Expression& node) -> Expression {
            if (node->op == Op::symbol) return flat_symbol(*node);
            if (node->unit.empty()) return node;
            return number(node->value, unit_word(node->unit), node->place);
        });
    }

    Expression flat_symbol(const Node& node) {
        const Thing* thing = draft_.find(node.name);
        const Kind kind = thing ? draft_.root(*thing).kind : Kind::unknown;
        if (kind == Kind::deleted || kind == Kind::submodel || kind == Kind::event || kind == Kind::unit)
            faults_.add("kind-conflict",
                        "'" + node.name + "' is a " + std::string(name_of(kind)) + " and has no value",
                        node.place);
        return symbol(id_of(node.name), node.place);
    }

    // ── Units ──

    std::string unit_word(const std::string& path) const {
        const Thing* thing = draft_.find(path);
        if (thing && draft_.root(*thing).formula) return id_of(path);
        const std::string word = path.substr(path.rfind('.') + 1);
        return sbml_unit_kind(word).value_or(word);
    }

    std::optional<std::vector<UnitFactor>> factors_of(const std::string& path) const {
        const Thing* thing = draft_.find(path);
        if (!thing || !draft_.root(*thing).formula) {
            const std::string word = unit_word(path);
            return std::vector<UnitFactor>{{word, 1.0, 0, 1.0}};
        }
        if (unit_nesting_ > 50)
            throw InputError(Fault{"bad-unit", "unit '" + path + "' is defined by itself", thing->place, {}});
        ++unit_nesting_;
        auto found = factors(draft_.root(*thing).formula.math);
        --unit_nesting_;
        return found;
    }

    std::vector<UnitFactor> factors(const Expression& unit) const {
        return unit_factors(unit, [&](const std::string& path) { return factors_of(path); });
    }

    void add_unit(const Thing& thing) {
        if (!thing.formula) return;
        UnitDefinition unit;
        unit.id = joined_by_underscores(thing.path);
        unit.name = thing.name;
        unit.source = thing.source;
        unit.place = thing.place;
        unit.factors = factors(thing.formula.math);
        spec_.unit_definitions.push_back(std::move(unit));
        set_default_unit(thing.path);
    }

    /// Some names are the units of all things of a sort.
    void set_default_unit(const std::string& path) {
        if (path == "time_unit") spec_.time_unit = path;
        if (path == "substance") spec_.substance_unit = path;
        if (path == "volume") spec_.volume_unit = path;
        if (path == "area") spec_.area_unit = path;
        if (path == "length") spec_.length_unit = path;
        if (path == "extent") spec_.extent_unit = path;
    }

    /// A single name, or the text of a product of words; if one of them is defined in the model, a definition
    /// of its own.
    std::string unit_of(const Expression& unit) {
        if (unit->op == Op::symbol) return unit_word(unit->name);
        bool any_defined = false;
        for_each_node(unit, [&](const Node& node) {
            const std::string& word = node.op == Op::symbol ? node.name : node.unit;
            const Thing* known = draft_.find(word);
            any_defined = any_defined || (known && draft_.root(*known).formula);
        });
        const std::string text = worded(unit);
        return any_defined ? defined_unit(unit_id(text), factors(unit)) : text;
    }

    std::string worded(const Expression& unit) const {
        return to_text(transform(unit, [&](const Expression& node) -> Expression {
            if (node->op == Op::symbol) return symbol(unit_word(node->name), node->place);
            return node->unit.empty() ? node : number(node->value, unit_word(node->unit), node->place);
        }));
    }

    std::string defined_unit(const std::string& id, std::vector<UnitFactor> factors) {
        const auto found = std::ranges::find(spec_.unit_definitions, id, &UnitDefinition::id);
        if (found != spec_.unit_definitions.end()) return id;
        UnitDefinition unit;
        unit.id = id;
        unit.factors = std::move(factors);
        spec_.unit_definitions.push_back(std::move(unit));
        return id;
    }

    /// Antimony states the unit that a species has in formulas; a Spec that of its amount.
    std::string amount_unit(const Thing& thing, const std::string& compartment) {
        if (thing.substance_only) return unit_of(thing.unit);
        const Thing* home = draft_.find(compartment);
        Expression volume = home ? draft_.root(*home).unit : nullptr;
        if (!volume) volume = symbol(draft_.find("volume") ? "volume" : "litre");
        auto amount = factors(thing.unit);
        const auto size = factors(volume);
        amount.insert(amount.end(), size.begin(), size.end());
        cancel(amount);
        if (amount.empty()) return "dimensionless";
        const bool plain = amount.size() == 1 && amount[0].exponent == 1.0 && amount[0].scale == 0 &&
                           amount[0].multiplier == 1.0;
        if (plain) return amount[0].kind;
        if (const auto known = matching_unit(amount)) return *known;
        return defined_unit(unit_id(worded(thing.unit)) + "_" + unit_id(worded(volume)), amount);
    }

    static void cancel(std::vector<UnitFactor>& factors) {
        for (std::size_t i = 0; i < factors.size(); ++i)
            for (std::size_t k = i + 1; k < factors.size(); ++k) {
                const auto &a = factors[i], &b = factors[k];
                if (a.kind != b.kind || a.exponent != -b.exponent || a.scale != b.scale ||
                    a.multiplier != b.multiplier)
                    continue;
                factors.erase(factors.begin() + static_cast<std::ptrdiff_t>(k));
                factors.erase(factors.begin() + static_cast<std::ptrdiff_t>(i));
                return cancel(factors);
            }
    }

    std::optional<std::string> matching_unit(const std::vector<UnitFactor>& factors) const {
        for (const auto& unit : spec_.unit_definitions) {
            const auto equal = [](const UnitFactor& a, const UnitFactor& b) {
                return a.kind == b.kind && a.exponent == b.exponent && a.scale == b.scale &&
                       a.multiplier == b.multiplier;
            };
            if (std::ranges::equal(unit.factors, factors, equal)) return unit.id;
        }
        return std::nullopt;
    }

    // ── Things ──

    void add(const Thing& thing) {
        switch (thing.kind) {
            case Kind::unknown:
            case Kind::formula:
                return add_parameter(thing);
            case Kind::species:
                return add_species(thing);
            case Kind::compartment:
                return add_compartment(thing);
            case Kind::reaction:
                return add_reaction(thing);
            case Kind::event:
                return add_event(thing);
            case Kind::algebraic:
                return add_algebraic(thing);
            case Kind::stoichiometry:
                return add_value(thing, joined_by_underscores(thing.path));
            case Kind::interaction:
            case Kind::submodel:
            case Kind::unit:
            case Kind::deleted:
                return;
        }
    }

    static std::optional<double> plain_number(const Thing& thing) {
        const bool initial = thing.formula_kind != FormulaKind::assignment;
        if (!initial || !thing.formula || thing.formula.math->op != Op::number) return std::nullopt;
        return thing.formula.math->value;
    }

    /// Initial assignment or rule, where the formula is more than a number.
    void add_value(const Thing& thing, const std::string& id) {
        if (thing.formula && thing.formula_kind == FormulaKind::assignment)
            spec_.rules.push_back({RuleKind::assignment, id, flat(thing.formula), thing.formula.math->place});
        else if (thing.formula && !plain_number(thing))
            spec_.initial_assignments.push_back({id, flat(thing.formula), thing.formula.math->place});
        if (thing.formula_kind == FormulaKind::rate && thing.rate)
            spec_.rules.push_back({RuleKind::rate, id, flat(thing.rate), thing.rate.math->place});
    }

    bool stays_constant(const Thing& thing) const {
        return thing.formula_kind == FormulaKind::initial && is_constant(draft_, thing);
    }

    void add_parameter(const Thing& thing) {
        auto parameter = entity<Parameter>(thing);
        parameter.value = plain_number(thing);
        parameter.constant = stays_constant(thing);
        add_value(thing, parameter.id);
        spec_.parameters.push_back(std::move(parameter));
    }

    void add_compartment(const Thing& thing) {
        auto compartment = entity<Compartment>(thing);
        compartment.size = plain_number(thing);
        compartment.constant = stays_constant(thing);
        add_value(thing, compartment.id);
        spec_.compartments.push_back(std::move(compartment));
    }

    void add_default_compartment() {
        const std::string id(default_compartment);
        if (std::ranges::find(spec_.compartments, id, &Compartment::id) != spec_.compartments.end()) return;
        Compartment compartment;
        compartment.id = id;
        compartment.size = 1.0;
        spec_.compartments.insert(spec_.compartments.begin(), std::move(compartment));
    }

    std::string home_of(const Thing& thing) {
        const std::string& path = thing.compartment.empty() ? thing.inherited_compartment : thing.compartment;
        if (!path.empty()) return path;
        needs_default_compartment_ = true;
        return std::string(default_compartment);
    }

    /// `S = 5 / C` with C its own compartment: an amount.
    std::optional<double> amount_in(const Thing& thing, const std::string& home) const {
        if (thing.substance_only || !thing.formula || thing.formula_kind == FormulaKind::assignment ||
            thing.formula.math->op != Op::divide)
            return std::nullopt;
        const auto& args = thing.formula.math->args;
        if (args[0]->op != Op::number || args[1]->op != Op::symbol || id_of(args[1]->name) != id_of(home))
            return std::nullopt;
        return args[0]->value;
    }

    void add_species(const Thing& thing) {
        const std::string home = home_of(thing);
        const Expression unit = thing.unit;
        Thing without_unit = thing;
        without_unit.unit = nullptr;
        auto species = entity<Species>(without_unit);
        if (unit) species.unit = amount_unit(thing, home);
        species.compartment = id_of(home);
        species.only_substance_units = thing.substance_only;
        species.boundary = is_constant(draft_, thing);
        species.initial_amount = amount_in(thing, home);
        auto& initial = thing.substance_only ? species.initial_amount : species.initial_concentration;
        if (const auto value = plain_number(thing)) initial = value;
        if (species.initial_amount && !plain_number(thing)) without_unit.formula = {};
        add_value(without_unit, species.id);
        spec_.species.push_back(std::move(species));
    }

    SpeciesReference reference(const std::string& reaction, const Term& term) {
        SpeciesReference reference;
        reference.species = id_of(term.species);
        reference.place = term.place;
        reference.stoichiometry = term.count;
        if (term.count_symbol.empty()) return reference;
        const Thing& count = draft_.root(*draft_.find(term.count_symbol));
        reference.id = joined_by_underscores(count.path);
        reference.stoichiometry = plain_number(count);
        reference.constant = stays_constant(count);
        if (ids_.insert(reference.id).second) return reference;
        // A name can stand for one reference only; others follow it.
        const std::string follower = reaction + "_" + reference.species + "_stoich";
        spec_.rules.push_back({RuleKind::assignment, follower, symbol(reference.id, term.place), term.place});
        reference.id = follower;
        reference.stoichiometry.reset();
        reference.constant = false;
        return reference;
    }

    void add_reaction(const Thing& thing) {
        auto reaction = entity<Reaction>(thing);
        reaction.reversible = thing.reaction.arrow == Arrow::reversible;
        for (const auto& term : thing.reaction.left)
            reaction.reactants.push_back(reference(reaction.id, term));
        for (const auto& term : thing.reaction.right)
            reaction.products.push_back(reference(reaction.id, term));
        reaction.law = flat(thing.formula);
        const std::string& home = thing.compartment.empty() ? thing.inherited_compartment : thing.compartment;
        if (!home.empty()) reaction.compartment = id_of(home);
        add_modifiers(reaction);
        spec_.reactions.push_back(std::move(reaction));
    }

    bool is_species(const std::string& path) const {
        const Thing* thing = draft_.find(path);
        return thing && draft_.root(*thing).kind == Kind::species;
    }

    static bool takes_part(const Reaction& reaction, const std::string& species) {
        const auto has = [&](const auto& list) {
            return std::ranges::find(list, species, &SpeciesReference::species) != list.end();
        };
        return has(reaction.reactants) || has(reaction.products) ||
               std::ranges::find(reaction.modifiers, species) != reaction.modifiers.end();
    }

    void add_modifiers(Reaction& reaction) const {
        if (!reaction.law) return;
        std::set<std::string> species;
        for (const auto& thing : draft_.things)
            if (thing.same_as.empty() && thing.kind == Kind::species)
                species.insert(joined_by_underscores(thing.path));
        for_each_node(reaction.law, [&](const Node& node) {
            if (node.op == Op::symbol && species.contains(node.name) && !takes_part(reaction, node.name))
                reaction.modifiers.push_back(node.name);
        });
    }

    void add_interactions() {
        for (const auto& thing : draft_.things) {
            if (!thing.same_as.empty() || thing.kind != Kind::interaction) continue;
            for (const auto& target : thing.reaction.right) {
                const auto reaction =
                    std::ranges::find(spec_.reactions, id_of(target.species), &Reaction::id);
                if (reaction == spec_.reactions.end()) continue;
                for (const auto& term : thing.reaction.left)
                    if (!takes_part(*reaction, id_of(term.species)))
                        reaction->modifiers.push_back(id_of(term.species));
            }
        }
    }

    void add_event(const Thing& thing) {
        auto event = entity<Event>(thing);
        event.trigger = flat(thing.event.trigger);
        event.delay = flat(thing.event.delay);
        event.priority = flat(thing.event.priority);
        event.initial_value = thing.event.initial_value;
        event.persistent = thing.event.persistent;
        event.values_from_trigger_time = thing.event.from_trigger;
        for (const auto& [variable, formula] : thing.event.assignments)
            event.assignments.push_back({id_of(variable), flat(formula), formula.math->place});
        spec_.events.push_back(std::move(event));
    }

    void add_algebraic(const Thing& thing) {
        spec_.rules.push_back({RuleKind::algebraic, "", flat(thing.formula), thing.place});
    }

    const Draft& draft_;
    Spec spec_;
    FaultList faults_;
    std::set<std::string> ids_;
    mutable int unit_nesting_ = 0;
    bool needs_default_compartment_ = false;
};

}  // namespace

Spec flatten(const Draft& draft, const std::vector<FunctionDefinition>& functions) {
    return Flattener(draft, functions).run();
}

}  // namespace abscopal::antimony
