// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
// Cases in the files of the stochastic suite: immigration 1, death 0.1 from 0, Poisson at every time.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>

#include "base/file.hpp"
#include "base/text.hpp"
#include "simulation/conformance.hpp"

namespace abscopal {
namespace {

namespace fs = std::filesystem;

constexpr const char* model = R"(<?xml version="1.0" encoding="UTF-8"?>
<sbml xmlns="http://www.sbml.org/sbml/level3/version1/core" level="3" version="1"><model>
<listOfCompartments><compartment id="Cell" size="1" spatialDimensions="3" constant="true"/></listOfCompartments>
<listOfSpecies><species id="X" compartment="Cell" initialAmount="0" hasOnlySubstanceUnits="true" boundaryCondition="false" constant="false"/></listOfSpecies>
<listOfParameters><parameter id="Alpha" value="1" constant="true"/><parameter id="Mu" value="0.1" constant="true"/></listOfParameters>
<listOfReactions>
<reaction id="Immigration" reversible="false" fast="false"><listOfProducts><speciesReference species="X" stoichiometry="1" constant="true"/></listOfProducts>
<kineticLaw><math xmlns="http://www.w3.org/1998/Math/MathML"><ci>Alpha</ci></math></kineticLaw></reaction>
<reaction id="Death" reversible="false" fast="false"><listOfReactants><speciesReference species="X" stoichiometry="1" constant="true"/></listOfReactants>
<kineticLaw><math xmlns="http://www.w3.org/1998/Math/MathML"><apply><times/><ci>Mu</ci><ci>X</ci></apply></math></kineticLaw></reaction>
</listOfReactions></model></sbml>
)";

// A folder with one case whose expected means are those of `immigration` per time.
class SuiteFolder {
  public:
    explicit SuiteFolder(double immigration)
        : folder_(fs::temp_directory_path() / ("dsmts" + std::to_string(getpid()))) {
        const fs::path one = folder_ / "00020";
        fs::create_directories(one);
        const std::string stem = (one / "00020").string();
        write_file(stem + "-sbml-l3v1.xml", model);
        write_file(stem + "-settings.txt",
                   "start: 0\nduration: 50\nsteps: 10\nvariables: X\nabsolute: \nrelative: \namount: "
                   "X\nconcentration: \n"
                   "output: X-mean, X-sd\nmeanRange: (-3, 3)\nsdRange: (-5, 5)\n");
        std::string results = "time,X-mean,X-sd\n";
        for (int i = 0; i <= 10; ++i) {
            const double mean = 10 * immigration * (1 - std::exp(-0.5 * i));
            results += to_text(5.0 * i) + "," + to_text(mean) + "," + to_text(std::sqrt(mean)) + "\n";
        }
        write_file(stem + "-results.csv", results);
    }
    ~SuiteFolder() { fs::remove_all(folder_); }
    SuiteFolder(const SuiteFolder&) = delete;
    SuiteFolder& operator=(const SuiteFolder&) = delete;
    std::string path() const { return folder_.string(); }

  private:
    fs::path folder_;
};

CaseResult result_for(double immigration) {
    const SuiteFolder folder(immigration);
    ConformanceOptions options;
    options.replicates = 2000;
    options.stochastic.seed = 3;
    return run_suite(folder.path(), options).at(0);
}

TEST(StochasticCase, right_means_and_spreads_pass) {
    const CaseResult result = result_for(1.0);
    EXPECT_EQ(result.verdict, Verdict::passed) << result.reason;
    EXPECT_GT(result.excess, 0.0);
}

TEST(StochasticCase, means_a_twentieth_off_fail) {
    const CaseResult result = result_for(1.05);
    EXPECT_EQ(result.verdict, Verdict::failed);
    EXPECT_NE(result.reason.find("X-mean"), std::string::npos);
}

}  // namespace
}  // namespace abscopal
