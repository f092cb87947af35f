// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "trial/calibration.hpp"
#include "trial/calibration_measures.hpp"
#include "trial/calibration_problem.hpp"
#include "trial/in_memory.hpp"

namespace abscopal {

/// Runs all trials of a problem at values of what is varied. Every run is written down, so that none is done
/// twice, also by a later process.
class Evaluator {
  public:
    Evaluator(const Problem& problem, const std::string& folder, const CalibrationOptions& options);

    /// Features of all targets at a point of the unit cube; nothing once stopped.
    std::optional<std::vector<double>> operator()(const std::vector<double>& u);

    /// The patients of a trial at a point.
    std::optional<Result> run(std::size_t trial, const std::vector<double>& u, std::size_t n_patients) const;
    Trial variant(std::size_t trial, const std::vector<double>& u) const;

    bool is_stopped() const;
    std::size_t n_known() const { return known_.size(); }
    void say(const std::string& text) const;

  private:
    void read_known();
    void write_down(const std::string& key, const std::vector<double>& values);

    const Problem& problem_;
    const CalibrationOptions& options_;
    std::string path_;
    std::vector<std::unique_ptr<TrialMachine>> machines_;
    std::map<std::string, std::vector<double>> known_;
};

/// A number at a point of its scale, and back.
double number_at(const Varied& varied, double u);
double scale_of(const Varied& varied, double x);

/// Mean square of the deviations of targets from what was observed, in standard errors, by weight. A target
/// nobody belongs to counts as five.
double misfit(const Problem& problem, const std::vector<double>& values);

/// The point with the least misfit found by the problem's method from its start; nothing if it was stopped.
std::optional<std::vector<double>> fit(const Problem& problem, Evaluator& evaluate);

/// How well the targets determine the point: by finite differences of the features.
struct Identifiability {
    std::vector<double> errors;  ///< standard errors on the unit scale; NaN: not determined
    std::vector<std::vector<double>> correlation;
};
std::optional<Identifiability> identifiability(const Problem& problem, Evaluator& evaluate,
                                               const std::vector<double>& u);

}  // namespace abscopal
