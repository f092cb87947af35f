// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "abscopal/result.hpp"

/// How a virtual population is brought to what trials observed, and what tells its responders from the
/// others.
namespace abscopal {

/// Numbers of many subjects: one inner vector a variable, as long as there are subjects.
using Columns = std::span<const std::vector<double>>;

// --- Weights and selection ---------------------------------------------------------------------------------

/// A number a weighted population must have: the mean of `feature` over those with `member` ≠ 0 (a stratum;
/// empty: everyone).
struct Moment {
    std::vector<double> feature;
    std::vector<double> member;
    double value = 0.0;
    double error = 0.0;  ///< standard error; 0: to be met exactly
};

struct Prevalence {
    std::vector<double> weights;      ///< sum to the number of subjects
    std::vector<double> multipliers;  ///< of each moment
    std::vector<double> achieved;     ///< means under the weights
    double effective_size = 0.0;      ///< (Σw)² / Σw² (Kish 1965)
    bool converged = false;
    std::vector<bool> supported;  ///< subjects lie on both sides of the value
};

/// The weights nearest to `prior` (empty: equal) in relative entropy that meet the moments, each within its
/// error: minimum of KL + Σ (miss / error)² / 2, by Newton's method on the convex dual (Jaynes 1957,
/// doi 10.1103/PhysRev.106.620; prevalence weights: Klinke 2008, doi 10.1529/biophysj.107.127803, and
/// Schmidt et al. 2013, doi 10.1186/1471-2105-14-221).
Prevalence maximum_entropy(std::span<const Moment> moments, std::size_t n,
                           std::span<const double> prior = {});

/// Acceptance by ratio of densities (Allen, Rieger & Musante 2016, doi 10.1002/psp4.12063).
struct Acceptance {
    std::vector<double> probability;
    std::vector<bool> accepted;
    std::size_t n_accepted = 0;
    double scale = 0.0;     ///< β of the paper
    double distance = 0.0;  ///< largest Kolmogorov–Smirnov distance of an accepted marginal
};

/// Accepts subjects so that their `scores` follow the normal law with means 0, variances 1 and this
/// correlation (empty: none). The density of the subjects is taken from the volume to the fifth neighbour;
/// the scale minimises the sum of Kolmogorov–Smirnov distances among those that accept at least `at_least`.
Acceptance accept(Columns scores, const std::vector<std::vector<double>>& correlation, std::uint64_t seed,
                  std::size_t at_least);

// --- Sensitivity -------------------------------------------------------------------------------------------

/// Partial rank correlation of each input with an output (Marino et al. 2008,
/// doi 10.1016/j.jtbi.2008.04.011), with 95 % limits by Fisher's transformation and a two-sided p. Constant
/// inputs have NaN.
struct PartialCorrelation {
    double value, lower, upper, p;
};
std::vector<PartialCorrelation> prcc(Columns inputs, std::span<const double> output);

struct SobolIndex {
    double first, first_error;  ///< estimators of Saltelli et al. 2010, doi 10.1016/j.cpc.2009.09.018
    double total, total_error;  ///< of Jansen 1999, doi 10.1016/S0010-4655(98)00154-4; standard errors
};

/// Indices of every output with respect to independent inputs on the unit cube, from n·(d + 2) evaluations at
/// points of a scrambled Sobol sequence. `outputs(point)` gives all outputs. Result: [output][input].
std::vector<std::vector<SobolIndex>> sobol_indices(
    std::size_t d, std::size_t n, std::uint64_t seed,
    const std::function<std::vector<double>(const std::vector<double>&)>& outputs);

// --- Discrimination ----------------------------------------------------------------------------------------

/// Area under the receiver operating characteristic: probability that a positive subject scores above a
/// negative one, ties counting half; interval by DeLong et al. 1988 (doi 10.2307/2531595) on the logit; p of
/// Mann & Whitney with ties, normal approximation. NaN where a class is empty. Scores that are NaN are left
/// out.
struct Discrimination {
    double auc, lower, upper, p;
    std::size_t n_positive, n_negative;
};
Discrimination discriminate(std::span<const double> score, std::span<const char> positive);

/// The curve: points (false positive rate, true positive rate) from (0, 0) to (1, 1), by falling score.
std::vector<std::pair<double, double>> roc_curve(std::span<const double> score,
                                                 std::span<const char> positive);

/// Logistic regression of a class on standardised inputs with a ridge penalty (Hoerl & Kennard 1970), by
/// Newton's method.
struct LogisticFit {
    double intercept;
    std::vector<double> coefficients;  ///< per standard deviation
    std::vector<double> means, deviations;
    bool converged;
    double score(const std::vector<double>& row) const;  ///< log odds
};
LogisticFit logistic(Columns inputs, std::span<const char> positive, double ridge = 1e-3);

/// Scores of every subject by a fit on the other folds: subject i is in fold i mod `folds`.
std::vector<double> cross_validated(Columns inputs, std::span<const char> positive, std::size_t folds = 10);

// --- Calibration -------------------------------------------------------------------------------------------

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
};

/// Calibrates as a problem file says, into `folder`: evaluations (a stopped calibration goes on from them),
/// targets, fitted laws as an include file, weighted populations as draws, sensitivities, report.md. Nothing
/// if it was told to stop. A function of the problem, its trials and its evidence. Throws InputError,
/// FileError.
std::optional<Calibrated> calibrate(const std::string& problem_file, const std::string& folder,
                                    const CalibrationOptions& options = {});

// --- Why some and not others ----------------------------------------------------------------------------

/// A column of the patients beside the outcome.
struct Factor {
    std::string name, label, unit;
    double with, without;  ///< medians of patients with and without the outcome
    double effect;         ///< Cliff's delta, 2 AUC − 1: above 0 where the outcome goes with high values
    Discrimination discrimination;
    double q;  ///< p after Benjamini & Hochberg 1995 (doi 10.1111/j.2517-6161.1995.tb02031.x)
    std::vector<std::pair<double, double>> curve;  ///< roc_curve, of the first three
};

/// A patient without the outcome.
struct Failure {
    std::size_t candidate;
    std::size_t step;                  ///< index in Trial::steps; n: none is declared
    double standing;                   ///< share of patients with the outcome who stand lower at that step
    std::vector<std::size_t> rescued;  ///< arms in which the same patient has the outcome
};

/// One arm: who has an outcome and who has not, and what tells them apart.
struct Why {
    std::string arm, outcome;
    std::size_t n, n_with;
    std::vector<Factor> factors;  ///< by falling distance of the AUC from one half
    std::vector<std::string> best_few;
    std::vector<std::pair<double, double>> curve;  ///< of the best few together
    Discrimination
        together;  ///< of the best few, chosen and fitted in nine tenths, judged in the tenth left out
    std::vector<Failure> failures;
    std::vector<std::size_t> failed_at;  ///< number of failures by step
};

/// How many failed at `step` (the number of steps: at any), and how many of them have the outcome in each arm.
struct Rescue {
    std::size_t n;
    std::vector<std::size_t> by_arm;
};
Rescue rescue_at(const Result& result, const Why& why, std::size_t step);

std::string words(const Factor& factor);       ///< label or name, and unit
std::string words(const Discrimination& auc);  ///< area and 95 % limits, or a dash

/// For each arm. `outcome`: a measure of the calibration file that is a share, such as "orr" or "pfs_12m".
/// Throws InputError for another.
std::vector<Why> explain_outcomes(const Result& result, const std::string& outcome = "orr");

/// The same in words and tables (Markdown), and as tidy tables: factors.csv, failures.csv in `folder`.
std::string why_markdown(const Result& result, const std::vector<Why>& arms);
void write_why(const Result& result, const std::vector<Why>& arms, const std::string& folder);

}  // namespace abscopal
