// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "abscopal/cohort.hpp"
#include "abscopal/regimen.hpp"
#include "abscopal/spec.hpp"
#include "abscopal/state.hpp"

/// A Trial states everything that decides the numbers. Times are in days.
namespace abscopal {

/// A tumour grown in the untreated patient until it is found. Its state is the baseline all arms share.
struct Diagnosis {
    std::string observable;           ///< e.g. "tumour_diameter"
    std::string threshold_parameter;  ///< patient's own threshold, or empty
    double threshold = 0.0;           ///< used if threshold_parameter is empty
    double within = 8000.0;           ///< day; a tumour not found by then makes no patient
    std::vector<std::string>
        restart;  ///< species put back to their initial values at diagnosis (none by default)
};

/// A patient is kept only if `observable` lies in [lower, upper] at diagnosis.
struct PlausibilityBound {
    std::string name;
    std::string observable;
    double lower = 0.0, upper = 0.0;
    Place place;
};

/// What is looked at and how it is called in the report.
struct WatchedObservable {
    std::string id;  ///< observable of the model
    std::string label;
    std::string unit;
    double scale = 1.0;  ///< shown = model's number × scale
    bool logarithmic = false;
};

struct Arm {
    std::string name;
    std::string description;
    Regimen regimen;
    std::string events_file;     ///< event table of this arm, or empty
    std::vector<Action> events;  ///< its content; model time from the start of treatment. Given as written,
                                 ///< whatever progresses
    std::vector<std::pair<std::string, double>>
        settings;  ///< parameters changed in this arm, those of its drugs included
    bool stop_at_progression =
        true;  ///< treatment with until = "progression" ends at the visit that shows it
    Place place;
};

/// Which patients of an earlier line go on to the trial.
enum class KeepAfter { any, progressed, not_progressed, responded };

/// Treatment before the trial, simulated: given from diagnosis, or from the end of the line before, until
/// progression is seen or it has lasted `at_most`. What it changed in the body stays changed.
struct EarlierLine {
    Arm arm;
    std::string when;  ///< condition on the patient's row, or empty: everyone had it
    Place when_place;
    double assess_every = 0.0;  ///< day
    double at_most = 0.0;       ///< day
    double at_least = 0.0;      ///< day; it goes on after progression until then
    double washout = 0.0;       ///< day from its end to the next line or to baseline
    KeepAfter keep = KeepAfter::any;
    double within = std::numeric_limits<double>::infinity();  ///< day; `progressed`: by then
};

/// How a modelled lesion is read and judged. A model's diameter never reaches zero, a radiologist's does:
/// below the detection limit a lesion is not seen and counts as absent (0 mm), so a complete response can be
/// found.
struct ResponseCriteria {
    double detection_limit = 5.0;  ///< mm
    double too_small = 5.0;        ///< mm; a lesion that is seen but smaller is entered as this (RECIST 1.1)
    double stable_from = 42.0;     ///< day; stable disease counts as best response from then on
};

/// Numbers by id apply in this order, later ones win: Trial::settings, the patient's row, Arm::settings (from
/// the start of treatment). A column of the patient's row that the model does not know is one of
/// weight_parameter, area_parameter and Diagnosis::threshold_parameter. All are in the units of the model.
struct Trial {
    std::string title, description;
    std::string file;  ///< it was read from
    std::string text;  ///< of that file, and of those it includes: part of the manifest
    std::string model_path;
    std::string model_text_digest;
    std::string model_digest;  ///< Model::digest, after the unit policy
    UnitPolicy units = UnitPolicy::ignore;
    std::uint64_t seed = 1;

    std::size_t n_patients = 0;  ///< to be treated
    std::size_t max_draws = 0;   ///< candidates drawn at most
    Population population;
    std::vector<std::pair<std::string, double>> settings;  ///< changed defaults for every patient
    std::optional<Diagnosis> diagnosis;
    std::vector<PlausibilityBound> bounds;
    std::string setting;  ///< "metastatic", "locally advanced", "resected", "neoadjuvant", or empty
    std::vector<EarlierLine> earlier_lines;
    std::string eligibility;  ///< condition on the patient's row and on observables at baseline, or empty
    Place eligibility_place;
    std::string weight_parameter,
        area_parameter;               ///< body weight (kg) and surface (m²), where doses need them
    double weight = 0.0, area = 0.0;  ///< used if the name is empty; 0: not given

    std::string lesion;          ///< observable: longest diameter of the target lesion
    double lesion_scale = 10.0;  ///< model's number × scale = millimetre
    ResponseCriteria response;
    double follow_up = 0.0;      ///< day of the last visit
    std::vector<double> visits;  ///< tumour assessments after baseline, day, ascending
    double record_every = 7.0;   ///< day; time courses of `watched`
    std::vector<WatchedObservable> watched;

    std::vector<Drug> drugs;
    std::vector<Arm> arms;
    Numerics numerics;
    double max_failed = 0.01;  ///< share of treated patients that may fail before the exit code is 3
};

/// Reads and checks a trial file against its model. Throws InputError with all faults.
Trial read_trial(const std::string& path);

/// The trial with another number of patients, and in proportion more draws where they are more. 0 leaves it
/// as it is.
Trial with_patients(Trial trial, std::size_t n);

/// The compiled model of a trial, with its unit policy. Throws InputError, FileError.
std::shared_ptr<const Model> load_model(const Trial& trial);

/// JSON Schema of a file format: "trial", "events" or "result"; empty for other names.
std::string_view schema_text(std::string_view format);

/// The single doses of an arm for a patient as solver actions: model time = day × days_to_model_time, amounts
/// in the unit the target species carries, sorted by time. Rows while_on_treatment are included: to end
/// treatment, drop them from the regimen from that day on. Throws InputError for units that do not fit.
std::vector<Action> actions_for(const Trial& trial, const Arm& arm, const Model& model, double weight_kg,
                                double area_m2, double start_model_time);

/// One sentence a treatment: "pembrolizumab 200 mg every 3 weeks, infused over 30 minutes, until
/// progression".
std::vector<std::string> treatments_in_words(const Arm& arm, double follow_up = 0.0);

/// Plain words: arms, doses on a time line, patients, tolerances, sources.
std::string explain(const Trial& trial);

}  // namespace abscopal
