// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <CLI/App.hpp>
#include <cstdio>
#include <memory>

#include "abscopal/trial.hpp"
#include "commands.hpp"

namespace abscopal::cli {

void add_explain(CLI::App& app) {
    auto path = std::make_shared<std::string>();
    auto* command = app.add_subcommand("explain", "Say in plain words what a trial file asks for");
    command->add_option("TRIAL", *path, "trial file (TOML)")->required();
    command->callback([path] { std::fputs(explain(read_trial(*path)).c_str(), stdout); });
}

}  // namespace abscopal::cli
