// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <CLI/App.hpp>
#include <CLI/Validators.hpp>
#include <cstdio>
#include <memory>

#include "abscopal/trial.hpp"
#include "commands.hpp"

namespace abscopal::cli {

void add_schema(CLI::App& app) {
    auto format = std::make_shared<std::string>("trial");
    auto* command = app.add_subcommand(
        "schema", "Print the JSON Schema of a file format, for editors and other programs");
    command->add_option("FORMAT", *format, "trial, events, result or calibration")
        ->check(CLI::IsMember({"trial", "events", "result", "calibration"}))
        ->capture_default_str();
    command->callback([format] {
        const auto text = schema_text(*format);
        std::fwrite(text.data(), 1, text.size(), stdout);
    });
}

}  // namespace abscopal::cli
