// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <array>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

/// Units as a factor to SI and a vector of dimensions.
namespace abscopal {

/// Exponents of metre, kilogram, second, ampere, kelvin, mole, candela. A cell or molecule counts 1/N_A mole
/// (SimBiology's convention), so numbers of cells and amounts of substance have one dimension.
using Dimensions = std::array<double, 7>;

struct Unit {
    double factor = 1.0;  ///< value in SI = value × factor
    Dimensions dimensions{};
    bool operator==(const Unit&) const = default;
    Unit operator*(const Unit& other) const;
    Unit operator/(const Unit& other) const;
    Unit power(double exponent) const;
};

bool same_dimensions(const Unit& a, const Unit& b);

/// Reads "1/day", "mg/m^2", "mg/m2", "nanomolarity", "cell/milliliter", "L", "µm", "kDa", "um^2*s^-1",
/// "1/(nM*day)": products, quotients, powers and parentheses of SI and clinical units with SI prefixes,
/// singular or plural, words or symbols (case-sensitive for symbols). Nothing if it is not a unit.
std::optional<Unit> parse_unit(std::string_view text);

/// The same, where `known` may give names (letters, digits, underscores) a meaning of their own before all
/// others.
using UnitLookup = std::function<std::optional<Unit>(std::string_view name)>;
std::optional<Unit> parse_unit(std::string_view text, const UnitLookup& known);

/// A quantity as clinicians write it: "200 mg", "2 mg/kg", "3 weeks", "-4.5 nM", "1.5". `unit` is what
/// follows the number.
struct WrittenQuantity {
    double value = 0.0;
    std::string unit;
};
std::optional<WrittenQuantity> parse_quantity(std::string_view text);

/// Days in a written duration ("3 weeks", "30 min", "8 h", "2 months" of 30.4375 days, "1 year" of 365.25);
/// nothing if it is not a time.
std::optional<double> parse_days(std::string_view text);

}  // namespace abscopal
