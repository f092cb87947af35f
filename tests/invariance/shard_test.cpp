// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
// Shards of a trial, made in any way and joined, are one run to the bit.
#include <gtest/gtest.h>

#include <atomic>

#include "abscopal/report.hpp"
#include "small_trial.hpp"
#include "trial/merge.hpp"

namespace abscopal {
namespace {

using test::ScratchFolder;
using test::small_trial;

std::vector<std::string> run_shards(const Trial& trial, const std::string& folder, std::size_t of) {
    std::vector<std::string> folders;
    for (std::size_t k = 1; k <= of; ++k) {
        RunOptions options;
        options.threads = static_cast<unsigned>(1 + k % 3);
        options.shard = {k, of};
        folders.push_back(folder + std::to_string(k));
        EXPECT_TRUE(run(trial, folders.back(), options));
    }
    return folders;
}

Result merged(const std::vector<std::string>& shards, const std::string& folder) {
    EXPECT_TRUE(merge(shards, folder));
    return load_result(folder);
}

Result whole(const Trial& trial, const std::string& folder) {
    EXPECT_TRUE(run(trial, folder));
    return load_result(folder);
}

/// Codes of what a merge is refused for.
std::vector<std::string> refusal(const std::vector<std::string>& shards, const std::string& folder) {
    std::vector<std::string> codes;
    try {
        (void)merge(shards, folder);
    } catch (const InputError& error) {
        for (const auto& fault : error.faults()) codes.push_back(fault.code);
    }
    return codes;
}

TEST(Shards, of_any_number_joined_are_one_run) {
    const ScratchFolder folder("shards");
    const Trial trial = with_patients(small_trial(folder), 150);
    const Result expected = whole(trial, folder / "whole");
    for (const std::size_t of : {2U, 5U}) {
        auto shards = run_shards(trial, folder / (std::to_string(of) + "-"), of);
        std::swap(shards.front(), shards.back());
        const Result found = merged(shards, folder / ("merged" + std::to_string(of)));
        EXPECT_TRUE(found.complete);
        EXPECT_EQ(found.result_digest, expected.result_digest);
        EXPECT_EQ(found.trial_digest, expected.trial_digest);
        EXPECT_EQ(summary_json(found), summary_json(expected));
    }
}

TEST(Shards, more_than_there_are_packets_joined_are_one_run) {
    const ScratchFolder folder("many_shards");
    const Trial trial = with_patients(small_trial(folder), 30);
    const auto shards = run_shards(trial, folder / "s", 7);
    EXPECT_EQ(merged(shards, folder / "merged").result_digest, whole(trial, folder / "whole").result_digest);
}

TEST(Shards, of_a_randomised_trial_joined_are_one_run) {
    const ScratchFolder folder("randomised_shards");
    Trial trial = with_patients(small_trial(folder), 60);
    trial.design.allocation = Allocation::blocks;
    trial.design.strata = {{"kill", "kill", {0.05}, {}}};
    const auto shards = run_shards(trial, folder / "s", 3);
    const Result expected = whole(trial, folder / "whole");
    EXPECT_EQ(expected.courses.size(), 60U);
    EXPECT_EQ(merged(shards, folder / "merged").result_digest, expected.result_digest);
}

TEST(Shards, stopped_and_resumed_are_the_same) {
    const ScratchFolder folder("stopped_shard");
    const Trial trial = with_patients(small_trial(folder), 300);
    auto shards = run_shards(trial, folder / "s", 2);
    std::atomic<int> stop{0};
    RunOptions options;
    options.shard = {1, 2};
    options.stop = &stop;
    options.progress = [&](std::size_t drawn, std::size_t, std::size_t) { stop = drawn >= 70; };
    shards.front() = folder / "stopped";
    ASSERT_FALSE(run(trial, shards.front(), options));
    EXPECT_EQ(refusal(shards, folder / "early"), std::vector<std::string>{"unfinished-shard"});
    ASSERT_TRUE(resume(shards.front()));
    EXPECT_EQ(merged(shards, folder / "merged").result_digest, whole(trial, folder / "whole").result_digest);
}

TEST(Shards, a_deal_with_one_missing_double_or_foreign_is_refused) {
    const ScratchFolder folder("wrong_shards");
    const Trial trial = with_patients(small_trial(folder), 40);
    const auto shards = run_shards(trial, folder / "s", 3);
    using Codes = std::vector<std::string>;
    EXPECT_EQ(refusal({shards[0], shards[2]}, folder / "m"), Codes{"missing-shard"});
    EXPECT_EQ(refusal({shards[0], shards[1], shards[2], shards[1]}, folder / "m"), Codes{"double-shard"});
    Trial other = trial;
    other.seed = 8;
    const auto others = run_shards(other, folder / "o", 3);
    EXPECT_EQ(refusal({shards[0], others[1], shards[2]}, folder / "m"), Codes{"foreign-shard"});
    const auto halves = run_shards(trial, folder / "h", 2);
    EXPECT_EQ(refusal({shards[0], shards[1], halves[1]}, folder / "m"), Codes{"foreign-shard"});
    whole(trial, folder / "whole");
    EXPECT_EQ(refusal({shards[0], shards[1], shards[2], folder / "whole"}, folder / "m"),
              Codes{"not-a-shard"});
    EXPECT_THROW(load_result(shards[0]), InputError);
    RunOptions options;
    options.shard = {2, 3};
    EXPECT_THROW(run(trial, shards[0], options), InputError);
}

}  // namespace
}  // namespace abscopal
