// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <CLI/App.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

#include "commands.hpp"
#include "session.hpp"
#include "trial/calibration.hpp"

namespace abscopal::cli {

void add_calibrate(CLI::App& app) {
    struct Options {
        std::string problem, folder;
        std::string card;
        unsigned threads = 0;
        bool quiet = false, only_evaluate = false;
    };
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand("calibrate",
                                       "Fit and weigh virtual populations to what trials observed: DIR gets "
                                       "report.md, targets, laws, populations");
    command->add_option("PROBLEM", options->problem, "calibration file (.toml)")->required();
    command
        ->add_option("--out", options->folder, "folder for the results; a stopped calibration goes on there")
        ->required();
    command->add_option("--threads", options->threads, "threads (default: all cores); changes no number");
    command->add_flag("--evaluate", options->only_evaluate,
                      "measure the targets with the files as they stand: no fit, no weights");
    command->add_option("--card", options->card, "Markdown file whose tables of targets are renewed");
    command->add_flag("--quiet", options->quiet, "no progress");
    command->callback([options] {
        CalibrationOptions how;
        how.threads = options->threads;
        how.code_cache = code_cache();
        how.only_evaluate = options->only_evaluate, how.card = options->card;
        if (!options->quiet)
            how.tell = [](const std::string& text) { std::fprintf(stderr, "%s\n", text.c_str()); };
        const auto result = until_stopped([&](const std::atomic<int>& stop) {
            how.stop = &stop;
            return calibrate(options->problem, options->folder, how);
        });
        if (!result) {
            std::fprintf(stderr, "Stopped; the same command goes on.\n");
            throw ExitWith{Exit::stopped};
        }
        const auto n_met = std::count_if(result->targets.begin(), result->targets.end(),
                                         [](const auto& t) { return t.meets; });
        if (!options->quiet)
            std::fprintf(stderr, "%td of %zu targets met. Report: %s\n", n_met, result->targets.size(),
                         (std::filesystem::path(options->folder) / "report.md").c_str());
    });
}

}  // namespace abscopal::cli
