// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "abscopal/cohort.hpp"
#include "trial/condition.hpp"

/// Columns of a patient's row that are computed from others.
namespace abscopal {

/// Whether a prior makes a column of `sample`.
bool is_sampled(const Prior& prior);

/// The columns of a row in the order of `sample`.
std::vector<std::string> row_columns(const Population& population);

/// Columns and names of categories.
RowNames row_names(const Population& population);

/// Faults of an expression: functions that nobody knows, and what changes with time.
void check_formula(const Expression& formula, FaultList& faults);

/// The expressions of a population in an order in which they can be computed.
class RowFormulas {
  public:
    /// Throws InputError: names that are no columns, and expressions that need each other.
    explicit RowFormulas(const Population& population);
    /// Writes the computed columns.
    void fill(std::vector<double>& row) const;

  private:
    RowNames names_;
    std::vector<std::pair<std::size_t, Expression>> formulas_;
};

}  // namespace abscopal
