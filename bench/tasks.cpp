// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
//
// Writes what the engine is measured on for other tools: each case as SBML, and as JSON its patients, doses,
// what the engine finds and what is true:
//   bench_tasks FOLDER [--model NAME] [--patients N] [--of N] [--reference FOLDER]
// True is the reference (CVODE + KLU) at a relative tolerance of 1e-10.
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "abscopal/ensemble.hpp"
#include "base/file.hpp"
#include "cases.hpp"

namespace abscopal {
namespace {

using bench::Case;
using Json = nlohmann::ordered_json;

struct Options {
    bench::CaseOptions cases;
    std::string folder;
    std::size_t written = 8;
    double tolerance = 1e-6, absolute_tolerance = 1e-12;
};

/// Every state in the unit its id has in mathematics, and as it is carried; every parameter.
Json values_of(const Simulation& simulation) {
    Json values = Json::array();
    for (const StateInfo& state : simulation.model().states)
        values.push_back(simulation.value(find_observable(simulation.model(), state.id).value()));
    return {{"values", values}, {"carried", simulation.state().y}, {"parameters", simulation.state().p}};
}

/// What each of some patients comes to, without doses at `until` = 0.
std::vector<Json> ends(const Case& what, std::size_t n, double until, const Numerics& numerics) {
    std::vector<Json> found(n);
    Ensemble(what.model, numerics, {1}).run(n, [&](std::size_t i, Simulation& simulation) {
        simulation.start(initial_state(*what.model, what.rows[i]),
                         until > 0.0 ? what.doses : std::vector<Action>{});
        if (simulation.advance(until).ok()) found[i] = values_of(simulation);
    });
    return found;
}

Json settings_of(const Case& what, std::size_t patient) {
    Json settings = Json::object();
    for (const auto& [settable, value] : what.rows[patient])
        settings[what.model->settables[settable].id] = value;
    return settings;
}

Json doses_of(const Case& what) {
    Json doses = Json::array();
    for (const Action& dose : what.doses)
        doses.push_back({{"time", dose.time},
                         {"state", what.model->states[dose.target - what.model->first_state].id},
                         {"amount", dose.value}});
    return doses;
}

Json task_of(const Case& what, const Options& options) {
    const std::size_t n = std::min(options.written, what.rows.size());
    Json task{
        {"name", what.name}, {"until", what.until}, {"rtol", options.tolerance}, {"doses", doses_of(what)}};
    for (const StateInfo& state : what.model->states) {
        task["states"].push_back(state.id);
        task["is_species"].push_back(state.is_species);
    }
    for (const ParameterInfo& parameter : what.model->parameters) task["parameters"].push_back(parameter.id);
    Numerics asked, tight;
    asked.relative_tolerance = options.tolerance;
    asked.absolute_tolerance = options.absolute_tolerance;
    tight.method = Method::bdf;
    tight.relative_tolerance = 1e-10;
    const auto begin = ends(what, n, 0.0, tight), found = ends(what, n, what.until, asked),
               truth = ends(what, n, what.until, tight);
    for (std::size_t i = 0; i < n; ++i)
        task["patients"].push_back({{"settings", settings_of(what, i)},
                                    {"begin", begin[i]},
                                    {"found", found[i]},
                                    {"truth", truth[i]}});
    return task;
}

void write(const Case& what, const Options& options) {
    std::string name = what.name;
    std::ranges::replace_if(
        name, [](char c) { return c == ' ' || c == ','; }, '_');
    write_file(options.folder + "/" + name + ".xml", write_sbml(what.spec));
    write_file(options.folder + "/" + name + ".json", task_of(what, options).dump());
    std::printf("%s\n", name.c_str());
}

}  // namespace
}  // namespace abscopal

int main(int argc, char** argv) {
    abscopal::Options options;
    CLI::App app{"The cases of bench_ensemble for other tools"};
    app.add_option("FOLDER", options.folder, "where to write")->required();
    app.add_option("--source", options.cases.source, "root of the project")->capture_default_str();
    app.add_option("--reference", options.cases.reference, "folder of reference cases")
        ->capture_default_str();
    app.add_option("--model", options.cases.model, "only cases whose name holds this");
    app.add_option("--patients", options.written, "patients to write")->capture_default_str();
    app.add_option("--of", options.cases.patients, "patients to draw, as in bench_ensemble")
        ->capture_default_str();
    app.add_option("--rtol", options.tolerance)->capture_default_str();
    app.add_option("--atol", options.absolute_tolerance)->capture_default_str();
    CLI11_PARSE(app, argc, argv);
    try {
        std::filesystem::create_directories(options.folder);
        for (const auto& one : abscopal::bench::cases(options.cases)) abscopal::write(one.read(), options);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 2;
    }
    return 0;
}
