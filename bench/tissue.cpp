// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
//
// Speed and memory of the tissue engine:
//   bench_tissue [--threads N] [--reference FOLDER] [--only WORD] [--rounds N]
// Time is CPU time with one thread, else that of the clock on the wall; of several rounds the shortest. With
// PHYSICELL_BINARY naming a built PhysiCell (its template project runs any settings file), that runs beside
// ours, by turns and with as many threads.
#include <sys/resource.h>
#include <unistd.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <functional>
#include <regex>
#include <sstream>

#include "abscopal/tissue.hpp"

namespace abscopal::tissue {
namespace {

namespace fs = std::filesystem;

struct Options {
    std::string reference = "../shared/reference", only;
    int threads = 1, rounds = 3;
};

double wall_clock() {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

double processor_clock(int who) {
    rusage use{};
    getrusage(who, &use);
    const auto seconds = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
    };
    return seconds(use.ru_utime) + seconds(use.ru_stime);
}

double clock_of(const Options& options, int who = RUSAGE_SELF) {
    return options.threads > 1 ? wall_clock() : processor_clock(who);
}

/// Bytes this process holds at `key` of its status (VmRSS now, VmHWM at most); 0 where the system does not
/// say.
double bytes(const std::string& key) {
    std::ifstream status("/proc/self/status");
    for (std::string word; status >> word;) {
        double kilobytes = 0;
        if (word == key + ":" && status >> kilobytes) return 1024 * kilobytes;
    }
    return 0;
}

/// Seconds from `begin` to `end` minutes, the shortest of some rounds from one start.
double time_of(const Options& options, const std::shared_ptr<const Project>& project, double begin,
               double end, const Shortcuts& shortcuts = {}) {
    Simulation simulation(project, {Stepper::fast, options.threads, shortcuts});
    State start = simulation.start(1);
    simulation.advance(start, begin);
    double shortest = 9e99;
    for (int round = 0; round < options.rounds; ++round) {
        State state = start;
        const double before = clock_of(options);
        simulation.advance(state, end);
        shortest = std::min(shortest, clock_of(options) - before);
    }
    return shortest;
}

void say(const Options& options, const std::string& name) {
    std::printf("%s, %d thread%s: ", name.c_str(), options.threads, options.threads == 1 ? "" : "s");
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

void add_substrates(Project& project, int count, double diffusion) {
    project.dictionary.substrates = count;
    project.substrates.resize(static_cast<std::size_t>(count));
    for (auto& substrate : project.substrates)
        substrate.diffusion = diffusion, substrate.decay = 0.1, substrate.initial = 38;
}

/// A ball or disc of cells of one type with PhysiCell's mechanics; they take up every substrate.
Project packed(std::size_t cells, bool flat, int substrates) {
    constexpr double spacing = 15.0;
    const double r = spacing * (flat ? std::sqrt(static_cast<double>(cells) / M_PI)
                                     : std::cbrt(static_cast<double>(cells) * 3 / 4 / M_PI));
    Project project = empty_project(r + 60, flat);
    add_substrates(project, substrates, 1e3);
    project.dictionary.types = 1;
    CellType type;
    type.name = "cell";
    type.cycle = CycleModel::live;
    type.phase_fixed = {false};
    // Behaviours by PhysiCell's order: four of each substrate first, one sensitivity each further on.
    type.behaviours.assign(40 + 5 * static_cast<std::size_t>(substrates), 0.0);
    const auto m = static_cast<std::size_t>(substrates);
    constexpr std::array<std::pair<std::size_t, double>, 5> values{
        {{11, 0.4}, {13, 1.0}, {14, 1.25}, {15, 10.0}, {26, 1.0}}};
    for (const auto& [index, value] : values) type.behaviours[5 * m + index] = value;
    for (std::size_t k = 0; k < m; ++k) type.behaviours[2 * m + k] = 1;
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

void mechanics(const Options& options, std::size_t cells, bool flat) {
    const auto project = std::make_shared<const Project>(packed(cells, flat, 0));
    const auto n = static_cast<double>(project->cells.size());
    const double minutes = std::clamp(2e5 / n, 1.0, 20.0);
    const double seconds = time_of(options, project, 1, 1 + minutes);
    say(options, std::string("mechanics ") + (flat ? "2-D" : "3-D") + " " +
                     std::to_string(project->cells.size()) + " cells");
    std::printf("%.3g cell updates/s, %.0f ns each\n", 10 * n * minutes / seconds,
                1e9 * seconds / (10 * n * minutes));
}

/// Memory beyond what stood before, fields apart from cells: the same box without cells is taken off.
void memory(const Options& options, std::size_t cells, int substrates) {
    const double before = bytes("VmRSS");
    const auto project = std::make_shared<const Project>(packed(cells, false, substrates));
    Simulation simulation(project, {Stepper::fast, options.threads, {}});
    State state = simulation.start(1);
    simulation.advance(state, 7);
    const double all = bytes("VmRSS") - before;
    const auto voxels = static_cast<double>(project->grid.size()) * substrates;
    say(options, "memory " + std::to_string(state.cells.size()) + " cells, " + std::to_string(substrates) +
                     " substrates");
    std::printf("%.0f bytes a cell (fields, at 8 bytes a voxel, apart)\n",
                (all - 8 * voxels) / static_cast<double>(state.cells.size()));
}

void diffusion(const Options& options, int n, int substrates) {
    Project project = empty_project(10.0 * n, false);
    add_substrates(project, substrates, 1e5);
    project.diffusion_step = 0.01;
    project.mechanics_step = 1;
    const auto shared = std::make_shared<const Project>(project);
    const double voxels = std::pow(n, 3) * substrates, steps = 30;
    const double before = bytes("VmRSS");
    const double seconds = time_of(options, shared, 0.02, 0.02 + 0.01 * steps);
    const double held = bytes("VmRSS") - before;
    const double single = time_of(options, shared, 0.02, 0.02 + 0.01 * steps, {true, {}, {}});
    say(options, "diffusion " + std::to_string(n) + "^3 x " + std::to_string(substrates));
    std::printf("%.3g voxel-substrates/s, %.3g in single precision; %.0f bytes held for each\n",
                voxels * steps / seconds, voxels * steps / single, std::max(0.0, held / voxels));
}

/// PhysiCell in a folder of its own, without files; seconds, 0 where it did not end well.
double run_physicell(const Options& options, const std::string& binary, const fs::path& config,
                     double minutes) {
    const fs::path folder = fs::temp_directory_path() / ("bench_tissue_" + std::to_string(getpid()));
    fs::create_directories(folder / "output");
    fs::copy(config, folder / "config", fs::copy_options::recursive | fs::copy_options::overwrite_existing);
    std::ostringstream text;
    text << std::ifstream(config / "PhysiCell_settings.xml").rdbuf();
    const auto put = [&](std::string xml, const std::string& element, const std::string& value) {
        return std::regex_replace(xml, std::regex("(<" + element + "[^>]*>)[^<]*"), "$01" + value);
    };
    std::string xml = put(put(text.str(), "max_time", std::to_string(minutes)), "omp_num_threads",
                          std::to_string(options.threads));
    const auto begin = xml.find("<save>"), end = xml.find("</save>");
    if (begin != std::string::npos)
        xml.replace(begin, end - begin, put(xml.substr(begin, end - begin), "enable", "false"));
    std::ofstream(folder / "config/PhysiCell_settings.xml") << xml;
    const std::string command = "cd '" + folder.string() +
                                "' && OMP_NUM_THREADS=" + std::to_string(options.threads) + " '" + binary +
                                "' config/PhysiCell_settings.xml > log.txt 2>&1";
    const double before = clock_of(options, RUSAGE_CHILDREN);
    const int code = std::system(command.c_str());
    const double seconds = clock_of(options, RUSAGE_CHILDREN) - before;
    fs::remove_all(folder);
    return code == 0 ? seconds : 0;
}

/// Where the time of a project goes: what is saved when a stage is left out.
void stages(const Options& options, const Project& project, const std::string& name, double minutes) {
    const double never = 2 * minutes + 1;
    Project without = project;
    without.phenotype_step = never;
    const double no_life = time_of(options, std::make_shared<const Project>(without), 0, minutes);
    without.mechanics_step = never;
    const double fields = time_of(options, std::make_shared<const Project>(without), 0, minutes);
    const double all = time_of(options, std::make_shared<const Project>(project), 0, minutes);
    say(options, name + ", stages");
    std::printf(
        "fields %.3g s, mechanics and interactions %.3g s, phenotype and what follows from it %.3g s\n",
        fields, no_life - fields, all - no_life);
}

void whole_project(const Options& options, const std::string& name, double minutes) {
    const fs::path folder = fs::path(options.reference) / "physicell" / name;
    if (!fs::exists(folder)) return;
    const auto project = std::make_shared<const Project>(read_project(folder.string()));
    const char* binary = std::getenv("PHYSICELL_BINARY");
    double ours = 9e99, theirs = 9e99;
    Options once = options;
    once.rounds = 1;
    for (int round = 0; round < options.rounds; ++round) {
        ours = std::min(ours, time_of(once, project, 0, minutes));
        if (binary) theirs = std::min(theirs, run_physicell(options, binary, folder / "config", minutes));
    }
    char to[32];
    std::snprintf(to, sizeof to, "%g min", minutes);
    say(options, name + " to " + to);
    if (binary && theirs > 0)
        std::printf("ours %.3g s, PhysiCell %.3g s, ratio %.1f\n", ours, theirs, theirs / ours);
    else
        std::printf("ours %.3g s%s\n", ours, binary ? ", PhysiCell did not end well" : "");
    stages(options, *project, name, minutes);
    std::fflush(stdout);
}

/// Time and largest error of each shortcut on oxygen and a slow signal, in units of the largest density.
void shortcuts(const Options& options) {
    Project project = packed(10'000, false, 2);
    project.diffusion_step = 0.01;
    project.substrates[0].diffusion = 1e5;
    project.substrates[0].sides.fill({true, 38});
    project.substrates[0].name = "oxygen", project.substrates[1].name = "signal";
    project.substrates[1].diffusion = 100;
    const auto shared = std::make_shared<const Project>(project);
    const auto run = [&](const Shortcuts& how) {
        Simulation simulation(shared, {Stepper::fast, options.threads, how});
        State state = simulation.start(1);
        simulation.advance(state, 12);
        return state.fields;
    };
    Options once = options;
    once.rounds = 1;
    const auto exact = run({});
    const double plain = time_of(once, shared, 0, 12);
    const std::array<std::pair<const char*, Shortcuts>, 3> ways{
        {{"single precision", {true, {}, {}}},
         {"signal by 0.1 min", {false, {{"signal", 0.1}}, {}}},
         {"oxygen in balance", {false, {}, {"oxygen"}}}}};
    for (const auto& [name, how] : ways) {
        const auto fields = run(how);
        double error = 0;
        for (std::size_t k = 0; k < fields.size(); ++k) {
            const double largest = *std::max_element(exact[k].begin(), exact[k].end());
            for (std::size_t v = 0; v < fields[k].size(); ++v)
                error = std::max(error, std::abs(fields[k][v] - exact[k][v]) / largest);
        }
        const double seconds = time_of(once, shared, 0, 12, how);
        say(options, std::string("shortcut ") + name);
        std::printf("%.3g s for %.3g s, error %.2g\n", seconds, plain, error);
    }
}

void run_all(const Options& options) {
    const auto wanted = [&](const char* name) {
        return std::string(name).find(options.only) != std::string::npos;
    };
    if (wanted("memory")) memory(options, 100'000, 0), memory(options, 100'000, 3);
    if (wanted("mechanics")) {
        for (const std::size_t cells : {10'000u, 100'000u, 1'000'000u}) mechanics(options, cells, false);
        mechanics(options, 10'000, true);
    }
    if (wanted("diffusion")) diffusion(options, 100, 1), diffusion(options, 50, 4);
    if (wanted("shortcuts")) shortcuts(options);
    const std::array<std::pair<const char*, double>, 4> projects{{{"bench/mech3d_10000", 4},
                                                                  {"bench/tumor3d_10000", 3},
                                                                  {"rules_sample", 120},
                                                                  {"tumor_immune_base", 12}}};
    for (const auto& [name, minutes] : projects) {
        if (wanted(name)) whole_project(options, name, minutes);
    }
}

}  // namespace
}  // namespace abscopal::tissue

int main(int argc, char** argv) {
    abscopal::tissue::Options options;
    CLI::App app{"Speed and memory of the tissue engine"};
    app.add_option("--threads", options.threads)->capture_default_str();
    app.add_option("--reference", options.reference, "folder of reference cases")->capture_default_str();
    app.add_option("--only", options.only,
                   "what holds this word: memory, mechanics, diffusion, shortcuts, a project");
    app.add_option("--rounds", options.rounds, "of each; the shortest counts")->capture_default_str();
    CLI11_PARSE(app, argc, argv);
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    try {
        abscopal::tissue::run_all(options);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 2;
    }
    return 0;
}
