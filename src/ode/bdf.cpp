// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "ode/bdf.hpp"

#include <cvode/cvode.h>
#include <nvector/nvector_serial.h>
#include <sunlinsol/sunlinsol_klu.h>
#include <sunmatrix/sunmatrix_sparse.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <new>

#include "ode/dae.hpp"
#include "ode/sundials.hpp"
#include "ode/typical_scale.hpp"

namespace abscopal {
namespace {

using sundials::data;
using sundials::require;
using sundials::stay_silent;

Status status_of(int flag) {
    switch (flag) {
        case CV_TOO_MUCH_WORK:
            return Status::step_limit;
        case CV_TOO_MUCH_ACC:
            return Status::accuracy;
        case CV_ERR_FAILURE:
            return Status::error_test;
        case CV_LSETUP_FAIL:
        case CV_LSOLVE_FAIL:
            return Status::singular;
        case CV_RHSFUNC_FAIL:
        case CV_FIRST_RHSFUNC_ERR:
        case CV_REPTD_RHSFUNC_ERR:
        case CV_UNREC_RHSFUNC_ERR:
            return Status::rhs_nonfinite;
        case CV_TOO_CLOSE:
            return Status::too_close;
        case CV_CONV_FAILURE:
            return Status::convergence;
        default:
            return flag < 0 ? Status::accuracy : Status::ok;
    }
}

/// The model's Jacobian pattern with the diagonal added, as CVODE needs it for I − γJ.
struct Pattern {
    std::vector<sunindextype> column_start, row;
    std::vector<std::size_t> position;  ///< of each non-zero of the model
};

Pattern with_diagonal(const Sparsity& sparsity, std::size_t n) {
    Pattern pattern;
    pattern.column_start.push_back(0);
    for (std::size_t column = 0; column < std::max<std::size_t>(n, 1); ++column) {
        bool has_diagonal = false;
        const auto add_diagonal = [&] {
            pattern.row.push_back(static_cast<sunindextype>(column));
            has_diagonal = true;
        };
        const auto begin = n ? sparsity.column_start[column] : 0,
                   end = n ? sparsity.column_start[column + 1] : 0;
        for (auto k = begin; k < end; ++k) {
            const auto row = sparsity.row[static_cast<std::size_t>(k)];
            if (!has_diagonal && row > static_cast<std::int64_t>(column)) add_diagonal();
            has_diagonal = has_diagonal || row == static_cast<std::int64_t>(column);
            pattern.position.push_back(pattern.row.size());
            pattern.row.push_back(row);
        }
        if (!has_diagonal) add_diagonal();
        pattern.column_start.push_back(static_cast<sunindextype>(pattern.row.size()));
    }
    return pattern;
}

}  // namespace

struct Bdf::Memory {
    Memory(Workbench& bench, const Numerics& numerics);
    ~Memory();
    Memory(const Memory&) = delete;
    Memory& operator=(const Memory&) = delete;

    // What CVODE calls.
    static int rates_of(double t, N_Vector y, N_Vector rate, void* memory) {
        return static_cast<Memory*>(memory)->rates(t, data(y), data(rate));
    }
    static int jacobian_of(double t, N_Vector y, N_Vector, SUNMatrix matrix, void* memory, N_Vector, N_Vector,
                           N_Vector) {
        return static_cast<Memory*>(memory)->jacobian(t, data(y), matrix);
    }
    static int weights_of(N_Vector y, N_Vector weight, void* memory) {
        Memory& m = *static_cast<Memory*>(memory);
        error_weights(m.numerics, m.stretch.tightening, m.guess, data(y), m.largest, data(weight));
        return 0;
    }

    int rates(double t, const double* y, double* rate);
    int jacobian(double t, const double* y, SUNMatrix matrix);
    double clamped(double t) const { return std::clamp(t, stretch.earliest, stretch.latest); }

    Workbench& bench;
    const Numerics& numerics;
    std::size_t n;         ///< states of the model
    std::size_t n_solved;  ///< at least one: a model without states is carried by a dummy that rests
    Pattern pattern;
    Stretch stretch;
    std::vector<double> input;
    std::vector<double> largest;  ///< |y| of this patient so far
    std::vector<double> guess;    ///< what states that were zero so far may rise to
    std::vector<double> current;
    std::size_t worst = 0;
    std::int64_t rhs_calls = 0, rejected_before = 0;
    bool fresh = false;  ///< no step since begin()
    double reached = 0.0, began = 0.0;

    SUNContext context = nullptr;
    void* cvode = nullptr;
    N_Vector y = nullptr, scratch = nullptr;
    SUNMatrix matrix = nullptr;
    SUNLinearSolver solver = nullptr;
};

Bdf::Memory::Memory(Workbench& bench_, const Numerics& numerics_)
    : bench(bench_),
      numerics(numerics_),
      n(bench_.model().n_states()),
      n_solved(std::max<std::size_t>(n, 1)),
      pattern(with_diagonal(bench_.model().sparsity, n)),
      largest(n_solved, 0.0),
      guess(n_solved, 0.0),
      current(n, 0.0) {
    const auto size = static_cast<sunindextype>(n_solved);
    if (SUNContext_Create(nullptr, &context) != 0) throw std::bad_alloc();
    y = require(N_VNew_Serial(size, context));
    scratch = require(N_VNew_Serial(size, context));
    N_VConst(0.0, y);
    matrix =
        require(SUNSparseMatrix(size, size, static_cast<sunindextype>(pattern.row.size()), CSC_MAT, context));
    solver = require(SUNLinSol_KLU(y, matrix, context));
    cvode = require(CVodeCreate(CV_BDF, context));
    CVodeInit(cvode, rates_of, 0.0, y);
    CVodeSetErrHandlerFn(cvode, stay_silent, nullptr);
    CVodeSetUserData(cvode, this);
    CVodeWFtolerances(cvode, weights_of);
    CVodeSetLinearSolver(cvode, solver, matrix);
    CVodeSetJacFn(cvode, jacobian_of);
    CVodeSetMaxNumSteps(cvode, -1);
    CVodeSetMaxHnilWarns(cvode, -1);
    // The first step may be much too long where a state rises from zero.
    CVodeSetMaxErrTestFails(cvode, 40);
    CVodeSetMaxConvFails(cvode, 40);
    if (std::isfinite(numerics.max_step)) CVodeSetMaxStep(cvode, numerics.max_step);
}

Bdf::Memory::~Memory() {
    CVodeFree(&cvode);
    SUNLinSolFree(solver);
    SUNMatDestroy(matrix);
    N_VDestroy(y);
    N_VDestroy(scratch);
    SUNContext_Free(&context);
}

int Bdf::Memory::rates(double t, const double* state, double* rate) {
    ++rhs_calls;
    if (n == 0) {
        rate[0] = 0.0;
        return 0;
    }
    bench.set(clamped(t), state);
    const Program& program = bench.model().rates;
    bench.run(program);
    // A rate that is not finite makes CVODE try a smaller step; if that does not help, the component is
    // named.
    for (std::size_t i = 0; i < n; ++i) {
        rate[i] = bench.at(program.outputs[i]) + input[i];
        if (!std::isfinite(rate[i])) {
            worst = i;
            return 1;
        }
    }
    return 0;
}

int Bdf::Memory::jacobian(double t, const double* state, SUNMatrix target) {
    double* values = SUNSparseMatrix_Data(target);
    std::copy(pattern.column_start.begin(), pattern.column_start.end(),
              SUNSparseMatrix_IndexPointers(target));
    std::copy(pattern.row.begin(), pattern.row.end(), SUNSparseMatrix_IndexValues(target));
    std::fill_n(values, pattern.row.size(), 0.0);
    if (n == 0) return 0;
    bench.set(clamped(t), state);
    const Program& program = bench.model().jacobian;
    bench.run(program);
    for (std::size_t k = 0; k < pattern.position.size(); ++k) {
        const double value = bench.at(program.outputs[k]);
        // An infinite slope at a single point (x^0.5 at 0) costs Newton steps, not the answer.
        values[pattern.position[k]] = std::isfinite(value) ? value : 0.0;
    }
    return 0;
}

Bdf::Bdf(Workbench& bench, const Numerics& numerics) : memory_(std::make_unique<Memory>(bench, numerics)) {}
Bdf::~Bdf() = default;

void Bdf::forget() {
    std::fill(memory_->largest.begin(), memory_->largest.end(), 0.0);
    std::fill(memory_->guess.begin(), memory_->guess.end(), 0.0);
    SUNLinSol_KLUReInit(memory_->solver, memory_->matrix, 0, SUNKLU_REINIT_PARTIAL);
}

void Bdf::begin(const Stretch& stretch, const std::vector<double>& y, const std::vector<double>& input) {
    Memory& m = *memory_;
    m.rejected_before = rejected();
    m.stretch = stretch;
    m.input = input;
    std::copy(y.begin(), y.end(), data(m.y));
    m.current = y;
    m.worst = m.n;
    for (std::size_t i = 0; i < m.n; ++i) m.largest[i] = std::max(m.largest[i], std::fabs(y[i]));
    if (m.n > 0 && !m.numerics.absolute_tolerance)
        guess_scales(m.bench, stretch.earliest, y, input, m.largest, m.guess);
    CVodeReInit(m.cvode, stretch.time, m.y);
    CVodeSetInitStep(m.cvode, stretch.first_step);
    CVodeSetStopTime(m.cvode, stretch.stop);
    m.fresh = true;
    m.reached = m.began = stretch.time;
}

Status Bdf::step() {
    Memory& m = *memory_;
    // Before the first step CVODE wants to know how far the caller means to go.
    const double horizon =
        std::min(m.stretch.stop, m.stretch.time + std::max(1.0, std::fabs(m.stretch.time)));
    double reached = m.reached;
    const double before = m.reached;
    const int flag = CVode(m.cvode, horizon, m.y, &reached, CV_ONE_STEP);
    if (flag < 0) return status_of(flag);
    m.fresh = false;
    m.began = before;
    m.reached = reached;
    std::copy_n(data(m.y), m.n, m.current.begin());
    return Status::ok;
}

double Bdf::time() const {
    return memory_->reached;
}
double Bdf::step_begin() const {
    return memory_->began;
}

double Bdf::last_step() const {
    double step = 0.0;
    CVodeGetLastStep(memory_->cvode, &step);
    return step;
}

const std::vector<double>& Bdf::solution() const {
    return memory_->current;
}

void Bdf::interpolate(double time, std::vector<double>& y) const {
    const Memory& m = *memory_;
    if (m.fresh || time >= m.reached) {
        y = m.current;
        return;
    }
    [[maybe_unused]] const int flag = CVodeGetDky(m.cvode, time, 0, m.scratch);
    assert(flag == CV_SUCCESS);
    y.assign(data(m.scratch), data(m.scratch) + m.n);
}

std::size_t Bdf::worst() const {
    const Memory& m = *memory_;
    if (m.worst < m.n) return m.worst;
    std::size_t worst = m.n;
    double most = 0.0;
    if (m.fresh || CVodeGetEstLocalErrors(m.cvode, m.scratch) != CV_SUCCESS) return worst;
    const std::vector<double> error(data(m.scratch), data(m.scratch) + m.n);
    CVodeGetErrWeights(m.cvode, m.scratch);
    for (std::size_t i = 0; i < m.n; ++i) {
        const double weighted = std::fabs(error[i] * data(m.scratch)[i]);
        if (!(weighted <= most)) most = weighted, worst = i;
    }
    return worst;
}

std::int64_t Bdf::rhs_calls() const {
    return memory_->rhs_calls;
}

std::int64_t Bdf::rejected() const {
    long error_tests = 0, convergence = 0;
    CVodeGetNumErrTestFails(memory_->cvode, &error_tests);
    CVodeGetNumNonlinSolvConvFails(memory_->cvode, &convergence);
    return memory_->rejected_before + error_tests + convergence;
}

std::unique_ptr<Stepper> make_bdf(Workbench& bench, const Numerics& numerics) {
    if (bench.model().has_mass()) return std::make_unique<Dae>(bench, numerics);
    return std::make_unique<Bdf>(bench, numerics);
}

}  // namespace abscopal
