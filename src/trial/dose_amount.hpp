// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <optional>
#include <string_view>
#include <variant>

#include "abscopal/model.hpp"
#include "abscopal/trial.hpp"
#include "base/units.hpp"

namespace abscopal {

/// A dose as written, "2 mg/kg", taken apart.
struct WrittenDose {
    double value = 0.0;
    std::string unit;  ///< without the "per kg" or "per m²"
    DosePer per = DosePer::patient;
};
std::optional<WrittenDose> parse_dose(std::string_view text);

/// Where a dose goes and by what its number is multiplied to give the amount the state carries (per patient,
/// kg or m²).
struct DoseTarget {
    Slot slot = no_slot;
    double factor = 1.0;
};

/// Resolves a row against the model: mass to amount of substance through the molar mass, units to the carried
/// unit of the target. A Fault says what does not fit. `drug` may be null.
std::variant<DoseTarget, Fault> dose_target(const DoseRow& row, const Drug* drug, const Model& model);

/// Molar mass in g/mol from "149 kDa" or "149000 g/mol"; nothing if it is neither.
std::optional<double> parse_molar_mass(std::string_view text);

/// Days × this = model time; nothing if the model's time unit is no time. A model without a time unit runs in
/// days.
std::optional<double> model_time_per_day(const Model& model);

/// The first dose of a row as an action, model time from the start of treatment. Throws InputError.
Action action_of(const Trial& trial, const DoseRow& row, const Model& model, double weight_kg, double area_m2,
                 double per_day);

/// As actions_for, with doses up to and including another day than the end of follow-up.
std::vector<Action> actions_until(const Trial& trial, const Arm& arm, const Model& model, double weight_kg,
                                  double area_m2, double start_model_time, double until_day);

}  // namespace abscopal
