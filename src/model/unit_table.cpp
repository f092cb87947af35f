// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "model/unit_table.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "base/text.hpp"

namespace abscopal {
namespace {

/// Base units of SBML Level 3 as SI: factor and exponents of metre, kilogram, second, ampere, kelvin, mole,
/// candela.
struct BaseUnit {
    std::string_view id;
    double factor;
    Dimensions dimensions;
};

/// Per mole, exact (SI 2019); the same as in parse_unit, so that items and cells agree.
constexpr double avogadro = 6.02214076e23;

constexpr std::array<BaseUnit, 36> base_units = {{
    {"ampere", 1.0, {0, 0, 0, 1, 0, 0, 0}},
    {"avogadro", avogadro, {}},
    {"becquerel", 1.0, {0, 0, -1, 0, 0, 0, 0}},
    {"candela", 1.0, {0, 0, 0, 0, 0, 0, 1}},
    {"Celsius", 1.0, {0, 0, 0, 0, 1, 0, 0}},
    {"coulomb", 1.0, {0, 0, 1, 1, 0, 0, 0}},
    {"dimensionless", 1.0, {}},
    {"farad", 1.0, {-2, -1, 4, 2, 0, 0, 0}},
    {"gram", 1e-3, {0, 1, 0, 0, 0, 0, 0}},
    {"gray", 1.0, {2, 0, -2, 0, 0, 0, 0}},
    {"henry", 1.0, {2, 1, -2, -2, 0, 0, 0}},
    {"hertz", 1.0, {0, 0, -1, 0, 0, 0, 0}},
    {"item", 1.0 / avogadro, {0, 0, 0, 0, 0, 1, 0}},
    {"joule", 1.0, {2, 1, -2, 0, 0, 0, 0}},
    {"katal", 1.0, {0, 0, -1, 0, 0, 1, 0}},
    {"kelvin", 1.0, {0, 0, 0, 0, 1, 0, 0}},
    {"kilogram", 1.0, {0, 1, 0, 0, 0, 0, 0}},
    {"liter", 1e-3, {3, 0, 0, 0, 0, 0, 0}},
    {"litre", 1e-3, {3, 0, 0, 0, 0, 0, 0}},
    {"lumen", 1.0, {0, 0, 0, 0, 0, 0, 1}},
    {"lux", 1.0, {-2, 0, 0, 0, 0, 0, 1}},
    {"meter", 1.0, {1, 0, 0, 0, 0, 0, 0}},
    {"metre", 1.0, {1, 0, 0, 0, 0, 0, 0}},
    {"mole", 1.0, {0, 0, 0, 0, 0, 1, 0}},
    {"newton", 1.0, {1, 1, -2, 0, 0, 0, 0}},
    {"ohm", 1.0, {2, 1, -3, -2, 0, 0, 0}},
    {"pascal", 1.0, {-1, 1, -2, 0, 0, 0, 0}},
    {"radian", 1.0, {}},
    {"second", 1.0, {0, 0, 1, 0, 0, 0, 0}},
    {"siemens", 1.0, {-2, -1, 3, 2, 0, 0, 0}},
    {"sievert", 1.0, {2, 0, -2, 0, 0, 0, 0}},
    {"steradian", 1.0, {}},
    {"tesla", 1.0, {0, 1, -2, -1, 0, 0, 0}},
    {"volt", 1.0, {2, 1, -3, -1, 0, 0, 0}},
    {"watt", 1.0, {2, 1, -3, 0, 0, 0, 0}},
    {"weber", 1.0, {2, 1, -2, -1, 0, 0, 0}},
}};

const BaseUnit* find_base(std::string_view id) {
    const auto found = std::find_if(base_units.begin(), base_units.end(),
                                    [&](const BaseUnit& base) { return base.id == id; });
    return found == base_units.end() ? nullptr : found;
}

std::optional<Unit> base(std::string_view id) {
    const BaseUnit* found = find_base(id);
    if (found == nullptr) return std::nullopt;
    return Unit{found->factor, found->dimensions};
}

/// The product of (multiplier · 10^scale · kind)^exponent; nothing if a kind is not known.
std::optional<Unit> product(const std::vector<UnitFactor>& factors) {
    Unit result;
    for (const auto& factor : factors) {
        auto part = base(factor.kind);
        if (!part) part = parse_unit(factor.kind);
        if (!part) return std::nullopt;
        part->factor *= factor.multiplier * std::pow(10.0, factor.scale);
        result = result * part->power(factor.exponent);
    }
    return result;
}

/// "1e-09 mole/litre^2".
std::string spelled_out(const std::vector<UnitFactor>& factors) {
    double multiplier = 1.0;
    std::string above, below;
    for (const auto& factor : factors) {
        multiplier *= std::pow(factor.multiplier * std::pow(10.0, factor.scale), factor.exponent);
        if (factor.kind == "dimensionless") continue;
        const double size = std::fabs(factor.exponent);
        const std::string part = factor.kind + (size == 1.0 ? "" : "^" + to_text(size));
        (factor.exponent > 0 ? above : below) +=
            (factor.exponent > 0 ? (above.empty() ? "" : "*") : "/") + part;
    }
    const std::string number = std::fabs(multiplier - 1.0) < 1e-12 ? "" : significant(multiplier, 6);
    if (above.empty()) above = number.empty() ? "1" : "";
    return number + (number.empty() || above.empty() ? "" : " ") + above + below;
}

}  // namespace

bool is_sbml_base_unit(const std::string& id) {
    return find_base(id) != nullptr && id != "liter" && id != "meter" && id != "Celsius";
}

UnitTable::UnitTable(const std::vector<UnitDefinition>& definitions) {
    for (const auto& definition : definitions) {
        definitions_[definition.id] = product(definition.factors);
        ids_.push_back(definition.id);
        if (definition.id.starts_with('_')) spelled_out_[definition.id] = spelled_out(definition.factors);
    }
    for (const auto& known : base_units) ids_.emplace_back(known.id);
}

std::optional<Unit> UnitTable::find(const std::string& text) const {
    if (text.empty()) return std::nullopt;
    if (const auto found = definitions_.find(text); found != definitions_.end()) return found->second;
    const auto known = base(text);
    if (known) return known;
    return parse_unit(text, [&](std::string_view name) -> std::optional<Unit> {
        const auto found = definitions_.find(std::string(name));
        return found == definitions_.end() ? std::nullopt : found->second;
    });
}

std::string UnitTable::readable(const std::string& text) const {
    const auto found = spelled_out_.find(text);
    return found == spelled_out_.end() ? text : found->second;
}

bool UnitTable::knows(const std::string& text) const {
    return definitions_.contains(text) || find(text).has_value();
}

}  // namespace abscopal
