// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <vector>

#include "base/file.hpp"
#include "support.hpp"

using Parser = int(const std::uint8_t* data, std::size_t size);
extern "C" {
Parser read_sbml_guard, read_sbml, read_antimony, read_expression, read_toml, read_trial, read_event_table,
    read_physicell_settings, read_physicell_rules, read_physicell_cells, read_physicell_fields,
    read_physicell_circulation;
}

namespace abscopal {
namespace {

struct Corpus {
    const char* name;
    Parser* read;
};

class Corpora : public testing::TestWithParam<Corpus> {};

std::vector<std::filesystem::path> files_of(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) files.push_back(entry.path());
    std::ranges::sort(files);
    return files;
}

TEST_P(Corpora, are_read_or_refused_with_a_reason) {
    const auto files = files_of(test::source_dir() / "tests/fuzz/corpus" / GetParam().name);
    ASSERT_FALSE(files.empty());
    for (const auto& file : files) {
        SCOPED_TRACE(file.string());
        const std::string text = read_file(file.string());
        EXPECT_EQ(GetParam().read(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()), 0);
    }
}

INSTANTIATE_TEST_SUITE_P(Fuzz, Corpora,
                         testing::Values(Corpus{"sbml_guard", read_sbml_guard}, Corpus{"sbml", read_sbml},
                                         Corpus{"antimony", read_antimony},
                                         Corpus{"expression", read_expression}, Corpus{"toml", read_toml},
                                         Corpus{"trial", read_trial}, Corpus{"event_table", read_event_table},
                                         Corpus{"physicell_settings", read_physicell_settings},
                                         Corpus{"physicell_rules", read_physicell_rules},
                                         Corpus{"physicell_cells", read_physicell_cells},
                                         Corpus{"physicell_fields", read_physicell_fields},
                                         Corpus{"physicell_circulation", read_physicell_circulation}),
                         [](const auto& one) { return std::string(one.param.name); });

}  // namespace
}  // namespace abscopal
