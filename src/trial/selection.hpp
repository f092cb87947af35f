// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "abscopal/simulation.hpp"
#include "abscopal/trial.hpp"
#include "trial/condition.hpp"

/// Who of the drawn is a patient of the trial.
namespace abscopal {

// Names every condition at baseline may use, where no column has them.
inline constexpr const char* lines_name = "lines";  ///< earlier lines she had
inline constexpr const char* days_name = "days_since_diagnosis";

/// What a patient is called by at baseline, in this order: her row; attributes at baseline; `lines`;
/// `days_since_diagnosis`; then observables.
RowNames baseline_names(const Trial& trial);

/// The columns of Result::parameters: the row, attributes at baseline and, where earlier lines are simulated,
/// `lines` and `days_since_diagnosis`.
std::vector<std::string> patient_columns(const Trial& trial);

/// The eligibility of a trial, with its names looked up once.
class Selection {
  public:
    Selection() = default;
    /// Throws InputError.
    Selection(const Trial& trial, const Model& model);

    /// The first condition on the row alone that does not hold, in words; empty: none.
    std::string refused_by_row(const std::vector<double>& row) const;

    /// What is known of a patient at baseline.
    struct Baseline {
        std::vector<double> columns;  ///< as patient_columns
        std::string refused;          ///< the first condition that does not hold, in words; empty: none
    };
    Baseline at_baseline(const std::vector<double>& row, const Simulation& simulation, std::size_t lines,
                         double days_since_diagnosis) const;

  private:
    struct Criterion {
        Expression condition;
        std::string text;
    };
    static std::string first_refused(const std::vector<Criterion>& criteria, const RowNames& names,
                                     const std::vector<double>& values);
    void add_observables(const Expression& expression, const Model& model);
    void add_formulas(const Trial& trial, const Model& model);
    void add_criteria(const Trial& trial, const Model& model);

    RowNames row_names_, names_;
    std::size_t n_row_ = 0, n_columns_ = 0, n_formulas_ = 0, n_named_ = 0;
    std::vector<Criterion> by_row_, by_baseline_;
    std::vector<std::pair<std::size_t, Expression>> formulas_;  ///< place among the names, in order
    std::vector<std::size_t> observables_;
};

}  // namespace abscopal
