// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <gtest/gtest.h>

#include "abscopal/trial.hpp"

namespace abscopal {
namespace {

DoseRow dose(std::string drug, double amount, std::string unit, double day, double interval, int additional) {
    DoseRow row;
    row.drug = std::move(drug);
    row.amount = amount;
    row.unit = std::move(unit);
    row.time = day;
    row.interval = interval;
    row.additional = additional;
    return row;
}

TEST(Words, SayARegimenAsAClinicianWould) {
    Arm arm;
    arm.regimen.rows.push_back(dose("pembrolizumab", 200, "mg", 0, 21, 19));
    arm.regimen.rows.back().duration = 30.0 / 1440.0;
    for (const double day : {0.0, 7.0, 14.0}) {
        arm.regimen.rows.push_back(dose("nab-paclitaxel", 100, "mg", day, 28, 14));
        arm.regimen.rows.back().per = DosePer::square_metre;
        arm.regimen.rows.back().while_on_treatment = false;
    }
    arm.regimen.rows.push_back(dose("aldesleukin", 0.5, "mg", 3, 0, 0));
    arm.regimen.rows.back().while_on_treatment = false;

    const auto words = treatments_in_words(arm);
    ASSERT_EQ(words.size(), 3u);
    EXPECT_EQ(words[0], "pembrolizumab 200 mg every 3 weeks, infused over 30 minutes, until progression");
    EXPECT_EQ(words[1], "nab-paclitaxel 100 mg/m² on days 0, 7 and 14 of every 28 days");
    EXPECT_EQ(words[2], "aldesleukin 0.5 mg on day 3");
}

TEST(Words, CountDosesThatEndBeforeTheFollowUp) {
    Arm arm;
    arm.regimen.rows.push_back(dose("ipilimumab", 70, "mg", 0, 30.4375, 2));
    EXPECT_EQ(treatments_in_words(arm, 365).at(0),
              "ipilimumab 70 mg every 1 month, at most 3 doses, until progression");
    EXPECT_EQ(treatments_in_words(arm, 90).at(0), "ipilimumab 70 mg every 1 month, until progression");
}

}  // namespace
}  // namespace abscopal
