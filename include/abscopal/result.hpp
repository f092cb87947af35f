// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "abscopal/trial.hpp"

/// What a Trial produced, and the store it is kept in: one SQLite file a run, written in blocks of candidates
/// in index order, so that a killed run resumes to the same bits (docs/developer/store.md has the tables).
namespace abscopal {

enum class Fate { treated, rejected, failed };  ///< of a drawn candidate; a candidate that fails in one arm still counts as treated

/// A candidate drawn from the population.
struct Candidate {
    std::size_t index = 0;
    Fate fate = Fate::rejected;
    std::string reason;               ///< of rejection or failure; empty if treated
    double diagnosis_day = 0.0;       ///< model time of diagnosis in days
    std::vector<double> parameters;   ///< in the order of Result::parameters
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
    double baseline = 0.0;                    ///< sum of diameters at day 0, mm
    std::vector<Visit> visits;
    Response best = Response::not_evaluable;  ///< best overall response, unconfirmed
    double pfs_day = 0.0;                     ///< progression, or last adequate assessment
    bool progressed = false;                  ///< false: censored
    double off_treatment_day = -1.0;          ///< −1: treatment went on
    std::vector<std::vector<double>> recorded;  ///< [watched][record], shown unit
};

struct RunOptions {
    unsigned threads = 0;  ///< 0: all cores. Can change no bit of a Result
    std::function<void(std::size_t drawn, std::size_t treated, std::size_t failed)> progress;  ///< may be empty
    const std::atomic<int>* stop = nullptr;  ///< 1: finish the block and return; 2: return now
};

struct Result {
    Trial trial;
    std::vector<std::string> parameters;
    std::vector<Candidate> candidates;
    std::vector<Course> courses;        ///< by candidate, then arm
    std::vector<double> record_days;
    bool complete = false;
    std::string model_digest, trial_digest, result_digest, version;
};

/// Runs or resumes in `folder`; returns whether it is complete. Throws InputError (another trial is in the folder), FileError.
bool run(const Trial& trial, const std::string& folder, const RunOptions& options = {});
bool resume(const std::string& folder, const RunOptions& options = {});
Result load_result(const std::string& folder);

/// `summary.json` as the CLI promises it.
std::string summary_json(const Result& result);

}  // namespace abscopal
