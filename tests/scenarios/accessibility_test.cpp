// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>

#include "abscopal/report.hpp"
#include "base/file.hpp"
#include "small_trial.hpp"
#include "support.hpp"

namespace abscopal {
namespace {

TEST(Accessibility, axe_finds_no_violation_in_a_report_light_or_dark_wide_or_narrow) {
    if (std::system("node --version > /dev/null 2>&1") != 0) GTEST_SKIP() << "Node is not installed";
    const test::ScratchFolder folder("axe");
    Trial trial = test::small_trial(folder);
    trial.title = "A small trial", trial.design.looks = {0.5}, trial.design.cut_off_events = 10;
    trial.design.subgroups = {{"body_weight", "Body weight", {75.0}, {}}};
    ASSERT_TRUE(run(trial, folder / "run"));
    write_file(folder / "report.html", html_report(load_result(folder / "run")));
    const std::string command = "node '" + (test::source_dir() / "tests/scenarios/accessible.mjs").string() +
                                "' '" + (folder / "report.html") + "' > '" + (folder / "found.txt") +
                                "' 2>&1";
    const int status = std::system(command.c_str());
    const std::string found = read_file(folder / "found.txt");
    if (WEXITSTATUS(status) == 77) GTEST_SKIP() << found;
    EXPECT_EQ(WEXITSTATUS(status), 0) << found;
}

}  // namespace
}  // namespace abscopal
