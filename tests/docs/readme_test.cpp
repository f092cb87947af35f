// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "abscopal/trial.hpp"
#include "support.hpp"

namespace abscopal {
namespace {

std::string text_of(const std::filesystem::path& path) {
    std::ifstream file(path);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

/// What stands between "```toml" and "```".
std::string toml_block(const std::string& markdown) {
    const auto begin = markdown.find("```toml\n") + 8;
    return markdown.substr(begin, markdown.find("```", begin) - begin);
}

TEST(Readme, ItsTrialIsReadAndExplained) {
    const auto path = test::source_dir() / "readme_trial_test.toml";
    std::ofstream(path) << toml_block(text_of(test::source_dir() / "README.md"));
    const Trial trial = read_trial(path.string());
    std::filesystem::remove(path);
    EXPECT_EQ(trial.n_patients, 100u);
    ASSERT_EQ(trial.arms.size(), 2u);
    EXPECT_EQ(treatments_in_words(trial.arms[1]).at(0),
              "pembrolizumab 200 mg every 3 weeks, until progression");
    EXPECT_EQ(trial.population.priors.size(), 38u);
}

TEST(Readme, NamesEveryCommandAndFileThatExists) {
    const std::string readme = text_of(test::source_dir() / "README.md");
    for (auto at = readme.find("]("); at != std::string::npos; at = readme.find("](", at + 1)) {
        const std::string target = readme.substr(at + 2, readme.find(')', at) - at - 2);
        EXPECT_TRUE(std::filesystem::exists(test::source_dir() / target)) << target;
    }
    const std::string main = text_of(test::source_dir() / "cli/main.cpp");
    for (auto at = main.find("void add_"); at != std::string::npos; at = main.find("void add_", at + 1)) {
        const std::string command = main.substr(at + 9, main.find('(', at) - at - 9);
        EXPECT_NE(readme.find(command), std::string::npos) << command;
    }
}

}  // namespace
}  // namespace abscopal
