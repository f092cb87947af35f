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
#include <memory>
#include <optional>

#include "abscopal/ensemble.hpp"
#include "cases.hpp"
#include "lanes/target.hpp"

namespace abscopal {
namespace {

using bench::Case;

struct Options {
    bench::CaseOptions cases;
    std::string target, cache;
    unsigned threads = 1;
    std::size_t rounds = 4;
    double tolerance = 1e-6;
    std::optional<double> absolute_tolerance;
    bool interpret = false, without_errors = false, alone = false;
};

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
        numerics.absolute_tolerance = options.absolute_tolerance;
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

}  // namespace
}  // namespace abscopal

int main(int argc, char** argv) {
    abscopal::Options options;
    CLI::App app{"Patients in lanes against CVODE + KLU"};
    app.add_option("--source", options.cases.source, "root of the project")->capture_default_str();
    app.add_option("--reference", options.cases.reference, "folder of reference cases")
        ->capture_default_str();
    app.add_option("--model", options.cases.model, "only cases whose name holds this");
    app.add_option("--target", options.target, "scalar, avx2, avx512; else the best");
    app.add_option("--threads", options.threads)->capture_default_str();
    app.add_option("--patients", options.cases.patients)->capture_default_str();
    app.add_option("--rounds", options.rounds,
                   "turns of both; the reference does a share of the patients in each")
        ->capture_default_str();
    app.add_option("--rtol", options.tolerance)->capture_default_str();
    app.add_option("--atol", options.absolute_tolerance, "of every state; else by what each state has been");
    app.add_option("--spread", options.cases.spread,
                   "sd of the logarithm of each parameter of a published model")
        ->capture_default_str();
    app.add_option("--cache", options.cache, "folder for machine code");
    app.add_flag("--interpret", options.interpret, "without machine code");
    app.add_flag("--no-errors", options.without_errors, "without the run at 1e-10");
    app.add_flag("--alone", options.alone, "the lanes only, for a profiler");
    CLI11_PARSE(app, argc, argv);
    try {
        for (const auto& one : abscopal::bench::cases(options.cases)) abscopal::compete(one.read(), options);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 2;
    }
    return 0;
}
