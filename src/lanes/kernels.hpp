// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <array>
#include <cstddef>

#include "lanes/program.hpp"
#include "lanes/target.hpp"

/// The operations a target offers. Every one treats each lane by itself, with the same operations in the same
/// order on every target: a lane's numbers do not depend on its neighbours or on the machine
/// (docs/decisions/003-determinism.md).
namespace abscopal::lanes {

struct Kernels {
    Target target;
    int width;  ///< lanes in a vector register

    /// Elementary functions on `width` lanes. Below 1 ulp, pow below 2.
    void (*exp)(const double* x, double* out);
    void (*log)(const double* x, double* out);
    void (*pow)(const double* x, const double* y, double* out);

    /// Operations that machine code calls rather than contains, by Operation; the others are null. On packs:
    /// one argument is `void (*)(const double* a, double* out)`, two are `void (*)(const double* a, const
    /// double* b, double* out)`.
    struct Call {
        void (*of_one)(const double* a, double* out) = nullptr;
        void (*of_two)(const double* a, const double* b, double* out) = nullptr;
    };
    std::array<Call, n_operations> calls;

    /// Runs straight-line code on a workspace of rows of `group_lanes`.
    void (*run)(const Instruction* begin, const Instruction* end, double* workspace);

    /// Some rows of arrays [row][lane].
    struct Rows {
        const std::uint32_t* index;
        std::size_t n;
    };

    /// out = base + sum over k of terms[k] · factors[k], at most 9 terms; fused, in the order of k. `factors`
    /// are [k][lane].
    void (*combine)(double* out, const double* base, const double* const* terms, const double* factors,
                    int n_terms, Rows rows);

    /// Both sums of a stage in one pass: state = y + sum over k of terms[k] · a[k], the same in all lanes,
    /// and vector = input + sum over k of terms[k] · c[k][lane]; at most 7 terms.
    struct StageSums {
        double *state, *vector;
        const double *y, *input;
        const double* const* terms;
        const double *a, *c;
    };
    void (*stage_sums)(const StageSums& sums, int n_terms, Rows rows);

    /// In lanes with accepts[lane] ≠ 0: y = y_new, and absolute = max(absolute, factor[lane] · |y_new|).
    void (*accept)(double* y, const double* y_new, double* absolute, const double* accepts,
                   const double* factor, Rows rows);

    /// Whether, by lane, a number of some rows is below zero or above `limit`: 1 or 0.
    void (*any_outside)(double* out, const double* base, const double* limit, Rows rows);

    /// Sum over rows of (error / (absolute + relative · max(|y|, |y_new|)))², by lane.
    void (*error_square)(double* out, const double* error, const double* y, const double* y_new,
                         const double* absolute, const double* relative, Rows rows);
};

/// The table of one target, which the machine must support (supported_targets).
const Kernels& kernels(Target target);

}  // namespace abscopal::lanes
