// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "ode/consistency.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "ode/workbench.hpp"

namespace abscopal {
namespace {

constexpr int most_iterations = 400;
constexpr double unbounded_pace = 1e200;  // an implicit Euler step so long is a Newton step
constexpr double no_flow = 1e-80;         // the vanishing terms of fast reactions that stand still lie below
constexpr double shortest_pace = 1e-280;
constexpr double converged = 1e-13, good_enough = 1e-9, near = 1e-6;
constexpr double smallest_share = 1e-6;

bool all_finite(const std::vector<double>& values) {
    return std::ranges::all_of(values, [](double value) { return std::isfinite(value); });
}

}  // namespace

Consistency::Consistency(const Model& model) : model_(model) {
    if (!model.has_mass()) return;
    std::vector<char> is_unknown(model.n_states(), 0);
    for (std::size_t i = 0; i < model.n_states(); ++i)
        is_unknown[i] = model.states[i].determined != Determined::by_rate;
    for (const MassEntry& entry : model.mass)
        if (entry.row != entry.column) is_unknown[entry.row] = is_unknown[entry.column] = 1;
    std::vector<std::size_t> place(model.n_states(), 0);
    for (std::size_t i = 0; i < model.n_states(); ++i) {
        if (!is_unknown[i]) continue;
        place[i] = unknowns_.size();
        unknowns_.push_back(i);
        kinds_.push_back(model.states[i].determined);
        relaxes_ = relaxes_ || kinds_.back() == Determined::by_equilibrium;
        may_not_be_negative_.push_back(model.states[i].is_species &&
                                       kinds_.back() != Determined::by_equation);
    }
    for (std::size_t k = 0; k < model.mass.size(); ++k) {
        const MassEntry& entry = model.mass[k];
        if (is_unknown[entry.row] && model.states[entry.row].determined == Determined::by_rate)
            mass_.push_back({place[entry.row], place[entry.column], k});
    }
    for (std::size_t column = 0; column < model.n_states(); ++column) {
        const auto end = static_cast<std::size_t>(model.sparsity.column_start[column + 1]);
        for (auto k = static_cast<std::size_t>(model.sparsity.column_start[column]); k < end; ++k) {
            const auto row = static_cast<std::size_t>(model.sparsity.row[k]);
            if (is_unknown[column] && model.states[row].determined != Determined::by_rate)
                slopes_.push_back({place[row], place[column], k});
        }
    }
}

std::size_t Consistency::first_determined() const {
    const auto found = std::ranges::find_if(
        model_.states, [](const StateInfo& state) { return state.determined != Determined::by_rate; });
    return static_cast<std::size_t>(found - model_.states.begin());
}

// Residuals at x: what the rows of the mass matrix conserve, the equations, and the net fast flows.
bool Consistency::evaluate(Workbench& bench, const std::vector<double>& x) {
    for (std::size_t i = 0; i < x.size(); ++i)
        bench.at(model_.first_state + static_cast<Slot>(unknowns_[i])) = x[i];
    bench.run(model_.rates);
    residual_.assign(x.size(), 0.0);
    for (const Entry& entry : mass_) {
        residual_[entry.row] +=
            bench.at(model_.mass[entry.source].value) * (x[entry.column] - start_[entry.column]);
    }
    for (std::size_t i = 0; i < x.size(); ++i) {
        if (kinds_[i] != Determined::by_rate) residual_[i] = bench.at(model_.rates.outputs[unknowns_[i]]);
        if (kinds_[i] == Determined::by_equilibrium && std::fabs(residual_[i]) < no_flow) residual_[i] = 0.0;
    }
    return all_finite(residual_);
}

// Dense LU with row pivoting of the Newton matrix; fast rows as of an implicit Euler step of length `pace`.
bool Consistency::factorise(Workbench& bench, double pace) {
    const std::size_t n = unknowns_.size();
    bench.run(model_.jacobian);
    matrix_.assign(n * n, 0.0);
    for (const Entry& entry : mass_)
        matrix_[entry.row * n + entry.column] = bench.at(model_.mass[entry.source].value);
    for (const Entry& entry : slopes_)
        matrix_[entry.row * n + entry.column] = bench.at(model_.jacobian.outputs[entry.source]);
    for (std::size_t i = 0; i < n; ++i)
        if (kinds_[i] == Determined::by_equilibrium) matrix_[i * n + i] -= 1.0 / pace;
    reason_ = Status::rhs_nonfinite;
    if (!all_finite(matrix_)) return false;
    reason_ = Status::singular;
    // Rows are compared by their share of their own largest entry, so that units decide nothing.
    std::vector<double> weight(n, 0.0);
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j < n; ++j) weight[i] = std::max(weight[i], std::fabs(matrix_[i * n + j]));
        if (weight[i] == 0.0) return false;
    }
    pivots_.resize(n);
    for (std::size_t k = 0; k < n; ++k) {
        std::size_t best = k;
        for (std::size_t i = k + 1; i < n; ++i)
            if (std::fabs(matrix_[i * n + k]) * weight[best] > std::fabs(matrix_[best * n + k]) * weight[i])
                best = i;
        pivots_[k] = best;
        for (std::size_t j = 0; best != k && j < n; ++j) std::swap(matrix_[k * n + j], matrix_[best * n + j]);
        std::swap(weight[k], weight[best]);
        if (matrix_[k * n + k] == 0.0) return false;
        for (std::size_t i = k + 1; i < n; ++i) {
            const double factor = matrix_[i * n + k] /= matrix_[k * n + k];
            for (std::size_t j = k + 1; factor != 0.0 && j < n; ++j)
                matrix_[i * n + j] -= factor * matrix_[k * n + j];
        }
    }
    reason_ = Status::convergence;
    return true;
}

void Consistency::solve(std::vector<double>& x) const {
    const std::size_t n = x.size();
    for (std::size_t k = 0; k < n; ++k) std::swap(x[k], x[pivots_[k]]);
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < i; ++j) x[i] -= matrix_[i * n + j] * x[j];
    for (std::size_t i = n; i-- > 0;) {
        for (std::size_t j = i + 1; j < n; ++j) x[i] -= matrix_[i * n + j] * x[j];
        x[i] /= matrix_[i * n + i];
    }
}

// A step against the size of what it changes; the smallest numbers count as a billionth of the largest.
double Consistency::size_of(const std::vector<double>& step, const std::vector<double>& x) const {
    double largest = 1e-100;
    for (std::size_t i = 0; i < x.size(); ++i)
        largest = std::max({largest, std::fabs(x[i]), std::fabs(start_[i])});
    double size = 0.0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        const double change = std::fabs(step[i]) / std::max(std::fabs(x[i]), 1e-9 * largest);
        if (!(change <= size)) size = change;
    }
    return size;
}

bool Consistency::is_acceptable(Workbench& bench, const std::vector<double>& x,
                                const std::vector<double>& step, double share) {
    std::vector<double> next = x;
    // Away from an unstable equilibrium a step may be longer than its linear model bears: it turns against
    // the flow.
    double along = 0.0;
    for (std::size_t i = 0; relaxes_ && i < x.size(); ++i)
        if (kinds_[i] == Determined::by_equilibrium) along += step[i] * residual_[i];
    if (relaxes_ && !(along >= 0.0) && size_of(step, x) > good_enough) return false;
    for (std::size_t i = 0; i < x.size(); ++i) {
        next[i] += share * step[i];
        const double slack = 1e-12 * (std::fabs(x[i]) + std::fabs(start_[i]));
        if (relaxes_ && may_not_be_negative_[i] && start_[i] >= 0.0 && next[i] < -slack) return false;
    }
    if (!evaluate(bench, next)) return false;
    if (relaxes_) return true;
    // The natural monotonicity test: the next correction, with the same matrix, must be smaller.
    std::vector<double> following = residual_;
    solve(following);
    return size_of(following, next) <= (1.0 - 0.25 * share) * size_of(step, x);
}

// A first step in which no state moves by more than a tenth of its size.
double Consistency::cautious_pace(const std::vector<double>& x) const {
    double pace = unbounded_pace, largest = 0.0;
    for (std::size_t i = 0; i < x.size(); ++i) largest = std::max(largest, std::fabs(x[i]));
    for (std::size_t i = 0; i < x.size(); ++i) {
        if (kinds_[i] != Determined::by_equilibrium || residual_[i] == 0.0) continue;
        pace = std::min(pace, 0.1 * std::max(std::fabs(x[i]), 1e-3 * largest) / std::fabs(residual_[i]));
    }
    return std::max(pace, 1e30 * shortest_pace);
}

bool Consistency::iterate(Workbench& bench, std::vector<double>& x) {
    double pace = unbounded_pace, share = 1.0, last = std::numeric_limits<double>::infinity();
    reason_ = Status::rhs_nonfinite;
    if (!evaluate(bench, x)) return false;
    for (int iteration = 0; iteration < most_iterations; ++iteration) {
        if (!factorise(bench, pace)) {
            // Between a stable and an unstable equilibrium a long step may have no answer.
            if (!relaxes_ || pace < shortest_pace) return false;
            pace = iteration == 0 ? cautious_pace(x) : 0.2 * pace;
            continue;
        }
        std::vector<double> step = residual_;
        for (double& value : step) value = -value;
        solve(step);
        const double size = size_of(step, x);
        if (iteration == 0 && relaxes_ && !(size <= near)) {
            pace = cautious_pace(x);
            continue;
        }
        const bool is_free = pace == unbounded_pace && share == 1.0;
        if (is_free && (size <= converged || (size <= good_enough && size > 0.25 * last))) {
            for (std::size_t i = 0; i < x.size(); ++i) x[i] += step[i];
            return evaluate(bench, x);
        }
        if (is_acceptable(bench, x, step, share)) {
            for (std::size_t i = 0; i < x.size(); ++i) x[i] += share * step[i];
            pace = std::min(unbounded_pace, 10.0 * pace);
            share = std::min(1.0, 2.0 * share);
            last = size;
            continue;
        }
        if (relaxes_)
            pace *= 0.2;
        else
            share *= 0.5;
        if (share < smallest_share || pace < shortest_pace || !evaluate(bench, x)) return false;
    }
    return false;
}

bool Consistency::settle(Workbench& bench) {
    if (unknowns_.empty()) return true;
    start_.clear();
    for (const std::size_t state : unknowns_)
        start_.push_back(bench.at(model_.first_state + static_cast<Slot>(state)));
    std::vector<double> x = start_;
    if (all_finite(x) && iterate(bench, x)) return true;
    for (std::size_t i = 0; i < unknowns_.size(); ++i)
        bench.at(model_.first_state + static_cast<Slot>(unknowns_[i])) = start_[i];
    return false;
}

// Differentiates the equations: with y' of the plain states known, the rows of the mass matrix and
// J y' + ∂f/∂t = 0 give the rest.
bool Consistency::slopes(Workbench& bench, const std::vector<double>& input, std::vector<double>& slope) {
    bench.run(model_.rates, slope);
    for (std::size_t i = 0; i < slope.size(); ++i) slope[i] += input[i];
    if (unknowns_.empty()) return true;
    std::vector<double> right(unknowns_.size(), 0.0);
    for (std::size_t i = 0; i < unknowns_.size(); ++i)
        if (kinds_[i] == Determined::by_rate) right[i] = bench.at(model_.rates.outputs[unknowns_[i]]);
    for (const Entry& entry : mass_)
        right[entry.row] += bench.at(model_.mass[entry.source].value) * input[unknowns_[entry.column]];
    bench.run(model_.time_slope);
    for (std::size_t i = 0; i < unknowns_.size(); ++i)
        if (kinds_[i] != Determined::by_rate && !model_.time_slope.outputs.empty())
            right[i] -= bench.at(model_.time_slope.outputs[unknowns_[i]]);
    bench.run(model_.jacobian);
    for (std::size_t column = 0; column < model_.n_states(); ++column) {
        if (std::ranges::find(unknowns_, column) != unknowns_.end()) continue;
        const auto end = static_cast<std::size_t>(model_.sparsity.column_start[column + 1]);
        for (auto k = static_cast<std::size_t>(model_.sparsity.column_start[column]); k < end; ++k) {
            const auto row = std::ranges::find(unknowns_, static_cast<std::size_t>(model_.sparsity.row[k]));
            if (row == unknowns_.end()) continue;
            const auto i = static_cast<std::size_t>(row - unknowns_.begin());
            if (kinds_[i] != Determined::by_rate)
                right[i] -= bench.at(model_.jacobian.outputs[k]) * slope[column];
        }
    }
    if (!factorise(bench, unbounded_pace)) return false;
    solve(right);
    for (std::size_t i = 0; i < unknowns_.size(); ++i) slope[unknowns_[i]] = right[i];
    return all_finite(slope);
}

}  // namespace abscopal
