// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "trial/merge.hpp"

#include <CLI/App.hpp>
#include <memory>
#include <string>
#include <vector>

#include "commands.hpp"
#include "session.hpp"
#include "trial/runner.hpp"

namespace abscopal::cli {

void add_merge(CLI::App& app) {
    struct Options : SessionOptions {
        std::vector<std::string> shards;
    };
    auto options = std::make_shared<Options>();
    auto* command =
        app.add_subcommand("merge", "Join the shards of a trial: the same bits as one run of the whole");
    command->add_option("SHARDS", options->shards, "folders made by `abscopal run --shard`")->required();
    command->add_option("--out", options->folder, "folder for the run")->required();
    command->add_option("--threads", options->threads,
                        "threads for patients still missing (default: all cores); changes no number");
    command->add_flag("--overwrite", options->overwrite, "replace a run that is in DIR");
    command->add_flag("--quiet", options->quiet, "no progress");
    command->callback([options] {
        run_session(*options, [&](const RunOptions& run_options) {
            return merge(options->shards, options->folder, run_options);
        });
    });
}

}  // namespace abscopal::cli
