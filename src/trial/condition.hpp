// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "abscopal/expression.hpp"

/// Conditions as protocols write them: "pd_l1_tps >= 50 and lines == 0 and not liver_metastases".
namespace abscopal {

/// Formulas with `and`, `or` and `not` (from loose to tight: or, and, not, relations). `place` is where the
/// first character stands. Throws InputError.
Expression parse_condition(std::string_view text, const Place& place);

/// The parts of a condition that must all hold.
std::vector<Expression> conjuncts(const Expression& condition);

/// The names in an expression, each once, in order of appearance.
std::vector<std::string> names_in(const Expression& expression);

/// A condition as the trial file would have it: with words for `&&`, `||` and `!`.
std::string condition_text(const Expression& condition);

/// What a name in an expression over a patient's row means: a column, or a number (a category).
class RowNames {
  public:
    void add_column(const std::string& name, std::size_t column);
    void add_number(const std::string& name, double value);
    bool knows(const std::string& name) const;
    std::vector<std::string> all() const;  ///< sorted
    /// Value of an expression whose names are known. Conditions are 1 or 0.
    double evaluate(const Expression& expression, const std::vector<double>& row) const;

  private:
    std::map<std::string, std::size_t, std::less<>> columns_;
    std::map<std::string, double, std::less<>> numbers_;
};

}  // namespace abscopal
