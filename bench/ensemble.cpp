// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
//
// The lanes against the reference (CVODE + KLU, one patient at a time), in one process and by turns:
//   bench_ensemble [--model NAME] [--patients N] [--threads N] [--target NAME] [--reference FOLDER]
// Time is CPU time with one thread, else that of the clock on the wall. Errors are those at the end, in units
// of the tolerance, against the reference at a relative tolerance of 1e-10.
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <memory>
#include <numeric>

#include "abscopal/ensemble.hpp"
#include "abscopal/trial.hpp"
#include "base/random.hpp"
#include "lanes/target.hpp"

namespace abscopal {
namespace {

namespace fs = std::filesystem;
using Rows = std::vector<std::vector<std::pair<std::size_t, double>>>;

struct Options {
    std::string source = ".", reference = "../shared/reference", target, model, cache;
    unsigned threads = 1;
    std::size_t patients = 128, rounds = 4;
    double tolerance = 1e-6, spread = 0.2;
    bool interpret = false, without_errors = false, alone = false;
};

/// What is integrated: a model, its patients, and what is given to all of them.
struct Case {
    std::string name;
    std::shared_ptr<const Model> model;
    Rows rows;
    std::vector<Action> doses;
    double until = 0.0;
};

/// The published population of the TNBC model; columns that the model does not know play no part.
Rows tnbc_population(const Options& options, const Model& model) {
    const Trial trial = read_trial(options.source + "/examples/tnbc_first_light.toml");
    const Cohort cohort = sample(trial.population, trial.seed, 0, options.patients, options.patients);
    Rows rows(cohort.rows.size());
    for (std::size_t k = 0; k < cohort.parameters.size(); ++k) {
        const auto settable = find_settable(model, cohort.parameters[k]);
        for (std::size_t i = 0; settable && i < rows.size(); ++i)
            rows[i].emplace_back(*settable, cohort.rows[i][k]);
    }
    return rows;
}

Case tnbc(const Options& options, bool is_treated) {
    Case result{is_treated ? "tnbc, 28 doses" : "tnbc, untreated",
                compile(read_spec(options.source + "/models/tnbc/tnbc.ant")),
                {},
                {},
                400.0};
    result.rows = tnbc_population(options, *result.model);
    const Slot target = result.model->states[find_state(*result.model, "aPD1_C").value()].slot;
    constexpr double nanomoles = 200e-3 / 149e3 * 1e9;  // 200 mg of pembrolizumab
    for (int k = 0; is_treated && k < 28; ++k)
        result.doses.push_back({14.0 * k, ActionKind::add, target, nanomoles, 0.0});
    return result;
}

/// Lognormal draws around the published value of every parameter.
Rows varied(const Options& options, const Model& model) {
    Rows rows(options.patients);
    for (std::size_t k = 0; k < model.parameters.size(); ++k) {
        const ParameterInfo& parameter = model.parameters[k];
        const auto settable = find_settable(model, parameter.id);
        if (!settable || !parameter.is_constant || !(parameter.value > 0.0)) continue;
        Prior prior;
        prior.law = Law::lognormal;
        prior.centre = parameter.value;
        prior.spread = options.spread;
        for (std::size_t i = 0; i < rows.size(); ++i)
            rows[i].emplace_back(
                *settable, quantile(prior, uniform(1, Purpose::prior, i, 0, static_cast<std::uint32_t>(k))));
    }
    return rows;
}

struct Published {
    const char* name;
    const char* file;
    double until;
    const char* off;  ///< a reaction that the model's authors switched off
};
constexpr Published published[] = {
    {"BIOMD235", "BIOMD0000000235.xml", 100.0, ""},
    {"BIOMD452", "BIOMD0000000452.xml", 100.0, ""},
    {"BIOMD474", "BIOMD0000000474.xml", 100.0, ""},
    {"BIOMD559", "BIOMD0000000559.xml", 100.0, ""},
    {"BIOMD667", "BIOMD0000000667.xml", 100.0, ""},
    {"jafarnejad2019", "jafarnejad2019_nsclc_simbiology.xml", 400.0,
     "mw8979d7cb_4930_4578_be60_1c37584d2027"},
};

Case from_sbml(const Options& options, const Published& what) {
    Spec spec = read_sbml(options.reference + "/benchmark_models/" + what.file);
    if (*what.off) spec = convert_units(switch_off(std::move(spec), {what.off}));
    Case result{what.name, compile(spec), {}, {}, what.until};
    result.rows = varied(options, *result.model);
    return result;
}

double seconds(clockid_t clock) {
    timespec now{};
    clock_gettime(clock, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// One method on one case: what it found, and what that took.
class Contestant {
  public:
    Contestant(const Case& what, const Options& options, Method method, double tolerance)
        : case_(what),
          clock_(options.threads > 1 ? CLOCK_MONOTONIC : CLOCK_PROCESS_CPUTIME_ID),
          finals_(what.rows.size()),
          ok_(what.rows.size(), 0) {
        Numerics numerics;
        numerics.method = method;
        numerics.relative_tolerance = tolerance;
        const double begin = seconds(CLOCK_PROCESS_CPUTIME_ID);
        ensemble_ = std::make_unique<Ensemble>(
            what.model, numerics,
            EnsembleOptions{options.threads, options.target, options.interpret, true, options.cache});
        preparation_ = seconds(CLOCK_PROCESS_CPUTIME_ID) - begin;
    }

    /// Runs patients first, first + stride, …
    void run(std::size_t first, std::size_t stride) {
        const std::size_t n = (case_.rows.size() - first + stride - 1) / stride;
        const double begin = seconds(clock_);
        ensemble_->run(
            n, [&](std::size_t i, Simulation& simulation) { follow(first + i * stride, simulation); }, {},
            &use_);
        seconds_ += seconds(clock_) - begin;
        n_run_ += n;
    }

    double per_patient() const { return 1e3 * seconds_ / static_cast<double>(n_run_); }
    double preparation() const { return preparation_; }
    double steps() const { return static_cast<double>(steps_) / static_cast<double>(n_run_); }
    double rejected() const { return static_cast<double>(rejected_) / static_cast<double>(n_run_); }
    double busy() const {
        return 100.0 * static_cast<double>(use_.lane_steps) / (8.0 * static_cast<double>(use_.group_steps));
    }
    std::size_t n_failed() const { return static_cast<std::size_t>(std::ranges::count(ok_, char{0})); }
    bool ok(std::size_t i) const { return ok_[i] != 0; }
    const std::vector<double>& final_state(std::size_t i) const { return finals_[i]; }

  private:
    void follow(std::size_t i, Simulation& simulation) {
        simulation.start(initial_state(*case_.model, case_.rows[i]), case_.doses);
        const Outcome outcome = simulation.advance(case_.until);
        finals_[i] = simulation.state().y;
        ok_[i] = outcome.ok() ? 1 : 0;
        steps_ += outcome.steps, rejected_ += outcome.rejected;
    }

    const Case& case_;
    clockid_t clock_;
    std::unique_ptr<Ensemble> ensemble_;
    EnsembleUse use_;
    std::vector<std::vector<double>> finals_;
    std::vector<char> ok_;
    double seconds_ = 0.0, preparation_ = 0.0;
    std::atomic<std::int64_t> steps_{0}, rejected_{0};
    std::size_t n_run_ = 0;
};

/// Root mean square over states of the error over the tolerance.
double error_of(const std::vector<double>& found, const std::vector<double>& truth,
                const std::vector<double>& begin, double tolerance) {
    double sum = 0.0;
    for (std::size_t i = 0; i < truth.size(); ++i) {
        const double size = std::max(std::fabs(truth[i]), std::fabs(begin[i]));
        const double weight = tolerance * (std::fabs(truth[i]) + 1e-7 * size + 1e-18);
        sum += std::pow((found[i] - truth[i]) / weight, 2);
    }
    return std::sqrt(sum / static_cast<double>(std::max<std::size_t>(1, truth.size())));
}

/// The median over patients whom both finished.
double median_error(const Case& what, const Contestant& contestant, const Contestant& truth,
                    double tolerance) {
    std::vector<double> errors;
    for (std::size_t i = 0; i < what.rows.size(); ++i) {
        if (!contestant.ok(i) || !truth.ok(i)) continue;
        errors.push_back(error_of(contestant.final_state(i), truth.final_state(i),
                                  initial_state(*what.model, what.rows[i]).y, tolerance));
    }
    if (errors.empty()) return std::nan("");
    std::ranges::sort(errors);
    return errors[errors.size() / 2];
}

void compete(const Case& what, const Options& options) {
    Contestant ours(what, options, Method::rosenbrock, options.tolerance),
        cvode(what, options, Method::bdf, options.tolerance), truth(what, options, Method::bdf, 1e-10);
    for (std::size_t round = 0; round < options.rounds; ++round) {
        ours.run(0, 1);
        if (!options.alone) cvode.run(round, options.rounds);
    }
    double our_error = std::nan(""), cvode_error = std::nan("");
    if (!options.without_errors && !options.alone) {
        truth.run(0, 1);
        our_error = median_error(what, ours, truth, options.tolerance);
        cvode_error = median_error(what, cvode, truth, options.tolerance);
    }
    const std::string target =
        options.target.empty() ? std::string(lanes::name_of(lanes::best_target())) : options.target;
    std::printf(
        "%s, %s, %u thread%s: ours %.3g ms, cvode %.3g ms, ratio %.1f, error %.2g/%.2g of tolerance, lanes "
        "%.0f %%, failed %zu/%zu (%zu states, steps %.0f + %.0f rejected / %.0f + %.0f, ready in %.2f s)\n",
        what.name.c_str(), target.c_str(), options.threads, options.threads == 1 ? "" : "s",
        ours.per_patient(), cvode.per_patient(), cvode.per_patient() / ours.per_patient(), our_error,
        cvode_error, ours.busy(), ours.n_failed(), cvode.n_failed(), what.model->n_states(), ours.steps(),
        ours.rejected(), cvode.steps(), cvode.rejected(), ours.preparation());
    std::fflush(stdout);
}

bool is_wanted(const Options& options, const std::string& name) {
    return name.find(options.model) != std::string::npos;
}

void run_all(const Options& options) {
    for (const bool is_treated : {false, true}) {
        if (is_wanted(options, is_treated ? "tnbc, 28 doses" : "tnbc, untreated"))
            compete(tnbc(options, is_treated), options);
    }
    for (const auto& model : published) {
        if (is_wanted(options, model.name)) compete(from_sbml(options, model), options);
    }
}

}  // namespace
}  // namespace abscopal

int main(int argc, char** argv) {
    abscopal::Options options;
    CLI::App app{"Patients in lanes against CVODE + KLU"};
    app.add_option("--source", options.source, "root of the project")->capture_default_str();
    app.add_option("--reference", options.reference, "folder of reference cases")->capture_default_str();
    app.add_option("--model", options.model, "only cases whose name holds this");
    app.add_option("--target", options.target, "scalar, avx2, avx512; else the best");
    app.add_option("--threads", options.threads)->capture_default_str();
    app.add_option("--patients", options.patients)->capture_default_str();
    app.add_option("--rounds", options.rounds,
                   "turns of both; the reference does a share of the patients in each")
        ->capture_default_str();
    app.add_option("--rtol", options.tolerance)->capture_default_str();
    app.add_option("--spread", options.spread, "sd of the logarithm of each parameter of a published model")
        ->capture_default_str();
    app.add_option("--cache", options.cache, "folder for machine code");
    app.add_flag("--interpret", options.interpret, "without machine code");
    app.add_flag("--no-errors", options.without_errors, "without the run at 1e-10");
    app.add_flag("--alone", options.alone, "the lanes only, for a profiler");
    CLI11_PARSE(app, argc, argv);
    try {
        abscopal::run_all(options);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 2;
    }
    return 0;
}
