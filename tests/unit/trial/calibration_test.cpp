// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <gtest/gtest.h>

#include <atomic>
#include <cmath>

#include "base/csv.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "small_trial.hpp"
#include "toy_trial.hpp"
#include "trial/calibration.hpp"
#include "trial/calibration_problem.hpp"
#include "trial/in_memory.hpp"
#include "trial/population.hpp"

namespace abscopal {
namespace {

using test::toy_trial;

class CalibrationTest : public testing::Test {
  protected:
    CalibrationTest() : folder_(testing::UnitTest::GetInstance()->current_test_info()->name()) {
        write_file(folder_ / "small.xml", test::small_model);
    }
    std::string file(const std::string& name, const std::string& text) {
        write_file(folder_ / name, text);
        return folder_ / name;
    }
    /// Responders and patients without progression at six months in a trial, percent.
    std::pair<double, double> observed(const std::string& trial_file, double marker_above = -1) {
        const Trial trial = read_trial(trial_file);
        const auto result = TrialMachine(trial, {}).run(trial);
        double n = 0, responders = 0, free = 0;
        std::vector<double> marker(result.candidates.size());
        for (const auto& candidate : result.candidates) marker[candidate.index] = candidate.parameters.back();
        for (const auto& course : result.courses) {
            if (course.arm != 1 || marker[course.candidate] <= marker_above) continue;
            ++n;
            responders += course.best == Response::complete || course.best == Response::partial;
            free += !course.progressed || course.pfs_day > 6 * 30.4375;
        }
        return {100 * responders / n, 100 * free / n};
    }
    std::vector<Fault> faults_of(const std::string& problem) {
        try {
            read_problem(file("problem.toml", problem));
        } catch (const InputError& error) {
            return error.faults();
        }
        return {};
    }
    test::ScratchFolder folder_;
};

std::string problem_text(std::pair<double, double> all, double high, const std::string& rest) {
    const auto target = [](const std::string& measure, double value, const std::string& more) {
        return "[[target]]\ntrial = \"toy\"\narm = \"drug\"\nmeasure = \"" + measure +
               "\"\nvalue = " + to_text(value) + "\nn = 400\n" + more;
    };
    return "seed = 5\n[[trial]]\nname = \"toy\"\nfile = \"toy.toml\"\n" + target("orr", all.first, "") +
           target("pfs_6m", all.second, "") +
           target("orr", high, "where = \"marker > 0.5\"\nheld_out = true\n") + rest;
}

const std::string vary_centre_and_spread = R"([[vary]]
name = "kill"
lower = 0.001
upper = 1
[[vary]]
name = "kill"
of = "spread"
lower = 0.1
upper = 2
)";

TEST_F(CalibrationTest, InMemoryPatientsAreThoseOfARun) {
    const Trial trial = with_patients(read_trial(file("toy.toml", toy_trial(0.05, 0.8))), 12);
    ASSERT_TRUE(run(trial, folder_ / "run"));
    const auto stored = load_result(folder_ / "run"), memory = TrialMachine(trial, {}).run(trial);
    ASSERT_EQ(stored.courses.size(), memory.courses.size());
    for (std::size_t i = 0; i < stored.courses.size(); ++i) {
        EXPECT_EQ(stored.courses[i].candidate, memory.courses[i].candidate);
        EXPECT_EQ(stored.courses[i].pfs_day, memory.courses[i].pfs_day);
        EXPECT_EQ(stored.courses[i].best, memory.courses[i].best);
    }
    const auto one_arm = TrialMachine(trial, {}).run(trial, {false, true});
    ASSERT_EQ(one_arm.courses.size() * 2, memory.courses.size());
    EXPECT_EQ(one_arm.courses[3].pfs_day, memory.courses[7].pfs_day);
}

TEST_F(CalibrationTest, RecoversTheLawThatMadeTheTargets) {
    const auto truth = file("truth.toml", toy_trial(0.05, 0.8));
    const auto all = observed(truth), high = observed(truth, 0.5);
    ASSERT_GT(all.first, 15);
    ASSERT_LT(all.first, 85);
    file("toy.toml", toy_trial(0.006, 0.3));
    const auto problem = file(
        "problem.toml", problem_text(all, high.first,
                                     vary_centre_and_spread + "[fit]\npatients = 200\nevaluations = 150\n"
                                                              "[population]\npatients = 200\n"));
    const auto result = calibrate(problem, folder_ / "out");
    ASSERT_TRUE(result.has_value());
    EXPECT_LT(result->misfit, 0.1);
    EXPECT_GT(result->misfit_at_start, 50);
    EXPECT_NEAR(std::log(result->numbers[0].value / 0.05), 0, 0.25);
    EXPECT_NEAR(result->numbers[1].value, 0.8, 0.25);
    for (const auto& number : result->numbers) EXPECT_LT(number.error, 0.2) << "identifiable";
    for (const auto& target : result->targets) EXPECT_TRUE(target.meets) << target.measure << target.where;
    EXPECT_TRUE(result->targets[2].is_held_out);
    EXPECT_GT(result->populations[0].effective_size, 150) << "next to nothing is left for the weights";

    // What is left behind makes a trial: the fitted law, and the population as draws.
    file("again.toml", "include = [\"toy.toml\", \"out/fitted_toy.toml\"]\n");
    EXPECT_NEAR(observed(folder_ / "again.toml").first, all.first, 4);
    file("weighted.toml", "include = [\"toy.toml\"]\n[cohort]\ndraws = \"out/population_toy.csv\"\n");
    EXPECT_EQ(read_trial(folder_ / "weighted.toml").population.draws.rows.size(), 200U);
}

TEST_F(CalibrationTest, WeightsMeetWhatTheLawsDoNot) {
    const auto all = observed(file("toy.toml", toy_trial(0.05, 0.8)));
    const auto problem = file("problem.toml", problem_text({all.first + 10, all.second}, all.first + 30,
                                                           "[population]\npatients = 200\n"));
    const auto result = calibrate(problem, folder_ / "out");
    ASSERT_TRUE(result.has_value());
    const auto& target = result->targets[0];
    EXPECT_NEAR(target.fitted, all.first / 100, 0.02);
    EXPECT_GT(target.weighted, target.fitted + 0.05);
    EXPECT_LT(result->populations[0].effective_size, 199);
    EXPECT_GT(result->targets[2].weighted, result->targets[0].weighted)
        << "the marker goes with the response";
    const auto table = read_csv(folder_ / "out/targets.csv");
    EXPECT_EQ(table.rows.size(), 3U);
}

TEST_F(CalibrationTest, EvaluatesTheFilesAsTheyStandAndRenewsACard) {
    const auto seen = observed(file("toy.toml", toy_trial(0.05, 0.8)));
    const std::string card = file("card.md",
                                  "before\n<!-- table: targets toy -->\nstale\n<!-- end -->\n<!-- table: "
                                  "targets other -->\n<!-- end -->\nbehind\n");
    CalibrationOptions options;
    options.only_evaluate = true, options.card = card;
    const auto result =
        calibrate(file("problem.toml",
                       problem_text(seen, 50, vary_centre_and_spread + "[population]\npatients = 200\n")),
                  folder_ / "out", options);
    ASSERT_TRUE(result);
    EXPECT_EQ(result->n_evaluations, 0U);
    EXPECT_NEAR(100 * result->targets[0].weighted, seen.first, 2.0);
    EXPECT_EQ(result->misfit, result->misfit_at_start);
    const std::string text = read_file(card);
    EXPECT_TRUE(text.starts_with("before\n<!-- table: targets toy -->\n")) << text;
    EXPECT_TRUE(text.ends_with("<!-- end -->\nbehind\n")) << text;
    EXPECT_EQ(text.find("stale"), std::string::npos);
    EXPECT_NE(text.find("| toy | drug | all | orr "), std::string::npos) << text;
}

TEST_F(CalibrationTest, GoesOnWhereItWasStoppedToTheSameResult) {
    const auto all = observed(file("toy.toml", toy_trial(0.02, 0.8)));
    const auto problem =
        file("problem.toml", problem_text({all.first + 15, all.second + 10}, all.first,
                                          vary_centre_and_spread +
                                              "[fit]\npatients = 30\nevaluations = 12\n"
                                              "[population]\npatients = 30\n[sensitivity]\nsobol = 4\n"));
    ASSERT_TRUE(calibrate(problem, folder_ / "once"));
    std::atomic<int> stop = 0;
    CalibrationOptions options;
    options.stop = &stop;
    int n_told = 0;
    options.tell = [&](const std::string&) { stop = ++n_told == 5; };
    EXPECT_FALSE(calibrate(problem, folder_ / "twice", options).has_value());
    stop = 0, options.tell = {};
    ASSERT_TRUE(calibrate(problem, folder_ / "twice", options));
    for (const auto* name :
         {"/report.md", "/targets.csv", "/population_toy.csv", "/fitted_toy.toml", "/sobol.csv", "/prcc.csv"})
        EXPECT_EQ(read_file(folder_ / "once" + name), read_file(folder_ / "twice" + name)) << name;
}

TEST_F(CalibrationTest, ReadsEvidenceByRow) {
    file("toy.toml", toy_trial(0.02, 0.8));
    file("trials.csv",
         "trial,arm,N,ORR_pct,ORR_ci,CR_pct,PFS_median_months,PFS_ci_lo,PFS_ci_hi,OS_12m_pct,other_landmarks,"
         "grade3plus_TRAE_pct,provenance,confidence\n"
         "T-1,drug,100,30,21-40,0,5.1,4.0,NR,60,PFS_6m=47.3,12,seen,\n"
         "T-1,control,100,10,,1,2.1,,,40,,5,recalled,medium\n");
    const auto problem = read_problem(file("problem.toml", R"(evidence = "."
[[trial]]
name = "toy"
file = "toy.toml"
[[target]]
trial = "toy"
arm = "drug"
measures = ["orr", "cr", "pfs_median", "pfs_6m", "os_12m", "grade3plus"]
from = { table = "trials.csv", trial = "T-1", arm = "drug" }
[[target]]
trial = "toy"
arm = "observation"
measure = "orr"
from = { table = "trials.csv", trial = "T-1", arm = "control" }
)"));
    ASSERT_EQ(problem.targets.size(), 7U);
    const auto& t = problem.targets;
    EXPECT_DOUBLE_EQ(t[0].observed.value, 0.30);
    EXPECT_DOUBLE_EQ(t[0].observed.lower, 0.21);
    EXPECT_NEAR(t[0].observed.error, 0.19 / 3.92, 1e-4);
    EXPECT_EQ(t[1].observed.value, 0.0);
    EXPECT_NEAR(t[1].observed.upper, 0.037, 1e-3) << "Wilson's upper limit of none in 100";
    EXPECT_EQ(t[2].observed.value, 5.1);
    EXPECT_TRUE(std::isinf(t[2].observed.upper));
    EXPECT_DOUBLE_EQ(t[2].observed.error, 0.05);
    EXPECT_DOUBLE_EQ(t[3].observed.value, 0.473);
    EXPECT_EQ(t[5].grade, 3);
    EXPECT_NEAR(t[6].observed.error, std::hypot(0.0302, 0.02), 1e-3) << "recalled with medium confidence";
}

TEST_F(CalibrationTest, PlacesFaultsAndGuessesWhatWasMeant) {
    file("toy.toml", toy_trial(0.02, 0.8));
    file("trials.csv", "trial,arm,N,ORR_pct\nKEYNOTE-001,drug,100,30\nKEYNOTE-002,drug,50,20\n");
    const std::string head = "[[trial]]\nname = \"toy\"\nfile = \"toy.toml\"\n";
    const auto code = [&](const std::string& rest) {
        const auto faults = faults_of(head + "[[target]]\ntrial = \"toy\"\narm = \"drug\"\n" + rest);
        return faults.empty() ? std::string("none") : faults.front().code;
    };
    EXPECT_EQ(code("measure = \"orr\"\nvalue = 30\nn = 100\n"), "none");
    EXPECT_EQ(code("measure = \"orrr\"\nvalue = 30\n"), "unknown-measure");
    EXPECT_EQ(code("measure = \"pfs_24m\"\nvalue = 30\n"), "after-follow-up");
    EXPECT_EQ(code("measure = \"orr\"\n"), "missing-key");
    EXPECT_EQ(code("measure = \"orr\"\nvalue = 30\nwhere = \"marke > 0\"\n"), "unknown-name");
    EXPECT_EQ(code("measure = \"orr\"\nfrom = { table = \"trials.csv\", arm = \"drug\" }\n"),
              "ambiguous-evidence");
    EXPECT_EQ(code("measure = \"cr\"\nfrom = { table = \"trials.csv\", trial = \"KEYNOTE-001\" }\n"),
              "no-evidence");
    EXPECT_EQ(code("measure = \"orr\"\nvalue = 30\n[[vary]]\nname = \"kil\"\nlower = 1\nupper = 2\n"),
              "unknown-parameter");
    EXPECT_EQ(code("measure = \"orr\"\nvalue = 30\n[[vary]]\nname = \"kill\"\nlower = 2\nupper = 2\n"),
              "empty-range");
    const auto faults = faults_of(head +
                                  "[[target]]\ntrial = \"toy\"\narm = \"drug\"\nmeasure = \"orr\"\n"
                                  "from = { table = \"trials.csv\", trial = \"KEYNOTE-01\" }\n");
    ASSERT_EQ(faults.size(), 1U);
    EXPECT_NE(faults[0].message.find("did you mean 'KEYNOTE-001'"), std::string::npos) << faults[0].message;
}

}  // namespace
}  // namespace abscopal
