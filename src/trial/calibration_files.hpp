// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <string>
#include <vector>

#include "abscopal/result.hpp"
#include "trial/calibration.hpp"
#include "trial/calibration_problem.hpp"
#include "trial/population.hpp"

/// What a calibration leaves behind. All throw FileError.
namespace abscopal {

/// targets.csv, numbers.csv, report.md.
void write_calibration(const Calibrated& result, const Problem& problem, const std::string& folder);

/// fitted_<trial>.toml: the laws and settings that were varied, as a file to include.
void write_fitted(const Problem& problem, std::size_t trial, const Trial& fitted, const std::string& folder);

/// population_<trial>.csv: the rows of accepted patients with their weights, as draws.
void write_population(const Problem& problem, std::size_t trial, const Result& result,
                      const std::vector<bool>& accepted, const std::vector<double>& weights,
                      const std::string& folder);

/// sobol.csv; the last output is the misfit.
void write_sobol(const Problem& problem, const std::vector<std::vector<SobolIndex>>& indices,
                 const std::string& folder);

/// The report as Markdown.
std::string calibration_markdown(const Calibrated& result);

/// Tables of a card: what stands between `<!-- table: targets -->` (strata, adverse_events) and `<!-- end
/// -->` is replaced. A name of a cancer behind the table's (`targets melanoma`) takes the trials that begin
/// so.
void renew_card(const Calibrated& result, const std::string& file);

/// A share in percent, months, or "not reached".
std::string shown_value(const CalibratedTarget& target, double value);

}  // namespace abscopal
