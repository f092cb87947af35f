// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <gtest/gtest.h>

#include <filesystem>
#include <regex>
#include <set>

#include "base/file.hpp"
#include "support.hpp"

namespace abscopal {
namespace {

/// Names of reactions and assignment rules of a file; comments do not count.
std::set<std::string> laws_of(const std::string& path) {
    const std::regex comment("//[^\n]*"), reaction(R"((\w+)\s*:(?!=)[^;:]*?=>)"), rule(R"((\w+)\s*:=)");
    const std::string text = std::regex_replace(read_file(path), comment, "");
    std::set<std::string> names;
    for (const auto& law : {reaction, rule})
        for (std::sregex_iterator at(text.begin(), text.end(), law), end; at != end; ++at)
            names.insert((*at)[1]);
    return names;
}

TEST(TheoryPage, ListsEveryLawOfTheImmunotherapyModel) {
    const std::string page =
        read_file((test::source_dir() / "docs/theory/immunotherapy_equations.md").string());
    std::size_t n = 0;
    for (const auto& file :
         std::filesystem::directory_iterator(test::source_dir() / "models/immunotherapy")) {
        if (file.path().extension() != ".ant") continue;
        for (const auto& name : laws_of(file.path().string())) {
            EXPECT_NE(page.find("| `" + name + "` |"), std::string::npos)
                << name << " of " << file.path().filename() << ": run tools/list_equations.py";
            ++n;
        }
    }
    EXPECT_GT(n, 300u);
}

TEST(Cards, SayThatTheyAreNoMedicalAdvice) {
    for (const char* page :
         {"README.md", "models/immunotherapy/card.md", "models/immunotherapy/cards/melanoma.md",
          "models/immunotherapy/cards/nsclc.md", "models/immunotherapy/cards/rcc.md",
          "models/immunotherapy/cards/hnscc.md", "models/prevention/card.md", "docs/theory/immunotherapy.md",
          "docs/guide/why.md"}) {
        const std::string text = read_file((test::source_dir() / page).string());
        EXPECT_TRUE(text.find("medical advice") != std::string::npos ||
                    text.find("advises no patient") != std::string::npos ||
                    text.find("no treatment may be chosen") != std::string::npos)
            << page;
    }
}

}  // namespace
}  // namespace abscopal
