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
#include "abscopal/endpoints.hpp"
#include "abscopal/regimen.hpp"
#include "abscopal/spec.hpp"
#include "abscopal/state.hpp"
#include "abscopal/statistics.hpp"

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
    bool stops_when_confirmed = false;  ///< that progression is iCPD instead of RECIST 1.1's
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

/// A lesion the model carries in some or all patients. Targets are chosen at baseline from what is measurable
/// in each patient (select_targets); what is seen there besides is non-target, what is seen first later is
/// new.
struct Lesion {
    std::string name;
    std::string observable;           ///< diameter: longest, or short axis of a node
    double scale = 10.0;              ///< model's number × scale = mm
    std::string organ = "tumour";     ///< "lymph node" makes it a node
    std::string organ_attribute;      ///< holds the index in `organs` of the patient's own; or empty
    std::vector<std::string> organs;  ///< of organ_attribute
    std::string presence;             ///< attribute or observable, > 0 where it exists; empty: always
    std::string node_attribute;       ///< > 0: a node; or empty
    bool is_nodal = false;
    bool is_well_defined = true;  ///< false: never measurable (effusion, blastic bone)
    bool is_irradiated = false;   ///< before the trial: not measurable
    bool is_target = false;       ///< target at any size ([lesion], the single one)
    Place place;
};

/// How modelled lesions are judged. A model's diameter never reaches zero, a radiologist's does: below the
/// detection limit a lesion is not seen and counts as absent (0 mm), so a complete response can be found.
struct ResponseCriteria {
    double detection_limit = 5.0;  ///< mm
    double too_small = 5.0;        ///< mm; a lesion that is seen but smaller is entered as this (RECIST 1.1)
    double stable_from = 42.0;     ///< day; stable disease counts as best response from then on
    double benefit_from = 168.0;   ///< day; stable disease is clinical benefit from then on
    bool is_confirmed = false;     ///< Course::best counts confirmed responses alone
    double confirm_after = 28.0;   ///< days
    std::size_t max_not_evaluable = 1;    ///< visits between a response and its confirmation
    bool accept_stable = false;           ///< one stable visit between the two of a partial response
    double immune_confirm_after = 28.0;   ///< days (iRECIST)
    bool immune_from_last_visit = false;  ///< ImmuneRules::is_from_last_visit
    bool by_review = false;               ///< Course::best and pfs_day are the blinded reader's
    CensoringRules censoring = CensoringRules::fda;  ///< of Course::pfs_day
};

/// How lesions are read. Every draw belongs to seed, patient, visit, lesion and reader, not to the arm.
struct Measurement {
    double error = 0.0;          ///< sd of the logarithm of a read diameter, investigator
    double review_error = 0.0;   ///< the same of the blinded reader
    double resolution = 0.0;     ///< mm that reads are rounded to; 0: not rounded
    bool has_review = false;     ///< a blinded reader reads every visit too
    double window = 0.0;         ///< visits fall within ± this many days of their plan
    double missed = 0.0;         ///< probability that a visit is missed
    double not_evaluable = 0.0;  ///< probability that a lesion cannot be assessed at a visit
};

/// One term of the logarithm of a hazard: coefficient × (x − centre), x the covariate or its logarithm.
/// Covariates of tumour dynamics: "burden" (sum of all modelled diameters, mm), "relative_burden" (to day 0),
/// "growth_rate" (of burden over the last `window` days, 1/day), "new_lesions" (number seen by the
/// investigator), "age". Others are attributes of the patient or observables of the model.
struct HazardTerm {
    std::string covariate;
    double coefficient = 0.0, centre = 0.0;
    bool is_logarithmic = false;
    double least = 0.0;    ///< of the covariate before a logarithm is taken
    double window = 42.0;  ///< days, of growth_rate
    std::string source;
    Place place;
};

/// Death by any of: a hazard or cumulative hazard the model carries, a log-linear hazard of tumour dynamics
/// (TGI–OS), background mortality of a life table; and by fatal adverse events. A patient dies when the
/// hazards' integral reaches her own exponential variate, which is the same in all arms.
struct Death {
    std::string hazard;         ///< observable, or empty
    double hazard_scale = 1.0;  ///< model's number × scale = 1/day
    std::string cumulative;     ///< observable: integrated hazard; or empty
    double baseline = 0.0;      ///< 1/day; Weibull rate of the log-linear hazard; 0: none
    double shape = 1.0;         ///< Weibull
    std::vector<HazardTerm> terms;
    std::string life_table;                     ///< "us_2014", or empty
    double mortality_ratio = 1.0;               ///< to the life table
    double age = 0.0, male = 0.5;               ///< years; share, where the attributes are not given
    std::string age_attribute, male_attribute;  ///< years; 1 male, 0 female
    std::string source;
    Place place;
};

/// A kind of adverse event. Where it comes from is one of: a rate the model carries (intensity or its
/// integral), probabilities by grade with a typical onset, the same for each dose, or a measured quantity
/// that is graded as it is.
struct Toxicity {
    std::string name;         ///< its own: several may share a term
    std::string term;         ///< CTCAE v5
    std::string organ_class;  ///< system organ class
    std::string drug;         ///< whose doses bring it; blamed for it. Empty: not related to one drug
    bool is_immune = false;
    bool is_serious = true;        ///< from grade 3 on
    std::string intensity;         ///< observable
    double intensity_scale = 1.0;  ///< model's number × scale = 1/day
    std::string cumulative;        ///< observable
    std::vector<double>
        by_grade;  ///< probability that the worst grade is 1, 2, … (of one dose if is_per_dose)
    bool is_per_dose = false;
    double fade = 1.0;             ///< probability at each dose after the first = × fade
    double onset = 0.0;            ///< day after first dose (median), or after each dose
    double onset_spread = 0.0;     ///< sd of its logarithm
    std::string measure;           ///< observable graded by `cuts` at every look
    std::vector<double> grades;    ///< share of grade 1, 2, … among events
    std::string severity;          ///< observable: grade 1 and one more for each of `cuts` reached
    double severity_spread = 0.0;  ///< sd of the logarithm of a factor on severity, drawn for each event
    std::vector<double> cuts;      ///< of measure: grades 1, 2, …; of severity: grades 2, 3, …
    bool is_low = false;           ///< grades rise as `measure` falls
    std::string frailty;           ///< attribute that multiplies rates and probabilities
    double duration = 0.0;         ///< days to grade ≤ 1 (median); 0: it stays
    double duration_spread = 0.0;  ///< sd of its logarithm
    double unresolved = 0.0;       ///< probability that it stays
    double recurrence = 0.0;       ///< probability that another may follow once it has resolved
    bool is_outcome = false;       ///< no harm of treatment but what a trial of prevention counts: infection,
                              ///< precancer, cancer. Outcomes share one draw of the patient: stages of one
                              ///< disease come in their order
    bool is_probability = false;  ///< `cumulative` is the probability of having had it by now
    std::string source;
    Place place;
};

/// What a treatment rule waits for. Responses are the reader's, at visits.
enum class When : std::uint8_t {
    progression,            ///< RECIST 1.1
    confirmed_progression,  ///< iCPD
    further_progression,    ///< `change` more than at the first progression, or an additional new lesion
    response,               ///< CR or PR
    confirmed_response,
    complete_response,
    no_shrinkage,   ///< sum of diameters never `change` below baseline
    adverse_event,  ///< that began since the last look, of these terms and grades
    time,
    observable,  ///< above or below a number
    off_treatment
};

enum class Act : std::uint8_t {
    stop,        ///< permanently
    hold,        ///< and resume
    reduce,      ///< all later doses × factor
    start,       ///< TreatmentRule::rows, days from the decision
    change_arm,  ///< the treatment of another arm instead of this one
    set,         ///< parameters of the model
    end          ///< of follow-up
};

/// A treatment rule: evaluated at visits, those on adverse events and observables on dosing days too.
struct TreatmentRule {
    std::string name;
    std::vector<std::string> arms;  ///< empty: all
    When when = When::progression;
    bool by_review = false;  ///< responses of the blinded reader
    double from = 0.0;       ///< day
    double until = std::numeric_limits<double>::infinity();
    double lasting = 0.0;            ///< days for which it must have held
    double change = 0.0;             ///< share of the sum of diameters
    std::vector<std::string> terms;  ///< names or terms of toxicities; empty: all
    std::string organ_class;
    std::vector<int> grades;  ///< empty: all
    std::string observable;
    double above = std::numeric_limits<double>::infinity(), below = -std::numeric_limits<double>::infinity();
    double probability = 1.0;
    int times = 1;  ///< that it may fire in a patient; 0: any number

    std::vector<Act> acts;
    std::vector<std::string> drugs;  ///< stopped, held or reduced; empty: all
    double factor = 1.0;
    double hold_for = 0.0;    ///< days; 0: until the event that caused it is at grade ≤ 1
    double max_hold = 84.0;   ///< days; a longer hold is a stop
    bool is_skipped = false;  ///< doses of a hold are skipped instead of the rest delayed
    double delay = 0.0;       ///< days from the decision to `start`, `set` and `change_arm`
    std::string arm;          ///< of change_arm
    std::vector<DoseRow> rows;
    std::vector<std::pair<std::string, double>> settings;
    double set_for = 0.0;         ///< days; 0: from then on
    bool is_new_therapy = false;  ///< a new anticancer therapy in the sense of censoring
    Place place;
};

/// Who takes which arm. Twins: every patient takes every arm, which no trial of people can do.
enum class Allocation : std::uint8_t { twins, simple, blocks };

/// Patients parted by a column of their row: those below cuts[0], from cuts[0] to below cuts[1], … Without
/// cuts by whether it is above 0.
struct Split {
    std::string by;     ///< parameter or attribute of the patient
    std::string label;  ///< for people
    std::vector<double> cuts;
    Place place;
};
/// Index of the part `value` falls in, and what it is called: "age < 65", "age ≥ 65".
std::size_t part_of(const Split& split, double value);
std::string part_name(const Split& split, std::size_t part);
std::size_t n_parts(const Split& split);

/// How the trial is run as a trial: randomisation, calendar, analyses. Days of the calendar count from the
/// first patient's entry. With twins each arm is analysed as if its patients were its own.
struct Design {
    Allocation allocation = Allocation::twins;
    std::vector<double> ratio;     ///< by arm; empty: equal
    std::size_t block = 0;         ///< patients of a permuted block; 0: twice the least that keeps the ratio
    std::vector<Split> strata;     ///< of blocks and of stratified tests
    std::vector<Split> subgroups;  ///< of the forest
    Enrolment enrolment;
    double cut_off = std::numeric_limits<double>::infinity();  ///< day of the calendar
    std::size_t cut_off_events = 0;  ///< events of `endpoint` at which data are cut, if earlier; 0: none
    std::string endpoint = "PFS";    ///< primary: "PFS" or "OS"
    double alpha = 0.025;            ///< one-sided
    std::vector<double> looks;       ///< interim analyses: fractions of cut_off_events
    Spending spending = Spending::lan_demets_obrien_fleming;
    double spending_parameter = 1.0;
    std::vector<double> futility;  ///< z of each look at or below which the trial would stop
    Place place;
};

/// A number measured in one real patient, whose virtual twins are drawn from the population.
struct Measured {
    std::string column;  ///< a parameter or attribute, also one taken at baseline
    double value = 0.0;
    double sd = 0.0;  ///< of the measurement; 0: see cv
    double cv = 0.0;  ///< relative; 0 and no sd: exact
    Place place;
};

/// A step of the cancer-immunity cycle, judged by the mean of an observable over a span of the treatment.
struct CycleStep {
    std::string name, label;
    std::size_t watched = 0;          ///< index in Trial::watched
    double from = 0.0, until = 0.0;   ///< day
    std::optional<double> threshold;  ///< below it the step has failed; else the lowest beside responders has
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

    std::size_t n_patients = 0;  ///< to be treated: in every arm (twins), or in all arms together
    std::size_t max_draws = 0;   ///< candidates drawn at most
    Population population;
    std::vector<std::pair<std::string, double>> settings;  ///< changed defaults for every patient
    std::optional<Diagnosis> diagnosis;
    std::vector<PlausibilityBound> bounds;
    std::string population_note;  ///< what the reader of a report must know of these laws, or empty
    std::string setting;  ///< "metastatic", "locally advanced", "resected", "neoadjuvant", or empty
    std::vector<EarlierLine> earlier_lines;
    std::string eligibility;  ///< condition on the patient's row and on observables at baseline, or empty
    Place eligibility_place;
    std::string weight_parameter,
        area_parameter;               ///< body weight (kg) and surface (m²), where doses need them
    double weight = 0.0, area = 0.0;  ///< used if the name is empty; 0: not given

    std::vector<Lesion> lesions;
    ResponseCriteria response;
    Measurement measurement;
    std::optional<Death> death;
    std::vector<Toxicity> toxicities;
    std::vector<TreatmentRule> rules;
    double follow_up = 0.0;      ///< day of the last visit
    std::vector<double> visits;  ///< tumour assessments after baseline, day, ascending
    double record_every = 7.0;   ///< day; time courses of `watched`
    std::vector<WatchedObservable> watched;
    std::vector<CycleStep> steps;  ///< in the order of the cycle
    std::vector<Measured> measured;
    double likeness =
        0.0;  ///< effective number of candidates like the measured patient; 0: none was measured

    std::vector<Drug> drugs;
    std::vector<Arm> arms;
    Design design;
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

/// JSON Schema of a file format: "trial", "events", "result" or "calibration"; empty for other names.
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
