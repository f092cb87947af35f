// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/csv.hpp"
#include "base/file.hpp"
#include "small_trial.hpp"
#include "toy_trial.hpp"
#include "trial/in_memory.hpp"
#include "trial/measured.hpp"
#include "trial/normal_score.hpp"
#include "trial/why.hpp"

namespace abscopal {
namespace {

const std::string steps_and_noise = R"([[step]]
name = "exposure"
observable = "D"
[[step]]
name = "killing"
label = "killing too weak"
observable = "kill"
[[cohort.attribute]]
name = "noise"
law = "normal"
mean = 0
sd = 1
)";

class WhyTest : public testing::Test {
  protected:
    WhyTest() : folder_(testing::UnitTest::GetInstance()->current_test_info()->name()) {
        write_file(folder_ / "small.xml", test::small_model);
    }
    Trial trial_of(const std::string& more) {
        write_file(folder_ / "toy.toml", test::toy_trial(0.05, 0.8) + more);
        return read_trial(folder_ / "toy.toml");
    }
    std::vector<Fault> faults_of(const std::string& more) {
        try {
            trial_of(more);
        } catch (const InputError& error) {
            return error.faults();
        }
        return {};
    }
    test::ScratchFolder folder_;
};

const Factor& factor(const Why& why, const std::string& name) {
    return *std::find_if(why.factors.begin(), why.factors.end(),
                         [&](const Factor& f) { return f.name == name; });
}

TEST_F(WhyTest, FindsWhatMakesRespondersAndWhichStepFailsInTheOthers) {
    const Trial trial = trial_of(steps_and_noise);
    ASSERT_EQ(trial.steps.size(), 2U);
    const auto result = TrialMachine(trial, {}).run(trial);
    const auto arms = explain_outcomes(result);
    ASSERT_EQ(arms.size(), 2U);
    const auto &observation = arms[0], &drug = arms[1];
    EXPECT_EQ(observation.n_with, 0U);
    ASSERT_GT(drug.n_with, 40U);
    ASSERT_LT(drug.n_with, 160U);

    // The rate of killing and growth decide; the marker goes with the first; the noise with nothing.
    EXPECT_EQ(drug.factors.front().name.substr(0, 4), "kill");
    EXPECT_GT(factor(drug, "kill").discrimination.auc, 0.95);
    EXPECT_NEAR(factor(drug, "kill").effect, 2 * factor(drug, "kill").discrimination.auc - 1, 1e-12);
    EXPECT_GT(factor(drug, "kill").with, factor(drug, "kill").without);
    EXPECT_GT(factor(drug, "marker").discrimination.lower, 0.6);
    EXPECT_LT(factor(drug, "noise").discrimination.lower, 0.55);
    EXPECT_GT(factor(drug, "noise").q, 0.01);
    EXPECT_GT(drug.together.auc, 0.95);

    // Untreated patients lack the drug; treated ones who fail lack killing.
    EXPECT_EQ(observation.failed_at[0], observation.n);
    EXPECT_GT(drug.failed_at[1], 9 * (drug.n - drug.n_with) / 10);
    std::size_t helped = 0;
    for (const auto& failure : observation.failures) helped += !failure.rescued.empty();
    EXPECT_EQ(helped, drug.n_with) << "the same patients in the other arm";
    for (const auto& failure : drug.failures) EXPECT_TRUE(failure.rescued.empty());
}

TEST_F(WhyTest, WritesTablesAndWords) {
    const Trial trial = with_patients(trial_of(steps_and_noise), 60);
    const auto result = TrialMachine(trial, {}).run(trial);
    const auto arms = explain_outcomes(result, "pfs_6m");
    write_why(result, arms, folder_.path());
    EXPECT_NE(read_file(folder_ / "why.md").find("killing too weak"), std::string::npos);
    EXPECT_GT(read_csv(folder_ / "factors.csv").rows.size(), 4U);
    std::size_t n = 0;
    for (const auto& arm : arms) n += arm.n - arm.n_with;
    EXPECT_EQ(read_csv(folder_ / "failures.csv").rows.size(), n);
    EXPECT_THROW(explain_outcomes(result, "pfs_median"), InputError);
}

TEST_F(WhyTest, AThresholdNamesTheFirstStepBelowIt) {
    const Trial trial = with_patients(
        trial_of("[[step]]\nname = \"growth\"\nobservable = \"growth\"\nthreshold = 1\n" + steps_and_noise),
        30);
    const auto arms = explain_outcomes(TrialMachine(trial, {}).run(trial));
    EXPECT_EQ(arms[0].failed_at[0], arms[0].failures.size()) << "nobody grows that fast";
}

const std::string measured_marker = R"([patient]
candidates = 8192
[[patient.measured]]
name = "marker"
value = 0.9
sd = 0.005
)";

TEST_F(WhyTest, TwinsOfAPatientFollowTheConditionalLaw) {
    const Trial trial = trial_of(measured_marker);
    ASSERT_GT(trial.likeness, 30);
    EXPECT_NEAR(trial.likeness, 8192 * 0.005 * 2 * std::sqrt(std::acos(-1.0)), 20)
        << "Kish: n·2√π·sd for a uniform";
    const auto twins = sample(trial.population, trial.seed, 0, 2000, 2000);
    ASSERT_EQ(twins.rows.size(), 2000U);
    const auto at = [&](const char* name) {
        return static_cast<std::size_t>(std::find(twins.parameters.begin(), twins.parameters.end(), name) -
                                        twins.parameters.begin());
    };
    double marker = 0, kill = 0, growth = 0;
    for (const auto& row : twins.rows)
        marker += row[at("marker")] / 2000, kill += std::log(row[at("kill")]) / 2000,
            growth += std::log(row[at("growth")]) / 2000;
    EXPECT_NEAR(marker, 0.9, 0.002);
    // A Gaussian copula: the mean of the score of one is ρ times the score of the other.
    EXPECT_NEAR((kill - std::log(0.05)) / 0.8, 0.7 * normal_score(0.9), 0.15);
    EXPECT_NEAR((growth - std::log(0.02)) / 0.3, 0.0, 0.15) << "not measured, and independent";
    for (std::size_t n : {50U, 200U}) {
        double early = 0;
        for (std::size_t i = 0; i < n; ++i)
            early += std::log(twins.rows[i][at("kill")]) / static_cast<double>(n);
        EXPECT_NEAR(early, kill, 0.15) << "every beginning is a fair sample";
    }
}

TEST_F(WhyTest, TwinsDoBetterWhereTheMarkerSaysSo) {
    const auto share = [&](const char* value) {
        auto text = measured_marker;
        text.replace(text.find("0.9"), 3, value);
        const Trial trial = with_patients(trial_of(text), 100);
        return TrialMachine(trial, {}).run(trial);
    };
    const auto responders = [](const Result& result) {
        return std::count_if(result.courses.begin(), result.courses.end(), [](const Course& course) {
            return course.arm == 1 && (course.best == Response::complete || course.best == Response::partial);
        });
    };
    EXPECT_GT(responders(share("0.95")), responders(share("0.05")) + 20);
}

TEST_F(WhyTest, WhatIsMeasuredAtBaselineIsMatchedByRejection) {
    const Trial trial = trial_of(
        "[[cohort.attribute]]\nname = \"speed\"\nexpression = \"growth * 100 + 0 * diameter\"\n"
        "[patient]\n[[patient.measured]]\nname = \"speed\"\nvalue = 2.5\nsd = 0.1\n");
    ASSERT_TRUE(run(with_patients(trial, 20), folder_ / "run"));
    const auto result = load_result(folder_ / "run");
    std::size_t n = 0, n_unlike = 0;
    for (const auto& candidate : result.candidates) {
        n_unlike += candidate.reason == "unlike the patient: speed";
        if (candidate.fate != Fate::treated) continue;
        ++n;
        EXPECT_NEAR(candidate.parameters.back(), 2.5, 0.45);
    }
    EXPECT_EQ(n, 20U);
    EXPECT_GT(n_unlike, 20U);
}

TEST_F(WhyTest, LikenessIsThatOfTheMeasurement) {
    EXPECT_DOUBLE_EQ(log_likeness({"x", 3.0, 0.5, 0, {}}, 2.0), -2.0);
    EXPECT_DOUBLE_EQ(log_likeness({"x", 3.0, 0, 0, {}}, 3.0), 0.0);
    EXPECT_TRUE(std::isinf(log_likeness({"x", 1.0, 0, 0, {}}, 0.0)));
    EXPECT_NEAR(log_likeness({"x", 2.0, 0, 0.1, {}}, 1.0), -0.5 * std::pow(std::log(2.0), 2) / std::log(1.01),
                1e-12);
}

TEST_F(WhyTest, RefusesMeasurementsThatMakeNoSense) {
    const auto code = [&](const std::string& rest) {
        const auto faults = faults_of("[patient]\n[[patient.measured]]\n" + rest);
        return faults.empty() ? std::string("none") : faults.front().code;
    };
    EXPECT_EQ(code("name = \"markr\"\nvalue = 1\nsd = 1\n"), "unknown-name");
    EXPECT_EQ(code("name = \"marker\"\nvalue = 0.5\n"), "missing-key");
    EXPECT_EQ(code("name = \"marker\"\nvalue = 0.5\nsd = 1\ncv = 1\n"), "conflicting-keys");
    EXPECT_EQ(code("name = \"marker\"\nvalue = 900\nsd = 0.001\n"), "nobody-alike");
}

}  // namespace
}  // namespace abscopal
