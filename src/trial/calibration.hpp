// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

/// How a virtual population is brought to what trials observed.
namespace abscopal {

/// A target and what the model says of it. Shares between 0 and 1, medians in months.
struct CalibratedTarget {
    std::string trial, arm, measure, event, where, source;
    double observed, lower, upper;    ///< 95 %
    double fitted, fitted_error;      ///< all patients of the fitted laws alike; error over patients
    double weighted, weighted_error;  ///< under prevalence weights
    bool is_held_out, is_supported, is_share;
    bool meets;  ///< weighted value in the observed interval or within the tolerance
                 ///< (docs/guide/calibration.md)
};

/// A number that was varied.
struct CalibratedNumber {
    std::string name;
    double start, value, lower, upper;
    double error;  ///< standard error on the scale searched, as a share of its range; NaN: not identifiable
};

struct CalibratedPopulation {
    std::string trial;
    std::size_t n_patients, n_accepted;
    double effective_size, distance;  ///< distance: of accepted marginals
    bool converged;
};

struct Calibrated {
    std::string title, digest, problem_file;
    std::uint64_t seed;
    std::size_t n_evaluations;
    double misfit_at_start, misfit;  ///< mean squared deviation of fitted targets, in standard errors
    std::vector<CalibratedTarget> targets;
    std::vector<CalibratedNumber> numbers;
    std::vector<std::vector<double>> correlation;  ///< of the estimates of the numbers
    std::vector<CalibratedPopulation> populations;
};

struct CalibrationOptions {
    unsigned threads = 0;
    const std::atomic<int>* stop = nullptr;
    std::function<void(const std::string&)> tell;  ///< how far it is; may be empty
    std::string code_cache;
    bool only_evaluate = false;  ///< measure the targets as the files stand: no fit, weights or sensitivities
    std::string card;  ///< Markdown file whose tables between `<!-- table: … -->` and `<!-- end -->` are
                       ///< renewed; or empty
};

/// Calibrates as a problem file says, into `folder`: evaluations (a stopped calibration goes on from them),
/// targets, fitted laws as an include file, weighted populations as draws, sensitivities, report.md. Nothing
/// if it was told to stop. A function of the problem, its trials and its evidence. Throws InputError,
/// FileError.
std::optional<Calibrated> calibrate(const std::string& problem_file, const std::string& folder,
                                    const CalibrationOptions& options = {});

}  // namespace abscopal
