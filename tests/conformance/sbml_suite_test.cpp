// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <gtest/gtest.h>

#include <algorithm>

#include "simulation/conformance.hpp"
#include "support.hpp"

namespace abscopal {
namespace {

std::string failures(const std::vector<CaseResult>& results) {
    std::string text;
    for (const auto& result : results)
        if (result.verdict == Verdict::failed) text += result.id + ": " + result.reason + "\n";
    return text;
}

// The semantic suite: what is supported is right, what is not is refused by name, and most of it is
// supported.
void expect_suite(const std::string& level, std::ptrdiff_t at_least, bool in_lanes = false) {
    const auto reference = test::reference_dir();
    if (!reference) GTEST_SKIP() << "no folder of reference cases";
    ConformanceOptions options;
    options.jobs = 2;
    options.level = level;
    options.in_lanes = in_lanes;
    const auto results = run_suite((*reference / "sbml-semantic").string(), options);
    EXPECT_EQ(failures(results), "");
    EXPECT_GE(std::ranges::count(results, Verdict::passed, &CaseResult::verdict), at_least)
        << summary(results);
    for (const auto& result : results) {
        if (result.verdict == Verdict::refused) {
            EXPECT_NE(result.reason, "") << result.id;
        }
    }
}

TEST(SbmlSuite, level_3_has_no_failure_and_1380_passes) {
    expect_suite("", 1380);
}
TEST(SbmlSuite, level_3_in_lanes_has_no_failure_and_1380_passes) {
    expect_suite("", 1380, true);
}
TEST(SbmlSuite, level_2_version_4_has_no_failure_and_950_passes) {
    expect_suite("l2v4", 950);
}

}  // namespace
}  // namespace abscopal
