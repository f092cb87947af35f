// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "abscopal/tissue.hpp"
#include "base/csv.hpp"
#include "base/text.hpp"
#include "support.hpp"

/// Two cases without randomness, against PhysiCell 1.14.2's own numbers (ten digits).
namespace abscopal::tissue {
namespace {

/// The case's project, or nothing where the reference folder is absent.
std::shared_ptr<const Project> deterministic(const std::string& name) {
    const auto folder = test::reference_dir();
    if (!folder) return nullptr;
    ReadOptions options;
    options.compat = true;
    return std::make_shared<const Project>(
        read_project((*folder / "physicell/deterministic" / name).string(), options));
}

CsvTable expected(const std::string& name, const std::string& what, int minute) {
    return read_csv((*test::reference_dir() / "physicell/deterministic" / name /
                     ("expected_" + what + "_" + std::to_string(minute) + "min.csv"))
                        .string());
}

double number(const CsvTable& table, std::size_t row, const std::string& column) {
    const auto at = std::find(table.columns.begin(), table.columns.end(), column) - table.columns.begin();
    return *to_double(table.rows[row][static_cast<std::size_t>(at)]);
}

std::size_t row_of(const Cells& cells, std::uint64_t id) {
    return static_cast<std::size_t>(std::find(cells.id.begin(), cells.id.end(), id) - cells.id.begin());
}

/// Largest distance between our cells and PhysiCell's, relative to `scale`.
double largest_shift(const State& state, const CsvTable& table, double scale) {
    double largest = 0;
    for (std::size_t r = 0; r < table.rows.size(); ++r) {
        const auto i = row_of(state.cells, static_cast<std::uint64_t>(number(table, r, "id")));
        largest = std::max(largest, std::hypot(state.cells.x[i] - number(table, r, "x"),
                                               state.cells.y[i] - number(table, r, "y"),
                                               state.cells.z[i] - number(table, r, "z")));
    }
    return largest / scale;
}

double largest_pressure_error(const State& state, const CsvTable& table) {
    double largest = 0;
    for (std::size_t r = 0; r < table.rows.size(); ++r) {
        const auto i = row_of(state.cells, static_cast<std::uint64_t>(number(table, r, "id")));
        largest = std::max(largest, std::abs(state.cells.pressure[i] - number(table, r, "pressure")));
    }
    return largest;
}

class PhysiCellDeterministic : public testing::TestWithParam<Stepper> {};

TEST_P(PhysiCellDeterministic, four_hundred_cells_move_as_in_physicell) {
    const auto project = deterministic("mech3d_400");
    if (!project) GTEST_SKIP() << "no reference folder";
    Simulation simulation(project, {.stepper = GetParam()});
    State state = simulation.start(0);
    for (const int minute : {5, 10, 15, 20}) {
        simulation.advance(state, minute);
        const auto table = expected("mech3d_400", "cells", minute);
        ASSERT_EQ(table.rows.size(), state.cells.size());
        // 1e-9 of the ball's radius of 100 µm for each step so far, beside the ten digits of the file.
        EXPECT_LT(largest_shift(state, table, 100.0), 1e-9 * minute * 10) << minute;
        EXPECT_LT(largest_pressure_error(state, table), 1e-6) << minute;
    }
}

TEST_P(PhysiCellDeterministic, fields_and_cells_follow_physicell) {
    const auto project = deterministic("field_60");
    if (!project) GTEST_SKIP() << "no reference folder";
    Simulation simulation(project, {.stepper = GetParam()});
    State state = simulation.start(0);
    for (const int minute : {3, 6}) {
        simulation.advance(state, minute);
        const auto table = expected("field_60", "fields", minute);
        ASSERT_EQ(table.rows.size(), project->grid.size());
        for (std::size_t k = 0; k < project->substrates.size(); ++k) {
            double largest = 0;
            for (std::size_t r = 0; r < table.rows.size(); ++r) {
                const auto voxel = project->grid.voxel_at(number(table, r, "x"), number(table, r, "y"),
                                                          number(table, r, "z"));
                const double theirs = number(table, r, project->substrates[k].name);
                largest = std::max(largest, std::abs(state.fields[k][voxel] - theirs) / std::abs(theirs));
            }
            EXPECT_LT(largest, 1e-6) << project->substrates[k].name << " at " << minute;
        }
        EXPECT_LT(largest_shift(state, expected("field_60", "cells", minute), 100.0), 1e-9 * minute * 10)
            << minute;
    }
}

INSTANTIATE_TEST_SUITE_P(Steppers, PhysiCellDeterministic, testing::Values(Stepper::reference, Stepper::fast),
                         [](const auto& stepper) {
                             return stepper.param == Stepper::fast ? "fast" : "reference";
                         });

}  // namespace
}  // namespace abscopal::tissue
