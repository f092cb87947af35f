// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
// A run killed at random moments and resumed ends as an undisturbed one. tools/kill_many.sh does it a hundred
// times.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <thread>

#include "abscopal/result.hpp"
#include "base/random.hpp"
#include "cli_process.hpp"
#include "small_trial.hpp"

namespace abscopal {
namespace {

using test::CliProcess;
using test::run_cli;
using test::ScratchFolder;

using Milliseconds = std::chrono::milliseconds;

int n_kills() {
    const char* number = std::getenv("ABSCOPAL_KILLS");
    return number ? std::atoi(number) : 20;
}

void sleep_ms(std::uint64_t n) {
    std::this_thread::sleep_for(Milliseconds(n));
}

/// Waits until a run has its store; false if that takes a minute.
bool has_begun(const std::string& folder) {
    for (int i = 0; i < 6000 && !std::filesystem::exists(folder + "/run.sqlite"); ++i) sleep_ms(10);
    return std::filesystem::exists(folder + "/run.sqlite");
}

/// Writes the small trial as files and returns the trial's path.
std::string trial_file(const ScratchFolder& folder, int patients) {
    write_file(folder / "small.xml", test::small_model);
    write_file(folder / "small.toml", R"(title = "small"
model = "small.xml"
seed = 7

[cohort]
patients = )" + std::to_string(patients) + R"(

[cohort.diagnosis]
observable = "diameter"
threshold_parameter = "found_at"
within = "400 days"

[[cohort.parameter]]
name = "growth"
law = "lognormal"
median = 0.02
sigma = 0.3

[[cohort.parameter]]
name = "kill"
law = "loguniform"
lower = 0.005
upper = 0.5

[lesion]
observable = "diameter"
unit = "cm"

[visits]
every = "6 weeks"
follow_up = "200 days"
record_every = "1 day"

[[watch]]
observable = "diameter"
label = "Diameter"

[[arm]]
name = "observation"

[[arm]]
name = "drug"

[[arm.treatment]]
target = "D"
amt = 15
every = "3 weeks"
until = "progression"
)");
    return folder / "small.toml";
}

/// Rows of every table that holds numbers, as text.
std::string content(const std::string& folder) {
    const auto result = load_result(folder);
    return result.result_digest + " " + result.trial_digest + " " + std::to_string(result.candidates.size()) +
           " " + std::to_string(result.courses.size()) + (result.complete ? " complete" : " incomplete");
}

TEST(Kill, a_run_killed_at_random_moments_and_resumed_ends_as_an_undisturbed_one) {
    const ScratchFolder folder("kill");
    const auto trial = trial_file(folder, 150);
    const auto begin = std::chrono::steady_clock::now();
    ASSERT_EQ(run_cli({"run", trial, "--out", folder / "whole", "--threads", "2", "--quiet"}, folder / "log"),
              0)
        << read_file(folder / "log");
    const auto duration =
        std::chrono::duration_cast<Milliseconds>(std::chrono::steady_clock::now() - begin).count();
    const auto whole = content(folder / "whole");

    int n_hit = 0;
    for (int i = 0; i < n_kills(); ++i) {
        const auto run = folder / ("run" + std::to_string(i));
        const auto seed = static_cast<std::uint64_t>(i);
        // Half of them are killed more than once.
        const auto n_times = 1 + (i % 2 ? random_bits(11, Purpose::cell, seed, 0, 0) % 4 : 0);
        int code = -SIGKILL;
        for (std::uint32_t k = 0; k <= n_times && code != 0; ++k) {
            const bool is_begun = std::filesystem::exists(run + "/run.sqlite");
            CliProcess process(is_begun ? std::vector<std::string>{"resume", run, "--quiet"}
                                        : std::vector<std::string>{"run", trial, "--out", run, "--threads",
                                                                   std::to_string(1 + i % 3), "--quiet"},
                               folder / "log");
            if (k < n_times) {
                sleep_ms(random_bits(12, Purpose::cell, seed, k, 0) % static_cast<std::uint64_t>(duration));
                process.signal(SIGKILL);
            }
            code = process.wait();
            n_hit += code == -SIGKILL;
        }
        ASSERT_EQ(code, 0) << read_file(folder / "log");
        ASSERT_EQ(content(run), whole) << "run " << i;
        std::filesystem::remove_all(run);
    }
    EXPECT_GT(n_hit, n_kills() / 2);
    RecordProperty("kills", n_hit);
}

TEST(Signal, sigterm_finishes_the_block_and_says_how_to_go_on) {
    const ScratchFolder folder("sigterm");
    const auto trial = trial_file(folder, 2000);
    for (const int signal : {SIGTERM, SIGINT}) {
        const auto run = folder / std::to_string(signal);
        CliProcess process({"run", trial, "--out", run, "--threads", "2"}, folder / "log");
        ASSERT_TRUE(has_begun(run)) << read_file(folder / "log");
        sleep_ms(200);
        process.signal(signal);
        EXPECT_EQ(process.wait(), 75);
        EXPECT_NE(read_file(folder / "log").find("abscopal resume"), std::string::npos);
        EXPECT_FALSE(load_result(run).complete);
    }
}

TEST(Signal, a_second_one_ends_at_once_and_the_run_can_go_on) {
    const ScratchFolder folder("sigint");
    const auto trial = trial_file(folder, 2000);
    CliProcess process({"run", trial, "--out", folder / "run", "--threads", "2"}, folder / "log");
    ASSERT_TRUE(has_begun(folder / "run")) << read_file(folder / "log");
    process.signal(SIGINT);
    process.signal(SIGTERM);
    const int code = process.wait();
    EXPECT_TRUE(code == 130 || code == 143 || code == 75) << code;
    EXPECT_FALSE(load_result(folder / "run").complete);
}

TEST(Folder, a_second_process_is_refused_with_code_4) {
    const ScratchFolder folder("second");
    const auto trial = trial_file(folder, 2000);
    CliProcess first({"run", trial, "--out", folder / "run", "--threads", "1", "--quiet"}, folder / "log");
    ASSERT_TRUE(has_begun(folder / "run")) << read_file(folder / "log");
    EXPECT_EQ(run_cli({"run", trial, "--out", folder / "run"}, folder / "log2"), 4);
    EXPECT_EQ(run_cli({"resume", folder / "run"}, folder / "log3"), 4);
    EXPECT_EQ(run_cli({"run", trial, "--out", folder / "run", "--overwrite"}, folder / "log4"), 4);
    EXPECT_NE(read_file(folder / "log2").find("another process"), std::string::npos);
    first.signal(SIGTERM);
    EXPECT_EQ(first.wait(), 75);
}

TEST(Cli, run_writes_its_files_and_export_its_tables) {
    const ScratchFolder folder("files");
    const auto trial = trial_file(folder, 150);
    ASSERT_EQ(run_cli({"run", trial, "--out", folder / "run", "--patients", "12"}, folder / "log"), 0);
    for (const auto* name : {"run.sqlite", "report.html", "summary.json"})
        EXPECT_TRUE(std::filesystem::exists(folder / "run" + "/" + name));
    EXPECT_EQ(load_result(folder / "run").courses.size(), 24U);
    EXPECT_NE(read_file(folder / "log").find("100 %"), std::string::npos) << "a line each 10 %";
    EXPECT_EQ(read_file(folder / "log").find('\033'), std::string::npos) << "no colour in a file";
    EXPECT_EQ(run_cli({"export", folder / "run", "--csv", "--out", folder / "csv"}, folder / "log"), 0);
    EXPECT_TRUE(std::filesystem::exists(folder / "csv/define.json"));
    EXPECT_EQ(run_cli({"run", trial, "--out", folder / "run"}, folder / "log"), 2)
        << "150 patients are another trial than 12";
    EXPECT_NE(read_file(folder / "log").find("another trial"), std::string::npos);
    EXPECT_EQ(run_cli({"resume", folder / "nowhere"}, folder / "log"), 4);
}

TEST(Cli, too_many_failures_give_code_3) {
    const ScratchFolder folder("failures");
    auto trial = trial_file(folder, 4);
    write_file(folder / "draws.csv", "growth,capacity\n0.02,100\n0.02,-1\n0.021,100\n0.022,100\n");
    auto text = read_file(trial);
    const auto first = text.find("[[cohort.parameter]]"), last = text.find("[lesion]");
    text.replace(first, last - first, "");
    text.replace(text.find("patients ="), 0, "draws = \"draws.csv\"\n");
    write_file(trial, text);
    EXPECT_EQ(run_cli({"run", trial, "--out", folder / "run"}, folder / "log"), 3)
        << read_file(folder / "log");
    EXPECT_EQ(load_result(folder / "run").candidates[1].fate, Fate::failed);
    EXPECT_NE(read_file(folder / "log").find("25 %"), std::string::npos);
}

}  // namespace
}  // namespace abscopal
