// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>

#include "abscopal/result.hpp"
#include "small_trial.hpp"

namespace abscopal {
namespace {

using test::ScratchFolder;
using test::small_trial;

Result result_of(const Trial& trial, const ScratchFolder& folder, const std::string& name,
                 unsigned threads = 2) {
    RunOptions options;
    options.threads = threads;
    EXPECT_TRUE(run(trial, folder / name, options));
    return load_result(folder / name);
}

const Course& course_of(const Result& result, std::size_t candidate, std::size_t arm) {
    const auto found = std::find_if(result.courses.begin(), result.courses.end(), [&](const auto& course) {
        return course.candidate == candidate && course.arm == arm;
    });
    EXPECT_NE(found, result.courses.end());
    return *found;
}

std::size_t count(const Result& result, Fate fate) {
    return static_cast<std::size_t>(
        std::count_if(result.candidates.begin(), result.candidates.end(),
                      [&](const auto& candidate) { return candidate.fate == fate; }));
}

void expect_same(const Course& a, const Course& b) {
    EXPECT_EQ(a.baseline, b.baseline);
    EXPECT_EQ(a.pfs_day, b.pfs_day);
    EXPECT_EQ(a.best, b.best);
    EXPECT_EQ(a.recorded, b.recorded);
    ASSERT_EQ(a.visits.size(), b.visits.size());
    for (std::size_t i = 0; i < a.visits.size(); ++i)
        EXPECT_EQ(a.visits[i].sum_of_diameters, b.visits[i].sum_of_diameters);
}

/// The untreated tumour in closed form (Gompertz): diameter in mm at `day` after it had `diameter_then`.
double grown_diameter(double growth, double diameter_then, double day) {
    const double size = std::pow(diameter_then / 12.4, 3.0);
    return 12.4 * std::cbrt(100.0 * std::exp(std::log(size / 100.0) * std::exp(-growth * day)));
}

TEST(Runner, treats_as_many_as_asked_and_counts_every_draw) {
    const ScratchFolder folder("counts");
    const auto result = result_of(small_trial(folder), folder, "run");
    EXPECT_TRUE(result.complete);
    EXPECT_EQ(count(result, Fate::treated), 20U);
    EXPECT_GT(count(result, Fate::rejected), 0U);
    EXPECT_EQ(result.candidates.back().fate, Fate::treated) << "nobody is drawn after the last patient";
    for (std::size_t i = 0; i < result.candidates.size(); ++i) {
        EXPECT_EQ(result.candidates[i].index, i);
        EXPECT_EQ(result.candidates[i].reason.empty(), result.candidates[i].fate == Fate::treated);
    }
    EXPECT_EQ(result.courses.size(), 40U);
}

TEST(Runner, tumours_are_found_at_their_threshold_and_follow_gompertz_untreated) {
    const ScratchFolder folder("gompertz");
    const auto result = result_of(small_trial(folder), folder, "run");
    for (const auto& candidate : result.candidates) {
        if (candidate.fate != Fate::treated) continue;
        const auto& course = course_of(result, candidate.index, 0);
        EXPECT_NEAR(course.baseline, 20.0, 1e-4);
        EXPECT_NEAR(course.recorded[0].back(),
                    grown_diameter(candidate.parameters[0], 20.0, result.record_days.back()), 1e-3);
        EXPECT_NEAR(course.visits[1].sum_of_diameters, grown_diameter(candidate.parameters[0], 20.0, 84.0),
                    1e-3);
        EXPECT_EQ(course.off_treatment_day, -1.0) << "nothing to stop under observation";
    }
}

TEST(Runner, rejects_by_bound_and_by_undetected_tumour) {
    const ScratchFolder folder("reasons");
    Trial trial = small_trial(folder);
    trial.diagnosis->within = 100.0;
    const auto result = result_of(trial, folder, "run");
    for (const auto& candidate : result.candidates) {
        if (candidate.fate != Fate::rejected) continue;
        const bool is_slow = candidate.reason == "tumour not found by day 100";
        EXPECT_TRUE(is_slow || candidate.reason == "growth too high") << candidate.reason;
        EXPECT_EQ(is_slow, candidate.parameters[0] <= 0.028);
    }
    EXPECT_EQ(count(result, Fate::treated) + count(result, Fate::rejected), result.candidates.size());
}

TEST(Runner, drug_is_recorded_after_the_dose_of_the_day_and_ends_at_the_visit_that_shows_progression) {
    const ScratchFolder folder("stop");
    Trial trial = small_trial(folder);
    trial.visits = {42.0, 84.0, 126.0, 168.0, 196.0};
    trial.follow_up = 196.0;
    trial.record_every = 21.0;
    trial.population.priors[1].upper = 0.006;  // a drug that hardly works
    const auto result = result_of(trial, folder, "run");
    std::size_t n_stopped = 0;
    for (const auto& course : result.courses) {
        if (course.arm != 1) continue;
        const auto& drug = course.recorded[1];
        const double dose = 0.2 * result.candidates[course.candidate].parameters[2] / 5.0;
        EXPECT_NEAR(drug[0], dose, 1e-9);
        EXPECT_NEAR(drug[1], dose * (1.0 + std::exp(-0.05 * 21.0)), 1e-4);
        if (course.off_treatment_day < 0.0) continue;
        ++n_stopped;
        EXPECT_EQ(course.off_treatment_day, course.pfs_day);
        EXPECT_TRUE(course.progressed);
        const auto i = static_cast<std::size_t>(course.off_treatment_day / 21.0);
        EXPECT_NEAR(drug[i], drug[i - 1] * std::exp(-0.05 * 21.0), 1e-4)
            << "no dose on the day of progression";
    }
    EXPECT_GT(n_stopped, 0U);
}

TEST(Runner, treatment_goes_on_beyond_progression_where_the_arm_says_so) {
    const ScratchFolder folder("beyond");
    Trial trial = small_trial(folder);
    trial.arms[1].stop_at_progression = false;
    trial.population.priors[1].upper = 0.006;
    for (const auto& course : result_of(trial, folder, "run").courses)
        EXPECT_EQ(course.off_treatment_day, -1.0);
}

TEST(Runner, an_arm_setting_holds_from_the_start_of_treatment) {
    const ScratchFolder folder("setting");
    Trial trial = small_trial(folder);
    trial.arms[0].settings = {{"growth", 0.0}};
    const auto result = result_of(trial, folder, "run");
    for (const auto& course : result.courses) {
        if (course.arm != 0) continue;
        EXPECT_NEAR(course.recorded[0].back(), 20.0, 1e-4);
    }
}

TEST(Runner, strong_drug_gives_complete_responses) {
    const ScratchFolder folder("strong");
    Trial trial = small_trial(folder);
    trial.population.priors[1].lower = 0.4;
    const auto arms = summarize(result_of(trial, folder, "run"));
    EXPECT_EQ(arms[1].best[static_cast<std::size_t>(Response::complete)], 20U);
    EXPECT_EQ(arms[1].response_rate, 1.0);
    EXPECT_NEAR(arms[1].response_interval.lower, 0.8316, 5e-5);
    EXPECT_TRUE(std::isnan(arms[1].progression_free.median));
}

TEST(Runner, max_draws_ends_a_trial_that_finds_too_few) {
    const ScratchFolder folder("draws");
    Trial trial = small_trial(folder);
    trial.max_draws = 11;
    const auto result = result_of(trial, folder, "run");
    EXPECT_TRUE(result.complete);
    EXPECT_EQ(result.candidates.size(), 11U);
}

TEST(Runner, more_patients_get_more_draws_in_proportion) {
    const ScratchFolder folder("with");
    const Trial trial = with_patients(small_trial(folder), 50);
    EXPECT_EQ(trial.n_patients, 50U);
    EXPECT_EQ(trial.max_draws, 150U);
    EXPECT_EQ(with_patients(trial, 0).n_patients, 50U);
    EXPECT_EQ(with_patients(trial, 5).max_draws, 150U);
}

TEST(Runner, wrong_names_are_told_all_at_once) {
    const ScratchFolder folder("names");
    Trial trial = small_trial(folder);
    trial.lesions[0].observable = "diametre";
    trial.watched[1].id = "drug";
    trial.bounds[0].observable = "grwth";
    try {
        run(trial, folder / "run");
        FAIL();
    } catch (const InputError& error) {
        ASSERT_EQ(error.faults().size(), 3U);
        EXPECT_NE(std::string(error.what()).find("did you mean 'diameter'?"), std::string::npos);
        EXPECT_NE(std::string(error.what()).find("did you mean 'growth'?"), std::string::npos);
    }
    EXPECT_FALSE(std::filesystem::exists(folder / "run")) << "nothing was written";
}

/// Candidates given row by row; `poison` marks those that cannot be simulated.
Trial trial_of_draws(const ScratchFolder& folder, bool poison) {
    Trial trial = small_trial(folder);
    trial.population.priors.clear();
    trial.bounds.clear();
    trial.population.draws.parameters = {"growth", "kill", "body_weight", "capacity"};
    for (int i = 0; i < 12; ++i)
        trial.population.draws.rows.push_back({0.018 + 0.0005 * i, 0.01 * i, 70.0, 100.0});
    trial.population.draws.weights.assign(12, 1.0);
    if (poison) {
        trial.population.draws.rows[3][0] = std::numeric_limits<double>::quiet_NaN();
        trial.population.draws.rows[5][3] = -1.0;  // the logarithm of a negative number
        trial.population.draws.rows[8][2] = -1.0;
    }
    trial.n_patients = 12;
    trial.max_draws = 12;
    return trial;
}

TEST(Runner, failing_patients_are_counted_by_reason_and_leave_the_others_bit_identical) {
    const ScratchFolder folder("poison");
    const auto clean = result_of(trial_of_draws(folder, false), folder, "clean");
    const auto poisoned = result_of(trial_of_draws(folder, true), folder, "poisoned");
    EXPECT_EQ(count(clean, Fate::treated), 12U);
    EXPECT_EQ(count(poisoned, Fate::failed), 3U);
    EXPECT_EQ(poisoned.candidates[3].reason, "BAD_PARAMETER");
    EXPECT_EQ(poisoned.candidates[3].outcome.worst, "growth");
    EXPECT_EQ(poisoned.candidates[8].outcome.worst, "body_weight");
    EXPECT_EQ(poisoned.candidates[5].reason, "RHS_NONFINITE");
    EXPECT_TRUE(poisoned.complete);
    EXPECT_DOUBLE_EQ(failed_share(poisoned), 0.25);
    EXPECT_EQ(poisoned.courses.size(), 18U);
    for (const auto& course : poisoned.courses)
        expect_same(course, course_of(clean, course.candidate, course.arm));
}

TEST(Runner, a_course_that_fails_keeps_what_was_seen_of_it) {
    const ScratchFolder folder("midway");
    Trial trial = trial_of_draws(folder, false);
    trial.numerics.method = Method::bdf;
    DoseRow blow_up;
    blow_up.time = 100.0, blow_up.amount = -1e300, blow_up.target = "D", blow_up.kind = ActionKind::add;
    trial.arms[1].regimen.rows.push_back(blow_up);
    const auto result = result_of(trial, folder, "run");
    const auto arms = summarize(result);
    EXPECT_EQ(arms[0].failed, 0U);
    EXPECT_EQ(arms[1].n, 12U);
    EXPECT_GT(arms[1].failed, 0U);
    for (const auto& course : result.courses) {
        if (course.outcome.ok()) continue;
        EXPECT_EQ(course.arm, 1U);
        EXPECT_EQ(course.visits.size(), 2U);
        EXPECT_EQ(course.pfs_day, 84.0);
        EXPECT_NEAR(course.outcome.time, 100.0, 5.0);
        EXPECT_TRUE(std::isfinite(course.recorded[0][7]));
        EXPECT_TRUE(std::isnan(course.recorded[0][8]));
    }
}

TEST(Summary, says_what_the_schema_asks) {
    const ScratchFolder folder("summary");
    const auto result = result_of(small_trial(folder), folder, "run");
    const auto json = nlohmann::json::parse(summary_json(result));
    for (const auto& arm : json["arms"]) {
        EXPECT_EQ(arm["n"], 20);
        EXPECT_EQ(arm["CR"].get<int>() + arm["PR"].get<int>() + arm["SD"].get<int>() + arm["PD"].get<int>() +
                      arm["NE"].get<int>(),
                  20);
        EXPECT_EQ(arm["orr_ci"].size(), 2U);
        EXPECT_TRUE(arm["os_median_months"].is_null());
    }
    EXPECT_EQ(json["arms"][0]["orr"], 0.0);
    EXPECT_NEAR(json["arms"][0]["pfs_median_months"].get<double>() * 30.4375,
                summarize(result)[0].progression_free.median, 1e-9);
    EXPECT_EQ(json["cohort"]["drawn"], result.candidates.size());
    EXPECT_EQ(json["cohort"]["rejected"]["growth too high"], count(result, Fate::rejected));
    EXPECT_EQ(json["result_digest"], result.result_digest);
}

TEST(Export, tables_have_a_row_for_each_patient_arm_and_day_and_a_definition_for_each_column) {
    const ScratchFolder folder("export");
    const auto result = result_of(small_trial(folder), folder, "run");
    export_csv(result, folder / "csv");
    const auto lines = [&](const std::string& name) {
        const auto text = read_file(folder / ("csv/" + name));
        return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
    };
    EXPECT_EQ(lines("patients.csv"), 1 + result.candidates.size());
    EXPECT_EQ(lines("responses.csv"), 41U);
    EXPECT_EQ(lines("pfs.csv"), 41U);
    EXPECT_EQ(lines("visits.csv"), 201U);
    EXPECT_EQ(lines("courses.csv"), 1 + 40 * result.record_days.size());
    EXPECT_EQ(lines("lesions.csv"), 1U + 40U);
    EXPECT_EQ(lines("best_responses.csv"), 1U + 40U);
    const auto definitions = nlohmann::json::parse(read_file(folder / "csv/define.json"));
    for (const auto& [name, table] : definitions["tables"].items()) {
        std::string head;
        for (const auto& column : table["columns"])
            head += (head.empty() ? "" : ",") + column["name"].get<std::string>();
        EXPECT_EQ(read_file(folder / ("csv/" + name + ".csv")).substr(0, head.size() + 1), head + "\n");
    }
}

}  // namespace
}  // namespace abscopal
