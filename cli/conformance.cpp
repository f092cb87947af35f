// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "simulation/conformance.hpp"

#include <unistd.h>

#include <CLI/App.hpp>
#include <CLI/Validators.hpp>
#include <algorithm>
#include <cstdio>
#include <memory>

#include "base/file.hpp"
#include "commands.hpp"

namespace abscopal::cli {
namespace {

struct Options {
    std::string folder, csv, method = "cvode";
    ConformanceOptions suite;
};

void show(std::size_t done, std::size_t total) {
    if (done % 20 == 0 || done == total)
        std::fprintf(stderr, "\r%zu of %zu%s", done, total, done == total ? "\r\033[K" : "");
}

void conformance(Options& options) {
    options.suite.in_lanes = options.method == "rosenbrock";
    if (options.method == "tau-leaping") options.suite.stochastic.method = Stochastic::Method::tau_leaping;
    if (isatty(STDERR_FILENO)) options.suite.progress = show;
    const auto results = run_suite(options.folder, options.suite);
    if (!options.csv.empty()) write_file(options.csv, to_csv(results));
    for (const auto& result : results)
        if (result.verdict == Verdict::failed)
            std::printf("%s failed: %s\n", result.id.c_str(), result.reason.c_str());
    std::printf("%s\n", summary(results).c_str());
    if (std::ranges::count(results, Verdict::failed, &CaseResult::verdict) > 0)
        throw ExitWith{Exit::too_many_failed};
}

}  // namespace

void add_conformance(CLI::App& app) {
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand("conformance",
                                       "Run the cases of the SBML test suite in DIR, semantic or stochastic");
    command->add_option("DIR", options->folder, "folder of case folders NNNNN/")->required();
    command->add_option("--csv", options->csv, "write one row a case to this file");
    command->add_option("--jobs", options->suite.jobs, "threads")->capture_default_str();
    command->add_option("--level", options->suite.level,
                        "only files of this level and version, such as l2v4");
    command
        ->add_option("--method", options->method, "cvode, rosenbrock; for stochastic cases ssa, tau-leaping")
        ->check(CLI::IsMember({"cvode", "rosenbrock", "ssa", "tau-leaping"}))
        ->capture_default_str();
    command->add_flag("--stochastic", options->suite.only_stochastic, "refuse cases of the semantic suite");
    command->add_option("--replicates", options->suite.replicates, "courses of each stochastic case")
        ->check(CLI::Range(std::size_t{2}, std::size_t{10'000'000}))
        ->capture_default_str();
    command->add_option("--seed", options->suite.stochastic.seed, "of stochastic cases")
        ->capture_default_str();
    command->callback([options] { conformance(*options); });
}

}  // namespace abscopal::cli
