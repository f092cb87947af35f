// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

#include "abscopal/trial.hpp"
#include "model/unit_table.hpp"
#include "trial/condition.hpp"
#include "trial/toml_document.hpp"

/// Reading a trial file in parts. Every part adds its faults and goes on, so that one pass reports them all;
/// what the schema check has refused already (wrong types) is passed over in silence.
namespace abscopal {

/// What the parts share.
struct TrialReading {
    const TomlValue& root;
    const Model& model;
    UnitTable units;
    Trial& trial;
    FaultList& faults;
};

// src/trial/trial_file_parts.cpp
void read_visits(TrialReading& reading);  ///< also follow-up: before the arms
void read_watched(TrialReading& reading);
void read_numerics(TrialReading& reading);
// src/trial/trial_file_lesions.cpp
void read_lesions(TrialReading& reading);  ///< after the cohort: lesions may be numbers of the patient
// src/trial/trial_file_clinic.cpp: after cohort and drugs
void read_death(TrialReading& reading);
void read_toxicities(TrialReading& reading);
// src/trial/trial_file_rules.cpp
void read_rules(TrialReading& reading);  ///< after arms and toxicities
// src/trial/trial_file_cohort.cpp
void read_cohort(TrialReading& reading);  ///< before the arms: says whether body size is known
// src/trial/trial_file_laws.cpp
/// Reads the law or expression of a parameter or attribute; false: there is none that could be read.
bool read_law(TrialReading& reading, const TomlValue& table, Prior& prior);
/// Multiplies the numbers of a law; false where it has a scale of its own, as shares have.
bool rescale(Prior& prior, double factor);
/// Where the first character of a text stands.
Place inside(const TomlValue& text);
/// A condition, or null after a fault.
Expression parsed_condition(TrialReading& reading, const TomlValue& text);
// src/trial/trial_file_selection.cpp
void mark_baseline_attributes(TrialReading& reading);  ///< within read_cohort
void read_patient(TrialReading& reading);              ///< last: draws twins of a measured patient
void read_steps(TrialReading& reading);                ///< after the watched observables and visits
void read_selection(TrialReading& reading);            ///< after the drugs: earlier lines give some
// src/trial/trial_file_arms.cpp
/// All of an arm but where it belongs. `where` heads its table in messages.
Arm read_arm_body(TrialReading& reading, const TomlValue& table, const std::string& where);
void read_drugs(TrialReading& reading);
void read_arms(TrialReading& reading);
// src/trial/trial_file_design.cpp
void read_design(TrialReading& reading);  ///< after cohort and arms
// src/trial/trial_file_treatment.cpp
/// The rows of one [[arm.treatment]] (or of an [[arm]] that is one), and the drug it gives or null.
std::vector<DoseRow> read_treatment(TrialReading& reading, const TomlValue& table, const std::string& where,
                                    const Drug*& drug);
bool is_treatment_key(const std::string& key);

// --- Members of a table, where they are there and of the type asked for ---
const TomlValue* member(const TomlValue* table, std::string_view key);
std::optional<std::string> text_member(const TomlValue* table, std::string_view key);
std::optional<double> number_member(const TomlValue* table, std::string_view key);
/// The tables of an array of tables.
std::vector<const TomlValue*> table_members(const TomlValue* table, std::string_view key);
/// The one of several keys that stands in the table, or null; two of them are a fault.
const TomlMember* only_member(const TomlValue& table, std::initializer_list<std::string_view> keys,
                              FaultList& faults);

/// Days in a duration (text with unit, or a plain number of days).
std::optional<double> days_in(const TomlValue& value);
/// The same, and a fault where it is not greater than zero.
std::optional<double> positive_days(const TomlValue& value, const std::string& what, FaultList& faults);

/// A number as it is, or a quantity in `unit` of the model. `what` is for messages.
std::optional<double> value_in(TrialReading& reading, const TomlValue& value, const std::string& unit,
                               const std::string& what);
/// Factor from one unit text to another; a fault at `place` where they do not fit.
std::optional<double> unit_factor(TrialReading& reading, const std::string& from, const std::string& to,
                                  const std::string& what, const Place& place);

/// Index in Model::observables of what a text names by id or display name; a fault with the nearest
/// otherwise.
std::optional<std::size_t> observable_named(TrialReading& reading, const TomlValue& value);

/// The id of what a member names: a number of the patient (sampled, given or an attribute, or a parameter of
/// the model) or an observable of the model; empty where it is not there, a fault where nobody knows it.
std::string patient_or_observable(TrialReading& reading, const TomlValue& table, std::string_view key);
/// The id of the observable a member names; empty where it is not there.
std::string observable_member(TrialReading& reading, const TomlValue& table, std::string_view key);
/// Factor from the model's number of an observable to `unit`, by the table's member `unit` or the model's
/// own.
double scale_to(TrialReading& reading, const TomlValue& table, const std::string& observable,
                const std::string& unit);
/// Reads a duration in days, a number, a truth or a text into `target`, where they are there.
void read_into(const TomlValue& table, std::string_view key, double& target);
void read_into(const TomlValue& table, std::string_view key, bool& target);
void read_into(const TomlValue& table, std::string_view key, std::string& target);
void read_into(const TomlValue& table, std::string_view key, std::vector<double>& target);
void read_into(const TomlValue& table, std::string_view key, std::vector<std::string>& target);

/// A table of settings ({ k = 0.9, V = "5 L" }) as ids and numbers in the model's units.
std::vector<std::pair<std::string, double>> read_settings(TrialReading& reading, const TomlValue* table,
                                                          bool also_initial_values);

}  // namespace abscopal
