// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <CLI/App.hpp>
#include <cstdio>
#include <memory>

#include "abscopal/model.hpp"
#include "abscopal/spec.hpp"
#include "commands.hpp"

namespace abscopal::cli {
namespace {

/// Reads, checks units (as warnings: a model without consistent units may still be right) and compiles.
void check_model(const std::string& path) {
    const Spec spec = read_spec(path);
    for (const auto& fault : check_units(spec))
        std::fprintf(stderr, "warning: %s\n", describe(fault).c_str());
    const auto model = compile(spec);
    std::printf("%s: %zu states, %zu parameters, %zu events\ndigest %s\n", path.c_str(), model->n_states(),
                model->parameters.size(), model->events.size(), model->digest.c_str());
}

}  // namespace

void add_check(CLI::App& app) {
    auto path = std::make_shared<std::string>();
    auto* command = app.add_subcommand("check", "Check a file and report every fault with its place");
    command->add_option("FILE", *path, "model: SBML or Antimony")->required();
    command->callback([path] { check_model(*path); });
}

}  // namespace abscopal::cli
