// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "abscopal/result.hpp"
#include "trial/archive.hpp"
#include "trial/condition.hpp"
#include "trial_fixture.hpp"

namespace abscopal {
namespace {

using test::replaced;
using test::valid_trial;

double truth(const std::string& condition, double a, double b) {
    RowNames names;
    names.add_column("a", 0);
    names.add_column("b", 1);
    return names.evaluate(parse_condition(condition, {"c", 1, 1, 0}), {a, b});
}

TEST(Condition, BindsOrLooserThanAndLooserThanNotLooserThanRelations) {
    for (const double a : {0.0, 1.0})
        for (const double b : {0.0, 1.0}) {
            EXPECT_EQ(truth("a == 1 or b == 1 and a == 0", a, b), a == 1 || (b == 1 && a == 0));
            EXPECT_EQ(truth("not a == b", a, b), a != b);
            EXPECT_EQ(truth("not a and not b", a, b), a == 0 && b == 0);
            EXPECT_EQ(truth("not (a and b)", a, b), !(a == 1 && b == 1));
            EXPECT_EQ(truth("(a or b) and (a + b) * 2 < 4", a, b), a + b == 1);
            EXPECT_EQ(truth("(a || b) && !(a && b)", a, b), a + b == 1);
        }
}

TEST(Condition, PlacesWhatItCannotRead) {
    for (const auto& [text, column] : {std::pair{"a >= 1 and", 11}, std::pair{"a >= and b", 6},
                                       std::pair{"or a", 1}, std::pair{"a b", 3}}) {
        try {
            parse_condition(text, {"c", 1, 1, 0});
            ADD_FAILURE() << text;
        } catch (const InputError& error) {
            EXPECT_EQ(error.faults().front().place.column, column) << text;
        }
    }
}

TEST(Condition, ReadsBackWhatItWrites) {
    const std::string text = "pd_l1 >= 50 and (lines == 0 or not liver)";
    EXPECT_EQ(condition_text(parse_condition(text, {})), text);
}

using SelectionTest = test::TrialFolder;

const std::string attributes = R"toml([[cohort.attribute]]
name = "liver"
law = "bernoulli"
probability = 0.3
[[cohort.attribute]]
name = "histology"
law = "categorical"
probabilities = [0.7, 0.3]
categories = ["adenocarcinoma", "squamous"]
[[cohort.attribute]]
name = "tps"
law = "quantiles"
levels = [0.0, 0.4, 0.7, 1.0]
values = [0, 1, 50, 100]
[[cohort.attribute]]
name = "score"
expression = "tps / 100 + 2 * liver"
[[cohort.attribute]]
name = "baseline_size"
expression = "10 * diameter + score"
[[cohort.parameter]]
name = "CL"
expression = "0.3 * (1 + liver)"
[[cohort.correlation]]
between = ["liver", "tps"]
rho = -0.5
)toml";

std::string with_attributes(const std::string& eligibility = "") {
    std::string text = replaced(valid_trial, "[[drug]]", attributes + "[[drug]]");
    if (!eligibility.empty())
        text = replaced(text, "patients = 3", "patients = 3\neligibility = \"" + eligibility + "\"");
    return text;
}

TEST_F(SelectionTest, SamplesAttributesAndComputesOthersFromThem) {
    const Trial trial = trial_of(with_attributes());
    const Cohort cohort = sample(trial.population, 1, 0, 4096, 4096);
    const std::vector<std::string> columns{"k_growth", "CL", "liver", "histology", "tps", "score"};
    EXPECT_EQ(cohort.parameters, columns);
    double liver = 0, squamous = 0, high = 0, tps_with = 0, tps_without = 0;
    for (const auto& row : cohort.rows) {
        EXPECT_EQ(row[1], 0.3 * (1 + row[2]));
        EXPECT_EQ(row[5], row[4] / 100 + 2 * row[2]);
        liver += row[2], squamous += row[3], high += row[4] >= 50;
        (row[2] == 1 ? tps_with : tps_without) += row[4];
    }
    EXPECT_NEAR(liver / 4096, 0.3, 0.01);
    EXPECT_NEAR(squamous / 4096, 0.3, 0.01);
    EXPECT_NEAR(high / 4096, 0.3, 0.01) << "the 70 % quantile is 50";
    EXPECT_LT(tps_with / liver, 0.7 * tps_without / (4096 - liver)) << "a negative correlation";
}

TEST_F(SelectionTest, NeverEntersWhomTheConditionExcludesAndCountsThemByIt) {
    const Trial trial = trial_of(replaced(
        with_attributes("tps >= 50 and not liver and histology == adenocarcinoma and baseline_size > 20.8"),
        "patients = 3", "patients = 3\nmax_draws = 400"));
    const std::string folder = (folder_ / "run").string();
    ASSERT_TRUE(run(trial, folder));
    const Result result = load_result(folder);
    const auto column = [&](const std::string& name) {
        const auto at = std::find(result.parameters.begin(), result.parameters.end(), name);
        return static_cast<std::size_t>(at - result.parameters.begin());
    };
    std::size_t treated = 0, early = 0, late = 0;
    for (const auto& candidate : result.candidates) {
        const auto& row = candidate.parameters;
        const bool by_row =
            row[column("tps")] >= 50 && row[column("liver")] == 0 && row[column("histology")] == 0;
        const double size = row[column("baseline_size")];
        EXPECT_EQ(std::isnan(size), !by_row) << "nobody is grown who is refused by her row";
        EXPECT_EQ(candidate.fate == Fate::treated, by_row && size > 20.8);
        if (candidate.fate == Fate::treated) {
            ++treated;
            EXPECT_DOUBLE_EQ(size, 20.0 + row[column("score")]);
            continue;
        }
        EXPECT_EQ(candidate.fate, Fate::ineligible);
        EXPECT_EQ(candidate.reason.substr(0, 14), "not eligible: ");
        (by_row ? late : early) += 1;
    }
    EXPECT_EQ(treated, 3U);
    EXPECT_GT(early, 0U);
    EXPECT_GT(late, 0U);
}

TEST_F(SelectionTest, PlacesFaultsAndGuessesWhatWasMeant) {
    const auto first = [&](const std::string& text) {
        const auto faults = faults_of(text);
        return faults.empty() ? Fault{"none", "", {}, {}} : faults.front();
    };
    const auto misspelt = first(with_attributes("tps >= 50 and not livre"));
    EXPECT_EQ(misspelt.code, "unknown-name");
    EXPECT_NE(misspelt.message.find("did you mean 'liver'"), std::string::npos) << misspelt.message;
    EXPECT_EQ(misspelt.place.line, 9);
    EXPECT_EQ(misspelt.place.column, 34);
    EXPECT_EQ(first(with_attributes("tps >= ")).code, "syntax");
    EXPECT_EQ(first(with_attributes("tps >= time")).code, "no-time");
    EXPECT_EQ(first(replaced(with_attributes(), "tps / 100", "score / 100")).code, "circular-expression");
    EXPECT_EQ(first(replaced(with_attributes(), "name = \"liver\"", "name = \"CL\"")).code, "name-taken");
    EXPECT_EQ(first(replaced(with_attributes(), "[0.7, 0.3]", "[0.7, 0.4]")).code, "out-of-range");
    EXPECT_EQ(first(replaced(with_attributes(), "probability = 0.3", "median = 0.3")).code, "missing-key");
    EXPECT_EQ(first(replaced(with_attributes(), "law = \"bernoulli\"\nprobability = 0.3\n", "")).code,
              "missing-key");
}

TEST_F(SelectionTest, DrawsGoBeforeLawsOfIncludedFiles) {
    write("population.toml",
          "[[cohort.attribute]]\nname = \"tps\"\nlaw = \"beta\"\nalpha = 1\nbeta = 1\n"
          "[[cohort.parameter]]\nname = \"CL\"\nlaw = \"normal\"\nmean = 1\nsd = 1\n"
          "[[cohort.correlation]]\nbetween = [\"CL\", \"tps\"]\nrho = 0.5\n");
    write("draws.csv", "tps,CL,weight\n7,0.2,1\n8,0.4,2\n9,0.5,1\n");
    const Trial trial =
        trial_of("include = [\"population.toml\"]\n" + replaced(valid_trial, "patients = 3",
                                                                "patients = 3\ndraws = \"draws.csv\"\n"
                                                                "eligibility = \"tps > 7\""));
    const Cohort cohort = sample(trial.population, 1, 0, 9, 9);
    EXPECT_EQ(cohort.parameters, (std::vector<std::string>{"k_growth", "tps", "CL"}));
    EXPECT_EQ(cohort.rows[1][1], 8);
    EXPECT_EQ(cohort.weights[1], 2);
    EXPECT_EQ(to_json(trial_from_json(to_json(trial))), to_json(trial));
}

const std::string earlier = R"([[cohort.earlier_line]]
name = "mab first"
when = "pretreated"
drug = "mab"
dose = "200 mg"
every = "3 weeks"
until = "progression"
assess_every = "6 weeks"
at_most = "1 year"
washout = "4 weeks"
keep = "progressed"
within = "20 weeks"
[[cohort.attribute]]
name = "pretreated"
law = "bernoulli"
probability = 0.5
)";

TEST_F(SelectionTest, WhoDiesInAnEarlierLineDoesNotReachTheTrial) {
    const std::string line =
        replaced(replaced(earlier, "keep = \"progressed\"", "keep = \"any\""), "within = \"20 weeks\"\n", "");
    const Trial trial = trial_of(replaced(
        replaced(valid_trial, "[[drug]]", "[death]\nbaseline = \"0.004 1/day\"\n" + line + "[[drug]]"),
        "patients = 3", "patients = 60\nmax_draws = 400"));
    ASSERT_TRUE(run(trial, (folder_ / "died").string()));
    double expected = 0.0, variance = 0.0, died = 0.0;
    for (const auto& candidate : load_result((folder_ / "died").string()).candidates) {
        EXPECT_EQ(candidate.fate == Fate::treated, candidate.reason.empty());
        const bool had_line = candidate.parameters[1] == 1;
        EXPECT_TRUE(had_line || candidate.fate == Fate::treated);
        if (!had_line) continue;
        // A line of whole scans until the diameter is 1.25 of its first, then the washout.
        const double scans = std::ceil(std::log(1.25) / (candidate.parameters[0] * 42 / 3));
        const double share = 1.0 - std::exp(-0.004 * (std::min(scans * 42, 365.25) + 28));
        expected += share, variance += share * (1.0 - share);
        died += candidate.reason == "died on mab first";
    }
    EXPECT_GT(died, 5.0);
    EXPECT_NEAR(died, expected, 4.0 * std::sqrt(variance));
}

TEST_F(SelectionTest, EarlierLinesAreLivedThroughAndLeaveTheirTraces) {
    const Trial trial = trial_of(
        replaced(replaced(valid_trial, "[[drug]]",
                          earlier + "[[cohort.attribute]]\nname = \"mab_left\"\nexpression = \"A\"\n"
                                    "[[cohort.attribute]]\nname = \"size_then\"\nexpression = \"diameter\"\n"
                                    "[[drug]]"),
                 "patients = 3", "patients = 20\nmax_draws = 400"));
    ASSERT_EQ(trial.earlier_lines.size(), 1U);
    const std::string folder = (folder_ / "run").string();
    ASSERT_TRUE(run(trial, folder));
    const Result result = load_result(folder);
    EXPECT_EQ(result.parameters, (std::vector<std::string>{"k_growth", "pretreated", "mab_left", "size_then",
                                                           "lines", "days_since_diagnosis"}));
    std::size_t n_pretreated = 0, n_refused = 0;
    for (const auto& candidate : result.candidates) {
        // The tumour grows exponentially whatever is given, its diameter by a third of the rate: 5 mm of 20
        // are a quarter.
        const double growth = candidate.parameters[0];
        const double rise_a_scan = std::exp(growth * 42 / 3);
        const int scans = static_cast<int>(std::ceil(std::log(1.25) / std::log(rise_a_scan)));
        if (candidate.parameters[1] == 1 && scans * 42 > 140) {
            EXPECT_EQ(candidate.fate, Fate::ineligible);
            ++n_refused;
            continue;
        }
        ASSERT_EQ(candidate.fate, Fate::treated) << candidate.reason;
        const double days = candidate.parameters[1] == 1 ? scans * 42 + 28 : 0;
        EXPECT_EQ(candidate.parameters[4], candidate.parameters[1]);
        EXPECT_NEAR(candidate.parameters[5], days, 1e-9);
        EXPECT_NEAR(candidate.parameters[3], 2 * std::exp(growth * days / 3), 1e-4 * candidate.parameters[3]);
        EXPECT_EQ(candidate.parameters[2] > 1, candidate.parameters[1] == 1)
            << "the drug is still in the blood";
        n_pretreated += candidate.parameters[1] == 1;
    }
    EXPECT_GT(n_pretreated, 2U);
    EXPECT_GT(n_refused, 0U);
}

}  // namespace
}  // namespace abscopal
