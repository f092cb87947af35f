// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>

#include "tissue/fields.hpp"

/// Lines do not depend on each other, so whole rows of lines advance together: the compiler's vectors, the
/// reference's bits.
namespace abscopal::tissue {
namespace {

constexpr std::size_t lanes = 8;

/// Sweeps along an axis whose neighbouring lines lie side by side in memory: `width` lines from `u`, elements
/// `stride` apart.
void sweep_side_by_side(const Sweep& sweep, std::size_t n, std::size_t stride, std::size_t width,
                        double* __restrict u) {
    for (std::size_t w = 0; w < width; ++w) u[w] *= sweep.q[0];
    for (std::size_t i = 1; i < n; ++i) {
        double* now = u + i * stride;
        const double* last = now - stride;
        const double r = sweep.r, q = sweep.q[i];
        for (std::size_t w = 0; w < width; ++w) now[w] = (now[w] + r * last[w]) * q;
    }
    for (std::size_t i = n - 1; i-- > 0;) {
        double* now = u + i * stride;
        const double* next = now + stride;
        const double c = sweep.c[i];
        for (std::size_t w = 0; w < width; ++w) now[w] += c * next[w];
    }
}

/// Sweeps `lanes` rows along x at once: turned into columns of a tile, swept there, turned back.
void sweep_rows(const Sweep& sweep, std::size_t n, double* rows, std::vector<double>& tile) {
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t k = 0; k < lanes; ++k) tile[i * lanes + k] = rows[k * n + i];
    }
    sweep_side_by_side(sweep, n, lanes, lanes, tile.data());
    for (std::size_t k = 0; k < lanes; ++k) {
        for (std::size_t i = 0; i < n; ++i) rows[k * n + i] = tile[i * lanes + k];
    }
}

void sweep_row(const Sweep& sweep, std::size_t n, double* u) {
    u[0] *= sweep.q[0];
    for (std::size_t i = 1; i < n; ++i) u[i] = (u[i] + sweep.r * u[i - 1]) * sweep.q[i];
    for (std::size_t i = n - 1; i-- > 0;) u[i] += sweep.c[i] * u[i + 1];
}

void sweep_x(const Sweep& sweep, std::size_t n, std::size_t first_row, std::size_t last_row, double* field) {
    std::vector<double> tile(n * lanes);
    std::size_t row = first_row;
    for (; row + lanes <= last_row; row += lanes) sweep_rows(sweep, n, field + row * n, tile);
    for (; row < last_row; ++row) sweep_row(sweep, n, field + row * n);
}

/// Columns of one cache block, so that a sweep forth and back stays in cache.
constexpr std::size_t block = 64;

void sweep_z(const Sweep& sweep, std::size_t n, std::size_t layer, std::size_t first, std::size_t last,
             double* field) {
    for (std::size_t at = first; at < last; at += block)
        sweep_side_by_side(sweep, n, layer, std::min(block, last - at), field + at);
}

}  // namespace

void diffuse_fast(const Grid& grid, const FieldSolver& solver, std::vector<double>& field, Team& team) {
    const auto nx = static_cast<std::size_t>(grid.voxels[0]), ny = static_cast<std::size_t>(grid.voxels[1]),
               nz = static_cast<std::size_t>(grid.voxels[2]);
    constexpr std::size_t least = 4096;
    double* u = field.data();
    hold(solver, field);
    team.run(ny * nz, least / nx + 1,
             [&](std::size_t begin, std::size_t end) { sweep_x(solver.sweeps[0], nx, begin, end, u); });
    hold(solver, field);
    if (grid.flat) {
        team.run(nx, least / ny + 1, [&](std::size_t begin, std::size_t end) {
            sweep_side_by_side(solver.sweeps[1], ny, nx, end - begin, u + begin);
        });
    } else {
        team.run(nz, least / (nx * ny) + 1, [&](std::size_t begin, std::size_t end) {
            for (std::size_t k = begin; k < end; ++k)
                sweep_side_by_side(solver.sweeps[1], ny, nx, nx, u + k * nx * ny);
        });
        hold(solver, field);
        team.run(nx * ny, least / nz + 1, [&](std::size_t begin, std::size_t end) {
            sweep_z(solver.sweeps[2], nz, nx * ny, begin, end, u);
        });
    }
    hold(solver, field);
}

}  // namespace abscopal::tissue
