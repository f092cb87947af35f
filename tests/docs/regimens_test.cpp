// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "abscopal/result.hpp"
#include "base/file.hpp"
#include "folder.hpp"
#include "support.hpp"

/// What the cookbook of regimens promises, and the priors of cancers that were not calibrated.
namespace abscopal {
namespace {

std::filesystem::path models() {
    return test::source_dir() / "models/immunotherapy";
}

/// What stands between "```toml" + `kind` and "```", all blocks after one another.
std::string blocks(const std::string& markdown, const std::string& kind) {
    const std::string head = "```toml" + kind + "\n";
    std::string text;
    for (auto at = markdown.find(head); at != std::string::npos; at = markdown.find(head, at + 1)) {
        const auto begin = at + head.size();
        text += markdown.substr(begin, markdown.find("```", begin) - begin) + "\n";
    }
    return text;
}

std::string included(const std::vector<std::string>& files) {
    std::string list;
    for (const auto& file : files) list += (list.empty() ? "\"" : ", \"") + (models() / file).string() + "\"";
    return "model = \"" + (models() / "immunotherapy.ant").string() + "\"\ninclude = [" + list +
           "]\nseed = 1\n";
}

const std::string two_patients =
    "[numerics]\nmethod = \"cvode\"\n[cohort]\npatients = 2\nmax_draws = 60\n[visits]\nevery = \"8 weeks\"\n"
    "follow_up = \"32 weeks\"\nrecord_every = \"8 weeks\"\n";

std::vector<std::string> files_of(const std::string& folder) {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(models() / folder))
        names.push_back(folder + "/" + entry.path().filename().string());
    std::sort(names.begin(), names.end());
    return names;
}

/// What was recorded, so that numbers after a death, which are none, compare too.
std::vector<std::uint64_t> bits(const Course& course) {
    std::vector<std::uint64_t> all;
    for (const auto& series : course.recorded)
        for (const double value : series) all.push_back(std::bit_cast<std::uint64_t>(value));
    return all;
}

class Regimens : public ::testing::Test {
  protected:
    Trial trial(const std::string& text) {
        folder_.write("trial.toml", text);
        return read_trial(folder_.file("trial.toml"));
    }
    Result result_of(const std::string& text) {
        EXPECT_TRUE(run(trial(text), folder_.file("out")));
        return load_result(folder_.file("out"));
    }
    test::Folder folder_;
};

TEST_F(Regimens, OfTheCookbookAllRun) {
    const std::string cookbook = read_file((test::source_dir() / "docs/guide/regimens.md").string());
    const Result result = result_of(included({"drugs.toml", "endpoints.toml", "populations/melanoma.toml"}) +
                                    two_patients + blocks(cookbook, " rule") + blocks(cookbook, ""));
    EXPECT_GT(result.trial.arms.size(), 70U);
    EXPECT_EQ(result.courses.size(), 2 * result.trial.arms.size());
    for (const auto& course : result.courses)
        EXPECT_TRUE(course.outcome.ok()) << result.trial.arms[course.arm].name;
}

TEST_F(Regimens, WordsOfADrugAreItsUnits) {
    const Trial read =
        trial(included({"drugs.toml", "populations/melanoma.toml"}) + two_patients +
              "[lesion]\nobservable = \"sum_of_diameters\"\n"
              "[[arm]]\nname = \"IL-2\"\ndrug = \"aldesleukin\"\ndose = \"600000 IU/kg\"\n"
              "[[arm]]\nname = \"carboplatin\"\ndrug = \"carboplatin\"\ndose = \"AUC 5\"\n"
              "[[arm]]\nname = \"T-VEC\"\ndrug = \"talimogene, lesion 1\"\ndose = \"4e8 PFU\"\n"
              "[[arm]]\nname = \"capped\"\ndrug = \"nivolumab\"\ndose = \"10 mg/kg\"\n"
              "max_dose = \"600 mg\"\n");
    const auto model = load_model(read);
    const auto amount = [&](std::size_t arm) {
        return actions_for(read, read.arms[arm], *model, 80, 1.9, 0).at(0).value;
    };
    EXPECT_NEAR(amount(0), 0.037 * 80, 0.03);  // mg; the label: 600,000 IU/kg are 0.037 mg/kg
    EXPECT_DOUBLE_EQ(amount(1), 5.0);
    EXPECT_DOUBLE_EQ(amount(2), 400.0);  // million PFU
    EXPECT_DOUBLE_EQ(amount(3), 600.0);
}

/// All drugs at zero in one arm, in their own words in another, beside an arm of nothing.
TEST_F(Regimens, DosesOfZeroOfEveryDrugAreNoTreatmentToTheBit) {
    const std::string head = included({"drugs.toml", "endpoints.toml", "populations/melanoma.toml"}) +
                             two_patients + "[[watch]]\nobservable = \"cancer_cells\"\n" +
                             "[[arm]]\nname = \"none\"\n";
    std::string zero = "[[arm]]\nname = \"zero\"\n";
    const Trial none = trial(head);
    EXPECT_GT(none.drugs.size(), 70U);
    for (const auto& drug : none.drugs)
        zero += "[[arm.treatment]]\ndrug = \"" + drug.name + "\"\namt = 0\nevery = \"1 week\"\n";
    const std::string words =
        "[[arm]]\nname = \"words\"\n"
        "[[arm.treatment]]\ndrug = \"radiation, lesion 1\"\ndose = \"0 Gy\"\ndays = [0, 2, 4]\n"
        "[[arm.treatment]]\ndrug = \"carboplatin\"\ndose = \"AUC 0\"\n"
        "[[arm.treatment]]\ndrug = \"nivolumab\"\ndose = \"0 mg/kg\"\nevery = \"2 weeks\"\n";
    const Result result = result_of(head + zero + words);
    ASSERT_EQ(result.courses.size(), 6U);
    for (std::size_t i = 0; i < 6; ++i)
        EXPECT_EQ(bits(result.courses[i]), bits(result.courses[i / 3 * 3])) << i;
    EXPECT_TRUE(result.trial.arms[1].settings.empty());
}

TEST_F(Regimens, EveryPopulationAndSettingIsReadAndPriorsSaySo) {
    const std::string lesion = "[lesion]\nobservable = \"sum_of_diameters\"\n[[arm]]\nname = \"none\"\n";
    for (const auto& population : files_of("populations")) {
        const Trial read = trial(included({"drugs.toml", population}) + two_patients + lesion);
        const bool is_fitted = population.find("melanoma") != std::string::npos ||
                               population.find("nsclc") != std::string::npos ||
                               population.find("rcc") != std::string::npos ||
                               population.find("hnscc") != std::string::npos;
        EXPECT_EQ(read.population_note.find("not calibrated") == std::string::npos, is_fitted) << population;
    }
    for (const auto& setting : files_of("settings")) {
        const Trial read =
            trial(included({"drugs.toml", "populations/nsclc.toml", setting}) + two_patients + lesion);
        EXPECT_FALSE(read.setting.empty()) << setting;
    }
}

TEST_F(Regimens, AnUnknownDrugIsAnsweredByTheNearestNames) {
    try {
        trial(included({"drugs.toml", "populations/nsclc.toml"}) + two_patients +
              "[lesion]\nobservable = \"sum_of_diameters\"\n[[arm]]\nname = \"a\"\ndrug = "
              "\"interferon\"\ndose = \"1 mg\"\n");
        FAIL();
    } catch (const InputError& error) {
        const auto& notes = error.faults().at(0).notes;
        ASSERT_EQ(notes.size(), 2U);
        EXPECT_NE(notes[0].find("interferon alfa-2b sc"), std::string::npos) << notes[0];
        EXPECT_NE(notes[1].find("drugs.toml"), std::string::npos) << notes[1];
        EXPECT_LT(notes[1].size(), 300U);
    }
}

}  // namespace
}  // namespace abscopal
