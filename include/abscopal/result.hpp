// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

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

/// RECIST 1.1 (Eisenhauer 2009, doi 10.1016/j.ejca.2008.10.026).
enum class Response : std::uint8_t { complete, partial, stable, progressive, not_evaluable };
std::string_view name_of(Response response);  ///< "CR", "PR", "SD", "PD", "NE"

struct Visit {
    double day = 0.0;
    double sum_of_diameters = 0.0;  ///< mm
    Response response = Response::not_evaluable;
};

/// One patient in one arm.
struct Course {
    std::size_t candidate = 0, arm = 0;
    Outcome outcome;
    double baseline = 0.0;                      ///< sum of diameters at day 0, mm
    std::vector<Visit> visits;                  ///< those reached: a failed course ends early
    Response best = Response::not_evaluable;    ///< best overall response, unconfirmed
    double pfs_day = 0.0;                       ///< progression, or last adequate assessment
    bool progressed = false;                    ///< false: censored
    double off_treatment_day = -1.0;            ///< −1: treatment went on
    std::vector<std::vector<double>> recorded;  ///< [watched][record], shown unit; NaN after a failure
};

/// Can change no bit of a Result.
struct RunOptions {
    unsigned threads = 0;    ///< 0: all cores
    bool overwrite = false;  ///< replace a run that is in the folder
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

struct Result {
    Trial trial;
    std::vector<std::string> parameters;
    std::vector<Candidate> candidates;  ///< in the order drawn
    std::vector<Course> courses;        ///< by candidate, then arm
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

/// Reads a store, complete or not, and checks every number against its checksums. Throws FileError.
Result load_result(const std::string& folder);

/// One arm in numbers, over all its patients: one who fails counts with what was seen of her until then.
struct ArmSummary {
    std::string name;
    std::size_t n = 0;
    std::size_t failed = 0;             ///< of `n`
    std::array<std::size_t, 5> best{};  ///< by Response
    double response_rate = 0.0;         ///< (CR + PR) / n; NaN if n = 0
    Interval response_interval{};       ///< Clopper–Pearson, 95 %
    SurvivalCurve progression_free;     ///< days; log-log intervals, 95 %
};
std::vector<ArmSummary> summarize(const Result& result);

/// Share of patients that failed, in growth or in any arm, of those treated or failed: what Trial::max_failed
/// limits.
double failed_share(const Result& result);

/// `summary.json` as the CLI promises it.
std::string summary_json(const Result& result);

/// Tidy tables in `folder`: patients, responses, pfs, visits, courses (.csv), and define.json with the
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
