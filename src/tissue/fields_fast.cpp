// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>

#include "tissue/fields.hpp"
#include "tissue/flush_tiny.hpp"

/// Lines do not depend on each other, so whole rows of lines advance together: vectors of the machine, the
/// reference's bits.
namespace abscopal::tissue {
namespace {

constexpr std::size_t tile_bytes = 128;  // for each voxel of a row
constexpr std::size_t block = 32;        // columns whose sweep forth and back stays in the first cache

/// Held voxels of [begin, end): their list is in voxel order.
template <class Real>
void hold_range(const FieldSolver& solver, std::vector<Real>& field, std::size_t begin, std::size_t end) {
    auto k = static_cast<std::size_t>(std::lower_bound(solver.held.begin(), solver.held.end(), begin) -
                                      solver.held.begin());
    for (; k < solver.held.size() && solver.held[k] < end; ++k)
        field[solver.held[k]] = static_cast<Real>(solver.held_value[k]);
}

template <class Real>
const std::array<SweepOf<Real>, 3>& sweeps_of(const FieldSolver& solver) {
    if constexpr (sizeof(Real) == sizeof(double))
        return solver.sweeps;
    else
        return solver.single_sweeps;
}

}  // namespace

FastDiffusion::FastDiffusion(const Grid& grid)
    : nx_(static_cast<std::size_t>(grid.voxels[0])),
      ny_(static_cast<std::size_t>(grid.voxels[1])),
      nz_(static_cast<std::size_t>(grid.voxels[2])),
      flat_(grid.flat),
      kernels_(lanes::tissue_kernels(lanes::best_target())) {}

/// One layer of voxels: along x, then along y, while it is in cache.
template <class Real>
void FastDiffusion::slab(const FieldSolver& solver, std::vector<Real>& field, std::size_t k,
                         Real* tile) const {
    const FlushTiny<Real> flush;
    const std::size_t layer = nx_ * ny_, begin = k * layer;
    const auto& [x, y, z] = sweeps_of<Real>(solver);
    const auto& kernels = kernels_.sweeps<Real>();
    Real* u = field.data() + begin;
    hold_range(solver, field, begin, begin + layer);
    kernels.sweep_rows(x.r, x.q.data(), x.c.data(), nx_, ny_, u, tile);
    hold_range(solver, field, begin, begin + layer);
    kernels.sweep(y.r, y.q.data(), y.c.data(), ny_, nx_, nx_, u);
    hold_range(solver, field, begin, begin + layer);
}

template <class Real>
void FastDiffusion::columns(const FieldSolver& solver, std::vector<Real>& field, std::size_t begin,
                            std::size_t end) const {
    const FlushTiny<Real> flush;
    const auto& z = sweeps_of<Real>(solver)[2];
    for (std::size_t at = begin; at < end; at += block) {
        kernels_.sweeps<Real>().sweep(z.r, z.q.data(), z.c.data(), nz_, nx_ * ny_, std::min(block, end - at),
                                      field.data() + at);
    }
}

template <class Real>
void FastDiffusion::step(const FieldSolver& solver, std::vector<Real>& field, std::vector<Real>& tile) const {
    tile.resize(tile_bytes / sizeof(Real) * nx_);
    for (std::size_t k = 0; k < nz_; ++k) slab(solver, field, k, tile.data());
    if (flat_) return;
    columns(solver, field, 0, nx_ * ny_);
    hold_range(solver, field, 0, field.size());
}

template <class Real>
void FastDiffusion::step(const FieldSolver& solver, std::vector<Real>& field, Team& team) const {
    team.run(nz_, 1, [&](std::size_t begin, std::size_t end) {
        std::vector<Real> tile(tile_bytes / sizeof(Real) * nx_);
        for (std::size_t k = begin; k < end; ++k) slab(solver, field, k, tile.data());
    });
    if (flat_) return;
    // Slabs of whole blocks, so that no two threads share a cache line.
    const std::size_t blocks = (nx_ * ny_ + block - 1) / block;
    team.run(blocks, 1, [&](std::size_t begin, std::size_t end) {
        columns(solver, field, begin * block, std::min(end * block, nx_ * ny_));
    });
    hold_range(solver, field, 0, field.size());
}

template void FastDiffusion::step(const FieldSolver&, std::vector<double>&, std::vector<double>&) const;
template void FastDiffusion::step(const FieldSolver&, std::vector<float>&, std::vector<float>&) const;
template void FastDiffusion::step(const FieldSolver&, std::vector<double>&, Team&) const;
template void FastDiffusion::step(const FieldSolver&, std::vector<float>&, Team&) const;

}  // namespace abscopal::tissue
