// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "abscopal/spec.hpp"

/// Units as formulas: `unit nM = 1e-9 mole / litre`, `k has 1/day`.
namespace abscopal::antimony {

/// A kind of SBML Level 3 (or its American spelling), as SBML spells it; nothing if it is none.
std::optional<std::string> sbml_unit_kind(std::string_view word);

/// The factors of a product of names, numbers and powers. `factors_of` says what a name stands for; one it
/// does not know is a kind of its own. Throws InputError ("bad-unit") for sums, functions and powers of
/// unknown size.
std::vector<UnitFactor> unit_factors(
    const Expression& unit,
    const std::function<std::optional<std::vector<UnitFactor>>(const std::string&)>& factors_of);

/// Product of all factors with every exponent multiplied by `exponent`.
std::vector<UnitFactor> to_the_power(std::vector<UnitFactor> factors, double exponent);

/// "1e-9 mole / litre" for the factors, such that unit_factors() gives an equal unit back.
std::string unit_text(const std::vector<UnitFactor>& factors);

/// An id for a unit as written: "1/day" becomes "per_day", "mg/m^2" "mg_per_m2".
std::string unit_id(std::string_view text);

}  // namespace abscopal::antimony
