// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "abscopal/report.hpp"

#include <unistd.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <optional>

#include "base/file.hpp"
#include "base/text.hpp"
#include "commands.hpp"

namespace abscopal::cli {
namespace {

using Clock = std::chrono::steady_clock;

struct Options {
    std::string path, out, save, resume, stepper = "fast", compat;
    double until = -1, every = -1;
    std::int64_t seed = -1;
    int threads = 1, replicates = 1;
    bool strict = false, quiet = false, csv = false, svg = false, multicellds = false, vtk = false,
         anndata = false, zarr = false, single_precision = false;
    std::vector<std::string> settings, field_steps, steady;
};

volatile std::sig_atomic_t interrupted_by = 0;
extern "C" void note_signal(int signal) {
    interrupted_by = signal;
}

tissue::ReadOptions read_options(const Options& options) {
    tissue::ReadOptions read;
    read.compat = !options.compat.empty();
    read.strict = options.strict;
    for (const auto& setting : options.settings) {
        const auto equals = setting.find('=');
        if (equals == std::string::npos)
            throw InputError({"bad-setting", "--set '" + setting + "': expected name=value", {}, {}});
        read.settings.emplace_back(setting.substr(0, equals), setting.substr(equals + 1));
    }
    return read;
}

/// One line that says how far the run is, rewritten in place on a terminal.
class ProgressLine {
  public:
    void show(const tissue::Progress& progress) {
        const auto now = Clock::now();
        if (now - last_ < std::chrono::milliseconds(200)) return;
        last_ = now;
        const double seconds = std::chrono::duration<double>(now - start_).count();
        const double rate = static_cast<double>(progress.steps) / std::max(seconds, 1e-9);
        const double left = static_cast<double>(progress.all_steps - progress.steps) / std::max(rate, 1e-9);
        std::fprintf(stderr, "\r%8.1f of %.1f min  %zu cells  %.0f steps/s  %.0f s left   ", progress.minute,
                     progress.until, progress.cells, rate, left);
        shown_ = true;
    }
    void end() const {
        if (shown_) std::fputc('\n', stderr);
    }

  private:
    Clock::time_point start_ = Clock::now(), last_ = start_;
    bool shown_ = false;
};

tissue::Shortcuts shortcuts_of(const Options& options) {
    tissue::Shortcuts shortcuts{options.single_precision, {}, options.steady};
    for (const auto& wish : options.field_steps) {
        const auto equals = wish.rfind('=');
        const auto minutes = equals == std::string::npos ? std::nullopt : to_double(wish.substr(equals + 1));
        if (!minutes)
            throw InputError(
                {"bad-setting", "--field-step '" + wish + "': expected substrate=minutes", {}, {}});
        shortcuts.field_steps.emplace_back(wish.substr(0, equals), *minutes);
    }
    return shortcuts;
}

tissue::RunPlan make_plan(const Options& options, const tissue::Project& project) {
    tissue::RunPlan plan;
    plan.until = options.until >= 0 ? options.until : project.max_time;
    plan.every = options.every > 0 ? options.every : project.saves.full_interval;
    plan.seed = options.seed >= 0 ? static_cast<std::uint64_t>(options.seed) : project.seed;
    plan.replicates = options.replicates;
    plan.options = {options.stepper == "reference" ? tissue::Stepper::reference : tissue::Stepper::fast,
                    options.threads, shortcuts_of(options)};
    plan.outputs = {options.out, options.csv, options.csv,     options.multicellds,
                    options.svg, options.vtk, options.anndata, options.zarr};
    plan.stop = [] { return interrupted_by != 0; };
    return plan;
}

void print_end(const tissue::Project& project, const tissue::RunResult& result, double seconds) {
    std::printf("%s: %zu cells at %s min, %.2f s\n", project.file.c_str(), result.last.cells.size(),
                to_text(static_cast<double>(result.last.step) * project.diffusion_step).c_str(), seconds);
    const auto& lines = result.replicates[0].cells;
    const std::size_t types = std::min(project.types.size(), lines.size());
    for (std::size_t k = lines.size() - types; k < lines.size(); ++k) {
        std::printf("  %-32s %8lld live %8lld dead\n", lines[k].type.c_str(),
                    static_cast<long long>(lines[k].live), static_cast<long long>(lines[k].dead));
    }
}

void run_tissue(const Options& options) {
    const auto project =
        std::make_shared<const tissue::Project>(tissue::read_project(options.path, read_options(options)));
    for (const auto& warning : project->warnings)
        std::fprintf(stderr, "warning: %s\n", describe(warning).c_str());
    tissue::RunPlan plan = make_plan(options, *project);
    std::optional<tissue::State> from;
    if (!options.resume.empty()) {
        from = tissue::load_state(*project, options.resume);
        plan.from = &*from;
        plan.seed = from->seed;
        plan.replicates = 1;
    }
    ProgressLine line;
    if (!options.quiet && ::isatty(STDERR_FILENO) != 0)
        plan.progress = [&line](const tissue::Progress& progress) { line.show(progress); };
    std::signal(SIGINT, note_signal);
    std::signal(SIGTERM, note_signal);
    const auto start = Clock::now();
    const auto result = tissue::run(project, plan);
    line.end();
    if (!options.save.empty()) tissue::save_state(*project, result.last, options.save);
    if (!options.out.empty()) {
        const std::filesystem::path out(options.out);
        write_file((out / "summary.json").string(), tissue::summary_json(*project, plan, result));
        write_file((out / "report.html").string(), html_report(*project, plan, result));
    }
    if (!options.quiet)
        print_end(*project, result, std::chrono::duration<double>(Clock::now() - start).count());
    if (interrupted_by == SIGINT) throw ExitWith{Exit::interrupted};
    if (interrupted_by != 0) throw ExitWith{Exit::stopped};
}

}  // namespace

void add_tissue(CLI::App& app) {
    auto options = std::make_shared<Options>();
    auto* command =
        app.add_subcommand("tissue", "Simulate a piece of tissue cell by cell: a PhysiCell project");
    command
        ->add_option("PATH", options->path,
                     "settings XML, or a project folder with config/PhysiCell_settings.xml")
        ->required();
    command->add_option("--until", options->until, "minute to stop at (the project's max_time)")
        ->check(CLI::NonNegativeNumber);
    command
        ->add_option("--every", options->every,
                     "minutes between lines of the summary and output files (the project's interval)")
        ->check(CLI::PositiveNumber);
    command->add_option("--out", options->out, "folder for summary.json, report.html and other files");
    command->add_option("--seed", options->seed, "key of all random numbers (the project's seed)")
        ->check(CLI::NonNegativeNumber);
    command->add_option("--threads", options->threads, "threads; changes no number")
        ->check(CLI::Range(1, 1024));
    command->add_option("--replicates", options->replicates, "runs with seeds seed, seed + 1, ...")
        ->check(CLI::Range(1, 1000000));
    command->add_option("--save", options->save, "snapshot to write at the end, or when stopped");
    command->add_option("--resume", options->resume, "snapshot to go on from, exactly");
    command->add_option("--set", options->settings,
                        "name=value: a user parameter, or a path such as overall/max_time");
    command
        ->add_option("--compat", options->compat, "do as PhysiCell 1.14.2 does where this engine corrects it")
        ->check(CLI::IsMember({"1.14.2"}));
    command->add_option("--stepper", options->stepper, "fast, or reference: slow and clear")
        ->check(CLI::IsMember({"fast", "reference"}));
    command->add_flag("--single-precision", options->single_precision,
                      "fields in single precision: faster, a millionth off");
    command->add_option("--field-step", options->field_steps,
                        "substrate=minutes: a longer step for a substrate that changes slowly");
    command->add_option("--steady", options->steady,
                        "substrate that is put in balance with its sources at each phenotype step");
    command->add_flag("--strict", options->strict, "warnings are errors");
    command->add_flag("--csv", options->csv, "write cells and fields as CSV");
    command->add_flag("--svg", options->svg, "write snapshots of the slice z = 0");
    command->add_flag("--multicellds", options->multicellds,
                      "write PhysiCell's own output files (PhysiCell Studio and pcdl open them)");
    command->add_flag("--vtk", options->vtk, "write cells and fields as VTK, with collections (ParaView)");
    command->add_flag("--h5ad", options->anndata, "write cells as AnnData");
    command->add_flag("--zarr", options->zarr, "write fields as one OME-Zarr image");
    command->add_flag("--quiet", options->quiet, "print errors and warnings only");
    command->callback([options] { run_tissue(*options); });
}

}  // namespace abscopal::cli
