// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "trial/row_formulas.hpp"

#include <algorithm>

namespace abscopal {
namespace {

struct Formula {
    const Prior* prior;
    std::size_t column;
    Expression expression;
};

void check_names(const Formula& formula, const RowNames& names, FaultList& faults) {
    const auto known = names.all();
    for_each_node(formula.expression, [&](const Node& node) {
        if (node.op != Op::symbol || names.knows(node.name)) return;
        faults.add("unknown-name",
                   "'" + node.name + "' in the expression of '" + formula.prior->parameter +
                       "' is neither sampled nor computed" + did_you_mean(node.name, known),
                   node.place);
    });
    check_formula(formula.expression, faults);
}

/// Whether an expression needs one that is not computed yet.
bool waits(const Formula& formula, const std::vector<Formula>& open) {
    const auto names = names_in(formula.expression);
    return std::any_of(open.begin(), open.end(), [&](const Formula& other) {
        return std::find(names.begin(), names.end(), other.prior->parameter) != names.end();
    });
}

}  // namespace

bool is_sampled(const Prior& prior) {
    return !prior.at_baseline && !prior.is_drawn;
}

std::vector<std::string> row_columns(const Population& population) {
    std::vector<std::string> columns;
    for (const auto& prior : population.priors)
        if (is_sampled(prior)) columns.push_back(prior.parameter);
    const auto& drawn = population.draws.parameters;
    columns.insert(columns.end(), drawn.begin(), drawn.end());
    return columns;
}

RowNames row_names(const Population& population) {
    RowNames names;
    const auto columns = row_columns(population);
    for (std::size_t i = 0; i < columns.size(); ++i) names.add_column(columns[i], i);
    for (const auto& prior : population.priors)
        for (std::size_t i = 0; i < prior.categories.size(); ++i)
            names.add_number(prior.categories[i], prior.values[i]);
    return names;
}

void check_formula(const Expression& formula, FaultList& faults) {
    for_each_node(formula, [&](const Node& node) {
        if (node.op == Op::call)
            faults.add("unknown-function", "'" + node.name + "' is not a function", node.place);
        if (node.op == Op::time || node.op == Op::delay || node.op == Op::rate_of)
            faults.add("no-time",
                       "'" + std::string(name_of(node.op)) + "' has no meaning for a patient's attribute",
                       node.place);
    });
}

RowFormulas::RowFormulas(const Population& population) : names_(row_names(population)) {
    FaultList faults;
    std::vector<Formula> open;
    std::size_t column = 0;
    for (const auto& prior : population.priors) {
        if (!is_sampled(prior)) continue;
        if (prior.law == Law::expression) {
            open.push_back({&prior, column, parse_condition(prior.expression, prior.expression_place)});
            check_names(open.back(), names_, faults);
        }
        ++column;
    }
    while (!open.empty()) {
        const auto next =
            std::find_if(open.begin(), open.end(), [&](const Formula& f) { return !waits(f, open); });
        if (next == open.end()) {
            faults.add("circular-expression",
                       "the expression of '" + open.front().prior->parameter + "' needs itself",
                       open.front().prior->expression_place);
            break;
        }
        formulas_.emplace_back(next->column, next->expression);
        open.erase(next);
    }
    faults.throw_if_any();
}

void RowFormulas::fill(std::vector<double>& row) const {
    for (const auto& [column, formula] : formulas_) row[column] = names_.evaluate(formula, row);
}

}  // namespace abscopal
