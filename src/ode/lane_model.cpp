// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "ode/lane_model.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <utility>

#include "model/program.hpp"
#include "ode/rosenbrock.hpp"
#include "ode/sparse_lu.hpp"

namespace abscopal {
namespace {

using lanes::Operation;

constexpr std::array operations{std::pair{Code::add, Operation::add},
                                std::pair{Code::sub, Operation::sub},
                                std::pair{Code::mul, Operation::mul},
                                std::pair{Code::div, Operation::div},
                                std::pair{Code::negate, Operation::negate},
                                std::pair{Code::power, Operation::power},
                                std::pair{Code::sqrt, Operation::sqrt},
                                std::pair{Code::abs, Operation::abs},
                                std::pair{Code::exp, Operation::exp},
                                std::pair{Code::ln, Operation::ln},
                                std::pair{Code::log10, Operation::log10},
                                std::pair{Code::floor, Operation::floor},
                                std::pair{Code::ceil, Operation::ceil},
                                std::pair{Code::factorial, Operation::factorial},
                                std::pair{Code::sin, Operation::sin},
                                std::pair{Code::cos, Operation::cos},
                                std::pair{Code::tan, Operation::tan},
                                std::pair{Code::sinh, Operation::sinh},
                                std::pair{Code::cosh, Operation::cosh},
                                std::pair{Code::tanh, Operation::tanh},
                                std::pair{Code::asin, Operation::asin},
                                std::pair{Code::acos, Operation::acos},
                                std::pair{Code::atan, Operation::atan},
                                std::pair{Code::asinh, Operation::asinh},
                                std::pair{Code::acosh, Operation::acosh},
                                std::pair{Code::atanh, Operation::atanh},
                                std::pair{Code::quotient, Operation::quotient},
                                std::pair{Code::rem, Operation::rem},
                                std::pair{Code::min, Operation::min},
                                std::pair{Code::max, Operation::max},
                                std::pair{Code::lt, Operation::lt},
                                std::pair{Code::le, Operation::le},
                                std::pair{Code::eq, Operation::eq},
                                std::pair{Code::ne, Operation::ne},
                                std::pair{Code::and_, Operation::and_},
                                std::pair{Code::or_, Operation::or_},
                                std::pair{Code::xor_, Operation::xor_},
                                std::pair{Code::not_, Operation::not_},
                                std::pair{Code::select, Operation::select},
                                std::pair{Code::finite, Operation::finite},
                                std::pair{Code::mul_add, Operation::mul_add},
                                std::pair{Code::mul_sub, Operation::mul_sub},
                                std::pair{Code::sub_mul, Operation::sub_mul},
                                std::pair{Code::add3, Operation::add3},
                                std::pair{Code::mul3, Operation::mul3}};

Operation operation_of(Code code) {
    for (const auto& [from, to] : operations) {
        if (from == code) return to;
    }
    assert(false && "operation that programs do not hold");
    return Operation::copy;
}

/// A slot an instruction does not read becomes row 0, so that reading it is harmless.
std::uint32_t row_of(Slot slot, bool is_read) {
    return is_read ? slot : 0;
}

void append(lanes::Program& to, const lanes::Program& from) {
    to.insert(to.end(), from.begin(), from.end());
}

/// Where the mass matrix or the Jacobian has no entry; and where the mass matrix is the identity.
constexpr Slot identity = no_slot - 1;

/// Slots of the mass matrix by entry of the filled pattern.
std::vector<Slot> mass_by_entry(const Model& model, const SparseLu& lu) {
    std::vector<Slot> mass(lu.n_entries(), no_slot);
    if (!model.has_mass()) {
        for (std::size_t i = 0; i < model.n_states(); ++i) mass[lu.diagonal(i)] = identity;
    }
    for (const MassEntry& entry : model.mass) mass[lu.position(entry.row, entry.column)] = entry.value;
    return mass;
}

std::vector<Slot> slopes_by_entry(const Model& model, const SparseLu& lu) {
    std::vector<Slot> slope(lu.n_entries(), no_slot);
    for (std::size_t column = 0; column < model.n_states(); ++column) {
        for (auto k = static_cast<std::size_t>(model.sparsity.column_start[column]);
             k < static_cast<std::size_t>(model.sparsity.column_start[column + 1]); ++k) {
            slope[lu.position(static_cast<std::size_t>(model.sparsity.row[k]), column)] =
                model.jacobian.outputs[k];
        }
    }
    return slope;
}

/// The matrix M/(hγ) − J from the Jacobian's outputs, entry by entry of the filled pattern.
lanes::Program build_matrix(const Model& model, const SparseLu& lu, std::uint32_t matrix,
                            std::uint32_t inverse, std::uint32_t zero) {
    const std::vector<Slot> slope = slopes_by_entry(model, lu), mass = mass_by_entry(model, lu);
    lanes::Program diagonal, with_mass, off_diagonal, fill;
    for (std::uint32_t entry = 0; entry < lu.n_entries(); ++entry) {
        const std::uint32_t minus = slope[entry] == no_slot ? zero : slope[entry];
        if (mass[entry] == identity)
            diagonal.push_back({Operation::sub, matrix + entry, inverse, minus});
        else if (mass[entry] != no_slot)
            with_mass.push_back({Operation::mul_sub, matrix + entry, mass[entry], inverse, minus});
        else if (slope[entry] != no_slot)
            off_diagonal.push_back({Operation::negate, matrix + entry, slope[entry]});
        else
            fill.push_back({Operation::copy, matrix + entry, zero});
    }
    for (const auto* part : {&with_mass, &off_diagonal, &fill}) append(diagonal, *part);
    return diagonal;
}

/// Replaces the n rows from `vector` on by M times them; rows of states in equilibrium and of equations come
/// last, because the others read them as they were.
lanes::Program multiply_by_mass(const Model& model, std::uint32_t vector, std::uint32_t zero) {
    lanes::Program result;
    const auto row = [&](std::size_t i) { return vector + static_cast<std::uint32_t>(i); };
    for (const MassEntry& entry : model.mass) {
        if (entry.row == entry.column) continue;
        result.push_back(
            {Operation::mul_add, row(entry.row), entry.value, row(entry.column), row(entry.row)});
    }
    for (const MassEntry& entry : model.mass) {
        if (model.states[entry.row].determined == Determined::by_equilibrium)
            result.push_back({Operation::mul, row(entry.row), entry.value, row(entry.row)});
    }
    for (std::size_t i = 0; i < model.n_states(); ++i) {
        if (model.states[i].determined == Determined::by_equation)
            result.push_back({Operation::copy, row(i), zero});
    }
    return result;
}

/// Where the matrix of a step may have entries.
Sparsity step_pattern(const Model& model) {
    if (!model.has_mass()) return model.sparsity;
    std::vector<std::vector<std::int64_t>> rows(model.n_states());
    for (const MassEntry& entry : model.mass)
        rows[entry.column].push_back(static_cast<std::int64_t>(entry.row));
    Sparsity pattern;
    pattern.column_start.push_back(0);
    for (std::size_t j = 0; j < rows.size(); ++j) {
        for (auto k = model.sparsity.column_start[j]; k < model.sparsity.column_start[j + 1]; ++k)
            rows[j].push_back(model.sparsity.row[static_cast<std::size_t>(k)]);
        std::ranges::sort(rows[j]);
        rows[j].erase(std::unique(rows[j].begin(), rows[j].end()), rows[j].end());
        pattern.row.insert(pattern.row.end(), rows[j].begin(), rows[j].end());
        pattern.column_start.push_back(static_cast<std::int64_t>(pattern.row.size()));
    }
    return pattern;
}

std::vector<char> not_by_rate(const Model& model) {
    std::vector<char> result;
    for (const StateInfo& state : model.states) result.push_back(state.determined != Determined::by_rate);
    return result;
}

}  // namespace

lanes::Program to_lanes(const Program& program) {
    lanes::Program result;
    result.reserve(program.instructions.size());
    for (const auto& instruction : program.instructions) {
        if (instruction.code == Code::constant || instruction.code == Code::leaf) continue;
        const int reads = arity(instruction.code);
        result.push_back({operation_of(instruction.code), instruction.out, row_of(instruction.a, reads > 0),
                          row_of(instruction.b, reads > 1), row_of(instruction.c, reads > 2)});
    }
    return result;
}

LaneModel::LaneModel(std::shared_ptr<const Model> model_) : model(std::move(model_)), n(model->n_states()) {
    const SparseLu lu(step_pattern(*model), n, not_by_rate(*model));
    n_rows = static_cast<std::uint32_t>(model->workspace.size());
    const auto take = [this](std::size_t rows) {
        return std::exchange(n_rows, n_rows + static_cast<std::uint32_t>(rows));
    };
    y = take(n);
    y_new = take(n);
    stages = take(Rosenbrock::most_stages * n);
    vector = take(n);
    input = take(n);
    absolute = take(n);
    time_slope = take(n);
    inverse = take(1);
    zero = take(1);
    matrix = take(lu.n_entries());
    for (std::size_t i = 0; i < n; ++i) pivots.push_back(matrix + lu.diagonal(i));

    if (model->has_mass()) mass = multiply_by_mass(*model, vector, zero);
    stage = to_lanes(model->rates);
    for (std::uint32_t i = 0; i < n; ++i)
        stage.push_back({Operation::add, vector + i, model->rates.outputs[i], vector + i});
    solve = lu.solve(matrix, vector);
    append(stage, solve);
    is_timed = !model->time_slope.outputs.empty();
    linearise = to_lanes(model->jacobian);
    append(linearise, build_matrix(*model, lu, matrix, inverse, zero));
    append(linearise, lu.factor(matrix));
    if (is_timed) {
        append(linearise, to_lanes(model->time_slope));
        for (std::uint32_t i = 0; i < n; ++i)
            linearise.push_back({Operation::copy, time_slope + i, model->time_slope.outputs[i]});
    }
}

}  // namespace abscopal
