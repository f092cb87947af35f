// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "abscopal/tissue.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <string>

/// Speed of the tissue engine: mechanics in two and three dimensions, diffusion, whole projects of the
/// reference folder. Usage: bench_tissue [THREADS] [REFERENCE_FOLDER]. With PHYSICELL_BINARY naming a built
/// PhysiCell it runs that beside ours.
namespace abscopal::tissue {
namespace {

using Clock = std::chrono::steady_clock;

/// Seconds by the wall and of all processors together: the second tells what a busy machine hides.
struct Seconds {
    double wall, processor;
};

Seconds seconds_of(const auto& work) {
    const auto start = Clock::now();
    const std::clock_t clock = std::clock();
    work();
    return {std::chrono::duration<double>(Clock::now() - start).count(),
            static_cast<double>(std::clock() - clock) / CLOCKS_PER_SEC};
}

/// Most memory this process has held so far, bytes; 0 where the system does not say.
double peak_bytes() {
    std::ifstream status("/proc/self/status");
    for (std::string word; status >> word;) {
        double kilobytes = 0;
        if (word == "VmHWM:" && status >> kilobytes) return 1024 * kilobytes;
    }
    return 0;
}

void print_rate(const std::string& what, double count, const Seconds& seconds, const char* unit) {
    std::printf("%-34s %10.3g %s, %10.3g per processor second\n", what.c_str(), count / seconds.wall, unit,
                count / seconds.processor);
}

/// A box of cubic voxels that just holds what is asked for.
Project empty_project(double half_width, bool flat) {
    Project project;
    const int n = std::max(2, static_cast<int>(std::ceil(half_width / 10)));
    project.grid.low = {-10.0 * n, -10.0 * n, flat ? -10 : -10.0 * n};
    project.grid.high = {10.0 * n, 10.0 * n, flat ? 10 : 10.0 * n};
    project.grid.voxels = {n, n, flat ? 1 : n};
    project.grid.flat = flat;
    project.diffusion_step = project.mechanics_step = 0.1;
    return project;
}

/// One type of cell with PhysiCell's mechanics and nothing else, read from a minimal settings text in memory.
Project packed(std::size_t cells, bool flat) {
    constexpr double spacing = 15.0;
    const double r = spacing * (flat ? std::sqrt(static_cast<double>(cells) / M_PI)
                                     : std::cbrt(static_cast<double>(cells) * 3 / 4 / M_PI));
    Project project = empty_project(r + 60, flat);
    project.dictionary.types = 1;
    CellType type;
    type.name = "cell";
    type.cycle = CycleModel::live;
    type.phase_fixed = {false};
    // Behaviours by PhysiCell's order for no substrate, one type, no custom data.
    type.behaviours.assign(40, 0.0);
    constexpr std::array<std::array<double, 2>, 5> values{
        {{11, 0.4}, {13, 1.0}, {14, 1.25}, {15, 10.0}, {26, 1.0}}};
    for (const auto& [index, value] : values) type.behaviours[static_cast<std::size_t>(index)] = value;
    project.types.push_back(type);
    const int n = static_cast<int>(r / spacing) + 2;
    for (int k = flat ? 0 : -n; k <= (flat ? 0 : n); ++k) {
        for (int j = -n; j <= n; ++j) {
            for (int i = -n; i <= n; ++i) {
                const double x = spacing * (i + 0.5 * (j & 1)), y = spacing * 0.866 * j, z = spacing * k;
                if (x * x + y * y + z * z < r * r) project.cells.push_back({0, x, y, z, {}});
            }
        }
    }
    return project;
}

void mechanics(std::size_t cells, bool flat, int threads) {
    const double before = peak_bytes();
    const auto project = std::make_shared<const Project>(packed(cells, flat));
    Simulation simulation(project, {Stepper::fast, threads});
    State state = simulation.start(1);
    simulation.advance(state, 1);
    const double minutes = std::max(6.0, 2e5 / static_cast<double>(cells));
    const Seconds seconds = seconds_of([&] { simulation.advance(state, 1 + minutes); });
    const std::string what =
        std::string("mechanics ") + (flat ? "2-D " : "3-D ") + std::to_string(state.cells.size()) + " cells";
    print_rate(what, static_cast<double>(state.cells.size()) * minutes * 10, seconds, "cell updates/s");
    if (cells >= 100'000)
        std::printf("%-34s %10.0f bytes a cell\n", "  memory, all included",
                    (peak_bytes() - before) / static_cast<double>(state.cells.size()));
}

void diffusion(int n, int substrates, int threads) {
    Project project = empty_project(10.0 * n, false);
    project.dictionary.substrates = substrates;
    project.diffusion_step = 0.01;
    project.mechanics_step = 1;
    project.substrates.resize(static_cast<std::size_t>(substrates));
    for (auto& substrate : project.substrates)
        substrate.diffusion = 1e5, substrate.decay = 0.1, substrate.initial = 38;
    Simulation simulation(std::make_shared<const Project>(project), {Stepper::fast, threads});
    State state = simulation.start(1);
    simulation.advance(state, 0.02);
    const Seconds seconds = seconds_of([&] { simulation.advance(state, 0.32); });
    const std::string what = "diffusion " + std::to_string(n) + "^3 x " + std::to_string(substrates);
    print_rate(what, 30.0 * n * n * n * substrates, seconds, "voxel-substrates/s");
}

void whole_project(const std::string& folder, const std::string& name, double minutes, int threads) {
    try {
        const auto project = std::make_shared<const Project>(read_project(folder + "/physicell/" + name));
        Simulation simulation(project, {Stepper::fast, threads});
        State state = simulation.start(1);
        const Seconds seconds = seconds_of([&] { simulation.advance(state, minutes); });
        std::printf("%-26s %4g min %10.3f s, %.3f processor s\n", name.c_str(), minutes, seconds.wall,
                    seconds.processor);
    } catch (const std::exception& error) {
        std::printf("%-32s %s\n", name.c_str(), error.what());
    }
}

void beside_physicell(const std::string& folder) {
    const char* binary = std::getenv("PHYSICELL_BINARY");
    if (!binary) return;
    const std::string command = "cd '" + folder + "/physicell/bench/mech3d_10000' && '" + binary +
                                "' config/PhysiCell_settings.xml > /dev/null";
    const Seconds seconds =
        seconds_of([&] { std::printf("PhysiCell ended with %d\n", std::system(command.c_str())); });
    std::printf("PhysiCell mech3d_10000 %30.3f s\n", seconds.wall);
}

}  // namespace
}  // namespace abscopal::tissue

int main(int argc, char** argv) {
    using namespace abscopal::tissue;
    const int threads = argc > 1 ? std::atoi(argv[1]) : 1;
    const std::string folder = argc > 2 ? argv[2] : "../shared/reference";
    std::printf("%d threads\n", threads);
    for (const std::size_t cells : {10'000u, 100'000u, 1'000'000u}) mechanics(cells, false, threads);
    mechanics(10'000, true, threads);
    diffusion(100, 1, threads);
    diffusion(50, 4, threads);
    whole_project(folder, "rules_sample", 120, threads);
    whole_project(folder, "tumor_immune_base", 240, threads);
    whole_project(folder, "bench/mech3d_10000", 20, threads);
    whole_project(folder, "bench/tumor3d_10000", 3, threads);
    beside_physicell(folder);
}
