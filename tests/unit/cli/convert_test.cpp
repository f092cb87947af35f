// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "abscopal/model.hpp"
#include "base/file.hpp"
#include "support.hpp"

namespace abscopal {
namespace {

namespace fs = std::filesystem;

class Convert : public testing::Test {
  protected:
    Convert() {
        std::string name = (fs::temp_directory_path() / "abscopal_convert_XXXXXX").string();
        folder_ = mkdtemp(name.data());
    }
    ~Convert() override { fs::remove_all(folder_); }

    std::string path(const std::string& name) const { return (folder_ / name).string(); }

    /// Exit code of `abscopal convert IN OUT`; what it says goes to the file `said`.
    int convert(const std::string& in, const std::string& out) const {
        const std::string command = "'" + test::cli_path() + "' convert '" + path(in) + "' '" + path(out) +
                                    "' > '" + path("said") + "' 2>&1";
        const int status = std::system(command.c_str());
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }

    std::string digest(const std::string& name) const { return compile(read_spec(path(name)))->digest; }

  private:
    fs::path folder_;
};

constexpr const char* model = R"(
model *growth()
  species T in V = 5; compartment V = 2
  grow: T => 2 T; k*T  // source: a paper
  k = 0.1 per_day; unit per_day = 1/(86400 second)
  at time > 3: k = 0
end
)";

TEST_F(Convert, ThereAndBackKeepsTheMathematics) {
    write_file(path("a.ant"), model);
    ASSERT_EQ(convert("a.ant", "b.xml"), 0);
    EXPECT_TRUE(read_file(path("b.xml")).starts_with("<?xml"));
    ASSERT_EQ(convert("b.xml", "c.ant"), 0);
    ASSERT_EQ(convert("c.ant", "d.sbml"), 0);
    EXPECT_EQ(digest("b.xml"), digest("a.ant"));
    EXPECT_EQ(digest("c.ant"), digest("a.ant"));
    EXPECT_EQ(digest("d.sbml"), digest("a.ant"));
}

TEST_F(Convert, ABrokenModelIsToldWithItsPlaceAndWritesNothing) {
    write_file(path("a.ant"), "A -> B; k*\nk = exq(1)\n");
    write_file(path("b.xml"), "kept");
    EXPECT_EQ(convert("a.ant", "b.xml"), 2);
    EXPECT_NE(read_file(path("said")).find("a.ant:1:11: unexpected end of line"), std::string::npos);
    EXPECT_NE(read_file(path("said")).find("did you mean 'exp'?"), std::string::npos);
    EXPECT_EQ(read_file(path("b.xml")), "kept");
}

TEST_F(Convert, AnUnknownEndingIsAUsageErrorAndAMissingFileAFileError) {
    write_file(path("a.ant"), model);
    EXPECT_EQ(convert("a.ant", "b.docx"), 1);
    EXPECT_FALSE(fs::exists(path("b.docx")));
    EXPECT_EQ(convert("missing.ant", "b.xml"), 4);
}

TEST_F(Convert, WhatAntimonyCannotSayIsNamed) {
    write_file(path("a.xml"),
               "<?xml version='1.0'?><sbml xmlns='http://www.sbml.org/sbml/level3/version2/core' level='3' "
               "version='2'><model id='m' conversionFactor='f'><listOfParameters><parameter id='f' value='2' "
               "constant='true'/></listOfParameters></model></sbml>");
    EXPECT_EQ(convert("a.xml", "b.ant"), 2);
    EXPECT_NE(
        read_file(path("said")).find("conversion factor 'f' of the model cannot be written in Antimony"),
        std::string::npos);
}

}  // namespace
}  // namespace abscopal
