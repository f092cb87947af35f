// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "trial/replay.hpp"

#include <CLI/App.hpp>
#include <cstdio>
#include <memory>
#include <string>

#include "commands.hpp"
#include "session.hpp"

namespace abscopal::cli {

void add_replay(CLI::App& app) {
    struct Options {
        std::string folder, arm;
        std::size_t patient = 0;
    };
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand(
        "replay", "Run one patient of a run again and show what happened: steps, retries, where she failed");
    command->add_option("DIR", options->folder, "folder of the run")->required();
    command->add_option("--patient", options->patient, "number of the candidate")->required();
    command->add_option("--arm", options->arm, "show this arm alone");
    command->callback([options] {
        RunOptions run_options;
        run_options.code_cache = code_cache();
        const Replayed replayed = replay(options->folder, options->patient, options->arm, run_options);
        std::printf("%s", words(replayed).c_str());
        if (!replayed.is_same) throw ExitWith{Exit::internal_error};
    });
}

}  // namespace abscopal::cli
