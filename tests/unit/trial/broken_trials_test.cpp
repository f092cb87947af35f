// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "trial_fixture.hpp"

namespace abscopal {
namespace {

using test::replaced;
using test::valid_trial;

/// A valid trial with one thing broken, and what must be said about it.
struct Broken {
    const char* from;
    const char* to;
    const char* code;
    int line, column;
    const char* says;
};

const Broken broken_trials[] = {
    {"every = \"3 weeks\"", "evry = \"3 weeks\"", "unknown-key", 30, 1,
     "unknown key 'evry' in [[arm]]; did you mean 'every'?"},
    {"dose = \"200 mg\"", "dosse = \"200 mg\"", "unknown-key", 29, 1,
     "unknown key 'dosse' in [[arm]]; did you mean 'dose'?"},
    {"patients = 3", "pateints = 3", "unknown-key", 8, 1, "in [cohort]; did you mean 'patients'?"},
    {"[visits]", "[vists]", "unknown-key", 4, 2, "did you mean 'visits'?"},
    {"patients = 3", "patients = \"3\"", "wrong-type", 8, 12, "must be a whole number; found the text \"3\""},
    {"patients = 3", "patients = 3.5", "wrong-type", 8, 12, "must be a whole number; found the number 3.5"},
    {"patients = 3", "patients = 0", "out-of-range", 8, 12, "must be at least 1; found the number 0"},
    {"every = \"3 weeks\"", "every = 21", "wrong-type", 30, 9,
     "a duration with its unit, such as \"3 weeks\"; found the number 21"},
    {"every = \"3 weeks\"", "every = \"3\"", "bad-duration", 30, 9, "a duration with its unit"},
    {"every = \"3 weeks\"", "every = \"3 weks\"", "bad-duration", 30, 9, "found the text \"3 weks\""},
    {"every = \"3 weeks\"", "every = \"3 mg\"", "bad-duration", 30, 9, "a duration"},
    {"every = \"3 weeks\"", "every = \"0 weeks\"", "not-positive", 30, 9, "must be greater than zero"},
    {"every = \"3 weeks\"", "every = \"-3 weeks\"", "not-positive", 30, 9, "must be greater than zero"},
    {"every = \"3 weeks\"", "every = \"1 s\"", "too-many-doses", 30, 9, "more than"},
    {"dose = \"200 mg\"", "dose = 200", "wrong-type", 29, 8,
     "a dose with its unit, such as \"200 mg\"; found the number 200"},
    {"dose = \"200 mg\"", "dose = \"200\"", "missing-unit", 29, 8, "without a unit"},
    {"dose = \"200 mg\"", "dose = \"mg 200\"", "bad-quantity", 29, 8, "found the text \"mg 200\""},
    {"dose = \"200 mg\"", "dose = \"-200 mg\"", "negative-dose", 29, 8, "must not be negative"},
    {"dose = \"200 mg\"", "dose = \"200 mm\"", "unit-mismatch", 29, 8,
     "does not fit target 'A', which carries"},
    {"dose = \"200 mg\"", "dose = \"200 IU\"", "unknown-unit", 29, 8, "'IU' is not a unit"},
    {"molar_mass = \"149 kDa\"\n", "\n", "molar-mass-missing", 29, 8, "needs a molar mass"},
    {"molar_mass = \"149 kDa\"", "molar_mass = \"149 cm\"", "bad-molar-mass", 19, 14, "\"149 kDa\""},
    {"dose = \"200 mg\"", "dose = \"200 mg\"\namt = 3", "conflicting-keys", 30, 1, "'amt' and 'dose'"},
    {"dose = \"200 mg\"\n", "\n", "missing-key", 26, 1, "'dose' is missing"},
    {"drug = \"mab\"\n", "\n", "missing-key", 26, 1, "'drug' or 'target' is missing"},
    {"drug = \"mab\"", "drug = \"mabb\"", "unknown-drug", 28, 8, "did you mean 'mab'?"},
    {"until = \"progression\"", "until = \"progresion\"", "bad-until", 31, 9, "did you mean 'progression'?"},
    {"until = \"progression\"", "until = 35", "wrong-type", 31, 9, "\"progression\", \"end\""},
    {"until = \"progression\"", "doses = 35\naddl = 34", "conflicting-keys", 32, 1, "'addl' and 'doses'"},
    {"until = \"progression\"", "cycle = \"28 days\"", "conflicting-keys", 31, 1, "'cycle' and 'every'"},
    {"every = \"3 weeks\"", "cycle = \"3 weeks\"", "missing-key", 30, 1, "'cycle' needs 'days'"},
    {"every = \"3 weeks\"", "days = [0, 7, 30]\ncycle = \"4 weeks\"", "day-outside-cycle", 30, 15,
     "less than the cycle of 28 days"},
    {"every = \"3 weeks\"\n", "\n", "missing-interval", 31, 9, "'until' needs an interval"},
    {"until = \"progression\"", "start = \"500 days\"", "dose-after-follow-up", 31, 9,
     "beyond the follow-up of 400 days"},
    {"until = \"progression\"", "rate = \"10 mg\"", "unit-mismatch", 31, 8, "unit per time"},
    {"weight = \"80 kg\"", "weight = \"80 cm\"", "unit-mismatch", 9, 10, "unit 'cm' does not fit"},
    {"weight = \"80 kg\"", "weight = \"-80 kg\"", "not-positive", 9, 10, "must be greater than zero"},
    {"weight = \"80 kg\"", "weight_parameter = \"k_grwth\"", "unknown-parameter", 9, 20,
     "did you mean 'k_growth'?"},
    {"name = \"k_growth\"", "name = \"k_grwth\"", "unknown-parameter", 12, 8, "did you mean 'k_growth'?"},
    {"name = \"k_growth\"", "name = \"diameter\"", "not-settable", 12, 8, "is computed by the model"},
    {"law = \"lognormal\"", "law = \"log-normal\"", "not-a-choice", 13, 7, "did you mean 'lognormal'?"},
    {"median = 0.01", "mean = 0.01", "missing-key", 11, 1, "law \"lognormal\" needs 'median'"},
    {"sigma = 0.5", "sigma = -0.5", "out-of-range", 15, 9, "must be greater than 0"},
    {"sigma = 0.5", "sigma = 0.5\nlower = 2\nupper = 1", "empty-range", 16, 9,
     "'lower' must be less than 'upper'"},
    {"sigma = 0.5", "sigma = 0.5\nunit = \"mg\"", "unit-mismatch", 16, 8,
     "unit 'mg' does not fit 'k_growth'"},
    {"target = \"A\"", "target = \"antibody in blod\"", "unknown-species", 18, 10,
     "not a state of the model; did you mean 'antibody in blood'?"},
    {"name = \"taxane\"", "name = \"mab\"", "duplicate-drug", 20, 1, "two drugs named 'mab'"},
    {"name = \"treated\"", "name = \"observation\"", "duplicate-arm", 27, 8, "two arms named 'observation'"},
    {"name = \"treated\"\n", "\n", "missing-key", 26, 1, "'name' is missing in [[arm]]"},
    {"observable = \"diameter\"", "observable = \"diametr\"", "unknown-observable", 3, 14,
     "did you mean 'diameter'?"},
    {"observable = \"diameter\"", "observable = \"k_kill\"", "lesion-unit", 3, 14, "must be a length"},
    {"observable = \"diameter\"", "observable = \"diameter\"\nunit = \"kg\"", "lesion-unit", 4, 8,
     "must be a length"},
    {"every = \"8 weeks\"", "at = [\"8 weeks\", \"500 days\"]", "visit-after-follow-up", 5, 18,
     "beyond the follow-up of 400 days"},
    {"every = \"8 weeks\"", "at = [\"8 weeks\", \"1 day\"]", "visit-order", 5, 18, "ascending"},
    {"every = \"8 weeks\"", "every = \"70 weeks\"", "visit-after-follow-up", 5, 9, "beyond the follow-up"},
    {"every = \"8 weeks\"\n", "\n", "missing-key", 4, 1, "'every' or 'at' is missing in [visits]"},
    {"follow_up = \"400 days\"\n", "\n", "missing-key", 4, 1, "'follow_up' is missing in [visits]"},
    {"model = \"model.ant\"", "model = \"modell.ant\"", "file-missing", 1, 9, "does not exist"},
    {"model = \"model.ant\"", "model = \"\"", "empty-text", 1, 9, "must not be empty"},
    {"model = \"model.ant\"\n", "\n", "missing-key", 1, 1, "'model' is missing in the trial file"},
    {"model = \"model.ant\"", "model = \"model.ant\"\nseed = -1", "out-of-range", 2, 8, "must be at least 0"},
    {"model = \"model.ant\"", "model = \"model.ant\"\nunits = \"covert\"", "not-a-choice", 2, 9,
     "did you mean 'convert'?"},
    {"model = \"model.ant\"", "model = \"model.ant\"\nmax_failed = 2", "out-of-range", 2, 14,
     "must be at most 1"},
    {"model = \"model.ant\"", "model = \"model.ant\"\nset = { k_kil = 1 }", "unknown-parameter", 2, 9,
     "did you mean 'k_kill'?"},
    {"model = \"model.ant\"", "model = \"model.ant\"\nset = { k_kill = true }", "wrong-type", 2, 18,
     "found true"},
    {"model = \"model.ant\"", "model = \"model.ant\"\nset = { k_kill = \"1 kg\" }", "unit-mismatch", 2, 18,
     "does not fit 'k_kill'"},
    {"model = \"model.ant\"", "model = model.ant", "toml-syntax", 1, 9, "TOML syntax"},
    {"model = \"model.ant\"", "model = \"model.ant", "toml-syntax", 1, 19,
     "the quotes are not closed on this line"},
    {"[visits]", "[=visits]", "toml-syntax", 4, 2, "unexpected character"},
    {"[[drug]]", "[[+drug]]", "toml-syntax", 16, 3, "unexpected character"},
    {"patients = 3", "patients = 3\npatients = 4", "toml-syntax", 9, 1, "TOML syntax"},
    {"[[arm]]\nname = \"observation\"", "[arm]\nname = \"observation\"", "toml-syntax", 26, 1, "TOML syntax"},
    {"patients = 3", "patients = 3\ndraws = \"none.csv\"", "file-missing", 9, 9, "does not exist"},
    {"patients = 3", "patients = 3\nmax_draws = 2", "too-few-draws", 9, 13, "less than patients"},
};

class BrokenTrial : public test::TrialFolder {};

TEST_F(BrokenTrial, is_told_what_is_wrong_and_where) {
    for (const auto& broken : broken_trials) {
        const std::string text = replaced(valid_trial, broken.from, broken.to);
        const auto faults = faults_of(text);
        const auto found = std::find_if(faults.begin(), faults.end(), [&](const Fault& fault) {
            return fault.code == broken.code && fault.message.find(broken.says) != std::string::npos;
        });
        std::string all;
        for (const auto& fault : faults) all += fault.code + ": " + describe(fault) + "\n";
        ASSERT_NE(found, faults.end())
            << broken.to << " should give " << broken.code << ": " << broken.says << "\nbut gives\n"
            << all;
        EXPECT_EQ(found->place.line, broken.line) << broken.to << "\n" << all;
        EXPECT_EQ(found->place.column, broken.column) << broken.to << "\n" << all;
    }
}

TEST_F(BrokenTrial, all_faults_come_at_once) {
    std::string text = replaced(valid_trial, "dose = \"200 mg\"", "dosse = \"200 mg\"");
    text = replaced(text, "weight = \"80 kg\"", "weight = 80");
    text = replaced(text, "observable = \"diameter\"", "observable = \"diametr\"");
    text = replaced(text, "name = \"k_growth\"", "name = \"k_grwth\"");
    EXPECT_EQ(faults_of(text).size(), 5u);  // the fifth: the dose is missing
}

TEST_F(BrokenTrial, contradicting_correlations_are_refused) {
    const std::string law = "\nlaw = \"normal\"\nmean = 1\nsd = 1\n[[cohort.parameter]]\n";
    const std::string text = valid_trial + "[[cohort.parameter]]\nname = \"CL\"" + law +
                             "name = \"k_kill\"\nlaw = \"normal\"\nmean = 1\nsd = 1\n" +
                             "[[cohort.correlation]]\nbetween = [\"CL\", \"k_kill\"]\nrho = 0.9\n"
                             "[[cohort.correlation]]\nbetween = [\"CL\", \"k_growth\"]\nrho = 0.9\n"
                             "[[cohort.correlation]]\nbetween = [\"k_growth\", \"k_kill\"]\nrho = -0.9\n";
    const auto faults = faults_of(text);
    ASSERT_EQ(faults.size(), 1u);
    EXPECT_EQ(faults[0].code, "correlation-matrix");
}

TEST_F(BrokenTrial, text_that_is_not_utf8_is_refused) {
    const auto faults = faults_of("title = \"\xff\xfe\"\n" + valid_trial);
    ASSERT_EQ(faults.size(), 1u);
    EXPECT_EQ(faults[0].code, "not-utf8");
}

TEST_F(BrokenTrial, deep_nesting_is_a_fault_and_no_crash) {
    EXPECT_EQ(faults_of("a = " + std::string(100'000, '[') + "\n").size(), 1u);
    EXPECT_FALSE(faults_of(std::string(50'000, '[') + "\n").empty());
}

}  // namespace
}  // namespace abscopal
