// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "abscopal/endpoints.hpp"
#include "abscopal/statistics.hpp"
#include "abscopal/trial.hpp"

/// What a Trial produced, and the store it is kept in: one SQLite file a run, written in blocks of candidates
/// in index order, so that a killed run resumes to the same bits (docs/developer/store.md has the tables).
namespace abscopal {

/// Of a drawn candidate; one that fails in one arm still counts as treated.
enum class Fate {
    treated,
    rejected,  ///< no plausible patient
    failed,
    ineligible  ///< a patient, but not one of this trial: a screen failure
};

/// A candidate drawn from the population.
struct Candidate {
    std::size_t index = 0;
    Fate fate = Fate::rejected;
    std::string reason;              ///< of rejection or failure, a class to count by; empty if treated
    Outcome outcome;                 ///< of growth to diagnosis: where and why it failed
    double diagnosis_day = 0.0;      ///< model time of diagnosis in days
    std::vector<double> parameters;  ///< in the order of Result::parameters
    double weight = 1.0;
};

using Response = Overall;

enum class Reader : std::uint8_t { investigator, review };
std::string_view name_of(Reader reader);  ///< "INVESTIGATOR", "INDEPENDENT ASSESSOR"

/// What a lesion of the trial is in a patient.
enum class LesionRole : std::uint8_t { absent, target, non_target };
std::string_view name_of(LesionRole role);  ///< "absent", "target", "non-target"

/// A lesion of the trial at baseline, by one reader.
struct LesionAtBaseline {
    LesionRole role = LesionRole::absent;  ///< absent: not seen; it is new when it is
    std::string organ;
    double diameter = 0.0;  ///< mm
    bool is_nodal = false;
};

/// A visit as one reader saw it.
struct Read {
    std::vector<double> diameters;  ///< by lesion, mm; NaN: not assessed. Empty where the visit was missed
    double sum = 0.0;               ///< of targets, mm
    double nadir = 0.0;             ///< before, mm
    Overall target = Overall::missing, overall = Overall::missing;
    NonTarget non_target = NonTarget::none;
    std::size_t n_new = 0;  ///< new lesions seen so far
    Immune immune = Immune::missing;
};

struct Visit {
    double day = 0.0;
    double sum_of_diameters = 0.0;  ///< mm; of Trial::response's reader, as is `response`
    Response response = Response::not_evaluable;
    double planned = 0.0;           ///< day
    Read investigator{}, review{};  ///< review: empty without a blinded reader
};

/// A day that counts for an endpoint, in the words of ADTTE.
enum class EndpointKind : std::uint8_t {
    pfs,  ///< by FDA
    pfs_ema,
    immune_pfs,
    os,
    ttp,
    efs,
    duration_of_response,
    duration_of_confirmed_response,
    time_to_response,
    time_to_confirmed_response,
    time_to_next_treatment,
    time_to_discontinuation,
    pfs2
};
std::string_view name_of(EndpointKind kind);  ///< PARAMCD: "PFS", "PFSEMA", "IPFS", "OS", …

/// A course as one reader judges it.
struct Judgement {
    BestOverall best, confirmed;
    Immune immune_best = Immune::missing;
    bool has_benefit = false, has_confirmed_benefit = false;
    double depth = 0.0;  ///< depth_of_response, %; NaN without a visit
    std::vector<std::pair<EndpointKind, Endpoint>>
        times;  ///< in the order of EndpointKind; those of responders alone for them
    const Endpoint* find(EndpointKind kind) const;  ///< or null
};

enum class CauseOfDeath : std::uint8_t { none, disease, background, toxicity };
std::string_view name_of(CauseOfDeath cause);  ///< "", "disease", "other cause", "toxicity"

/// An adverse event that happened.
struct AdverseEvent {
    std::size_t toxicity = 0;  ///< index in Trial::toxicities
    int grade = 1;             ///< worst; 5: fatal
    double onset = 0.0;        ///< day
    double end = 0.0;          ///< day of grade ≤ 1; NaN: it stayed
    std::string action;  ///< on treatment, in the words of ADAE: "DRUG WITHDRAWN", "DRUG INTERRUPTED", "DOSE
                         ///< REDUCED", "DOSE NOT CHANGED"
};

/// A treatment rule that fired.
struct Decision {
    double day = 0.0;
    std::size_t rule = 0;  ///< index in Trial::rules; built_in: until = "progression"
    static constexpr std::size_t built_in = static_cast<std::size_t>(-1);
};

/// A dose of the regimen that was given.
struct GivenDose {
    double day = 0.0;
    double planned = 0.0;  ///< day; −1: added by a rule
    std::string drug, target;
    double amount = 0.0;  ///< as written, after reductions
    std::string unit;
    DosePer per = DosePer::patient;
    double duration = 0.0;  ///< day
};

/// One patient in one arm: what happened, in days from her start of treatment.
struct Course {
    std::size_t candidate = 0, arm = 0;
    Outcome outcome;
    double baseline = 0.0;                      ///< sum of target diameters at day 0, mm
    std::vector<Visit> visits;                  ///< those reached: a failed or fatal course ends early
    Response best = Response::not_evaluable;    ///< best overall response, by Trial::response
    double pfs_day = 0.0;                       ///< progression or death, or last adequate assessment
    bool progressed = false;                    ///< PFS event, death included; false: censored
    double off_treatment_day = -1.0;            ///< all treatment stopped; −1: treatment went on
    std::vector<std::vector<double>> recorded;  ///< [watched][record], shown unit; NaN after failure or death

    std::vector<LesionAtBaseline> lesions, review_lesions;  ///< by lesion of the trial
    double death_day = std::numeric_limits<double>::quiet_NaN();
    CauseOfDeath cause = CauseOfDeath::none;
    double last_day = 0.0;  ///< last known alive: end of follow-up, death or failure
    double new_therapy_day = std::numeric_limits<double>::quiet_NaN();
    std::vector<AdverseEvent> adverse_events;  ///< by onset
    std::vector<Decision> decisions;           ///< by day
    std::vector<GivenDose> doses;              ///< by day; those of event tables are not listed
    Judgement investigator, review;            ///< review: empty without a blinded reader
};

/// What a reader knew of a course by day `cut_off` of the patient (data cut-off, dropout). Pure: Course's own
/// judgements are these without cut-off.
PatientRecord record_of(const Trial& trial, const Course& course, Reader reader,
                        double cut_off = std::numeric_limits<double>::infinity());
Judgement judge(const Trial& trial, const Course& course, Reader reader,
                double cut_off = std::numeric_limits<double>::infinity());

/// One of several runs that share the work of a trial: candidates are dealt out in packets of sixteen, to
/// shard 1, 2, … `of` in turn. merge() (src/trial/merge.hpp) makes one run of all.
struct Shard {
    std::size_t number = 1, of = 1;
    bool is_whole() const { return of == 1; }
    bool operator==(const Shard&) const = default;
};

/// Can change no bit of a Result.
struct RunOptions {
    unsigned threads = 0;    ///< 0: all cores
    bool overwrite = false;  ///< replace a run that is in the folder
    Shard shard;             ///< the part of the trial to run
    /// Called after each candidate, from one thread at a time. May be empty.
    std::function<void(std::size_t drawn, std::size_t treated, std::size_t failed)> progress;
    const std::atomic<int>* stop = nullptr;  ///< 1: finish the block and return; 2: return now
    /// Kept in the store beside the numbers and never compared: the time now in UTC, and the machine. May be
    /// empty.
    std::function<std::string()> clock;
    std::string machine;
    std::string simd_target;  ///< "scalar", "avx2", "avx512"; empty: the best this machine has
    std::string code_cache;   ///< folder for machine code; empty: none is kept
};

struct Everyone;

struct Result {
    Trial trial;
    std::vector<std::string> parameters;
    std::vector<Candidate> candidates;  ///< in the order drawn
    std::vector<Course> courses;        ///< by candidate, then arm
    /// Where candidates and courses are the first of many: what summaries need of all
    /// (src/trial/everyone.hpp).
    std::shared_ptr<const Everyone> everyone;
    std::vector<double> record_days;
    bool complete = false;
    std::string model_digest, trial_digest, version;
    std::string result_digest;  ///< of every number of candidates and courses; the same for any RunOptions
    std::vector<std::pair<std::string, std::string>>
        manifest;  ///< the rest of what the store says of the run, for display
};

/// Runs in `folder`, or goes on with the same trial; returns whether it is complete. Throws InputError (the
/// folder holds another trial), FileError (damaged store, disk full, another process is at it).
bool run(const Trial& trial, const std::string& folder, const RunOptions& options = {});
bool resume(const std::string& folder, const RunOptions& options = {});

/// Reads a store, complete or not, and checks every number against its checksums. Of treated patients beyond
/// the first `in_full` no more is kept than summaries need (Result::everyone). Throws FileError.
Result load_result(const std::string& folder, std::size_t in_full = std::numeric_limits<std::size_t>::max());

/// One arm in numbers at the data cut-off, over all patients who had entered: one who fails counts with what
/// was seen of her until then. Weighted where candidates have weights; counts are of patients.
struct ArmSummary {
    std::string name;
    std::size_t n = 0;
    std::size_t failed = 0;             ///< of `n`
    std::array<std::size_t, 7> best{};  ///< by Response
    double response_rate = 0.0;         ///< (CR + PR) / n; NaN if n = 0
    Interval response_interval{};       ///< Clopper–Pearson, or with weights Wilson, 95 %
    double control_rate = 0.0;          ///< and SD
    Interval control_interval{};
    SurvivalCurve progression_free;  ///< days; log-log intervals, 95 %
    SurvivalCurve overall;           ///< no steps where death is not modelled
    SurvivalCurve followed;          ///< reverse Kaplan–Meier
};
std::vector<ArmSummary> summarize(const Result& result);

/// Share of patients that failed, in growth or in any arm, of those treated or failed: what Trial::max_failed
/// limits.
double failed_share(const Result& result);

/// `summary.json` as the CLI promises it.
std::string summary_json(const Result& result);

/// Tidy tables in `folder`: patients, responses, pfs, visits, courses, endpoints, best_responses, lesions,
/// adverse_events, decisions, doses (.csv), and define.json with the
/// meaning and unit of each column. Throws FileError.
void export_csv(const Result& result, const std::string& folder);

/// CDISC ADaM-shaped data sets ADSL, ADTTE (CNSR 0: event), ADRS, ADTR and ADEX in `folder`, and define.json.
/// A subject is a patient in an arm. Throws FileError.
struct AdamOptions {
    bool dataset_json = false;  ///< beside CSV: Dataset-JSON 1.1
    bool xpt = false;           ///< beside CSV: SAS transport version 5
    std::string created;        ///< time now in ISO 8601, for Dataset-JSON
};
void export_adam(const Result& result, const std::string& folder, const AdamOptions& options = {});

}  // namespace abscopal
