// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <map>
#include <set>

#include "model/unit_quantities.hpp"

// How a model is converted. Every number keeps its declared unit: values, doses and results are what the
// modeller wrote. The mathematics is rewritten instead: where an id is read it is multiplied by its unit's
// factor to SI, so that all arithmetic is in SI, and where a result is stored it is divided by the factor of
// its target. A reaction's rate is stored in extent per time; a species whose substance has another unit than
// the extent gets a conversion factor.

namespace abscopal {
namespace {

class Conversion {
  public:
    explicit Conversion(const Spec& spec) : spec_(spec), units_(spec) {}

    Spec run() {
        spec_.time_unit = time_unit_of(spec_);
        time_ = factor(units_.time(), "the model's time", {spec_.origin});
        for (auto& e : spec_.functions) function(e);
        for (auto& e : spec_.initial_assignments) e.math = stored(in_si(e.math), factor_of(e.symbol));
        for (auto& e : spec_.rules) rule(e);
        for (auto& e : spec_.reactions) reaction(e);
        for (auto& e : spec_.events) event(e);
        for (auto& e : spec_.species) conversion_factor(e);
        faults_.throw_if_any();
        return std::move(spec_);
    }

  private:
    static Expression scaled(Expression value, double factor) {
        if (!value || factor == 1.0) return value;
        const Place place = value->place;
        return make(Op::times, {std::move(value), number(factor, {}, place)}, place);
    }

    /// From SI into a unit.
    static Expression stored(Expression value, double factor) {
        if (!value || factor == 1.0) return value;
        const Place place = value->place;
        return make(Op::divide, {std::move(value), number(factor, {}, place)}, place);
    }

    double factor(const std::optional<Unit>& unit, const std::string& what, const Place& place) {
        if (unit) return unit->factor;
        if (missing_.insert(what).second)
            faults_.add("missing-unit", what + " has no unit, which unit conversion needs", place);
        return 1.0;
    }

    double factor_of(const std::string& id) { return factor(units_.of(id), "'" + id + "'", place_of(id)); }

    Place place_of(const std::string& id) const {
        for (const auto& e : spec_.parameters)
            if (e.id == id) return e.place;
        for (const auto& e : spec_.species)
            if (e.id == id) return e.place;
        for (const auto& e : spec_.compartments)
            if (e.id == id) return e.place;
        return {spec_.origin};
    }

    double symbol_factor(const std::string& id) {
        if (reaction_ == nullptr) return factor_of(id);
        return factor(units_.of_local(*reaction_, id), "'" + id + "'", place_of(id));
    }

    Expression in_si(const Expression& math) {
        if (!math) return nullptr;
        switch (math->op) {
            case Op::number:
                return math->unit.empty()
                           ? math
                           : scaled(math, factor(units_.written(math->unit), "a number", math->place));
            case Op::symbol:
                return arguments_.contains(math->name) ? math : scaled(math, symbol_factor(math->name));
            case Op::time:
                return scaled(math, time_);
            case Op::rate_of:
                return scaled(math, symbol_factor(math->args.at(0)->name) / time_);
            case Op::delay:
                return make(Op::delay, {in_si(math->args.at(0)), stored(in_si(math->args.at(1)), time_)},
                            math->place);
            default:
                return with_arguments_in_si(math);
        }
    }

    Expression with_arguments_in_si(const Expression& math) {
        Node node = *math;
        for (auto& arg : node.args) arg = in_si(arg);
        return std::make_shared<const Node>(std::move(node));
    }

    void function(FunctionDefinition& e) {
        arguments_ = {e.arguments.begin(), e.arguments.end()};
        e.body = in_si(e.body);
        arguments_.clear();
    }

    void rule(Rule& e) {
        e.math = in_si(e.math);
        if (e.kind == RuleKind::assignment) e.math = stored(e.math, factor_of(e.variable));
        if (e.kind == RuleKind::rate) e.math = stored(e.math, factor_of(e.variable) / time_);
    }

    void reaction(Reaction& e) {
        reaction_ = &e;
        for (auto* side : {&e.reactants, &e.products})
            for (auto& reference : *side) reference.math = in_si(reference.math);
        if (e.law)
            e.law = stored(in_si(e.law),
                           factor(units_.extent(), "the extent of reactions", {spec_.origin}) / time_);
        reaction_ = nullptr;
    }

    void event(Event& e) {
        e.trigger = in_si(e.trigger);
        e.delay = stored(in_si(e.delay), time_);
        e.priority = in_si(e.priority);
        for (auto& assignment : e.assignments)
            assignment.math = stored(in_si(assignment.math), factor_of(assignment.variable));
    }

    bool takes_part(const Species& species) const {
        if (species.boundary || species.constant) return false;
        for (const auto& reaction : spec_.reactions)
            for (const auto& side : {reaction.reactants, reaction.products})
                for (const auto& reference : side)
                    if (reference.species == species.id) return true;
        return false;
    }

    /// Substance in its own unit per extent in its own.
    void conversion_factor(Species& e) {
        if (!takes_part(e)) return;
        const double amount = factor(units_.amount(e.id), "the substance of '" + e.id + "'", e.place);
        const double ratio = factor(units_.extent(), "the extent of reactions", {spec_.origin}) / amount;
        const std::string own = e.conversion_factor.empty() ? spec_.conversion_factor : e.conversion_factor;
        if (ratio == 1.0) return;
        e.conversion_factor = shared_factor(own, ratio * (own.empty() ? 1.0 : factor_of(own)));
    }

    /// One parameter for all species with the same factor.
    std::string shared_factor(const std::string& own, double ratio) {
        auto& id = shared_[{own, ratio}];
        if (!id.empty()) return id;
        id = "unit_factor_" + std::to_string(shared_.size());
        while (is_taken(id)) id += "_";
        Parameter parameter;
        parameter.id = id;
        parameter.unit = "dimensionless";
        parameter.source = "unit conversion: substance per extent";
        if (own.empty())
            parameter.value = ratio;
        else
            spec_.initial_assignments.push_back({id, scaled(symbol(own), ratio), {}});
        spec_.parameters.push_back(std::move(parameter));
        return id;
    }

    bool is_taken(const std::string& id) const {
        const auto has = [&](const auto& list) {
            for (const auto& e : list)
                if (e.id == id) return true;
            return false;
        };
        return has(spec_.parameters) || has(spec_.species) || has(spec_.compartments) ||
               has(spec_.reactions) || has(spec_.functions) || has(spec_.events);
    }

    Spec spec_;
    QuantityUnits units_;
    FaultList faults_;
    double time_ = 1.0;
    const Reaction* reaction_ = nullptr;
    std::set<std::string> arguments_, missing_;
    std::map<std::pair<std::string, double>, std::string> shared_;
};

}  // namespace

Spec convert_units(const Spec& spec) {
    Spec converted = Conversion(spec).run();
    auto mismatches = check_units(spec);
    if (!mismatches.empty()) throw InputError(std::move(mismatches));
    return converted;
}

}  // namespace abscopal
