// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
// Patients whom no solver can follow are reported, each with the right reason, and touch nobody else. The
// number of patients is read from ABSCOPAL_POISONED_COHORT: 100000 takes a minute.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>

#include "poisoned_trial.hpp"
#include "trial/replay.hpp"

namespace abscopal {
namespace {

using test::poisoned_trial;
using test::poisons;
using test::ScratchFolder;

constexpr std::size_t n_poisoned = 137;

std::size_t cohort_size() {
    const char* number = std::getenv("ABSCOPAL_POISONED_COHORT");
    return number ? static_cast<std::size_t>(std::atoll(number)) : 500;
}

/// A run and how many seconds it took.
struct Timed {
    Result result;
    double seconds = 0.0;
};

Timed timed_run(const Trial& trial, const std::string& folder) {
    Timed timed;
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_TRUE(run(trial, folder));
    timed.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    timed.result = load_result(folder);
    return timed;
}

/// Courses of each candidate, and of each that failed how.
std::map<std::size_t, std::vector<const Course*>> by_candidate(const Result& result) {
    std::map<std::size_t, std::vector<const Course*>> courses;
    for (const auto& course : result.courses) courses[course.candidate].push_back(&course);
    return courses;
}

std::map<std::size_t, Status> failures(const Result& result) {
    std::map<std::size_t, Status> found;
    for (const auto& candidate : result.candidates)
        if (candidate.fate == Fate::failed) found[candidate.index] = candidate.outcome.status;
    for (const auto& course : result.courses)
        if (!course.outcome.ok()) found[course.candidate] = course.outcome.status;
    return found;
}

void expect_same_numbers(const Course& a, const Course& b) {
    ASSERT_EQ(a.arm, b.arm);
    EXPECT_EQ(a.outcome.steps, b.outcome.steps);
    EXPECT_EQ(a.recorded, b.recorded);
    ASSERT_EQ(a.visits.size(), b.visits.size());
    for (std::size_t i = 0; i < a.visits.size(); ++i)
        ASSERT_EQ(a.visits[i].investigator.diameters, b.visits[i].investigator.diameters);
    EXPECT_EQ(a.investigator.times.size(), b.investigator.times.size());
}

TEST(Poisoned, exactly_they_are_reported_with_the_right_reason_and_the_others_keep_their_bits) {
    const std::size_t n = cohort_size();
    const ScratchFolder folder("poisoned");
    const Timed clean = timed_run(poisoned_trial(folder, n, 0), folder / "clean");
    const Timed poisoned = timed_run(poisoned_trial(folder, n, n_poisoned), folder / "poisoned");
    std::printf("%zu patients: %.1f s, with %zu poisoned %.1f s\n", n, clean.seconds, n_poisoned,
                poisoned.seconds);
    EXPECT_TRUE(failures(clean.result).empty());
    const auto failed = failures(poisoned.result);
    EXPECT_EQ(failed.size(), n_poisoned);
    for (std::size_t i = 0; i < n_poisoned; ++i) {
        const auto& poison = poisons[i % poisons.size()];
        const auto found = failed.find(test::place_of_poisoned(i, n, n_poisoned));
        ASSERT_NE(found, failed.end()) << poison.name;
        EXPECT_EQ(name_of(found->second), name_of(poison.reason)) << poison.name;
    }
    const auto expected = by_candidate(clean.result);
    for (const auto& [candidate, courses] : by_candidate(poisoned.result)) {
        if (failed.contains(candidate)) continue;
        const auto& same = expected.at(candidate);
        ASSERT_EQ(courses.size(), same.size());
        for (std::size_t i = 0; i < courses.size(); ++i) expect_same_numbers(*courses[i], *same[i]);
    }
}

TEST(Poisoned, each_is_replayed_to_the_same_bits_with_what_stopped_her) {
    const ScratchFolder folder("replayed");
    const std::size_t n = 64;
    ASSERT_TRUE(run(poisoned_trial(folder, n, poisons.size()), folder / "run"));
    for (std::size_t i = 0; i < poisons.size(); ++i) {
        const Replayed replayed = replay(folder / "run", test::place_of_poisoned(i, n, poisons.size()));
        EXPECT_TRUE(replayed.is_same) << poisons[i].name;
        EXPECT_EQ(replayed.parts.back().outcome.status, poisons[i].reason) << poisons[i].name;
        EXPECT_NE(words(replayed).find(name_of(poisons[i].reason)), std::string::npos);
    }
    const Replayed healthy = replay(folder / "run", 8, "drug");
    EXPECT_TRUE(healthy.is_same);
    ASSERT_EQ(healthy.parts.size(), 2U);
    EXPECT_GT(healthy.parts[1].n_steps, 10U);
    EXPECT_THROW(replay(folder / "run", n), InputError);
    EXPECT_THROW(replay(folder / "run", 8, "drugs"), InputError);
}

TEST(Poisoned, a_failure_comes_with_the_command_that_replays_it) {
    const ScratchFolder folder("commands");
    ASSERT_TRUE(run(poisoned_trial(folder, 64, poisons.size()), folder / "run"));
    const auto failed = failures_of(load_result(folder / "run"), "DIR");
    ASSERT_GE(failed.size(), poisons.size());
    EXPECT_EQ(failed.front().command, "abscopal replay DIR --patient 0");
    EXPECT_EQ(failed.back().command.find("abscopal replay DIR --patient "), 0U);
    EXPECT_NE(failed.back().command.find("--arm \"drug\""), std::string::npos);
}

}  // namespace
}  // namespace abscopal
