// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <CLI/App.hpp>
#include <memory>
#include <optional>
#include <string>

#include "abscopal/result.hpp"
#include "base/text.hpp"
#include "commands.hpp"
#include "session.hpp"

namespace abscopal::cli {
namespace {

Shard shard_named(const std::string& text) {
    if (text.empty()) return {};
    const auto parts = split(text, '/');
    const std::optional<double> number = to_double(parts.front()), of = to_double(parts.back());
    const auto is_count = [](double value) {
        return value >= 1.0 && value <= 1e6 && value == std::floor(value);
    };
    if (parts.size() != 2 || !number || !of || !is_count(*number) || !is_count(*of) || *number > *of)
        throw CLI::ValidationError("--shard",
                                   "'" + text + "' is no part of a trial; expected K/N, such as 2/5");
    return {static_cast<std::size_t>(*number), static_cast<std::size_t>(*of)};
}

}  // namespace

void add_run(CLI::App& app) {
    struct Options : SessionOptions {
        std::string trial, shard;
    };
    auto options = std::make_shared<Options>();
    auto* command =
        app.add_subcommand("run", "Run a trial: DIR gets run.sqlite, report.html and summary.json");
    command->add_option("TRIAL", options->trial, "trial file (.toml)")->required();
    command->add_option("--out", options->folder, "folder for the run")->required();
    command->add_option("--threads", options->threads, "threads (default: all cores); changes no number");
    command
        ->add_option("--patients", options->n_patients, "patients to treat, instead of what the trial says")
        ->check(CLI::Range(std::size_t{1}, std::size_t{100'000'000}));
    command->add_option("--shard", options->shard,
                        "run one part of the trial, such as 2/5; `abscopal merge` joins all");
    command->add_flag("--overwrite", options->overwrite, "replace a run that is in DIR");
    command->add_flag("--quiet", options->quiet, "no progress");
    command->callback([options] {
        const Trial trial = with_patients(read_trial(options->trial), options->n_patients);
        const Shard shard = shard_named(options->shard);
        options->n_patients = (trial.n_patients + shard.of - 1) / shard.of;
        run_session(*options, [&](RunOptions run_options) {
            run_options.shard = shard;
            return run(trial, options->folder, run_options);
        });
    });
}

}  // namespace abscopal::cli
