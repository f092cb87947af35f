// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
// A run of which most patients are kept in brief says the same as one kept whole.
#include <gtest/gtest.h>

#include "abscopal/report.hpp"
#include "small_trial.hpp"
#include "trial/comparison.hpp"

namespace abscopal {
namespace {

using test::ScratchFolder;
using test::small_trial;

/// Randomised, with dropout and data cut by events, strata and looks.
Trial designed_trial(const ScratchFolder& folder) {
    Trial trial = with_patients(small_trial(folder), 120);
    trial.design.allocation = Allocation::blocks;
    trial.design.strata = {{"kill", "kill", {0.05}, {}}};
    trial.design.subgroups = {{"growth", "growth", {0.02}, {}}};
    trial.design.enrolment.period = 100.0;
    trial.design.enrolment.dropout = 0.001;
    trial.design.cut_off_events = 50;
    trial.design.looks = {0.5};
    return trial;
}

void expect_the_same(const Trial& trial, const std::string& folder) {
    ASSERT_TRUE(run(trial, folder));
    const Result whole = load_result(folder), brief = load_result(folder, 10);
    ASSERT_TRUE(brief.everyone);
    EXPECT_LT(brief.courses.size(), whole.courses.size());
    EXPECT_EQ(brief.result_digest, whole.result_digest);
    EXPECT_EQ(summary_json(brief), summary_json(whole));
    EXPECT_EQ(failed_share(brief), failed_share(whole));
    const std::string report = html_report(brief);
    EXPECT_NE(report.find("of the first 10 of 120"), std::string::npos);
    EXPECT_LT(report.size(), html_report(whole).size());
}

TEST(Brief, summaries_of_twins_are_the_same) {
    const ScratchFolder folder("brief");
    expect_the_same(with_patients(small_trial(folder), 120), folder / "run");
}

TEST(Brief, summaries_at_a_cut_off_by_events_with_looks_and_subgroups_are_the_same) {
    const ScratchFolder folder("brief_design");
    const Trial trial = designed_trial(folder);
    expect_the_same(trial, folder / "run");
    const Result whole = load_result(folder / "run"), brief = load_result(folder / "run", 10);
    const auto a = subgroups(whole, follow_up(whole), EndpointKind::pfs, 1);
    const auto b = subgroups(brief, follow_up(brief), EndpointKind::pfs, 1);
    ASSERT_EQ(a.size(), b.size());
    for (std::size_t i = 0; i < a.size(); ++i) EXPECT_EQ(a[i].n, b[i].n);
}

}  // namespace
}  // namespace abscopal
