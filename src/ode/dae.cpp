// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "ode/dae.hpp"

#include <ida/ida.h>
#include <sunlinsol/sunlinsol_klu.h>
#include <sunmatrix/sunmatrix_sparse.h>

#include <algorithm>
#include <cmath>

#include "ode/sundials.hpp"
#include "ode/typical_scale.hpp"

namespace abscopal {
namespace {

using sundials::data;
using sundials::require;
using sundials::stay_silent;

Status status_of(int flag) {
    switch (flag) {
        case IDA_TOO_MUCH_WORK:
            return Status::step_limit;
        case IDA_ERR_FAIL:
            return Status::error_test;
        case IDA_LSETUP_FAIL:
        case IDA_LSOLVE_FAIL:
            return Status::singular;
        case IDA_RES_FAIL:
        case IDA_REP_RES_ERR:
        case IDA_FIRST_RES_FAIL:
            return Status::rhs_nonfinite;
        case IDA_CONV_FAIL:
            return Status::convergence;
        default:
            return flag < 0 ? Status::accuracy : Status::ok;
    }
}

/// Where the entries of the mass matrix and of the Jacobian stand in the union of both patterns, by columns.
struct Pattern {
    std::vector<sunindextype> column_start = {0}, row;
    std::vector<std::size_t> of_mass, of_jacobian;
};

Pattern union_of(const Model& model) {
    const std::size_t n = model.n_states();
    std::vector<std::vector<std::int64_t>> rows(n);
    for (const MassEntry& entry : model.mass)
        rows[entry.column].push_back(static_cast<std::int64_t>(entry.row));
    for (std::size_t j = 0; j < n; ++j)
        for (auto k = model.sparsity.column_start[j]; k < model.sparsity.column_start[j + 1]; ++k)
            rows[j].push_back(model.sparsity.row[static_cast<std::size_t>(k)]);
    Pattern pattern;
    for (auto& column : rows) {
        std::ranges::sort(column);
        column.erase(std::unique(column.begin(), column.end()), column.end());
        pattern.row.insert(pattern.row.end(), column.begin(), column.end());
        pattern.column_start.push_back(static_cast<sunindextype>(pattern.row.size()));
    }
    const auto place = [&](std::size_t row, std::size_t column) {
        const auto begin = pattern.row.begin() + pattern.column_start[column];
        const auto end = pattern.row.begin() + pattern.column_start[column + 1];
        return static_cast<std::size_t>(std::lower_bound(begin, end, static_cast<sunindextype>(row)) -
                                        pattern.row.begin());
    };
    for (const MassEntry& entry : model.mass) pattern.of_mass.push_back(place(entry.row, entry.column));
    for (std::size_t j = 0; j < n; ++j)
        for (auto k = model.sparsity.column_start[j]; k < model.sparsity.column_start[j + 1]; ++k)
            pattern.of_jacobian.push_back(
                place(static_cast<std::size_t>(model.sparsity.row[static_cast<std::size_t>(k)]), j));
    return pattern;
}

}  // namespace

struct Dae::Memory {
    Memory(Workbench& bench, const Numerics& numerics);
    ~Memory();
    Memory(const Memory&) = delete;
    Memory& operator=(const Memory&) = delete;

    // What IDA calls.
    static int residual_of(double t, N_Vector y, N_Vector slope, N_Vector residual, void* memory) {
        return static_cast<Memory*>(memory)->residual(t, data(y), data(slope), data(residual));
    }
    static int jacobian_of(double t, double weight, N_Vector y, N_Vector, N_Vector, SUNMatrix matrix,
                           void* memory, N_Vector, N_Vector, N_Vector) {
        return static_cast<Memory*>(memory)->jacobian(t, weight, data(y), matrix);
    }
    static int weights_of(N_Vector y, N_Vector weight, void* memory) {
        Memory& m = *static_cast<Memory*>(memory);
        error_weights(m.numerics, m.stretch.tightening, m.guess, data(y), m.largest, data(weight));
        return 0;
    }

    int residual(double t, const double* state, const double* slope, double* result);
    int jacobian(double t, double weight, const double* state, SUNMatrix target);
    double mass(std::size_t k) { return bench.at(bench.model().mass[k].value); }
    double clamped(double t) const { return std::clamp(t, stretch.earliest, stretch.latest); }

    Workbench& bench;
    const Numerics& numerics;
    std::size_t n;
    Pattern pattern;
    Stretch stretch;
    std::vector<double> input;    ///< M times the constant inputs
    std::vector<double> largest;  ///< |y| of this patient so far
    std::vector<double> guess;    ///< what states that were zero so far may rise to
    std::vector<double> current;
    std::size_t worst = 0;
    std::int64_t rhs_calls = 0, rejected_before = 0;
    bool fresh = false;     ///< no step since begin()
    bool is_begun = false;  ///< consistent slopes were found
    double reached = 0.0, began = 0.0;

    SUNContext context = nullptr;
    void* ida = nullptr;
    N_Vector y = nullptr, slope = nullptr, scratch = nullptr;
    SUNMatrix matrix = nullptr;
    SUNLinearSolver solver = nullptr;
};

Dae::Memory::Memory(Workbench& bench_, const Numerics& numerics_)
    : bench(bench_),
      numerics(numerics_),
      n(bench_.model().n_states()),
      pattern(union_of(bench_.model())),
      largest(n, 0.0),
      guess(n, 0.0),
      current(n, 0.0) {
    const auto size = static_cast<sunindextype>(n);
    if (SUNContext_Create(nullptr, &context) != 0) throw std::bad_alloc();
    y = require(N_VNew_Serial(size, context));
    slope = require(N_VNew_Serial(size, context));
    scratch = require(N_VNew_Serial(size, context));
    N_VConst(0.0, y);
    N_VConst(0.0, slope);
    matrix =
        require(SUNSparseMatrix(size, size, static_cast<sunindextype>(pattern.row.size()), CSC_MAT, context));
    solver = require(SUNLinSol_KLU(y, matrix, context));
    ida = require(IDACreate(context));
    IDAInit(ida, residual_of, 0.0, y, slope);
    IDASetErrHandlerFn(ida, stay_silent, nullptr);
    IDASetUserData(ida, this);
    IDAWFtolerances(ida, weights_of);
    IDASetLinearSolver(ida, solver, matrix);
    IDASetJacFn(ida, jacobian_of);
    IDASetMaxNumSteps(ida, -1);
    IDASetMaxErrTestFails(ida, 40);
    IDASetMaxConvFails(ida, 40);
    if (std::isfinite(numerics.max_step)) IDASetMaxStep(ida, numerics.max_step);
}

Dae::Memory::~Memory() {
    IDAFree(&ida);
    SUNLinSolFree(solver);
    SUNMatDestroy(matrix);
    N_VDestroy(y);
    N_VDestroy(slope);
    N_VDestroy(scratch);
    SUNContext_Free(&context);
}

// M y' − f, where a residual that is not finite makes IDA try a smaller step.
int Dae::Memory::residual(double t, const double* state, const double* slopes, double* result) {
    ++rhs_calls;
    bench.set(clamped(t), state);
    const Model& model = bench.model();
    bench.run(model.rates);
    for (std::size_t i = 0; i < n; ++i) result[i] = -bench.at(model.rates.outputs[i]) - input[i];
    for (std::size_t k = 0; k < model.mass.size(); ++k)
        result[model.mass[k].row] += mass(k) * slopes[model.mass[k].column];
    for (std::size_t i = 0; i < n; ++i) {
        if (std::isfinite(result[i])) continue;
        worst = i;
        return 1;
    }
    return 0;
}

int Dae::Memory::jacobian(double t, double weight, const double* state, SUNMatrix target) {
    double* values = SUNSparseMatrix_Data(target);
    std::ranges::copy(pattern.column_start, SUNSparseMatrix_IndexPointers(target));
    std::ranges::copy(pattern.row, SUNSparseMatrix_IndexValues(target));
    std::fill_n(values, pattern.row.size(), 0.0);
    bench.set(clamped(t), state);
    const Model& model = bench.model();
    bench.run(model.jacobian);
    for (std::size_t k = 0; k < pattern.of_jacobian.size(); ++k) {
        const double value = bench.at(model.jacobian.outputs[k]);
        values[pattern.of_jacobian[k]] = std::isfinite(value) ? -value : 0.0;
    }
    for (std::size_t k = 0; k < pattern.of_mass.size(); ++k) values[pattern.of_mass[k]] += weight * mass(k);
    return 0;
}

Dae::Dae(Workbench& bench, const Numerics& numerics) : memory_(std::make_unique<Memory>(bench, numerics)) {}
Dae::~Dae() = default;

void Dae::forget() {
    std::ranges::fill(memory_->largest, 0.0);
    std::ranges::fill(memory_->guess, 0.0);
    SUNLinSol_KLUReInit(memory_->solver, memory_->matrix, 0, SUNKLU_REINIT_PARTIAL);
}

void Dae::begin(const Stretch& stretch, const std::vector<double>& y, const std::vector<double>& input) {
    Memory& m = *memory_;
    m.rejected_before = rejected();
    m.stretch = stretch;
    const Model& model = m.bench.model();
    m.input.assign(m.n, 0.0);
    for (std::size_t k = 0; k < model.mass.size(); ++k)
        m.input[model.mass[k].row] += m.mass(k) * input[model.mass[k].column];
    m.worst = m.n;
    m.bench.set(stretch.earliest, y.data());
    std::vector<double> slopes;
    m.bench.make_consistent();
    m.is_begun = m.bench.consistency().slopes(m.bench, input, slopes);
    m.current = y;
    for (std::size_t i = 0; i < m.n; ++i) {
        m.current[i] = m.bench.at(model.first_state + static_cast<Slot>(i));
        m.largest[i] = std::max(m.largest[i], std::fabs(y[i]));
    }
    if (!m.numerics.absolute_tolerance) guess_scales(m.bench, stretch.earliest, y, input, m.largest, m.guess);
    std::ranges::copy(m.current, data(m.y));
    if (m.is_begun) std::ranges::copy(slopes, data(m.slope));
    IDAReInit(m.ida, stretch.time, m.y, m.slope);
    IDASetInitStep(m.ida, stretch.first_step);
    IDASetStopTime(m.ida, stretch.stop);
    m.fresh = true;
    m.reached = m.began = stretch.time;
}

Status Dae::step() {
    Memory& m = *memory_;
    if (!m.is_begun) return Status::singular;
    // Before the first step IDA wants to know how far the caller means to go.
    const double horizon =
        std::min(m.stretch.stop, m.stretch.time + std::max(1.0, std::fabs(m.stretch.time)));
    double reached = m.reached;
    const double before = m.reached;
    const int flag = IDASolve(m.ida, horizon, &reached, m.y, m.slope, IDA_ONE_STEP);
    if (flag < 0) return status_of(flag);
    m.fresh = false;
    m.began = before;
    m.reached = reached;
    std::copy_n(data(m.y), m.n, m.current.begin());
    return Status::ok;
}

double Dae::time() const {
    return memory_->reached;
}
double Dae::step_begin() const {
    return memory_->began;
}

double Dae::last_step() const {
    double step = 0.0;
    IDAGetLastStep(memory_->ida, &step);
    return step;
}

const std::vector<double>& Dae::solution() const {
    return memory_->current;
}

void Dae::interpolate(double time, std::vector<double>& y) const {
    const Memory& m = *memory_;
    if (m.fresh || time >= m.reached || IDAGetDky(m.ida, time, 0, m.scratch) != IDA_SUCCESS) {
        y = m.current;
        return;
    }
    y.assign(data(m.scratch), data(m.scratch) + m.n);
}

std::size_t Dae::worst() const {
    const Memory& m = *memory_;
    return m.is_begun ? m.worst : m.bench.consistency().first_determined();
}

std::int64_t Dae::rhs_calls() const {
    return memory_->rhs_calls;
}

std::int64_t Dae::rejected() const {
    long error_tests = 0, convergence = 0;
    IDAGetNumErrTestFails(memory_->ida, &error_tests);
    IDAGetNumNonlinSolvConvFails(memory_->ida, &convergence);
    return memory_->rejected_before + error_tests + convergence;
}

}  // namespace abscopal
