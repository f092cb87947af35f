// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "abscopal/report.hpp"
#include "small_trial.hpp"
#include "support.hpp"
#include "trial/outcomes.hpp"

/// Vaccination against HPV as a trial: what FUTURE II saw (2007, doi 10.1056/NEJMoa061741).
namespace abscopal {
namespace {

std::string future_2(const std::string& carriers) {
    return "model = \"" + (test::source_dir() / "models/prevention/hpv.ant").string() +
           "\"\nseed = 2\n[cohort]\npatients = 5000\n"
           "[[cohort.parameter]]\nname = \"exposure\"\nlaw = \"lognormal\"\nmedian = 0.8\nsigma = 0.7\n"
           "[[cohort.parameter]]\nname = \"infected_at_start\"\nlaw = \"bernoulli\"\nprobability = " +
           carriers +
           "\n[visits]\nevery = \"1 year\"\nfollow_up = \"3 years\"\nrecord_every = \"26 weeks\"\n"
           "[[outcome]]\nname = \"infection\"\nprobability = \"infected_ever\"\n"
           "[[outcome]]\nname = \"CIN2 or worse\"\nprobability = \"cin2_ever\"\n"
           "[[arm]]\nname = \"placebo\"\n"
           "[[arm]]\nname = \"vaccine\"\n[[arm.treatment]]\ntarget = \"vaccine\"\namt = 1\ndays = [0, 60, "
           "180]\n";
}

Result run_of(const std::string& text) {
    const test::ScratchFolder folder("prevention");
    write_file(folder / "trial.toml", text);
    run(read_trial(folder / "trial.toml"), folder / "out");
    return load_result(folder / "out");
}

OutcomeRow precancer(const Result& result, std::size_t arm) {
    for (const auto& row : outcome_rows(result.trial, follow_up(result)))
        if (row.arm == arm && result.trial.toxicities[row.outcome].name == "CIN2 or worse") return row;
    throw std::runtime_error("no such row");
}

TEST(Prevention, WomenWithoutTheTypesAreProtectedAsInFuture2) {
    const Result result = run_of(future_2("0"));
    const OutcomeRow placebo = precancer(result, 0), vaccine = precancer(result, 1);
    EXPECT_NEAR(100 * placebo.incidence, 0.8, 0.3);  // 42 of 5,260
    EXPECT_GT(vaccine.efficacy, 0.86);               // 98 % (86 to 100)
    EXPECT_LE(vaccine.efficacy_interval.lower, 0.98);
    EXPECT_NEAR(vaccine.number_needed, 1.0 / (placebo.incidence - vaccine.incidence), 1e-9);
    const std::string page = html_report(result);
    EXPECT_NE(page.find("What was prevented"), std::string::npos);
    EXPECT_EQ(page.find("RECIST"), std::string::npos);
    // Whoever has a precancer was infected before.
    for (const Course& course : result.courses) {
        double infected = std::nan("");
        for (const auto& event : course.adverse_events) {
            if (event.toxicity == 0) infected = event.onset;
            EXPECT_FALSE(event.toxicity == 1 && !(infected <= event.onset));
        }
    }
}

TEST(Prevention, WomenWhoCarryATypeAlreadyAreNotProtected) {
    const OutcomeRow vaccine = precancer(run_of(future_2("0.09")), 1);
    EXPECT_GT(vaccine.efficacy, 0.2);  // all comers: 44 % (26 to 58)
    EXPECT_LT(vaccine.efficacy, 0.7);
}

/// 1 case in 5,305 × 3 years against 42 in 5,260 × 3: R binom.test(1, 43)$conf.int on the share of cases.
TEST(Prevention, EfficacyHasItsExactConditionalInterval) {
    const auto found = efficacy(1, 3 * 5305.0, 42, 3 * 5260.0);
    EXPECT_NEAR(found.estimate, 1.0 - 5260.0 / 5305.0 / 42.0, 1e-12);
    const auto share = clopper_pearson(1, 43);
    EXPECT_NEAR(share.upper, 0.1228904827, 1e-10);
    EXPECT_NEAR(found.interval.lower, 1.0 - share.upper / (1.0 - share.upper) * 5260.0 / 5305.0, 1e-12);
    EXPECT_TRUE(std::isnan(efficacy(0, 1.0, 0, 1.0).estimate));
    EXPECT_TRUE(std::isinf(efficacy(3, 1.0, 0, 1.0).interval.lower));
}

TEST(Prevention, ATrialWithNeitherLesionNorOutcomeIsRefused) {
    std::string text = future_2("0");
    while (text.find("[[outcome]]") != std::string::npos)
        text.erase(text.find("[[outcome]]"),
                   text.find("\n[", text.find("[[outcome]]") + 2) + 1 - text.find("[[outcome]]"));
    try {
        run_of(text);
        FAIL();
    } catch (const InputError& error) {
        EXPECT_EQ(error.faults().front().code, "missing-key");
    }
}

}  // namespace
}  // namespace abscopal
