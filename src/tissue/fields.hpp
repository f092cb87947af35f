// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <array>
#include <vector>

#include "abscopal/tissue.hpp"
#include "lanes/tissue_kernels.hpp"
#include "tissue/model.hpp"
#include "tissue/team.hpp"

/// Diffusion and decay: backward Euler, one axis after another (locally one-dimensional), Thomas algorithm,
/// closed ends. Unconditionally stable, first order in time (Ghaffarizadeh et al. 2016,
/// doi 10.1093/bioinformatics/btv730).
namespace abscopal::tissue {

/// Factors of one axis: forward u[i] = (u[i] + r u[i-1]) q[i], backward u[i] += c[i] u[i+1], with q
/// reciprocal pivots, c = r q.
template <class Real>
struct SweepOf {
    Real r = 0;
    std::vector<Real> q, c;
};
using Sweep = SweepOf<double>;

/// One substrate's factors along x, y, z, and the voxels at which it is held.
struct FieldSolver {
    std::array<Sweep, 3> sweeps;
    std::array<SweepOf<float>, 3> single_sweeps;
    std::vector<std::size_t> held;
    std::vector<double> held_value;
    std::vector<std::uint8_t> held_side;  ///< which face holds it
};

/// Factors for steps of `step` minutes.
FieldSolver make_solver(const Project& project, std::size_t substrate, double step);
void hold(const FieldSolver& solver, std::vector<double>& field);

/// One step of one substrate, written to be read.
void diffuse_reference(const Grid& grid, const FieldSolver& solver, std::vector<double>& field);
/// `steps` steps of one substrate, the same numbers to the last bit: rows of lines advance together. `after`
/// runs after each step.
class FastDiffusion {
  public:
    explicit FastDiffusion(const Grid& grid);
    /// Alone, for grids that fit in cache: several substrates run side by side instead. `Real` is double or
    /// float.
    template <class Real>
    void step(const FieldSolver& solver, std::vector<Real>& field, std::vector<Real>& tile) const;
    /// Cut over the team, for large grids.
    template <class Real>
    void step(const FieldSolver& solver, std::vector<Real>& field, Team& team) const;

  private:
    template <class Real>
    void slab(const FieldSolver& solver, std::vector<Real>& field, std::size_t k, Real* tile) const;
    template <class Real>
    void columns(const FieldSolver& solver, std::vector<Real>& field, std::size_t begin,
                 std::size_t end) const;

    std::size_t nx_, ny_, nz_;
    bool flat_;
    const lanes::TissueKernels& kernels_;
};

/// Central differences at a voxel, one-sided at the faces, 0 across a flat grid.
std::array<double, 3> gradient(const Grid& grid, const std::vector<double>& field, std::size_t voxel);

}  // namespace abscopal::tissue
