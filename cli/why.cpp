// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <CLI/App.hpp>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

#include "commands.hpp"
#include "session.hpp"
#include "trial/why.hpp"

namespace abscopal::cli {

void add_why(CLI::App& app) {
    struct Options {
        std::string folder, outcome = "orr";
    };
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand(
        "why",
        "Why some and not others: what tells responders apart, which step failed, what would have helped");
    command->add_option("DIR", options->folder, "folder of a run; gets why.md, factors.csv, failures.csv")
        ->required();
    command->add_option("--outcome", options->outcome, "orr, cr, dcr, pfs_12m, os_24m")
        ->capture_default_str();
    command->callback([options] {
        const Result result = load_result(options->folder, kept_whole);
        const auto arms = explain_outcomes(result, options->outcome);
        write_why(result, arms, options->folder);
        std::printf("%s", why_markdown(result, arms).c_str());
    });
}

}  // namespace abscopal::cli
