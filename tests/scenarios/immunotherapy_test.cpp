// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>

#include "virtual_melanoma.hpp"

/// Facts of the clinic in untreated metastatic melanoma, read off one trial.
namespace abscopal {
namespace {

using namespace test;

std::string days_of_interleukin() {
    std::string days;  // 14 doses every 8 hours, and again after nine days of rest
    for (const int cycle : {0, 14})
        for (int i = 0; i < 14; ++i) days += (days.empty() ? "" : ", ") + std::to_string(cycle + i / 3.0);
    return "days = [" + days + "]\ncycle = \"84 days\"\ncycles = 3\n";
}

const std::string three_fractions = give("radiation, lesion 1", "", "amt = 8\ndays = [0, 2, 4]\n");
const std::string both =
    ipilimumab + give("nivolumab", "1 mg/kg", "every = \"3 weeks\"\ndoses = 4\n") +
    give("nivolumab", "3 mg/kg", "start = \"12 weeks\"\nevery = \"2 weeks\"\n" + until_progression);

TrialText metastatic() {
    TrialText trial;
    trial.watched = {"cancer_cells", "cd8_density", "no_mhc_share", "diameter_2"};
    trial.arm("none", "")
        .arm("dacarbazine", give("dacarbazine", "1000 mg/m2", "every = \"3 weeks\"\n" + until_progression))
        .arm("ipilimumab", ipilimumab)
        .arm("nivolumab", nivolumab)
        .arm("both", both)
        .arm("both until complete response", both)
        .arm("nivolumab with steroids",
             nivolumab + give("prednisone", "40 mg", "every = \"1 day\"\ndoses = 84\n"))
        .arm("vaccine", give("mRNA neoantigen vaccine", "1 mg", "every = \"3 weeks\"\ndoses = 9\n"))
        .arm("interleukin-2", give("aldesleukin", "0.037 mg/kg", days_of_interleukin() + until_progression))
        .arm("interferon", give("interferon alfa-2b sc", "0.0385 mg/m2",
                                "days = [0, 2, 4]\ncycle = \"7 days\"\nuntil = \"1 year\"\n"))
        .arm("radiation", three_fractions)
        .arm("radiation with nivolumab", three_fractions + nivolumab);
    trial.rules =
        "[[rule]]\nname = \"stop\"\narms = [\"both until complete response\"]\n"
        "when = \"complete response\"\ndo = \"stop\"\n";
    return trial;
}

class Immunotherapy : public ::testing::Test {
  protected:
    static void SetUpTestSuite() { result.emplace(run_of(metastatic(), "immunotherapy")); }
    static void TearDownTestSuite() { result.reset(); }
    static double alive(const std::string& arm, double months) {
        return share(*result, arm, alive_at(months));
    }
    static std::optional<Result> result;
};

std::optional<Result> Immunotherapy::result;

TEST_F(Immunotherapy, UntreatedTumoursHardlyEverShrink) {
    EXPECT_LE(response_rate(*result, "none"), 0.05);
}

TEST_F(Immunotherapy, AntiPd1RespondsMoreOftenThanAntiCtla4AndBothMostOften) {
    EXPECT_GT(response_rate(*result, "nivolumab"), response_rate(*result, "ipilimumab"));
    EXPECT_GT(response_rate(*result, "both"), response_rate(*result, "nivolumab") + 0.05);
    EXPECT_GT(response_rate(*result, "nivolumab"), 0.2);
}

TEST_F(Immunotherapy, BothHarmMoreThanEitherAlone) {
    const auto harmed = [&](const char* arm) { return share(*result, arm, has_grade(3)); };
    EXPECT_GT(harmed("both"), std::max(harmed("ipilimumab"), harmed("nivolumab")) + 0.05);
}

TEST_F(Immunotherapy, ThoseWhoRespondToEachAntibodyRespondSoonerToAntiPd1) {
    const auto slow = courses_of(*result, "ipilimumab"), fast = courses_of(*result, "nivolumab");
    double delay = 0.0;
    int n = 0;
    for (std::size_t i = 0; i < slow.size(); ++i)
        if (responds(*slow[i]) && responds(*fast[i]))
            delay += response_day(*slow[i]) - response_day(*fast[i]), ++n;
    ASSERT_GE(n, 3);
    EXPECT_GT(delay / n, 7.0);  // days
}

TEST_F(Immunotherapy, SurvivalCurvesPartLate) {
    const auto gap = [&](double months) { return alive("both", months) - alive("dacarbazine", months); };
    EXPECT_LT(std::abs(gap(2)), 0.08);
    EXPECT_GT(gap(24), 0.2);
}

TEST_F(Immunotherapy, SteroidsAtTheStartReduceBenefit) {
    EXPECT_LT(response_rate(*result, "nivolumab with steroids"), response_rate(*result, "nivolumab") - 0.03);
}

TEST_F(Immunotherapy, AVaccineAloneDoesLittleInBulkyDisease) {
    EXPECT_LE(response_rate(*result, "vaccine"), 0.05);
    EXPECT_LE(share(*result, "vaccine", free_at(12)) - share(*result, "none", free_at(12)), 0.05);
}

TEST_F(Immunotherapy, HighDoseInterleukin2CuresFewAtThePriceOfCapillaryLeak) {
    const double complete = share(*result, "interleukin-2", is_complete);
    EXPECT_GT(complete, 0.01);
    EXPECT_LT(complete, 0.2);
    EXPECT_GE(share(*result, "interleukin-2", free_at(24), is_complete), 0.6);
    EXPECT_GT(events_each(*result, "interleukin-2", "Capillary leak syndrome", 0.0, 120.0), 0.5);
    EXPECT_EQ(events_each(*result, "nivolumab", "Capillary leak syndrome", 0.0, 1800.0), 0.0);
}

/// Lesion 2, never irradiated, loses 30 % of its diameter within a year.
double abscopal(const Result& result, const std::string& arm) {
    const std::size_t lesion = watched(result, "diameter_2");
    const auto begin = [=](const Course& c) { return c.recorded[lesion].front(); };
    const auto shrinks = [=](const Course& c) {
        for (std::size_t i = 0; i < c.recorded[lesion].size() && result.record_days[i] <= 366.0; ++i)
            if (c.recorded[lesion][i] <= 0.7 * begin(c)) return true;
        return false;
    };
    return share(result, arm, shrinks, [=](const Course& c) { return begin(c) >= 10.0; });
}

TEST_F(Immunotherapy, RadiationShrinksDistantLesionsWithAntiPd1AndHardlyEverAlone) {
    EXPECT_LE(abscopal(*result, "radiation"), 0.2);
    EXPECT_GT(abscopal(*result, "radiation with nivolumab"), abscopal(*result, "nivolumab") + 0.02);
}

/// Progression by size, and later 30 % less than then.
bool is_pseudoprogression(const Course& course) {
    const auto& visits = course.visits;
    const auto progression = std::ranges::find(visits, Overall::progressive, &Visit::response);
    return std::any_of(progression, visits.end(), [&](const Visit& later) {
        return later.response != Overall::missing &&
               later.sum_of_diameters <= 0.7 * progression->sum_of_diameters;
    });
}

TEST_F(Immunotherapy, SomeTumoursGrowBeforeTheyShrink) {
    const double observed = 0.5 * (share(*result, "nivolumab", is_pseudoprogression) +
                                   share(*result, "ipilimumab", is_pseudoprogression));
    EXPECT_GE(observed, 0.02);  // 3 to 10 %, with the error of 160 courses
    EXPECT_LE(observed, 0.17);
    EXPECT_LE(share(*result, "none", is_pseudoprogression), 0.02);
}

TEST_F(Immunotherapy, TumoursPoorInTCellsDoNotRespondToTheReleaseOfBrakes) {
    const std::size_t density = watched(*result, "cd8_density");
    std::vector<double> all;
    for (const Course* c : courses_of(*result, "none")) all.push_back(c->recorded[density].front());
    std::ranges::sort(all);
    const auto is_poor = [&](const Course& c) { return c.recorded[density].front() <= all[all.size() / 4]; };
    const auto is_rich = [&](const Course& c) {
        return c.recorded[density].front() >= all[3 * all.size() / 4];
    };
    const double poor = share(*result, "nivolumab", responds, is_poor);
    EXPECT_LE(poor, 0.15);
    EXPECT_GT(share(*result, "nivolumab", responds, is_rich), poor + 0.2);
}

TEST_F(Immunotherapy, StoppingAfterACompleteResponseKeepsMostResponses) {
    const auto stopped = [](const Course& c) { return is_complete(c) && c.off_treatment_day > 0.0; };
    const auto kept = [](const Course& c) {
        return !c.progressed || c.pfs_day > c.off_treatment_day + 365.0;
    };
    EXPECT_GE(share(*result, "both until complete response", kept, stopped), 0.65);
    EXPECT_GE(share(*result, "both until complete response", free_at(36), stopped),
              share(*result, "both", free_at(36), is_complete) - 0.15);
}

TEST_F(Immunotherapy, FeverAndChillsFadeAfterTheFirstDosesAndColitisDoesNot) {
    for (const char* arm : {"interferon", "interleukin-2"})
        for (const char* term : {"Fever", "Chills"})
            EXPECT_GT(events_each(*result, arm, term, 0.0, 28.0) / 4.0,
                      2.0 * events_each(*result, arm, term, 84.0, 168.0) / 12.0)
                << arm << ' ' << term;
    EXPECT_GT(events_each(*result, "both", "Colitis", 42.0, 168.0), 0.0);
    EXPECT_GT(events_each(*result, "both", "Colitis", 42.0, 84.0) +
                  events_each(*result, "ipilimumab", "Colitis", 42.0, 84.0),
              0.5 * (events_each(*result, "both", "Colitis", 0.0, 42.0) +
                     events_each(*result, "ipilimumab", "Colitis", 0.0, 42.0)));
}

TEST_F(Immunotherapy, CellsAreNeverNegative) {
    const std::size_t cells = watched(*result, "cancer_cells");
    for (const Course& course : result->courses)
        for (const double n : course.recorded[cells]) EXPECT_FALSE(n < -1e-6);  // NaN: she has died
}

TEST_F(Immunotherapy, LiverMetastasesDoWorse) {
    const auto in_liver = [](const Course& c) {
        return std::ranges::any_of(
            c.lesions, [](const auto& l) { return l.role != LesionRole::absent && l.organ == "liver"; });
    };
    const auto elsewhere = [&](const Course& c) { return !in_liver(c); };
    double worse = 0.0;
    for (const char* arm : {"nivolumab", "both", "ipilimumab", "radiation with nivolumab"})
        worse += share(*result, arm, alive_at(24), elsewhere) - share(*result, arm, alive_at(24), in_liver);
    EXPECT_GT(worse / 4.0, 0.0);
}

}  // namespace
}  // namespace abscopal
