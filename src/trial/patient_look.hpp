// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "abscopal/simulation.hpp"
#include "abscopal/trial.hpp"

namespace abscopal {

/// A number of the patient, or what an observable of the model is now.
struct ClinicNumber {
    std::optional<std::size_t> column;      ///< of the patient's row
    std::optional<std::size_t> observable;  ///< index in Model::observables
    double constant = 0.0;
    double of(const std::vector<double>& row, const Simulation& simulation) const {
        if (column) return row[*column];
        return observable ? simulation.value(*observable) : constant;
    }
};

/// Names of a trial's clinic looked up in its model, in the order of the trial.
struct Clinic {
    struct OfLesion {
        std::size_t observable = 0;
        ClinicNumber presence{{}, {}, 1.0}, organ, node;
    };
    struct OfToxicity {
        std::optional<std::size_t> intensity, cumulative, measure, severity;  ///< observables
        ClinicNumber frailty{{}, {}, 1.0};
    };
    struct OfRule {
        std::optional<std::size_t> observable;
        std::optional<std::size_t> arm;  ///< of change_arm
        std::vector<char> holds_in;      ///< by arm
        std::vector<char> concerns;      ///< by toxicity
        /// What is set: slot, value, observable that multiplies it, observable that holds it now.
        struct Setting {
            Slot target = no_slot;
            double value = 0.0;
            std::optional<std::size_t> times, now;
        };
        std::vector<Setting> settings;
    };
    std::vector<OfLesion> lesions;
    std::vector<OfToxicity> toxicities;
    std::vector<OfRule> rules;
    std::optional<std::size_t> hazard, cumulative_hazard;
    std::vector<ClinicNumber> terms;  ///< of Death::terms; unused where the covariate is of tumour dynamics
    ClinicNumber age, male;
    bool looks_at_doses = false;  ///< rules may act on dosing days
};

/// Diameters now, mm, by lesion; 0 where a lesion is not there.
std::vector<double> diameters_now(const Trial& trial, const Clinic& clinic, const std::vector<double>& row,
                                  const Simulation& simulation);

}  // namespace abscopal
