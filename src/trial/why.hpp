// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "abscopal/result.hpp"
#include "trial/population.hpp"

/// Why some patients have an outcome and others not.
namespace abscopal {

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

/// How many failed at `step` (the number of steps: at any), and how many of them have the outcome in each
/// arm.
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
