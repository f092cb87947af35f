// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "abscopal/trial.hpp"
#include "trial/patient_look.hpp"
#include "trial/row_formulas.hpp"
#include "trial/selection.hpp"

namespace abscopal {

/// A number that belongs to a patient: a column of her row, else a parameter of the model, else a constant.
struct PatientNumber {
    std::optional<std::size_t> column;     ///< of the cohort
    std::optional<std::size_t> parameter;  ///< index in Model::parameters
    double constant = 0.0;
    double of(const std::vector<double>& row, const State& state) const;
};

/// A number an arm sets at the start of treatment.
struct ArmSetting {
    Slot target = no_slot;
    double value = 0.0;
    std::optional<std::size_t> times;  ///< observable to multiply by: the compartment of a concentration
};

/// A trial with every name looked up in its model, once. Shared by all threads.
struct Protocol {
    const Trial* trial = nullptr;
    std::shared_ptr<const Model> model;
    double per_day = 1.0;                              ///< model time in a day
    std::vector<std::string> parameters;               ///< columns of a patient: those of the cohort first
    std::vector<std::optional<std::size_t>> settable;  ///< of each column, where the model knows it
    std::vector<std::pair<std::size_t, double>> settings;  ///< of every patient
    std::vector<std::vector<ArmSetting>> arm_settings, line_settings;
    RowNames row_names;
    std::vector<Expression> line_conditions;  ///< of each earlier line; null: everyone
    Selection selection;
    PatientNumber weight, area, threshold;
    bool needs_weight = false, needs_area = false;  ///< some dose is per kg, per m²
    std::size_t diagnosis = 0;                      ///< observable; meaningless without Trial::diagnosis
    std::vector<std::size_t> restart;               ///< states
    std::vector<std::size_t> bounds;                ///< observables
    Clinic clinic;
    std::vector<std::size_t> watched;
    std::vector<double> record_days;
};

ArmSetting arm_setting(const Model& model, const SettableInfo& settable, double value);

/// Lesions, hazards, adverse events and rules looked up; adds a fault for each name nobody knows.
Clinic resolve_clinic(const Protocol& protocol, FaultList& faults);

/// Throws InputError with every name that the model does not know, and for doses that do not fit.
Protocol resolve(const Trial& trial, std::shared_ptr<const Model> model);

}  // namespace abscopal
