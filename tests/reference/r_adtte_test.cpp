// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "abscopal/result.hpp"
#include "base/csv.hpp"
#include "base/text.hpp"
#include "small_trial.hpp"
#include "support.hpp"

namespace abscopal {
namespace {

/// Randomised, with dropout and a cut-off that hides a part of the courses.
Trial randomised(const test::ScratchFolder& folder) {
    Trial trial = test::small_trial(folder);
    trial.n_patients = 120, trial.max_draws = 600;
    trial.design.allocation = Allocation::blocks;
    trial.design.enrolment = {120.0, 30.0, 0.001};
    trial.design.cut_off = 240.0;
    return trial;
}

TEST(RAdtte, has_the_hazard_ratio_of_the_report) {
    if (std::system("Rscript -e 'library(survival)' > /dev/null 2>&1") != 0)
        GTEST_SKIP() << "R with package survival is not installed";
    const test::ScratchFolder folder("adtte");
    ASSERT_TRUE(run(randomised(folder), folder / "run"));
    const Result result = load_result(folder / "run");
    export_adam(result, folder / "adam", {true, true, "2026-01-01T00:00:00"});
    const std::string script = (test::source_dir() / "tests/reference/r_adtte.R").string();
    const std::string command =
        "Rscript '" + script + "' '" + (folder / "adam") + "' '" + (folder / "answers.csv") + "'";
    ASSERT_EQ(std::system(command.c_str()), 0);
    const auto summary = nlohmann::json::parse(summary_json(result));
    const double reported = summary["arms"][1]["pfs_comparison"]["hazard_ratio"];
    const auto answers = read_csv(folder / "answers.csv");
    ASSERT_FALSE(answers.rows.empty());
    // Dates make days of time 1 later: the order of times, all that Cox's model sees, is the same.
    for (const auto& row : answers.rows) EXPECT_NEAR(*to_double(row[1]), reported, 1e-9 * reported) << row[0];
}

}  // namespace
}  // namespace abscopal
