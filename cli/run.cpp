// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <CLI/App.hpp>
#include <memory>
#include <string>

#include "abscopal/result.hpp"
#include "commands.hpp"
#include "session.hpp"

namespace abscopal::cli {

void add_run(CLI::App& app) {
    struct Options : SessionOptions {
        std::string trial;
    };
    auto options = std::make_shared<Options>();
    auto* command =
        app.add_subcommand("run", "Run a trial: DIR gets run.sqlite, report.html and summary.json");
    command->add_option("TRIAL", options->trial, "trial file (.toml)")->required();
    command->add_option("--out", options->folder, "folder for the run")->required();
    command->add_option("--threads", options->threads, "threads (default: all cores); changes no number");
    command
        ->add_option("--patients", options->n_patients, "patients to treat, instead of what the trial says")
        ->check(CLI::Range(std::size_t{1}, std::size_t{100'000'000}));
    command->add_flag("--overwrite", options->overwrite, "replace a run that is in DIR");
    command->add_flag("--quiet", options->quiet, "no progress");
    command->callback([options] {
        const Trial trial = with_patients(read_trial(options->trial), options->n_patients);
        options->n_patients = trial.n_patients;
        run_session(*options,
                    [&](const RunOptions& run_options) { return run(trial, options->folder, run_options); });
    });
}

}  // namespace abscopal::cli
