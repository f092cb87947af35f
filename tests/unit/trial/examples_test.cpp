// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>

#include "abscopal/trial.hpp"
#include "base/file.hpp"
#include "support.hpp"

namespace abscopal {
namespace {

std::string example(const std::string& name) {
    return (test::source_dir() / "examples" / name).string();
}

TEST(Examples, all_are_valid_and_can_be_explained) {
    int n = 0;
    for (const auto& entry : std::filesystem::directory_iterator(test::source_dir() / "examples")) {
        if (entry.path().extension() != ".toml") continue;
        EXPECT_FALSE(explain(read_trial(entry.path().string())).empty()) << entry.path();
        ++n;
    }
    EXPECT_GE(n, 2);
}

TEST(Examples, first_light_gives_the_published_doses) {
    const Trial trial = read_trial(example("tnbc_first_light.toml"));
    const auto model = load_model(trial);
    ASSERT_EQ(trial.arms.size(), 3u);
    EXPECT_EQ(trial.n_patients, 200u);
    EXPECT_EQ(trial.population.priors.size(), 38u);
    EXPECT_EQ(trial.diagnosis->within, 8000.0);
    EXPECT_EQ(trial.visits.back(), 392.0);
    EXPECT_TRUE(actions_for(trial, trial.arms[0], *model, 80, 1.9, 340).empty());

    const auto pembrolizumab = actions_for(trial, trial.arms[1], *model, 80, 1.9, 340);
    ASSERT_EQ(pembrolizumab.size(), 20u);
    EXPECT_NEAR(pembrolizumab[0].value, 200e-3 / 149e3 * 1e9, 1e-6);  // nmol
    EXPECT_EQ(pembrolizumab[1].time, 361.0);

    const auto combination = actions_for(trial, trial.arms[2], *model, 80, 1.9, 0);
    std::size_t n_infusions = 0;
    for (const auto& action : combination) {
        const bool is_chemotherapy = action.kind == ActionKind::infuse;
        n_infusions += is_chemotherapy;
        EXPECT_NEAR(action.value, is_chemotherapy ? 190e3 : 840e-3 / 143.6e3 * 1e9, 1e-4);  // µg and nmol
        EXPECT_DOUBLE_EQ(action.duration, is_chemotherapy ? 30.0 / 1440 : 0.0);
    }
    EXPECT_EQ(n_infusions, 44u);  // 14 whole cycles of 3, and days 392 and 399
    EXPECT_EQ(combination.size() - n_infusions, 29u);
}

TEST(Examples, medians_of_the_published_laws_are_the_defaults_of_the_model_but_for_two) {
    const Trial trial = read_trial(example("tnbc_first_light.toml"));
    const auto model = load_model(trial);
    for (const auto& prior : trial.population.priors) {
        const auto parameter = find_parameter(*model, prior.parameter);
        ASSERT_TRUE(parameter) << prior.parameter;
        // The authors sample these two around other values than their model's defaults.
        if (prior.law != Law::lognormal || prior.parameter == "k_P1_d1" || prior.parameter == "k_C_resist")
            continue;
        EXPECT_NEAR(quantile(prior, 0.5) / model->parameters[*parameter].value, 1.0, 1e-9) << prior.parameter;
    }
}

}  // namespace
}  // namespace abscopal
