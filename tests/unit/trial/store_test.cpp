// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "trial/store.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <limits>

#include "base/random.hpp"
#include "small_trial.hpp"
#include "trial/archive.hpp"

namespace abscopal {
namespace {

using test::ScratchFolder;
using test::small_trial;

StoreHead small_head(const ScratchFolder& folder) {
    StoreHead head;
    head.trial = small_trial(folder);
    head.parameters = {"growth", "kill", "body_weight"};
    head.record_days = {0.0, 14.0, 28.0};
    head.model_files = {{"small.xml", test::small_model}};
    head.manifest = {{"model_digest", "m"}, {"trial_digest", "t"}};
    return head;
}

Block block_of(std::size_t first, std::size_t n) {
    Block block{first, {}, {}};
    for (std::size_t i = first; i < first + n; ++i) {
        Candidate candidate;
        candidate.index = i;
        candidate.parameters = {0.1 + static_cast<double>(i), 1.0 / 3.0, -0.0};
        candidate.fate = i % 3 == 0 ? Fate::rejected : Fate::treated;
        if (candidate.fate == Fate::rejected) candidate.reason = "growth too high";
        candidate.diagnosis_day = 100.0 / 3.0;
        block.candidates.push_back(candidate);
        if (candidate.fate != Fate::treated) continue;
        for (std::size_t arm = 0; arm < 2; ++arm) {
            Course course;
            course.candidate = i;
            course.arm = arm;
            course.baseline = 20.1;
            course.visits = {{42.0, 18.7, Response::stable}, {84.0, 0.0, Response::complete}};
            course.best = Response::complete;
            course.pfs_day = 84.0;
            course.recorded = {{20.1, 1.0 / 7.0, std::numeric_limits<double>::quiet_NaN()},
                               {0.0, 5e-324, 1.7976931348623157e308}};
            course.outcome.status = arm ? Status::step_limit : Status::ok;
            course.outcome.worst = arm ? "T" : "";
            block.courses.push_back(course);
        }
    }
    return block;
}

Result loaded(const std::string& folder) {
    Result result;
    Store::open(folder).load(result);
    return result;
}

TEST(Store, gives_back_what_was_put_in_bit_for_bit) {
    const ScratchFolder folder("store");
    auto store = Store::create(folder.path(), small_head(folder));
    store.append(block_of(0, 5));
    store.append(block_of(5, 2));
    EXPECT_EQ(store.tally(), (Tally{7, 4, 4}));
    const auto result = loaded(folder.path());
    ASSERT_EQ(result.candidates.size(), 7U);
    ASSERT_EQ(result.courses.size(), 8U);
    EXPECT_EQ(result.candidates[4].parameters[0], 4.1);
    EXPECT_EQ(result.candidates[3].reason, "growth too high");
    const auto& course = result.courses[3];
    EXPECT_EQ(course.outcome.status, Status::step_limit);
    EXPECT_EQ(course.outcome.worst, "T");
    EXPECT_EQ(course.recorded[0][1], 1.0 / 7.0);
    EXPECT_TRUE(std::isnan(course.recorded[0][2]));
    EXPECT_EQ(course.recorded[1][1], 5e-324);
    EXPECT_EQ(course.recorded[1][2], 1.7976931348623157e308);
    EXPECT_EQ(course.visits[1].response, Response::complete);
    EXPECT_EQ(course.off_treatment_day, -1.0);
}

TEST(Store, digest_of_the_result_does_not_depend_on_blocks) {
    const ScratchFolder a("one"), b("many");
    Store::create(a.path(), small_head(a)).append(block_of(0, 6));
    auto many = Store::create(b.path(), small_head(b));
    for (std::size_t i = 0; i < 6; ++i) many.append(block_of(i, 1));
    EXPECT_EQ(loaded(a.path()).result_digest, loaded(b.path()).result_digest);
}

TEST(Store, views_can_be_read_by_anyone) {
    const ScratchFolder folder("views");
    Store::create(folder.path(), small_head(folder)).append(block_of(0, 3));
    Database database(store_path(folder.path()), Database::Mode::existing);
    const auto count = [&](const std::string& view) {
        auto row = database.prepare("SELECT count(*) FROM " + view);
        row.step();
        return row.integer(0);
    };
    EXPECT_EQ(count("patients"), 2);
    EXPECT_EQ(count("patient_parameters"), 9);
    EXPECT_EQ(count("responses WHERE arm = 'drug' AND best_response = 'CR'"), 2);
    EXPECT_EQ(count("assessments WHERE sum_mm = 18.7"), 4);
    EXPECT_EQ(count("time_courses WHERE observable = 'diameter' AND day = 14 AND abs(value - 1.0/7) < 1e-12"),
              4);
}

TEST(Store, a_block_is_kept_whole_or_not_at_all) {
    const ScratchFolder folder("atomic");
    auto store = Store::create(folder.path(), small_head(folder));
    store.append(block_of(0, 4));
    EXPECT_THROW(store.append(block_of(2, 4)), FileError) << "candidates 2 and 3 are there already";
    EXPECT_EQ(loaded(folder.path()).candidates.size(), 4U);
    store.append(block_of(4, 4));
    EXPECT_EQ(loaded(folder.path()).candidates.size(), 8U);
}

TEST(Store, a_second_process_is_refused) {
    const ScratchFolder folder("lock");
    const FolderLock lock(folder.path());
    EXPECT_THROW(FolderLock(folder.path()), FileError);
}

/// What a reader would see of a store: the digest, or "damaged".
std::string seen(const std::string& folder) {
    try {
        auto store = Store::open(folder);
        Result result;
        store.load(result);
        return result.result_digest + to_json(store.head().trial) + store.head().manifest.at("trial_digest");
    } catch (const FileError& error) {
        EXPECT_NE(std::string(error.what()).find("run.sqlite"), std::string::npos) << error.what();
        return "damaged";
    }
}

TEST(Store, a_flipped_bit_or_a_cut_is_found_or_changes_nothing_that_is_read) {
    const ScratchFolder folder("torn");
    Store::create(folder.path(), small_head(folder)).append(block_of(0, 6));
    const auto path = store_path(folder.path());
    const auto whole = read_file(path);
    const auto intact = seen(folder.path());
    std::size_t n_found = 0;
    for (std::uint32_t i = 0; i < 120; ++i) {
        auto torn = whole;
        const auto at = random_bits(1, Purpose::cell, i, 0, 0) % torn.size();
        if (i % 4 == 0)
            torn.resize(at);
        else
            torn[at] = static_cast<char>(torn[at] ^ (1 << (i % 8)));
        std::ofstream(path, std::ios::binary) << torn;
        const auto now = seen(folder.path());
        EXPECT_TRUE(now == "damaged" || now == intact) << "byte " << at;
        n_found += now == "damaged";
        EXPECT_TRUE(i % 4 || now == "damaged") << "cut at " << at;
    }
    EXPECT_GT(n_found, 35U);
}

TEST(Store, any_change_of_a_sealed_store_is_found) {
    const ScratchFolder folder("sealed");
    Store::create(folder.path(), small_head(folder)).append(block_of(0, 6));
    seal(folder.path());
    const auto path = store_path(folder.path());
    const auto whole = read_file(path);
    for (std::uint32_t i = 0; i < 100; ++i) {
        auto torn = whole;
        torn[random_bits(2, Purpose::cell, i, 0, 0) % torn.size()] ^= static_cast<char>(1 << (i % 8));
        std::ofstream(path, std::ios::binary) << torn;
        EXPECT_EQ(seen(folder.path()), "damaged");
    }
    std::ofstream(path, std::ios::binary) << whole;
    EXPECT_NE(seen(folder.path()), "damaged");
}

TEST(Archive, a_trial_comes_back_from_json_as_it_was) {
    const ScratchFolder folder("archive");
    Trial trial = small_trial(folder);
    trial.arms[1].events = {{1.5, ActionKind::infuse, 3, 0.1, 2.0}};
    trial.arms[1].settings = {{"growth", 1.0 / 3.0}};
    trial.population.draws = {
        {"a"},
        {{std::numeric_limits<double>::quiet_NaN()}, {-std::numeric_limits<double>::infinity()}},
        {1.0, 2.0}};
    trial.numerics.per_state = {1e-300, 0.1};
    const auto json = to_json(trial);
    const Trial back = trial_from_json(json);
    EXPECT_EQ(to_json(back), json);
    EXPECT_EQ(back.population.priors[0].lower, -std::numeric_limits<double>::infinity());
    EXPECT_EQ(back.arms[1].settings[0].second, 1.0 / 3.0);
    EXPECT_EQ(back.diagnosis->threshold_parameter, "found_at");
    EXPECT_FALSE(back.numerics.absolute_tolerance.has_value());
}

TEST(Archive, digest_is_of_what_decides_the_numbers) {
    const ScratchFolder folder("digest");
    const Trial trial = small_trial(folder);
    Trial moved = trial;
    moved.file = "elsewhere.toml";
    moved.model_path = "/elsewhere/model.ant";
    moved.population.priors[0].place = {"elsewhere.toml", 3, 4, 5};
    EXPECT_EQ(trial_digest(trial, "m"), trial_digest(moved, "m"));
    Trial other = trial;
    other.arms[1].regimen.rows[0].amount = std::nextafter(0.2, 1.0);
    EXPECT_NE(trial_digest(trial, "m"), trial_digest(other, "m"));
    EXPECT_NE(trial_digest(trial, "m"), trial_digest(trial, "n"));
}

}  // namespace
}  // namespace abscopal
