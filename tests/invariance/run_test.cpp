// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <filesystem>

#include "abscopal/result.hpp"
#include "small_trial.hpp"

namespace abscopal {
namespace {

using test::ScratchFolder;
using test::small_trial;

Result result_of(const Trial& trial, const std::string& folder, unsigned threads = 2) {
    RunOptions options;
    options.threads = threads;
    EXPECT_TRUE(run(trial, folder, options));
    return load_result(folder);
}

/// Everything that was found of a patient in an arm, arms called by name.
void expect_same_course(const Course& a, const Course& b) {
    EXPECT_EQ(a.outcome.status, b.outcome.status);
    EXPECT_EQ(a.outcome.steps, b.outcome.steps);
    EXPECT_EQ(a.outcome.rhs_calls, b.outcome.rhs_calls);
    EXPECT_EQ(a.baseline, b.baseline);
    EXPECT_EQ(a.best, b.best);
    EXPECT_EQ(a.pfs_day, b.pfs_day);
    EXPECT_EQ(a.off_treatment_day, b.off_treatment_day);
    EXPECT_EQ(a.recorded, b.recorded);
    ASSERT_EQ(a.visits.size(), b.visits.size());
    for (std::size_t i = 0; i < a.visits.size(); ++i)
        EXPECT_EQ(a.visits[i].sum_of_diameters, b.visits[i].sum_of_diameters);
}

TEST(Run, threads_change_no_bit) {
    const ScratchFolder folder("threads");
    const Trial trial = small_trial(folder);
    const auto digest = result_of(trial, folder / "1", 1).result_digest;
    for (const unsigned threads : {2U, 3U, 7U})
        EXPECT_EQ(result_of(trial, folder / std::to_string(threads), threads).result_digest, digest)
            << threads;
}

TEST(Run, fewer_patients_are_the_first_of_more) {
    const ScratchFolder folder("fewer");
    const auto many = result_of(small_trial(folder), folder / "many");
    Trial trial = small_trial(folder);
    trial.n_patients = 5;
    const auto few = result_of(trial, folder / "few");
    ASSERT_EQ(few.courses.size(), 10U);
    for (std::size_t i = 0; i < few.courses.size(); ++i) expect_same_course(few.courses[i], many.courses[i]);
}

TEST(Run, a_patient_alone_is_the_same_as_in_a_cohort) {
    const ScratchFolder folder("alone");
    const auto cohort = result_of(small_trial(folder), folder / "cohort");
    for (const std::size_t i : {1U, 9U, 30U}) {
        const auto& course = cohort.courses[i];
        Trial trial = small_trial(folder);
        trial.population.priors.clear();
        trial.population.draws = {cohort.parameters, {cohort.candidates[course.candidate].parameters}, {1.0}};
        trial.n_patients = trial.max_draws = 1;
        const auto alone = result_of(trial, folder / ("alone" + std::to_string(i)));
        ASSERT_EQ(alone.courses.size(), 2U);
        expect_same_course(alone.courses[course.arm], course);
    }
}

TEST(Run, arms_added_or_moved_change_no_other_arm) {
    const ScratchFolder folder("arms");
    const auto two = result_of(small_trial(folder), folder / "two");
    Trial trial = small_trial(folder);
    Arm third = trial.arms[1];
    third.name = "more drug";
    third.regimen.rows[0].amount = 1.0;
    trial.arms.insert(trial.arms.begin() + 1, third);
    const auto three = result_of(trial, folder / "three");
    ASSERT_EQ(three.courses.size() * 2, two.courses.size() * 3);
    for (std::size_t i = 0; i < two.courses.size() / 2; ++i) {
        expect_same_course(three.courses[3 * i], two.courses[2 * i]);
        expect_same_course(three.courses[3 * i + 2], two.courses[2 * i + 1]);
    }
}

TEST(Run, an_arm_without_doses_equals_observation) {
    const ScratchFolder folder("zero");
    Trial trial = small_trial(folder);
    trial.arms[1].regimen.rows[0].amount = 0.0;
    const auto result = result_of(trial, folder / "run");
    for (std::size_t i = 0; i < result.courses.size(); i += 2) {
        ASSERT_EQ(result.courses[i].visits.size(), result.courses[i + 1].visits.size());
        for (std::size_t v = 0; v < result.courses[i].visits.size(); ++v)
            EXPECT_NEAR(result.courses[i].visits[v].sum_of_diameters,
                        result.courses[i + 1].visits[v].sum_of_diameters, 1e-3);
    }
}

/// Stops once `stop_at` candidates are drawn, then resumes.
void expect_resumed_as_whole(const Trial& trial, const ScratchFolder& folder,
                             std::initializer_list<std::size_t> stops) {
    const auto whole = result_of(trial, folder / "whole");
    for (const std::size_t stop_at : stops) {
        const auto name = folder / ("at" + std::to_string(stop_at));
        std::atomic<int> stop{0};
        RunOptions options;
        options.threads = 2;
        options.stop = &stop;
        options.progress = [&](std::size_t drawn, std::size_t, std::size_t) { stop = drawn >= stop_at; };
        EXPECT_FALSE(run(trial, name, options));
        const auto part = load_result(name);
        EXPECT_FALSE(part.complete);
        EXPECT_GE(part.candidates.size(), stop_at);
        EXPECT_TRUE(resume(name));
        const auto resumed = load_result(name);
        EXPECT_TRUE(resumed.complete);
        EXPECT_EQ(resumed.result_digest, whole.result_digest);
        EXPECT_EQ(resumed.trial_digest, whole.trial_digest);
    }
}

TEST(Resume, stopped_after_any_block_ends_as_if_never_stopped) {
    const ScratchFolder folder("stopped");
    expect_resumed_as_whole(with_patients(small_trial(folder), 150), folder, {1, 65});
}

TEST(Resume, stopped_after_any_block_of_the_reference_ends_as_if_never_stopped) {
    const ScratchFolder folder("stopped_reference");
    Trial trial = with_patients(small_trial(folder), 40);
    trial.numerics.method = Method::bdf;
    expect_resumed_as_whole(trial, folder, {1, 9, 17, 30});
}

TEST(Resume, stopping_at_once_leaves_whole_blocks) {
    const ScratchFolder folder("at_once");
    Trial trial = small_trial(folder);
    trial.numerics.method = Method::bdf;
    std::atomic<int> stop{0};
    RunOptions options;
    options.stop = &stop;
    options.progress = [&](std::size_t drawn, std::size_t, std::size_t) { stop = drawn >= 10 ? 2 : 0; };
    EXPECT_FALSE(run(trial, folder / "run", options));
    EXPECT_EQ(load_result(folder / "run").candidates.size(), 8U);
    EXPECT_TRUE(resume(folder / "run"));
    EXPECT_EQ(load_result(folder / "run").result_digest, result_of(trial, folder / "whole").result_digest);
}

TEST(Resume, does_not_need_the_originals) {
    const ScratchFolder folder("originals");
    const Trial trial = small_trial(folder);
    const auto whole = result_of(trial, folder / "whole");
    std::atomic<int> stop{1};
    RunOptions options;
    options.stop = &stop;
    EXPECT_FALSE(run(trial, folder / "run", options));
    std::filesystem::remove(trial.model_path);
    EXPECT_TRUE(resume(folder / "run"));
    EXPECT_EQ(load_result(folder / "run").result_digest, whole.result_digest);
}

TEST(Folder, the_same_trial_again_adds_nothing) {
    const ScratchFolder folder("again");
    const auto first = result_of(small_trial(folder), folder / "run");
    const auto again = result_of(small_trial(folder), folder / "run");
    EXPECT_EQ(first.result_digest, again.result_digest);
}

TEST(Folder, another_trial_is_refused_and_nothing_written_over) {
    const ScratchFolder folder("other");
    const auto first = result_of(small_trial(folder), folder / "run");
    Trial other = small_trial(folder);
    other.seed = 8;
    EXPECT_THROW(run(other, folder / "run"), InputError);
    EXPECT_EQ(load_result(folder / "run").result_digest, first.result_digest);
    RunOptions overwrite;
    overwrite.overwrite = true;
    EXPECT_TRUE(run(other, folder / "run", overwrite));
    EXPECT_NE(load_result(folder / "run").result_digest, first.result_digest);
}

TEST(Folder, files_of_others_are_left_alone) {
    const ScratchFolder folder("foreign");
    std::filesystem::create_directories(folder / "run");
    write_file(folder / "run/run.sqlite", "a diary");
    RunOptions overwrite;
    overwrite.overwrite = true;
    EXPECT_THROW(run(small_trial(folder), folder / "run", overwrite), FileError);
    EXPECT_EQ(read_file(folder / "run/run.sqlite"), "a diary");

    std::filesystem::create_directories(folder / "web");
    write_file(folder / "web/report.html", "<p>mine");
    EXPECT_THROW(run(small_trial(folder), folder / "web"), InputError);
    EXPECT_FALSE(std::filesystem::exists(folder / "web/run.sqlite"));
}

}  // namespace
}  // namespace abscopal
