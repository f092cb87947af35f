// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "abscopal/error.hpp"
#include "abscopal/state.hpp"

/// A Regimen is a table of doses. Times are in days from the start of treatment; amounts in the unit written.
namespace abscopal {

/// How a written dose becomes an amount for one patient.
enum class DosePer { patient, kilogram, square_metre };

/// One row: given at `time`, repeated `additional` times every `interval`.
struct DoseRow {
    double time = 0.0;    ///< day
    double amount = 0.0;  ///< as written, in `unit` per patient, kg or m²
    std::string unit;     ///< "mg", "nmol", … ; empty: the unit of the target
    DosePer per = DosePer::patient;
    double max_amount = 0.0;  ///< of one patient, in `unit`, whatever her weight and surface; 0: no such cap
    double duration = 0.0;    ///< of infusion, day; 0 is a bolus
    double interval = 0.0;    ///< day
    int additional = 0;
    std::string drug;    ///< name in the trial's drug table, or empty
    std::string target;  ///< species id (resolved through the drug if that is given)
    ActionKind kind = ActionKind::add;
    bool while_on_treatment = true;  ///< stops when a stopping rule fires (until = "progression")
    Place place;
};

struct Regimen {
    std::vector<DoseRow> rows;

    /// All single doses in time order (ties: order of rows), up to and including `until` days.
    Regimen expanded(double until) const;
    Regimen shifted(double days) const;
    Regimen then(const Regimen& other) const;  ///< both, merged by time
    Regimen repeated(double every, int additional) const;
};

/// What the body needs to know of a drug to give it: where it goes and how milligrams become its amount unit.
struct Drug {
    std::string name;
    std::string target;                ///< species id
    std::optional<double> molar_mass;  ///< g/mol; needed if the target counts moles and doses are masses
    double infusion = 0.0;             ///< day; where a treatment does not say; 0 is a bolus
    /// Words its doses may be written in beside units of mass and amount ("MIU", "PFU", "AUC", "Gy"), and how
    /// much of the target's own unit one of each is.
    std::vector<std::pair<std::string, double>> units;
    std::vector<std::pair<std::string, double>>
        settings;  ///< parameters this drug sets in an arm that gives it
    std::string source;
    Place place;
};

}  // namespace abscopal
