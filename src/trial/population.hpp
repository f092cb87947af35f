// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <cstdint>
#include <functional>
#include <span>
#include <utility>
#include <vector>

/// Plain mathematics of virtual populations: weights that meet what was observed, what moves an output, what
/// tells two classes apart.
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

}  // namespace abscopal
