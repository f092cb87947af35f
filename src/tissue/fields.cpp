// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "tissue/fields.hpp"

#include <algorithm>

namespace abscopal::tissue {
namespace {

std::size_t count(const Grid& grid, std::size_t axis) {
    return static_cast<std::size_t>(grid.voxels[axis]);
}

std::array<std::size_t, 3> strides(const Grid& grid) {
    return {1, count(grid, 0), count(grid, 0) * count(grid, 1)};
}

/// Pivots: 1 + 2r + l inside, 1 + r + l at the ends, 1 + l on a single voxel; r = dt D / dx², l = dt decay /
/// axes.
Sweep make_sweep(std::size_t n, double r, double l) {
    Sweep sweep{r, std::vector<double>(n), std::vector<double>(n)};
    for (std::size_t i = 0; i < n; ++i) {
        double pivot = 1 + l + (i == 0 || i + 1 == n ? r : 2 * r);
        if (n == 1) pivot = 1 + l;
        if (i > 0) pivot -= r * sweep.c[i - 1];
        sweep.q[i] = 1 / pivot;
        sweep.c[i] = r / pivot;
    }
    return sweep;
}

/// Whether a substrate is held at `side`, as seen in this voxel, where sides meet: the last of PhysiCell's
/// order decides.
void hold_side(const Project& project, std::size_t substrate, std::size_t side,
               std::vector<std::uint8_t>& owner) {
    // A side acts on its voxels where any substrate is held there; it then decides for all of them.
    const auto uses = [&](const Substrate& s) { return s.sides[side].held; };
    if (std::none_of(project.substrates.begin(), project.substrates.end(), uses)) return;
    const std::size_t axis = side / 2;
    const auto step = strides(project.grid);
    const std::size_t n = count(project.grid, axis), wanted = side % 2 == 0 ? 0 : n - 1;
    const bool held = project.substrates[substrate].sides[side].held;
    for (std::size_t v = 0; v < owner.size(); ++v) {
        if (v / step[axis] % n == wanted) owner[v] = held ? static_cast<std::uint8_t>(side + 1) : 0;
    }
}

void sweep_line(const Sweep& sweep, std::size_t n, std::size_t stride, double* u) {
    u[0] *= sweep.q[0];
    for (std::size_t i = 1; i < n; ++i)
        u[i * stride] = (u[i * stride] + sweep.r * u[(i - 1) * stride]) * sweep.q[i];
    for (std::size_t i = n - 1; i-- > 0;) u[i * stride] += sweep.c[i] * u[(i + 1) * stride];
}

}  // namespace

FieldSolver make_solver(const Project& project, std::size_t substrate, double step) {
    const Grid& grid = project.grid;
    const Substrate& s = project.substrates[substrate];
    const int axes = grid.flat ? 2 : 3;
    const double r = step * s.diffusion / grid.spacing / grid.spacing;
    FieldSolver solver;
    for (std::size_t axis = 0; axis < static_cast<std::size_t>(axes); ++axis) {
        solver.sweeps[axis] = make_sweep(count(grid, axis), r, step * s.decay / axes);
        const auto& [rate, q, c] = solver.sweeps[axis];
        solver.single_sweeps[axis] = {static_cast<float>(rate), {q.begin(), q.end()}, {c.begin(), c.end()}};
    }
    std::vector<std::uint8_t> owner(grid.size(), 0);
    for (std::size_t side = 0; side < (grid.flat ? 4u : 6u); ++side)
        hold_side(project, substrate, side, owner);
    for (std::size_t v = 0; v < owner.size(); ++v) {
        if (owner[v] == 0) continue;
        solver.held.push_back(v);
        solver.held_side.push_back(static_cast<std::uint8_t>(owner[v] - 1));
        solver.held_value.push_back(s.sides[owner[v] - 1u].value);
    }
    return solver;
}

void hold(const FieldSolver& solver, std::vector<double>& field) {
    for (std::size_t k = 0; k < solver.held.size(); ++k) field[solver.held[k]] = solver.held_value[k];
}

void diffuse_reference(const Grid& grid, const FieldSolver& solver, std::vector<double>& field) {
    const auto step = strides(grid);
    for (std::size_t axis = 0; axis < (grid.flat ? 2u : 3u); ++axis) {
        hold(solver, field);
        const std::size_t n = count(grid, axis);
        for (std::size_t v = 0; v < field.size(); ++v) {
            if (v / step[axis] % n == 0) sweep_line(solver.sweeps[axis], n, step[axis], &field[v]);
        }
    }
    hold(solver, field);
}

std::array<double, 3> gradient(const Grid& grid, const std::vector<double>& field, std::size_t voxel) {
    const auto step = strides(grid);
    std::array<double, 3> slope{};
    for (std::size_t axis = 0; axis < (grid.flat ? 2u : 3u); ++axis) {
        const std::size_t n = count(grid, axis), i = voxel / step[axis] % n;
        if (n < 2) continue;
        const std::size_t before = i == 0 ? voxel : voxel - step[axis],
                          after = i + 1 == n ? voxel : voxel + step[axis];
        slope[axis] =
            (field[after] - field[before]) / (i == 0 || i + 1 == n ? grid.spacing : 2 * grid.spacing);
    }
    return slope;
}

}  // namespace abscopal::tissue
