// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "abscopal/result.hpp"
#include "base/file.hpp"
#include "small_trial.hpp"
#include "support.hpp"

/// Facts of the clinic that the immunotherapy model must show, in one trial of virtual melanoma patients.
namespace abscopal {
namespace {

constexpr std::size_t patients = 48;

std::string nivolumab(const std::string& dose) {
    return "[[arm.treatment]]\ndrug = \"nivolumab\"\ndose = \"" + dose + "\"\nevery = \"2 weeks\"\n";
}

const std::string ipilimumab =
    "[[arm.treatment]]\ndrug = \"ipilimumab\"\ndose = \"3 mg/kg\"\nevery = \"3 weeks\"\ndoses = 4\n";
const std::string prednisone =
    "[[arm.treatment]]\ndrug = \"prednisone\"\ndose = \"40 mg\"\nevery = \"1 day\"\ndoses = 84\n";
const std::string vaccine =
    "[[arm.treatment]]\ndrug = \"peptide vaccine\"\ndose = \"1 mg\"\nevery = \"3 weeks\"\ndoses = 4\n";

std::string arm(const std::string& name, const std::string& treatments) {
    return "[[arm]]\nname = \"" + name + "\"\n" + treatments + "\n";
}

std::string trial_text() {
    const std::string models = (test::source_dir() / "models/immunotherapy").string();
    return "model = \"" + models + "/immunotherapy.ant\"\ninclude = [\"" + models + "/drugs.toml\", \"" +
           models + "/populations/melanoma.toml\"]\nseed = 5\n[numerics]\nrelative_tolerance = 1e-4\n" +
           "[cohort]\npatients = " + std::to_string(patients) + "\nmax_draws = 960\n" +
           "[lesion]\nobservable = \"sum_of_diameters\"\n[visits]\nevery = \"12 weeks\"\n"
           "follow_up = \"60 weeks\"\nrecord_every = \"4 weeks\"\n" +
           "[[watch]]\nobservable = \"cancer_cells\"\n" + arm("none", "") +
           arm("nivolumab", nivolumab("3 mg/kg")) + arm("ipilimumab", ipilimumab) +
           arm("both", ipilimumab + nivolumab("3 mg/kg")) +
           arm("nivolumab with steroids", nivolumab("3 mg/kg") + prednisone) + arm("vaccine", vaccine);
}

/// The trial is run once for all tests of the suite.
class Immunotherapy : public ::testing::Test {
  protected:
    static void SetUpTestSuite() {
        folder.emplace("immunotherapy");
        write_file(*folder / "trial.toml", trial_text());
        ASSERT_TRUE(run(read_trial(*folder / "trial.toml"), *folder / "out"));
        result.emplace(load_result(*folder / "out"));
    }
    static void TearDownTestSuite() {
        result.reset();
        folder.reset();
    }
    static double response_rate(const std::string& name) {
        for (const ArmSummary& arm : summarize(*result))
            if (arm.name == name) return arm.response_rate;
        ADD_FAILURE() << "no arm " << name;
        return 0.0;
    }
    static std::optional<test::ScratchFolder> folder;
    static std::optional<Result> result;
};

std::optional<test::ScratchFolder> Immunotherapy::folder;
std::optional<Result> Immunotherapy::result;

TEST_F(Immunotherapy, UntreatedTumoursHardlyEverShrink) {
    EXPECT_LE(response_rate("none"), 0.05);
}

TEST_F(Immunotherapy, AntiPd1RespondsMoreOftenThanAntiCtla4AndBothMostOften) {
    EXPECT_GT(response_rate("nivolumab"), response_rate("ipilimumab"));
    EXPECT_GT(response_rate("both"), response_rate("nivolumab"));
    EXPECT_GT(response_rate("nivolumab"), 0.2);
}

TEST_F(Immunotherapy, SteroidsAtTheStartReduceBenefit) {
    EXPECT_LT(response_rate("nivolumab with steroids"), response_rate("nivolumab"));
}

TEST_F(Immunotherapy, APeptideVaccineAloneDoesLittleInBulkyDisease) {
    EXPECT_LE(response_rate("vaccine"), 0.1);
}

TEST_F(Immunotherapy, CellsAreNeverNegative) {
    for (const Course& course : result->courses)
        for (const auto& series : course.recorded)
            for (const double cells : series) EXPECT_GE(cells, -1e-6);
}

TEST_F(Immunotherapy, UntreatedMetastasesDoubleWithinTheMeasuredRange) {
    std::vector<double> doubling;  // days, over the first 12 weeks
    const std::size_t n_arms = result->trial.arms.size();
    for (std::size_t i = 0; i < result->courses.size(); i += n_arms) {
        const auto& cells = result->courses[i].recorded.front();
        doubling.push_back(84.0 * std::log(2.0) / std::log(cells[3] / cells[0]));
    }
    std::nth_element(doubling.begin(), doubling.begin() + doubling.size() / 2, doubling.end());
    const double median = doubling[doubling.size() / 2];
    EXPECT_GT(median, 33.0);   // metastases of melanoma (biology: 33 d, range 8 to 212)
    EXPECT_LT(median, 150.0);  // primaries: 94 d, 50 to 377
}

}  // namespace
}  // namespace abscopal
