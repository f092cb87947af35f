// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "base/csv.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "support.hpp"

namespace abscopal {
namespace {

namespace fs = std::filesystem;

class Simulate : public testing::Test {
  protected:
    Simulate() {
        std::string name = (fs::temp_directory_path() / "abscopal_simulate_XXXXXX").string();
        folder_ = mkdtemp(name.data());
        write_file(path("m.ant"),
                   "species C in V = 0; compartment V = 5; C is \"drug in blood\"; k_el = 0.3; twice := "
                   "2*k_el; C => "
                   "; k_el*C*V;");
    }
    ~Simulate() override { fs::remove_all(folder_); }

    std::string path(const std::string& name) const { return (folder_ / name).string(); }

    int run(const std::string& arguments) const {
        const std::string command =
            "cd '" + folder_.string() + "' && '" + test::cli_path() + "' " + arguments + " > out 2> said";
        const int status = std::system(command.c_str());
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }
    std::string said() const { return read_file(path("said")); }
    CsvTable table() const { return read_csv(path("out")); }

  private:
    fs::path folder_;
};

TEST_F(Simulate, WritesTimeAndIdsWithBothEnds) {
    ASSERT_EQ(run("simulate m.ant --until 4 --points 3 --dose 'C 10 at 0'"), 0) << said();
    const CsvTable out = table();
    EXPECT_EQ(out.columns, (std::vector<std::string>{"time", "V", "C", "twice"}));
    ASSERT_EQ(out.rows.size(), 3u);
    EXPECT_EQ(out.rows[1][0], "2");
    // The dose is an amount, the column a concentration.
    EXPECT_EQ(out.rows[0][2], "2");
    EXPECT_NEAR(to_double(out.rows[2][2]).value(), 2 * std::exp(-1.2), 1e-7);
}

TEST_F(Simulate, SetsByIdAndDosesByDisplayName) {
    ASSERT_EQ(run("simulate m.ant --until 10 --points 2 --set k_el=0 V=2 "
                  "--dose 'drug in blood 3 over 2 at 1 every 4 times 2, C 1 at 9.5' --select C,twice"),
              0)
        << said();
    EXPECT_EQ(table().columns, (std::vector<std::string>{"time", "C", "twice"}));
    EXPECT_NEAR(to_double(table().rows[1][1]).value(), 3.5, 1e-9);
    EXPECT_EQ(table().rows[1][2], "0");
}

TEST_F(Simulate, NamesWhatItDoesNotKnow) {
    EXPECT_EQ(run("simulate m.ant --until 4 --set k_eel=1 V"), 2);
    EXPECT_NE(said().find("unknown name 'k_eel'; did you mean 'k_el'?"), std::string::npos) << said();
    EXPECT_NE(said().find("'V' is not of the form id=number"), std::string::npos) << said();
    EXPECT_EQ(run("simulate m.ant --until 4 --set k_eel=1 --dose 'CC 1 at 0, C 1'"), 2);
    EXPECT_NE(said().find("unknown name 'k_eel'"), std::string::npos) << said();
    EXPECT_NE(said().find("unknown species 'CC'"), std::string::npos) << said();
    EXPECT_NE(said().find("dose 'C 1'"), std::string::npos) << said();
    EXPECT_EQ(run("simulate m.ant --until 4 --set twice=1"), 2);
    EXPECT_NE(said().find("the model computes it"), std::string::npos) << said();
    EXPECT_EQ(run("simulate m.ant --until 4 --method magic"), 2);
    EXPECT_NE(said().find("cvode"), std::string::npos) << said();
    EXPECT_EQ(run("simulate missing.ant --until 4"), 4);
}

TEST_F(Simulate, TellsWhereAndWhyItFailed) {
    write_file(path("m.ant"), "x = 1; x' = x^2;");
    EXPECT_EQ(run("simulate m.ant --until 2 --points 5"), 3);
    EXPECT_NE(said().find("in x"), std::string::npos) << said();
    EXPECT_EQ(table().rows.size(), 2u);
}

TEST_F(Simulate, LeavesAFileAloneWhenTheCourseBreaksOff) {
    write_file(path("m.ant"), "x = 1; x' = x^2;");
    write_file(path("kept.csv"), "kept");
    EXPECT_EQ(run("simulate m.ant --until 2 --out kept.csv"), 3);
    EXPECT_EQ(read_file(path("kept.csv")), "kept");
}

TEST_F(Simulate, RefusesWhatWouldNeverEndOrNeverBeGiven) {
    EXPECT_EQ(run("simulate m.ant --until inf"), 2);
    EXPECT_EQ(run("simulate m.ant --until 4 --points 99999999999"), 2);
    EXPECT_EQ(run("simulate m.ant --until 4 --points -5"), 2);
    EXPECT_EQ(run("simulate m.ant --until 4 --dose 'C 1 at -1'"), 2);
    EXPECT_NE(said().find("lies before --from"), std::string::npos) << said();
    EXPECT_EQ(run("simulate m.ant --until 4 --dose 'C -1 at 1'"), 2);
    EXPECT_EQ(run("simulate m.ant --until 4 --dose 'C 1 at 1 every 0 times 3'"), 2);
}

TEST_F(Simulate, NamesTheNearestCommandAndOption) {
    EXPECT_EQ(run("simulat m.ant --until 4"), 1);
    EXPECT_NE(said().find("did you mean 'simulate'?"), std::string::npos) << said();
    EXPECT_EQ(run("simulate m.ant --untill 4"), 1);
    EXPECT_NE(said().find("did you mean '--until'?"), std::string::npos) << said();
}

/// A suite of cases made here: one right, one wrong, one that is not supported.
class Conformance : public Simulate {
  protected:
    void make_case(const std::string& id, const std::string& expected_end, const std::string& law) {
        fs::create_directories(path("suite/" + id));
        const std::string stem = path("suite/" + id + "/" + id);
        write_file(stem + "-model.m", "category: Test\ntestType:      TimeCourse\n");
        write_file(stem + "-settings.txt",
                   "start: 0\nduration: 1\nsteps: 1\nvariables: x\nabsolute: 1e-6\nrelative: "
                   "1e-4\namount:\nconcentration:\n");
        write_file(stem + "-results.csv", "time,x\n0,1\n1," + expected_end + "\n");
        write_file(
            stem + "-sbml-l3v2.xml",
            "<?xml version='1.0'?><sbml xmlns='http://www.sbml.org/sbml/level3/version2/core' level='3' "
            "version='2'>"
            "<model><listOfParameters><parameter id='x' value='1' constant='false'/></listOfParameters>"
            "<listOfRules><rateRule variable='x'><math xmlns='http://www.w3.org/1998/Math/MathML'>" +
                law + "</math></rateRule></listOfRules></model></sbml>");
    }
};

TEST_F(Conformance, CountsPassedFailedAndRefused) {
    const std::string minus_x = "<apply><minus/><ci> x </ci></apply>";
    make_case("00001", "0.36787944", minus_x);
    make_case(
        "00003", "0.36787944",
        "<apply><csymbol encoding='text' definitionURL='http://www.sbml.org/sbml/symbols/delay'> d </csymbol>"
        "<ci> x </ci><cn> 1 </cn></apply>");
    EXPECT_EQ(run("conformance suite"), 0) << read_file(path("out"));
    EXPECT_TRUE(read_file(path("out")).ends_with("1 passed, 0 failed, 1 refused\n"))
        << read_file(path("out"));
    make_case("00002", "0.3680", minus_x);
    EXPECT_NE(run("conformance suite --jobs 2 --csv cases.csv"), 0);
    EXPECT_TRUE(read_file(path("out")).ends_with("1 passed, 1 failed, 1 refused\n"))
        << read_file(path("out"));
    const CsvTable cases = read_csv(path("cases.csv"));
    ASSERT_EQ(cases.rows.size(), 3u);
    EXPECT_EQ(cases.rows[1][1], "failed");
    EXPECT_EQ(cases.rows[1][3], "x");
    EXPECT_NE(cases.rows[2][2].find("delay"), std::string::npos);
}

}  // namespace
}  // namespace abscopal
