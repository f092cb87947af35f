// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <gtest/gtest.h>

#include "abscopal/tissue.hpp"
#include "support.hpp"

/// What immunologists call inflamed, excluded and desert tumours respond to checkpoint blockade in that
/// order.
namespace abscopal::tissue {
namespace {

/// Live tumour cells after 14 hours, eight of them under the drug where there is a dose.
std::int64_t tumour_left(const std::string& cells, int doses) {
    ReadOptions options;
    options.strict = true;
    options.settings = {
        {"initial_conditions/cell_positions/filename", cells},
        {"microenvironment_setup/variable[anti-PD-1]/PK/schedule/total_doses", std::to_string(doses)}};
    const auto project = std::make_shared<const Project>(
        read_project((test::source_dir() / "examples/tissue").string(), options));
    RunPlan plan;
    plan.until = plan.every = 840;
    plan.seed = 3;
    return run(project, plan).replicates[0].cells[project->types.size()].live;
}

TEST(TissuePhenotypes, respond_to_blockade_in_the_order_of_their_infiltrate) {
    const auto gain = [](const std::string& cells) {
        return static_cast<double>(tumour_left(cells, 0) - tumour_left(cells, 1));
    };
    const double inflamed = gain("inflamed.csv"), excluded = gain("excluded.csv"),
                 desert = gain("desert.csv");
    EXPECT_GT(inflamed, 30);
    EXPECT_GT(inflamed, excluded);
    EXPECT_GT(excluded, desert);
    EXPECT_LT(desert, 15);
}

TEST(TissuePhenotypes, a_vaccine_brings_t_cells_into_a_desert_and_blockade_lets_them_kill) {
    const auto desert = tumour_left("desert.csv", 1), vaccinated = tumour_left("vaccinated.csv", 1);
    // Twelve of the tumour cells have given way to vessels.
    EXPECT_LT(vaccinated, desert - 12 - 20);
    EXPECT_LT(vaccinated, tumour_left("vaccinated.csv", 0));
}

TEST(TissuePhenotypes, more_t_cells_inside_leave_fewer_tumour_cells) {
    EXPECT_LT(tumour_left("inflamed.csv", 1), tumour_left("desert.csv", 1));
}

}  // namespace
}  // namespace abscopal::tissue
