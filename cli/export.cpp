// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <CLI/App.hpp>
#include <filesystem>
#include <memory>
#include <string>

#include "abscopal/result.hpp"
#include "commands.hpp"
#include "session.hpp"

namespace abscopal::cli {

void add_export(CLI::App& app) {
    struct Options {
        std::string folder, out;
        bool csv = false, adam = false;
        AdamOptions formats;
    };
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand(
        "export", "Write the tables of a run as files for R, SAS, Python or a spreadsheet");
    command->add_option("DIR", options->folder, "folder of the run")->required();
    auto* kinds = command->add_option_group("tables");
    kinds->add_flag("--csv", options->csv, "as tidy CSV files with a define.json");
    auto* adam =
        kinds->add_flag("--adam", options->adam, "as CDISC ADaM data sets: ADSL, ADTTE, ADRS, ADTR, ADEX");
    kinds->require_option(1);
    command->add_flag("--dataset-json", options->formats.dataset_json, "with --adam: Dataset-JSON 1.1 too")
        ->needs(adam);
    command->add_flag("--xpt", options->formats.xpt, "with --adam: SAS transport files (version 5) too")
        ->needs(adam);
    command->add_option("--out", options->out, "folder for the files (default: DIR/csv or DIR/adam)");
    command->callback([options] {
        const auto below = std::filesystem::path(options->folder) / (options->adam ? "adam" : "csv");
        const auto out = options->out.empty() ? below.string() : options->out;
        options->formats.created = utc_now();
        if (options->adam)
            export_adam(load_result(options->folder), out, options->formats);
        else
            export_csv(load_result(options->folder), out);
    });
}

}  // namespace abscopal::cli
