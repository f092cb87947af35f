// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "model/unit_quantities.hpp"

#include <algorithm>

namespace abscopal {
namespace {

std::optional<Unit> quotient(const std::optional<Unit>& a, const std::optional<Unit>& b) {
    if (!a || !b) return std::nullopt;
    return *a / *b;
}

}  // namespace

std::string time_unit_of(const Spec& spec) {
    const bool from_simbiology =
        spec.sbml_level == 2 && std::any_of(spec.unit_definitions.begin(), spec.unit_definitions.end(),
                                            [](const auto& unit) { return unit.id.starts_with("MW"); });
    return from_simbiology && spec.time_unit == "second" ? "day" : spec.time_unit;
}

QuantityUnits::QuantityUnits(const Spec& spec) : table_(spec) {
    time_ = table_.find(time_unit_of(spec));
    extent_ = table_.find(spec.extent_unit.empty() ? spec.substance_unit : spec.extent_unit);
    std::map<std::string, std::optional<Unit>> sizes;
    for (const auto& e : spec.compartments) units_[e.id] = sizes[e.id] = size(spec, e);
    for (const auto& e : spec.species) {
        amounts_[e.id] = table_.find(e.unit.empty() ? spec.substance_unit : e.unit);
        units_[e.id] =
            e.only_substance_units ? amounts_[e.id] : quotient(amounts_[e.id], sizes[e.compartment]);
    }
    for (const auto& e : spec.parameters) units_[e.id] = table_.find(e.unit);
    for (const auto& e : spec.reactions) {
        units_[e.id] = quotient(extent_, time_);
        for (const auto& side : {e.reactants, e.products})
            for (const auto& reference : side)
                if (!reference.id.empty()) units_[reference.id] = Unit{};
    }
}

std::optional<Unit> QuantityUnits::size(const Spec& spec, const Compartment& compartment) const {
    if (compartment.dimensions == 0.0) return Unit{};
    if (!compartment.unit.empty()) return table_.find(compartment.unit);
    if (compartment.dimensions == 3.0) return table_.find(spec.volume_unit);
    if (compartment.dimensions == 2.0) return table_.find(spec.area_unit);
    return compartment.dimensions == 1.0 ? table_.find(spec.length_unit) : std::nullopt;
}

std::optional<Unit> QuantityUnits::of(const std::string& id) const {
    const auto found = units_.find(id);
    return found == units_.end() ? std::nullopt : found->second;
}

std::optional<Unit> QuantityUnits::of_local(const Reaction& reaction, const std::string& id) const {
    for (const auto& local : reaction.local_parameters)
        if (local.id == id) return table_.find(local.unit);
    return of(id);
}

std::optional<Unit> QuantityUnits::amount(const std::string& species) const {
    const auto found = amounts_.find(species);
    return found == amounts_.end() ? std::nullopt : found->second;
}

}  // namespace abscopal
