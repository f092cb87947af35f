// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <numeric>

#include "base/text.hpp"
#include "support.hpp"
#include "tissue_project.hpp"

/// PhysiCell's loader opens what we write. Needs pcdl from PyPI.
namespace abscopal::tissue {
namespace {

std::string output_of(const std::string& command) {
    std::string text;
    FILE* pipe = popen(command.c_str(), "r");
    std::array<char, 256> part;
    while (pipe && std::fgets(part.data(), part.size(), pipe)) text += part.data();
    if (pipe) pclose(pipe);
    return text;
}

TEST(TissueOutput, opens_in_pcdl_with_our_numbers) {
    const char* named = std::getenv("ABSCOPAL_PYTHON");
    const std::string python = named ? named : "python3";
    if (std::system((python + " -c 'import pcdl' > /dev/null 2>&1").c_str()) != 0)
        GTEST_SKIP() << "pcdl is not installed";
    const test::Folder folder;
    const auto project =
        std::make_shared<const Project>(read_project((test::source_dir() / "examples/tissue").string()));
    Simulation simulation(project);
    State state = simulation.start(1);
    simulation.advance(state, 6);
    write_multicellds(*project, state, folder.path(), "output00000000");
    const auto words =
        split(output_of(python + " " + (test::source_dir() / "tests/scenarios/read_with_pcdl.py").string() +
                        " " + folder.file("output00000000.xml") + " oxygen 2> /dev/null"),
              ' ');
    ASSERT_EQ(words.size(), 4u);
    EXPECT_EQ(to_double(words[0]), 6.0);
    EXPECT_EQ(to_double(words[1]), static_cast<double>(state.cells.size()));
    EXPECT_EQ(to_double(words[2]), static_cast<double>(project->substrates.size()));
    const double mean = std::accumulate(state.fields[0].begin(), state.fields[0].end(), 0.0) /
                        static_cast<double>(state.fields[0].size());
    EXPECT_NEAR(*to_double(words[3]), mean, 1e-5);
}

TEST(TissueOutput, film_shows_every_type_and_is_well_formed) {
    const test::Folder folder;
    const auto project =
        std::make_shared<const Project>(read_project((test::source_dir() / "examples/tissue").string()));
    RunPlan plan;
    plan.until = 3;
    plan.every = 1;
    plan.outputs.folder = folder.path();
    plan.outputs.svg = true;
    run(project, plan);
    const std::string film = output_of("cat " + folder.file("film.svg"));
    for (const auto& type : project->types) EXPECT_NE(film.find(type.name), std::string::npos);
    EXPECT_EQ(std::system(("python3 -c 'import sys, xml.etree.ElementTree as e; e.parse(sys.argv[1])' " +
                           folder.file("film.svg"))
                              .c_str()),
              0);
}

}  // namespace
}  // namespace abscopal::tissue
