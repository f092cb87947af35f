// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <CLI/App.hpp>
#include <filesystem>
#include <memory>
#include <string>

#include "abscopal/result.hpp"
#include "commands.hpp"

namespace abscopal::cli {

void add_export(CLI::App& app) {
    struct Options {
        std::string folder, out;
        bool csv = false;
    };
    auto options = std::make_shared<Options>();
    auto* command =
        app.add_subcommand("export", "Write the tables of a run as files for R, Python or a spreadsheet");
    command->add_option("DIR", options->folder, "folder of the run")->required();
    command->add_flag("--csv", options->csv, "as tidy CSV files with a define.json")->required();
    command->add_option("--out", options->out, "folder for the files (default: DIR/csv)");
    command->callback([options] {
        const auto out =
            options->out.empty() ? (std::filesystem::path(options->folder) / "csv").string() : options->out;
        export_csv(load_result(options->folder), out);
    });
}

}  // namespace abscopal::cli
