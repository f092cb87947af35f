// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "trial/selection.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "trial/row_formulas.hpp"

namespace abscopal {
namespace {

std::vector<const Prior*> baseline_attributes(const Population& population) {
    std::vector<const Prior*> attributes;
    for (const auto& prior : population.priors)
        if (prior.at_baseline) attributes.push_back(&prior);
    return attributes;
}

bool has_name(const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

bool are_known(const Expression& condition, const RowNames& names) {
    const auto needed = names_in(condition);
    return std::all_of(needed.begin(), needed.end(),
                       [&](const std::string& name) { return names.knows(name); });
}

}  // namespace

RowNames baseline_names(const Trial& trial) {
    RowNames names = row_names(trial.population);
    std::size_t column = row_columns(trial.population).size();
    for (const auto* attribute : baseline_attributes(trial.population))
        names.add_column(attribute->parameter, column++);
    names.add_column(lines_name, column++);
    names.add_column(days_name, column++);
    return names;
}

std::vector<std::string> patient_columns(const Trial& trial) {
    auto columns = row_columns(trial.population);
    for (const auto* attribute : baseline_attributes(trial.population))
        columns.push_back(attribute->parameter);
    if (trial.earlier_lines.empty() || has_name(columns, lines_name) || has_name(columns, days_name))
        return columns;
    columns.emplace_back(lines_name);
    columns.emplace_back(days_name);
    return columns;
}

Selection::Selection(const Trial& trial, const Model& model)
    : row_names_(row_names(trial.population)),
      names_(baseline_names(trial)),
      n_row_(row_columns(trial.population).size()),
      n_columns_(patient_columns(trial).size()),
      n_formulas_(baseline_attributes(trial.population).size()),
      n_named_(n_row_ + n_formulas_ + 2) {
    add_formulas(trial, model);
    add_criteria(trial, model);
}

/// Gives the observables an expression needs a place behind the names that are there.
void Selection::add_observables(const Expression& expression, const Model& model) {
    for (const auto& name : names_in(expression)) {
        if (names_.knows(name)) continue;
        const auto observable = find_observable(model, name);
        if (!observable)
            throw InputError({"unknown-name",
                              "'" + name + "' is no attribute of patients and not in the model",
                              expression->place,
                              {}});
        names_.add_column(name, n_named_ + observables_.size());
        observables_.push_back(*observable);
    }
}

void Selection::add_formulas(const Trial& trial, const Model& model) {
    struct Open {
        std::size_t column;
        std::string name;
        Expression expression;
    };
    std::vector<Open> open;
    for (const auto* prior : baseline_attributes(trial.population)) {
        open.push_back({n_row_ + open.size(), prior->parameter,
                        parse_condition(prior->expression, prior->expression_place)});
        add_observables(open.back().expression, model);
    }
    while (!open.empty()) {
        const auto is_ready = [&](const Open& one) {
            const auto needed = names_in(one.expression);
            return std::none_of(open.begin(), open.end(),
                                [&](const Open& other) { return has_name(needed, other.name); });
        };
        const auto next = std::find_if(open.begin(), open.end(), is_ready);
        if (next == open.end())
            throw InputError({"circular-expression",
                              "the expression of '" + open.front().name + "' needs itself",
                              open.front().expression->place,
                              {}});
        formulas_.emplace_back(next->column, next->expression);
        open.erase(next);
    }
}

void Selection::add_criteria(const Trial& trial, const Model& model) {
    if (trial.eligibility.empty()) return;
    for (const auto& part : conjuncts(parse_condition(trial.eligibility, trial.eligibility_place))) {
        const bool is_early = are_known(part, row_names_);
        if (!is_early) add_observables(part, model);
        (is_early ? by_row_ : by_baseline_).push_back({part, condition_text(part)});
    }
}

std::string Selection::first_refused(const std::vector<Criterion>& criteria, const RowNames& names,
                                     const std::vector<double>& values) {
    for (const auto& criterion : criteria) {
        const double truth = names.evaluate(criterion.condition, values);
        if (truth == 0.0 || std::isnan(truth)) return criterion.text;
    }
    return "";
}

std::string Selection::refused_by_row(const std::vector<double>& row) const {
    return first_refused(by_row_, row_names_, row);
}

Selection::Baseline Selection::at_baseline(const std::vector<double>& row, const Simulation& simulation,
                                           std::size_t lines, double days_since_diagnosis) const {
    std::vector<double> values = row;
    values.resize(n_row_ + n_formulas_, std::numeric_limits<double>::quiet_NaN());
    values.push_back(static_cast<double>(lines));
    values.push_back(days_since_diagnosis);
    for (const auto observable : observables_) values.push_back(simulation.value(observable));
    for (const auto& [column, formula] : formulas_) values[column] = names_.evaluate(formula, values);

    Baseline baseline;
    baseline.refused = first_refused(by_baseline_, names_, values);
    values.resize(n_columns_);
    baseline.columns = std::move(values);
    return baseline;
}

}  // namespace abscopal
