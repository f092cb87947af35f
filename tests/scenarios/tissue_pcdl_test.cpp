// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <numeric>

#include "abscopal/report.hpp"
#include "base/text.hpp"
#include "support.hpp"
#include "tissue_project.hpp"

/// Readers of others open what we write: pcdl, anndata, VTK, Zarr and SciPy, where they are installed.
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

std::string output_of_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
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

/// What the script prints of a run of 12 minutes, or nothing where the library is not installed.
std::vector<std::string> words_of(const std::string& kind, const std::string& module,
                                  const std::string& folder) {
    const char* named = std::getenv("ABSCOPAL_PYTHON");
    const std::string python = named ? named : "python3";
    if (std::system((python + " -c 'import " + module + "' > /dev/null 2>&1").c_str()) != 0) return {};
    const auto script = (test::source_dir() / "tests/scenarios/read_outputs.py").string();
    auto words = split(output_of(python + " " + script + " " + kind + " " + folder + " 2> /dev/null"), ' ');
    return words;
}

struct Written {
    test::Folder folder;
    std::shared_ptr<const Project> project =
        std::make_shared<const Project>(read_project((test::source_dir() / "examples/tissue").string()));
    std::int64_t cells = 0;
    double volume = 0, oxygen = 0;

    Written() {
        RunPlan plan;
        plan.until = 12;
        plan.every = 6;
        plan.outputs.folder = folder.path();
        plan.outputs.vtk = plan.outputs.zarr = plan.outputs.multicellds = plan.outputs.anndata = true;
        Simulation simulation(project);
        State state = simulation.start(0);
        simulation.advance(state, 6);
        cells = static_cast<std::int64_t>(state.cells.size());
        for (const double v : state.cells.total) volume += v;
        for (const double v : state.fields[0]) oxygen += v / static_cast<double>(state.fields[0].size());
        run(project, plan);
    }
};

TEST(TissueOutput, opens_in_the_readers_of_others_with_our_numbers) {
    const Written written;
    const double substrates = static_cast<double>(written.project->substrates.size());
    int opened = 0;
    const auto expect = [&](const std::string& kind, const std::string& module, std::size_t count_word,
                            double count, std::size_t sum_word, double sum) {
        const auto words = words_of(kind, module, written.folder.path());
        if (words.empty()) return;
        ++opened;
        ASSERT_GT(words.size(), std::max(count_word, sum_word)) << kind;
        EXPECT_EQ(to_double(words[count_word]), count) << kind;
        EXPECT_NEAR(*to_double(words[sum_word]), sum, 1e-5 * sum) << kind;
    };
    const auto cells = static_cast<double>(written.cells);
    expect("anndata", "anndata", 0, cells, 2, written.volume);
    expect("vtk", "vtk", 0, cells, 2, written.volume);
    expect("zarr", "zarr", 1, substrates, 3, written.oxygen);
    expect("studio", "scipy.io", 0, cells, 2, written.volume);
    if (opened == 0) GTEST_SKIP() << "none of anndata, vtk, zarr and scipy is installed";
}

TEST(TissueOutput, plain_readers_find_the_fields_where_the_head_says) {
    const Written written;
    const auto bytes = [&](const std::string& name) { return output_of_file(written.folder.file(name)); };
    const std::string vti = bytes("fields_00000001.vti"), chunk = bytes("fields.ome.zarr/0/1/0/0/0/0");
    const std::size_t size = written.project->grid.size() * sizeof(double);
    ASSERT_EQ(chunk.size(), size);
    const std::string mark = "<AppendedData encoding=\"raw\">\n_";
    const auto begin = vti.find(mark) + mark.size();
    std::uint64_t length = 0;
    std::memcpy(&length, vti.data() + begin, sizeof length);
    EXPECT_EQ(length, size);
    EXPECT_EQ(vti.substr(begin + sizeof length, size), chunk);
    EXPECT_NE(bytes("fields.pvd").find("timestep=\"12\""), std::string::npos);
    EXPECT_NE(bytes("fields.ome.zarr/.zattrs").find("multiscales"), std::string::npos);
}

TEST(TissueOutput, the_page_shows_film_and_counts_of_every_type) {
    const test::Folder folder;
    const auto project =
        std::make_shared<const Project>(read_project((test::source_dir() / "examples/tissue").string()));
    RunPlan plan;
    plan.until = plan.every = 1;
    plan.replicates = 3;
    plan.outputs.folder = folder.path();
    const std::string page = html_report(*project, plan, run(project, plan));
    for (const auto& type : project->types) EXPECT_NE(page.find("<td>" + type.name), std::string::npos);
    EXPECT_NE(page.find("Content-Security-Policy"), std::string::npos);
    EXPECT_NE(page.find("film-strip"), std::string::npos);
    EXPECT_NE(page.find("Mean over 3 replicates"), std::string::npos);
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
