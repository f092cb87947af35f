// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "tissue/fields.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <numeric>

namespace abscopal::tissue {
namespace {

Project slab(int n, double dt, double diffusion, double decay, bool flat = true) {
    Project project;
    project.grid = {{0, 0, flat ? -10.0 : 0.0},
                    {n * 20.0, n * 20.0, flat ? 10.0 : n * 20.0},
                    {n, n, flat ? 1 : n},
                    20,
                    20,
                    flat};
    project.diffusion_step = dt;
    project.substrates.resize(1);
    project.substrates[0].diffusion = diffusion;
    project.substrates[0].decay = decay;
    return project;
}

double total(const std::vector<double>& field) {
    return std::accumulate(field.begin(), field.end(), 0.0);
}

TEST(Fields, closed_box_without_decay_keeps_its_mass) {
    const Project project = slab(17, 0.01, 1e5, 0, false);
    const FieldSolver solver = make_solver(project, 0, project.diffusion_step);
    std::vector<double> field(project.grid.size(), 0.0);
    field[1234] = 1000;
    for (int n = 0; n < 50; ++n) {
        const double before = total(field);
        diffuse_reference(project.grid, solver, field);
        EXPECT_NEAR(total(field), before, 1e-12 * before);
    }
}

TEST(Fields, decay_alone_is_backward_euler_in_each_axis) {
    const Project project = slab(5, 0.1, 0, 0.3, false);
    const FieldSolver solver = make_solver(project, 0, project.diffusion_step);
    std::vector<double> field(project.grid.size(), 2.0);
    diffuse_reference(project.grid, solver, field);
    const double expected = 2.0 / std::pow(1 + 0.1 * 0.3 / 3, 3);
    for (const double density : field) EXPECT_NEAR(density, expected, 1e-14);
}

/// A cosine along x decays at the rate of its discrete eigenvalue; returns the relative error after one
/// minute.
double mode_error(double dt) {
    const int n = 40;
    const Project project = slab(n, dt, 500, 0);
    const FieldSolver solver = make_solver(project, 0, project.diffusion_step);
    const double angle = std::numbers::pi / n, eigenvalue = 2 * 500 / 400.0 * (1 - std::cos(angle));
    std::vector<double> field(project.grid.size());
    for (std::size_t v = 0; v < field.size(); ++v)
        field[v] = std::cos(angle * (static_cast<double>(v % n) + 0.5));
    const auto start = field;
    for (int k = 0; k < std::lround(10 / dt); ++k) diffuse_reference(project.grid, solver, field);
    return std::abs(field[0] / start[0] - std::exp(-10 * eigenvalue)) / std::exp(-10 * eigenvalue);
}

TEST(Fields, a_cosine_mode_decays_at_its_rate_to_first_order) {
    const double coarse = mode_error(0.5), fine = mode_error(0.25);
    EXPECT_LT(fine, 0.01);
    EXPECT_NEAR(std::log2(coarse / fine), 1.0, 0.05);
}

TEST(Fields, held_faces_keep_their_values_and_feed_the_rest) {
    Project project = slab(11, 0.01, 1e5, 0.1);
    project.substrates[0].sides[0] = {true, 38};
    const FieldSolver solver = make_solver(project, 0, project.diffusion_step);
    ASSERT_EQ(solver.held.size(), 11u);
    std::vector<double> field(project.grid.size(), 0.0);
    for (int n = 0; n < 5; ++n) diffuse_reference(project.grid, solver, field);
    for (std::size_t j = 0; j < 11; ++j) EXPECT_EQ(field[j * 11], 38);
    EXPECT_GT(field[1], field[5]);
    EXPECT_GT(field[5], 0);
}

TEST(Fields, where_faces_meet_the_later_face_decides) {
    Project project = slab(4, 0.01, 1e5, 0);
    project.substrates[0].sides[0] = {true, 1};
    project.substrates[0].sides[2] = {true, 2};
    const FieldSolver solver = make_solver(project, 0, project.diffusion_step);
    std::vector<double> field(project.grid.size(), 0.0);
    hold(solver, field);
    EXPECT_EQ(field[0], 2);
    EXPECT_EQ(field[4], 1);
}

TEST(Fields, fast_sweeps_give_the_bits_of_the_reference) {
    for (const bool flat : {true, false}) {
        for (const int n : {3, 8, 21, 37}) {
            Project project = slab(n, 0.01, 8e4, 0.2, flat);
            project.substrates[0].sides[1] = {true, 38};
            const FieldSolver solver = make_solver(project, 0, project.diffusion_step);
            std::vector<double> clear(project.grid.size());
            for (std::size_t v = 0; v < clear.size(); ++v) clear[v] = std::sin(static_cast<double>(v)) + 2;
            auto fast = clear, teamed = clear;
            const FastDiffusion diffusion(project.grid);
            std::vector<double> tile;
            Team team(3);
            for (int k = 0; k < 3; ++k) {
                diffuse_reference(project.grid, solver, clear);
                diffusion.step(solver, fast, tile);
                diffusion.step(solver, teamed, team);
            }
            EXPECT_EQ(clear, fast) << n << flat;
            EXPECT_EQ(clear, teamed) << n << flat;
        }
    }
}

TEST(Fields, the_gradient_of_a_plane_is_its_slope_everywhere) {
    const Project project = slab(6, 0.01, 1, 0, false);
    std::vector<double> field(project.grid.size());
    for (std::size_t v = 0; v < field.size(); ++v) {
        const auto p = project.grid.center(v);
        field[v] = 2 * p[0] - 3 * p[1] + 0.5 * p[2];
    }
    for (std::size_t v = 0; v < field.size(); ++v) {
        const auto slope = gradient(project.grid, field, v);
        EXPECT_NEAR(slope[0], 2, 1e-12);
        EXPECT_NEAR(slope[1], -3, 1e-12);
        EXPECT_NEAR(slope[2], 0.5, 1e-12);
    }
}

}  // namespace
}  // namespace abscopal::tissue
