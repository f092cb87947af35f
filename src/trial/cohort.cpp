// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "abscopal/cohort.hpp"

#include <algorithm>
#include <cmath>

#include "base/csv.hpp"
#include "base/random.hpp"
#include "base/text.hpp"
#include "trial/copula.hpp"
#include "trial/design.hpp"
#include "trial/row_formulas.hpp"

namespace abscopal {
namespace {

/// Point of the design for one candidate: a number in (0, 1) for each prior.
class Design {
  public:
    Design(const Population& population, std::uint64_t seed, std::size_t strata)
        : kind_(population.sampling),
          seed_(seed),
          strata_(std::max<std::size_t>(1, strata)),
          sobol_(kind_ == Sampling::sobol ? n_sampled(population) : 0) {}

    static std::size_t n_sampled(const Population& population) {
        return static_cast<std::size_t>(
            std::count_if(population.priors.begin(), population.priors.end(),
                          [](const Prior& prior) { return prior.law != Law::expression; }));
    }

    double operator()(std::size_t index, std::size_t dimension) const {
        if (kind_ == Sampling::sobol) return sobol_.point(seed_, index, dimension);
        if (kind_ == Sampling::latin_hypercube) return latin_hypercube(seed_, index, dimension, strata_);
        return uniform(seed_, Purpose::prior, index, 0, static_cast<std::uint32_t>(dimension));
    }

  private:
    Sampling kind_;
    std::uint64_t seed_;
    std::size_t strata_;
    ScrambledSobol sobol_;
};

std::vector<double> prior_values(const Population& population, const Copula& copula, const Design& design,
                                 std::size_t index) {
    const auto& priors = population.priors;
    std::vector<double> u(priors.size(), 0.5), row;
    std::size_t dimension = 0;
    for (std::size_t i = 0; i < u.size(); ++i)
        if (priors[i].law != Law::expression) u[i] = design(index, dimension++);
    copula.correlate(u);
    for (std::size_t i = 0; i < u.size(); ++i)
        if (is_sampled(priors[i])) row.push_back(quantile(priors[i], u[i]));
    return row;
}

/// A cell of a table of draws as a finite number, or a fault.
double draw_cell(const CsvTable& table, std::size_t row, std::size_t column, bool is_weight,
                 FaultList& faults) {
    const auto value = to_double(table.rows[row][column]);
    if (!value || !std::isfinite(*value)) {
        faults.add("bad-number",
                   "column '" + table.columns[column] + "' must be a finite number; found '" +
                       table.rows[row][column] + "'",
                   table.place(row, column));
        return 0.0;
    }
    if (is_weight && *value < 0) {
        faults.add("negative-weight", "weight must not be negative; found " + table.rows[row][column],
                   table.place(row, column));
    }
    return *value;
}

}  // namespace

Cohort read_draws(const std::string& path) {
    const CsvTable table = read_csv(path);
    FaultList faults;
    Cohort draws;
    for (const auto& column : table.columns) {
        if (column != "weight") draws.parameters.push_back(column);
    }
    for (std::size_t row = 0; row < table.rows.size(); ++row) {
        std::vector<double> values;
        double weight = 1.0;
        for (std::size_t column = 0; column < table.columns.size(); ++column) {
            const bool is_weight = table.columns[column] == "weight";
            const double value = draw_cell(table, row, column, is_weight, faults);
            if (is_weight)
                weight = value;
            else
                values.push_back(value);
        }
        draws.rows.push_back(std::move(values));
        draws.weights.push_back(weight);
    }
    if (draws.rows.empty()) faults.add("no-draws", "table of draws has no rows", {path});
    faults.throw_if_any();
    return draws;
}

Cohort sample(const Population& population, std::uint64_t seed, std::size_t first, std::size_t n,
              std::size_t strata) {
    const Cohort& draws = population.draws;
    const bool from_draws = !draws.parameters.empty();
    if (from_draws) n = std::min(n, draws.rows.size() - std::min(first, draws.rows.size()));

    Cohort cohort;
    cohort.parameters = row_columns(population);
    const RowFormulas formulas(population);
    const Design design(population, seed, strata);
    const Copula copula(population);
    for (std::size_t i = first; i < first + n; ++i) {
        auto row = prior_values(population, copula, design, i);
        if (from_draws) row.insert(row.end(), draws.rows[i].begin(), draws.rows[i].end());
        formulas.fill(row);
        cohort.rows.push_back(std::move(row));
        cohort.weights.push_back(from_draws ? draws.weights[i] : 1.0);
    }
    return cohort;
}

}  // namespace abscopal
