// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "virtual_melanoma.hpp"

/// Facts of resectable disease: one lesion to be cut out, and spread too small to be seen.
namespace abscopal {
namespace {

using namespace test;

std::string size(int lesion, double median, double sigma) {
    return "[[cohort.parameter]]\nname = \"size_" + std::to_string(lesion) +
           "\"\nlaw = \"lognormal\"\nmedian = " + std::to_string(median) +
           "\nsigma = " + std::to_string(sigma) + (lesion > 1 ? "\nupper = 4\n" : "\n");
}

std::string surgery(const std::string& when) {
    const std::string at = "amt = 1\ndoses = 1\nstart = \"" + when + "\"\n";
    return give("surgery, lesion 1", "", at) + give("dissection of node 1", "", at);
}

std::string pembrolizumab(const std::string& from, int doses) {
    return give("pembrolizumab", "200 mg",
                "start = \"" + from + "\"\nevery = \"3 weeks\"\ndoses = " + std::to_string(doses) + "\n");
}

TrialText resected() {
    TrialText trial;
    trial.every = "12 weeks", trial.follow_up = "24 months", trial.record_every = "12 weeks";
    trial.cohort =
        size(1, 30, 0.4) + size(2, 0.5, 1.3) + size(3, 0.25, 1.3) + size(4, 0.12, 1.3) + size(5, 0.06, 1.3);
    const std::string vaccine =
        give("mRNA neoantigen vaccine", "1 mg", "start = \"6 weeks\"\nevery = \"3 weeks\"\ndoses = 9\n");
    trial.arm("surgery", surgery("0 days"))
        .arm("adjuvant", surgery("0 days") + pembrolizumab("3 weeks", 18))
        .arm("neoadjuvant", pembrolizumab("0 days", 3) + surgery("9 weeks") + pembrolizumab("12 weeks", 15))
        .arm("vaccine", surgery("0 days") + vaccine)
        .arm("adjuvant and vaccine", surgery("0 days") + pembrolizumab("3 weeks", 18) + vaccine);
    return trial;
}

class ImmunotherapyAfterSurgery : public ::testing::Test {
  protected:
    static void SetUpTestSuite() { result.emplace(run_of(resected(), "resected")); }
    static void TearDownTestSuite() { result.reset(); }
    /// Share without relapse, over 12, 18 and 24 months.
    static double free(const std::string& arm) {
        return (share(*result, arm, free_at(12)) + share(*result, arm, free_at(18)) +
                share(*result, arm, free_at(23.9))) /
               3;
    }
    static std::optional<Result> result;
};

std::optional<Result> ImmunotherapyAfterSurgery::result;

TEST_F(ImmunotherapyAfterSurgery, AdjuvantAntiPd1PreventsRelapses) {
    EXPECT_GT(free("adjuvant"), free("surgery") + 0.04);
}

TEST_F(ImmunotherapyAfterSurgery, NeoadjuvantBeatsAdjuvant) {
    EXPECT_GT(free("neoadjuvant"), free("adjuvant") + 0.01);
}

TEST_F(ImmunotherapyAfterSurgery, AVaccineHelpsALittleAloneAndMoreWithAntiPd1) {
    EXPECT_GT(free("vaccine"), free("surgery"));
    EXPECT_GT(free("adjuvant and vaccine"), free("adjuvant") + 0.03);
}

}  // namespace
}  // namespace abscopal
