// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <CLI/App.hpp>
#include <cstdio>
#include <memory>

#include "abscopal/model.hpp"
#include "abscopal/spec.hpp"
#include "abscopal/tissue.hpp"
#include "abscopal/trial.hpp"
#include "commands.hpp"
#include "trial/event_table.hpp"

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

void check_trial(const std::string& path) {
    const Trial trial = read_trial(path);
    std::printf("%s: ok: %zu patients, %zu arms, %zu visits, %zu sampled parameters\n", path.c_str(),
                trial.n_patients, trial.arms.size(), trial.visits.size(),
                trial.population.priors.size() + trial.population.draws.parameters.size());
}

void check_tissue(const std::string& path) {
    const auto project = tissue::read_project(path);
    for (const auto& warning : project.warnings)
        std::fprintf(stderr, "warning: %s\n", describe(warning).c_str());
    std::printf("%s: ok: %zu substrates, %zu cell types, %zu rules, %zu cells, %zu warnings\n",
                project.file.c_str(), project.substrates.size(), project.types.size(), project.rules.size(),
                project.cells.size(), project.warnings.size());
}

/// Without a model compartments cannot be checked.
void check_events(const std::string& path, const std::string& model_path) {
    if (model_path.empty()) {
        std::printf("%s: ok: %zu rows; give --model to check compartments too\n", path.c_str(),
                    check_event_table(path));
        return;
    }
    const EventTable table = read_event_table(path, *compile(read_spec(model_path)));
    std::size_t n_actions = 0, n_observations = 0;
    for (const auto& subject : table.subjects) {
        n_actions += subject.actions.size();
        n_observations += subject.observations.size();
    }
    std::printf("%s: ok: %zu subjects, %zu actions, %zu observations, %zu covariates\n", path.c_str(),
                table.subjects.size(), n_actions, n_observations, table.covariates.size());
}

}  // namespace

void add_check(CLI::App& app) {
    struct Options {
        std::string path, model;
    };
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand("check", "Check a file and report every fault with its place");
    command
        ->add_option("FILE", options->path,
                     "trial (.toml), event table (.csv), model (SBML or Antimony), or PhysiCell project")
        ->required();
    command->add_option("--model", options->model, "model an event table is for");
    command->callback([options] {
        if (options->path.ends_with(".toml"))
            check_trial(options->path);
        else if (options->path.ends_with(".csv"))
            check_events(options->path, options->model);
        else if (tissue::is_project(options->path))
            check_tissue(options->path);
        else
            check_model(options->path);
    });
}

}  // namespace abscopal::cli
