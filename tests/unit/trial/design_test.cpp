// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "abscopal/result.hpp"
#include "small_trial.hpp"
#include "trial/allocation.hpp"
#include "trial/plan.hpp"
#include "trial_fixture.hpp"

namespace abscopal {
namespace {

Design blocks(std::vector<double> ratio, std::size_t size) {
    Design design;
    design.allocation = Allocation::blocks;
    design.ratio = std::move(ratio), design.block = size;
    return design;
}

TEST(Allocation, every_block_keeps_the_ratio_in_every_stratum) {
    const Design design = blocks({2, 1, 1}, 8);
    for (std::size_t stratum = 0; stratum < 5; ++stratum) {
        for (std::size_t block = 0; block < 40; ++block) {
            std::array<int, 3> n{};
            for (std::size_t i = 0; i < 8; ++i) ++n[allocated_arm(design, 3, 11, stratum, 8 * block + i)];
            EXPECT_EQ(n, (std::array{4, 2, 2}));
        }
    }
}

TEST(Allocation, the_order_within_blocks_is_random) {
    // All six orders of a block of four come equally often: chi-square of 5 degrees, limit of one in a
    // million.
    const Design design = blocks({}, 4);
    std::map<std::string, double> n;
    for (std::size_t block = 0; block < 6000; ++block) {
        std::string order;
        for (std::size_t i = 0; i < 4; ++i)
            order += static_cast<char>('A' + allocated_arm(design, 2, 3, 0, 4 * block + i));
        n[order] += 1.0;
    }
    ASSERT_EQ(n.size(), 6U);
    double chi_square = 0.0;
    for (const auto& [order, count] : n) chi_square += (count - 1000.0) * (count - 1000.0) / 1000.0;
    EXPECT_LT(chi_square, 35.9);
}

TEST(Allocation, simple_draws_have_the_shares_asked_for) {
    Design design;
    design.allocation = Allocation::simple;
    design.ratio = {3, 1};
    double n = 0.0;
    for (std::size_t i = 0; i < 40'000; ++i) n += allocated_arm(design, 2, 5, 0, i) == 1;
    EXPECT_NEAR(n / 40'000.0, 0.25, 5.0 * std::sqrt(0.25 * 0.75 / 40'000.0));
}

TEST(Split, parts_run_from_cut_to_cut) {
    const Split split{"pd_l1", "PD-L1", {1.0, 50.0}, {}};
    EXPECT_EQ(part_of(split, 0.9), 0U);
    EXPECT_EQ(part_of(split, 1.0), 1U);
    EXPECT_EQ(part_of(split, 50.0), 2U);
    EXPECT_EQ(part_name(split, 1), "PD-L1 1 to < 50");
    EXPECT_EQ(part_name({"liver", "Liver metastases", {}, {}}, part_of({"liver", "", {}, {}}, 1.0)),
              "Liver metastases: yes");
    const std::vector<std::string> columns{"age", "liver", "pd_l1"};
    const std::vector<Split> both{{"liver", "", {}, {}}, split};
    const Strata strata(both, columns);
    EXPECT_EQ(strata.count(), 6U);
    EXPECT_EQ(strata.of(std::vector{70.0, 1.0, 60.0}), 5U);
}

class Randomised : public testing::Test {
  protected:
    static Trial trial_in(const test::ScratchFolder& folder) {
        Trial trial = test::small_trial(folder);
        trial.n_patients = 24;
        trial.max_draws = 100;
        trial.design = blocks({1, 1}, 4);
        trial.design.strata = {{"body_weight", "Body weight", {75.0}, {}}};
        return trial;
    }
};

TEST_F(Randomised, each_patient_takes_one_arm_and_strata_are_balanced) {
    const test::ScratchFolder folder("randomised");
    const Trial trial = trial_in(folder);
    ASSERT_TRUE(run(trial, folder / "run"));
    const Result result = load_result(folder / "run");
    ASSERT_EQ(result.courses.size(), 24U);
    const Strata strata(trial.design.strata, result.parameters);
    std::map<std::size_t, std::array<int, 2>> n;
    for (const auto& course : result.courses)
        ++n[strata.of(result.candidates[course.candidate].parameters)][course.arm];
    ASSERT_EQ(n.size(), 2U);
    for (const auto& [stratum, counts] : n) EXPECT_LE(std::abs(counts[0] - counts[1]), 2);
}

TEST_F(Randomised, a_run_that_was_stopped_allocates_as_one_that_was_not) {
    const test::ScratchFolder folder("resumed");
    Trial trial = trial_in(folder);
    trial.n_patients = 90, trial.max_draws = 300;  // more than one block of candidates
    ASSERT_TRUE(run(trial, folder / "whole"));
    std::atomic<int> stop{0};
    RunOptions options;
    options.stop = &stop;
    options.progress = [&](std::size_t, std::size_t, std::size_t) { stop = 1; };
    int n_sessions = 0;
    while (!run(trial, folder / "parts", options) && ++n_sessions < 100) stop = 0;
    EXPECT_GT(n_sessions, 0);
    EXPECT_EQ(load_result(folder / "whole").result_digest, load_result(folder / "parts").result_digest);
}

TEST_F(Randomised, a_patients_course_is_that_of_her_twin) {
    const test::ScratchFolder folder("twin");
    Trial trial = trial_in(folder);
    ASSERT_TRUE(run(trial, folder / "randomised"));
    trial.design.allocation = Allocation::twins;
    ASSERT_TRUE(run(trial, folder / "twins"));
    const Result one = load_result(folder / "randomised"), both = load_result(folder / "twins");
    for (const auto& course : one.courses) {
        const auto twin = std::find_if(both.courses.begin(), both.courses.end(), [&](const auto& other) {
            return other.candidate == course.candidate && other.arm == course.arm;
        });
        ASSERT_NE(twin, both.courses.end());
        EXPECT_EQ(course.pfs_day, twin->pfs_day);
        EXPECT_EQ(course.recorded, twin->recorded);
    }
}

class DesignFile : public test::TrialFolder {
  protected:
    static std::string with(const std::string& design) { return test::valid_trial + "[design]\n" + design; }
};

TEST_F(DesignFile, is_read_in_days) {
    const Trial trial = trial_of(with(
        "allocation = \"blocks\"\nratio = [2, 1]\nenrolment = \"18 months\"\nramp = \"6 months\"\n"
        "dropout_per_year = 0.05\ncut_off_events = 331\ncut_off = \"4 years\"\nlooks = [0.5, 0.75]\n"
        "spending = \"pocock\"\nfutility = [0.1]\n[[design.stratum]]\nby = \"k_growth\"\ncuts = [0.01]\n"));
    const Design& design = trial.design;
    EXPECT_EQ(design.allocation, Allocation::blocks);
    EXPECT_EQ(design.ratio, (std::vector{2.0, 1.0}));
    EXPECT_NEAR(design.enrolment.period, 18 * 30.4375, 1e-9);
    EXPECT_NEAR(design.enrolment.ramp, 6 * 30.4375, 1e-9);
    EXPECT_NEAR(std::exp(-365.25 * design.enrolment.dropout), 0.95, 1e-12);
    EXPECT_EQ(design.cut_off_events, 331U);
    EXPECT_NEAR(design.cut_off, 4 * 365.25, 1e-9);
    EXPECT_EQ(design.looks, (std::vector{0.5, 0.75}));
    EXPECT_EQ(design.spending, Spending::pocock);
    ASSERT_EQ(design.strata.size(), 1U);
    EXPECT_EQ(design.strata[0].label, "k_growth");
    const std::string words = explain(trial);
    EXPECT_NE(words.find("randomised 2:1 in permuted blocks of 6, stratified by k_growth"), std::string::npos)
        << words;
    EXPECT_NE(words.find("at 331 events of PFS, or 48 months after the first entry"), std::string::npos)
        << words;
}

TEST_F(DesignFile, says_what_is_wrong) {
    const auto code = [&](const std::string& design) {
        const auto faults = faults_of(with(design));
        return faults.empty() ? std::string() : faults.front().code;
    };
    EXPECT_EQ(code("ratio = [1, 1, 1]\n"), "ratio-length");
    EXPECT_EQ(code("allocation = \"blocks\"\nblock = 5\n"), "block-size");
    EXPECT_EQ(code("enrolment = \"6 months\"\nramp = \"7 months\"\n"), "ramp-length");
    EXPECT_EQ(code("looks = [0.5]\n"), "looks-without-events");
    EXPECT_EQ(code("cut_off_events = 100\nlooks = [0.7, 0.5]\n"), "looks-order");
    EXPECT_EQ(code("cut_off_events = 100\nlooks = [0.5]\nfutility = [0, 1]\n"), "futility-length");
    EXPECT_EQ(code("[[design.stratum]]\nby = \"k_grow\"\n"), "unknown-column");
    EXPECT_EQ(code("[[design.subgroup]]\nby = \"k_growth\"\ncuts = [2, 1]\n"), "cuts-order");
    EXPECT_EQ(code("allocation = \"block\"\n"), "not-a-choice");
}

TEST(Plan, finds_the_published_number_of_events) {
    ComparisonPlan plan;
    plan.arms = {ArmTimes{{0.0}, {0.002}}, ArmTimes{{0.0}, {0.0014}}};
    plan.n_patients = 3, plan.events = 2;
    const auto sized = sized_for(plan, 0.9, 2000, 1);
    EXPECT_NEAR(static_cast<double>(sized.events), 331.0, 20.0);
    EXPECT_NEAR(static_cast<double>(sized.n_patients), 1.5 * static_cast<double>(sized.events), 1.0);
    const auto operating = simulate_trials(sized, 500, 1);
    EXPECT_NE(operating_text(sized, operating).find("simulated trials"), std::string::npos);
    EXPECT_NE(operating_json(sized, operating).find("\"power\""), std::string::npos);
}

}  // namespace
}  // namespace abscopal
