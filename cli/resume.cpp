// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <CLI/App.hpp>
#include <memory>

#include "abscopal/result.hpp"
#include "commands.hpp"
#include "session.hpp"
#include "trial/runner.hpp"

namespace abscopal::cli {

void add_resume(CLI::App& app) {
    auto options = std::make_shared<SessionOptions>();
    auto* command = app.add_subcommand("resume", "Go on with a run that was stopped or killed");
    command->add_option("DIR", options->folder, "folder of the run")->required();
    command->add_option("--threads", options->threads, "threads (default: all cores); changes no number");
    command->add_flag("--quiet", options->quiet, "no progress");
    command->callback([options] {
        options->n_patients = patients_wanted(options->folder);
        run_session(*options,
                    [&](const RunOptions& run_options) { return resume(options->folder, run_options); });
    });
}

}  // namespace abscopal::cli
