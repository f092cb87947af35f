// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <cstddef>
#include <cstdint>

#include "lanes/target.hpp"

/// The two hot loops of the tissue engine. Every target gives the same bits: nothing is fused, and sums run
/// in eight lanes.
namespace abscopal::lanes {

/// What pair forces need of a cell, one cache line. Units: µm, µm/min.
struct alignas(64) PairCell {
    double x, y, z;
    double radius, reach;                  ///< reach = relative maximum adhesion distance × radius
    double root_repulsion, root_adhesion;  ///< square roots of the strengths
    std::uint64_t type;
};

/// Sweeps of tridiagonal lines in one kind of number.
template <class Real>
struct SweepKernels {
    /// `width` lines side by side: elements of a line lie `stride` apart from `u`, lines one apart. Forward
    /// u[i] = (u[i] + r u[i-1]) q[i], backward u[i] += c[i] u[i+1].
    void (*sweep)(Real r, const Real* q, const Real* c, std::size_t n, std::size_t stride, std::size_t width,
                  Real* u);
    /// `rows` such lines one behind the other, elements of a line one apart. `tile` has room for 128 n bytes.
    void (*sweep_rows)(Real r, const Real* q, const Real* c, std::size_t n, std::size_t rows, Real* u,
                       Real* tile);
};

struct TissueKernels {
    /// Sums over the `count` cells of `list` onto cell `self`: out[0..2] force (µm/min), out[3] overlap that
    /// presses. `affinity` holds the roots of affinities of self's type by the other's type, or null where
    /// all are 1.
    void (*pair_sum)(const PairCell* cells, std::uint32_t self, const std::uint32_t* list, std::size_t count,
                     const double* affinity, double* out);
    SweepKernels<double> fields;
    SweepKernels<float> single_fields;

    template <class Real>
    const SweepKernels<Real>& sweeps() const {
        if constexpr (sizeof(Real) == sizeof(double))
            return fields;
        else
            return single_fields;
    }
};

/// The table of one target, which the machine must support (supported_targets).
const TissueKernels& tissue_kernels(Target target);

}  // namespace abscopal::lanes
