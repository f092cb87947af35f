// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "abscopal/trial.hpp"

namespace abscopal::test {

/// A folder of its own with a small model: one antibody in blood (carried as nmol), one cytotoxic drug
/// (carried as µg), a tumour.
class TrialFolder : public testing::Test {
  protected:
    static constexpr const char* model_text = R"(
unit time_unit = 86400 second;
unit nM = 1e-9 mole / litre;
unit ug_per_litre = 1e-6 gram / litre;
unit centimetre = 1e-2 metre;
unit per_day = 1 / 86400 second;
unit litre_per_day = litre / 86400 second;
compartment V_C, V_1;
V_C = 5 litre; V_1 = 15.8 litre;
species A in V_C, B in V_1;
substanceOnly species C in V_C;
A has nM; B has ug_per_litre; A = 0; B = 0; C = 1;
A is "antibody in blood";
CL = 0.3 litre_per_day;
k_growth = 0.01 per_day;
k_kill = 0.9 per_day;
D_A = 0.25; R_A = 40;
clear_A: A => ; CL*A;
clear_B: B => ; 0.5*B*V_1;
grow: => C; k_growth*C;
size = 2 centimetre;
diameter := size*C^(1/3);
diameter has centimetre;
)";

    void SetUp() override {
        const auto* info = testing::UnitTest::GetInstance()->current_test_info();
        folder_ = std::filesystem::temp_directory_path() /
                  ("abscopal_" + std::to_string(getpid()) + "_" + info->name());
        std::filesystem::remove_all(folder_);
        std::filesystem::create_directories(folder_);
        write("model.ant", model_text);
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    std::string write(const std::string& name, const std::string& text) {
        const auto path = folder_ / name;
        std::filesystem::create_directories(path.parent_path());
        std::ofstream(path, std::ios::binary) << text;
        return path.string();
    }

    Trial trial_of(const std::string& text) { return read_trial(write("trial.toml", text)); }

    std::vector<Fault> faults_of(const std::string& text) {
        try {
            trial_of(text);
        } catch (const InputError& error) {
            return error.faults();
        }
        return {};
    }

    std::filesystem::path folder_;
};

/// A valid trial; tests break it.
inline const std::string valid_trial = R"(model = "model.ant"
[lesion]
observable = "diameter"
[visits]
every = "8 weeks"
follow_up = "400 days"
[cohort]
patients = 3
weight = "80 kg"
area = "1.9 m2"
[[cohort.parameter]]
name = "k_growth"
law = "lognormal"
median = 0.01
sigma = 0.5
[[drug]]
name = "mab"
target = "A"
molar_mass = "149 kDa"
[[drug]]
name = "taxane"
target = "B"
infusion = "30 min"
[[arm]]
name = "observation"
[[arm]]
name = "treated"
drug = "mab"
dose = "200 mg"
every = "3 weeks"
until = "progression"
)";

/// `text` with the first `from` replaced.
inline std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
}

}  // namespace abscopal::test
