// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "abscopal/trial.hpp"
#include "trial/toml_document.hpp"

/// What a calibration file asks for.
namespace abscopal {

enum class Measure {
    response,  ///< CR or PR
    complete_response,
    disease_control,  ///< CR, PR or SD
    pfs_at,           ///< progression-free on a day
    pfs_median,
    os_at,
    os_median,
    adverse_event  ///< an event of a grade or worse; any event where none is named
};

/// Its text in files: "orr", "pfs_12m", "os_median", …
struct MeasureName {
    Measure measure = Measure::response;
    double months = 0.0;  ///< of pfs_at and os_at
};
std::optional<MeasureName> parse_measure(std::string_view text);
std::vector<std::string> measure_names();  ///< examples of every kind, for messages

/// A number a trial observed. Shares between 0 and 1, medians in months.
struct Observation {
    double value = 0.0;
    double lower = 0.0, upper = 0.0;  ///< 95 %
    double error = 0.0;               ///< standard error; of medians: of the share beyond the median
    std::string source;
};

struct Target {
    std::string name;
    std::size_t trial = 0, arm = 0;  ///< of the problem, of that trial
    std::string measure_text;
    MeasureName measure;
    std::string event;  ///< adverse_event: its term, or empty
    int grade = 1;
    std::string where;  ///< condition on the patient's columns, or empty
    Place where_place;
    Observation observed;
    bool is_held_out = false;
    double weight = 1.0;
};

/// What of a law, or of the model, is changed.
enum class Vary { centre, spread, scale, value };

struct Varied {
    std::string name;
    Vary what = Vary::centre;
    double lower = 0.0, upper = 0.0, start = 0.0;
    bool is_logarithmic = false;
    std::vector<bool> trials;  ///< those that have it
    std::string label() const;
};

/// A law that accepted patients follow in one column.
struct Marginal {
    std::string column;
    Prior law;  ///< normal, lognormal or logit_normal
};

struct ProblemTrial {
    std::string name;
    Trial trial;
    std::shared_ptr<const Model> model;
};

struct Problem {
    std::string title, file, digest;  ///< of the file, its trials and its evidence
    std::uint64_t seed = 1;
    std::vector<ProblemTrial> trials;
    std::vector<Target> targets;
    std::vector<Varied> varied;
    std::string method = "bobyqa";
    std::size_t max_evaluations = 100;
    std::size_t fit_patients = 100;
    std::size_t pool_patients = 500;
    std::size_t accept_at_least = 50;
    bool is_weighted = true;
    std::vector<Marginal> marginals;
    std::vector<std::vector<double>> marginal_correlation;
    std::size_t sobol = 0;
    bool has_identifiability = true, has_prcc = true;
};

/// Throws InputError with all faults, FileError.
Problem read_problem(const std::string& path);

/// A row of evidence found by exact cells, and what it says of a measure (calibration_evidence.cpp). `from`
/// names the table and the cells. Adds faults and returns nothing where it says nothing.
std::optional<Observation> observation_from(const TomlValue& from, const std::string& folder,
                                            const MeasureName& measure, int grade, FaultList& faults);
/// Limits and error of a share from its limits, or else from the number of patients.
Observation share_observed(double value, std::optional<double> lower, std::optional<double> upper, double n);
Observation median_observed(double value, std::optional<double> lower, std::optional<double> upper, double n);

/// Whether a trial has the number, and the trial with it at `x`.
bool has(const Varied& varied, const ProblemTrial& trial);
void apply(const Varied& varied, double x, Trial& trial);

}  // namespace abscopal
