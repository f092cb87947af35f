// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "virtual_melanoma.hpp"

/// Cells without MHC-I (B2M lost) in the tumour at the start: none, or one in ten thousand.
namespace abscopal {
namespace {

using namespace test;

Result with_lost_mhc(const std::string& share_of_cells) {
    TrialText trial;
    trial.every = "12 weeks", trial.follow_up = "24 months", trial.record_every = "12 weeks";
    for (const char* loss : {"loss_antigen", "loss_jak"})
        trial.cohort +=
            "[[cohort.parameter]]\nname = \"" + std::string(loss) + "\"\nlaw = \"fixed\"\nvalue = 0\n";
    trial.cohort +=
        "[[cohort.parameter]]\nname = \"loss_mhc\"\nlaw = \"fixed\"\nvalue = " + share_of_cells + "\n";
    trial.watched = {"no_mhc_share", "cancer_cells"};
    trial.arm("both", ipilimumab + nivolumab);
    return run_of(trial, "escape" + share_of_cells);
}

TEST(ImmunotherapyEscape, LossOfB2mCausesAcquiredResistance) {
    const Result intact = with_lost_mhc("0"), lost = with_lost_mhc("1e-4");
    const auto relapses = [](const Course& c) { return c.progressed && c.pfs_day < 720.0; };
    EXPECT_GT(response_rate(lost, "both"), response_rate(intact, "both") - 0.35);  // it responds, and then
    EXPECT_GT(share(lost, "both", relapses, responds), share(intact, "both", relapses, responds) + 0.15);
    const std::size_t no_mhc = watched(lost, "no_mhc_share");
    const auto is_taken_over = [=](const Course& c) {
        return std::ranges::any_of(c.recorded[no_mhc], [](double of_all) { return of_all > 0.5; });
    };
    EXPECT_GT(share(lost, "both", is_taken_over, responds), 0.5);
    EXPECT_EQ(share(intact, "both", is_taken_over), 0.0);
}

}  // namespace
}  // namespace abscopal
