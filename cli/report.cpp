// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <CLI/App.hpp>
#include <cstdio>
#include <memory>
#include <string>

#include "commands.hpp"
#include "session.hpp"

namespace abscopal::cli {

void add_report(CLI::App& app) {
    auto folder = std::make_shared<std::string>();
    auto* command = app.add_subcommand("report", "Write report.html and summary.json of a run anew");
    command->add_option("DIR", *folder, "folder of the run")->required();
    command->callback([folder] {
        write_outputs(load_result(*folder, kept_whole), *folder);
        std::printf("Report: %s/report.html\n", folder->c_str());
    });
}

}  // namespace abscopal::cli
