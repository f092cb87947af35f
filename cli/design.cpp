// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <CLI/App.hpp>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <memory>
#include <optional>

#include "base/text.hpp"
#include "commands.hpp"
#include "trial/plan.hpp"

namespace abscopal::cli {
namespace {

constexpr double month = 30.4375, year = 365.25;

struct Options {
    std::string trial, run, control, experimental, spending;
    std::optional<double> median, hazard_ratio, delay, cured, cured_control;
    std::optional<double> enrolment, ramp, dropout, cut_off, alpha, share, power;
    std::optional<std::size_t> patients, events;
    std::vector<double> looks, futility;
    std::size_t n_trials = 10'000;
    std::uint64_t seed = 1;
    bool json = false;
};

[[noreturn]] void refuse(const std::string& message) {
    FaultList faults;
    faults.add("design", message, {});
    faults.throw_if_any();
    std::abort();
}

std::size_t arm_named(const Trial& trial, const std::string& name, std::size_t otherwise) {
    if (name.empty()) {
        if (otherwise < trial.arms.size()) return otherwise;
        refuse("the trial has one arm; a comparison needs two");
    }
    std::vector<std::string> names;
    for (const auto& arm : trial.arms) names.push_back(arm.name);
    const auto at = std::find(names.begin(), names.end(), name);
    if (at == names.end()) refuse("no arm is named '" + name + "'" + did_you_mean(name, names));
    return static_cast<std::size_t>(at - names.begin());
}

/// What the file or the run says.
ComparisonPlan plan_from_files(const Options& options) {
    if (options.run.empty() && options.trial.empty()) return {};
    std::optional<Result> result;
    if (!options.run.empty()) result = load_result(options.run);
    const Trial trial = options.trial.empty() ? result->trial : read_trial(options.trial);
    const Trial& of_arms = result ? result->trial : trial;
    const std::size_t control = arm_named(of_arms, options.control, 0),
                      experimental = arm_named(of_arms, options.experimental, 1);
    ComparisonPlan plan = plan_of(trial, std::min(control, trial.arms.size() - 1),
                                  std::min(experimental, trial.arms.size() - 1));
    if (result) plan.arms = {times_in_arm(*result, control), times_in_arm(*result, experimental)};
    return plan;
}

/// Laws by median and hazard ratio.
void set_laws(ComparisonPlan& plan, const Options& options) {
    if (!options.median) return;
    const double hazard = std::log(2.0) / (*options.median * month),
                 ratio = options.hazard_ratio.value_or(1.0);
    plan.arms[0] = {{0.0}, {hazard}, options.cured_control.value_or(0.0)};
    plan.arms[1] = {{0.0}, {hazard * ratio}, options.cured.value_or(options.cured_control.value_or(0.0))};
    if (!options.delay || *options.delay <= 0.0) return;
    plan.arms[1].from = {0.0, *options.delay * month};
    plan.arms[1].hazard = {hazard, hazard * ratio};
}

void set_numbers(ComparisonPlan& plan, const Options& options) {
    if (options.patients) plan.n_patients = *options.patients;
    if (options.events) plan.events = *options.events;
    if (options.share) plan.share = *options.share;
    if (options.alpha) plan.alpha = *options.alpha;
    if (options.enrolment) plan.enrolment.period = *options.enrolment * month;
    if (options.ramp) plan.enrolment.ramp = *options.ramp * month;
    if (options.dropout) plan.enrolment.dropout = -std::log1p(-*options.dropout) / year;
    if (options.cut_off) plan.cut_off = *options.cut_off * month;
    if (!options.looks.empty()) plan.looks = options.looks;
    if (!options.futility.empty()) plan.futility = options.futility;
    if (!options.spending.empty()) plan.spending = spending_named(options.spending);
}

void check(const ComparisonPlan& plan, const Options& options) {
    const auto has_law = [](const ArmTimes& arm) { return !arm.times.empty() || !arm.hazard.empty(); };
    if (!has_law(plan.arms[0]) || !has_law(plan.arms[1]))
        refuse("nothing says how long patients live: give --median and --hazard-ratio, or --from a run");
    if (options.power) return;
    if (plan.events == 0 && !std::isfinite(plan.cut_off))
        refuse("nothing ends the trial: give --events or --cut-off, or --power to find the number of events");
    if (plan.n_patients < 2) refuse("give --patients");
    if (!plan.looks.empty() && plan.events == 0)
        refuse("--looks are fractions of --events, which is missing");
    if (!std::is_sorted(plan.looks.begin(), plan.looks.end(), std::less_equal<>()))
        refuse("--looks must ascend");
}

void run_design(const Options& options) {
    ComparisonPlan plan = plan_from_files(options);
    set_laws(plan, options);
    set_numbers(plan, options);
    check(plan, options);
    if (options.power) {
        plan =
            sized_for(plan, *options.power, std::max<std::size_t>(1000, options.n_trials / 4), options.seed);
        if (plan.events == 0) refuse("no number of events below 100000 reaches this power");
    }
    const Operating operating = simulate_trials(plan, options.n_trials, options.seed);
    std::fputs((options.json ? operating_json(plan, operating) : operating_text(plan, operating)).c_str(),
               stdout);
}

void add_laws(CLI::App& command, Options& options) {
    command.add_option("TRIAL", options.trial, "trial file: its [design] is the plan");
    command.add_option("--from", options.run, "run whose virtual patients are drawn, instead of laws");
    command.add_option("--control", options.control, "its control arm (default: the first)");
    command.add_option("--experimental", options.experimental, "its experimental arm (default: the second)");
    const auto positive = CLI::PositiveNumber;
    command.add_option("--median", options.median, "median time of the control arm, months")->check(positive);
    command.add_option("--hazard-ratio", options.hazard_ratio, "of the experimental arm")->check(positive);
    command.add_option("--delay", options.delay, "months before the hazard ratio sets in")
        ->check(CLI::NonNegativeNumber);
    command.add_option("--cured", options.cured, "share of the experimental arm that never has the event")
        ->check(CLI::Range(0.0, 1.0));
    command.add_option("--cured-control", options.cured_control, "the same of the control arm")
        ->check(CLI::Range(0.0, 1.0));
}

void add_plan(CLI::App& command, Options& options) {
    command.add_option("--patients", options.patients, "patients in both arms")
        ->check(CLI::Range(std::size_t{2}, std::size_t{1'000'000}));
    command.add_option("--events", options.events, "events at the final analysis")
        ->check(CLI::Range(std::size_t{1}, std::size_t{1'000'000}));
    command.add_option("--power", options.power, "find the number of events that reaches this power")
        ->check(CLI::Range(0.01, 0.999));
    command.add_option("--share", options.share, "share randomised to the experimental arm (0.5)")
        ->check(CLI::Range(0.01, 0.99));
    command.add_option("--enrolment", options.enrolment, "months over which patients enter")
        ->check(CLI::NonNegativeNumber);
    command.add_option("--ramp", options.ramp, "months until enrolment has its full rate")
        ->check(CLI::NonNegativeNumber);
    command.add_option("--dropout", options.dropout, "share lost to follow-up in a year")
        ->check(CLI::Range(0.0, 0.99));
    command.add_option("--cut-off", options.cut_off, "months from first entry to the last data")
        ->check(CLI::PositiveNumber);
    command.add_option("--alpha", options.alpha, "one-sided level (0.025)")->check(CLI::Range(1e-6, 0.499));
    command.add_option("--looks", options.looks, "interim analyses: fractions of the events")
        ->delimiter(',')
        ->check(CLI::Range(0.001, 0.999));
    command.add_option("--futility", options.futility, "z at or below which each look stops")->delimiter(',');
    command.add_option("--spending", options.spending, "how the level is spent over the looks")
        ->check(CLI::IsMember({"obrien_fleming", "pocock", "lan_demets_obrien_fleming", "lan_demets_pocock",
                               "power", "gamma"}));
    command.add_option("--trials", options.n_trials, "trials to simulate (10000)")
        ->check(CLI::Range(std::size_t{1}, std::size_t{10'000'000}));
    command.add_option("--seed", options.seed, "key of the random numbers (1)");
    command.add_flag("--json", options.json, "as JSON");
}

}  // namespace

void add_design(CLI::App& app) {
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand(
        "design", "Simulate many trials of a plan: power, error, duration, interim analyses, sample size");
    add_laws(*command, *options);
    add_plan(*command, *options);
    command->callback([options] { run_design(*options); });
}

}  // namespace abscopal::cli
