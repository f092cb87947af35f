// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <unistd.h>

#include <CLI/App.hpp>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <memory>

#include "abscopal/spec.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "commands.hpp"
#include "simulation/replicates.hpp"
#include "simulation/time_course.hpp"
#include "simulation/written.hpp"
#include "trial/event_table.hpp"

namespace abscopal::cli {
namespace {

constexpr std::size_t most_points = 10'000'000;

struct Options {
    std::string model, out, units = "ignore", method = "cvode";
    double from = 0.0, until = 0.0, rtol = 1e-8;
    std::optional<double> atol;
    std::size_t points = 101;
    std::vector<double> at;
    std::vector<std::string> settings, doses, select, off, sensitivities;
    std::string events, covariates = "locf";
    std::optional<long long> id;
    int recsort = 0;
    bool reactions = false;
    Stochastic stochastic;
    std::size_t replicates = 1;
    unsigned threads = 1;
    bool is_stochastic() const { return method == "ssa" || method == "tau-leaping"; }
};

/// On a terminal: how far a long run is, at most five times a second.
class ProgressLine {
  public:
    ProgressLine(double from, double until) : from_(from), until_(until) {}
    ~ProgressLine() {
        if (shown_) std::fputs("\r\033[K", stderr);
    }
    ProgressLine(const ProgressLine&) = delete;
    ProgressLine& operator=(const ProgressLine&) = delete;

    void show(double time) {
        const auto now = std::chrono::steady_clock::now();
        if (!is_terminal_ || now - last_ < std::chrono::milliseconds(200)) return;
        last_ = now;
        shown_ = true;
        std::fprintf(stderr, "\r%3.0f %%", 100.0 * (time - from_) / (until_ - from_));
    }

  private:
    double from_, until_;
    bool is_terminal_ = isatty(STDERR_FILENO) != 0, shown_ = false;
    std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

bool takes_times_from_events(const Options& options) {
    return !options.events.empty() && options.at.empty() && !(options.until > options.from);
}

/// Both lists by time; the first list's come first at one time.
std::vector<Action> merged(std::vector<Action> first, const std::vector<Action>& second) {
    first.insert(first.end(), second.begin(), second.end());
    std::stable_sort(first.begin(), first.end(),
                     [](const Action& a, const Action& b) { return a.time < b.time; });
    return first;
}

std::shared_ptr<const Model> load(const Options& options) {
    const Spec spec = switch_off(read_spec(options.model), options.off);
    return compile(options.units == "convert" ? convert_units(spec) : spec, options.sensitivities);
}

/// Doses, covariates and, unless a grid is asked for, the times of the rows from an event table.
void add_events(const Options& options, const Model& model, TimeCourseRequest& request) {
    EventTableOptions how;
    how.carry = options.covariates == "nocb" ? CovariateCarry::nocb : CovariateCarry::locf;
    how.recsort = options.recsort;
    for (const auto& [index, value] : request.settings)
        how.settings.emplace_back(model.settables[index].id, value);
    const EventTable table = read_event_table(options.events, model, how);
    const EventSubject& subject = subject_of(table, options.id, options.events);
    request.actions = merged(std::move(request.actions), subject.actions);
    for (const auto& [id, value] : subject.initial)
        request.settings.emplace_back(*find_settable(model, id), value);
    if (!takes_times_from_events(options)) return;
    for (const auto& observation : subject.observations) {
        request.times.push_back(observation.look_at);
        request.labels.push_back(observation.time);
    }
    if (request.times.empty()) {
        throw InputError({"no-observations",
                          "event table has no observations of this ID",
                          {options.events},
                          {"say --until or --at"}});
    }
}

template <class Parse>
void collect(FaultList& faults, const Parse& parse) {
    try {
        parse();
    } catch (const InputError& error) {
        for (const auto& fault : error.faults())
            faults.add(fault.code, fault.message, fault.place, fault.notes);
    }
}

TimeCourseRequest request_of(const Options& options, const Model& model) {
    TimeCourseRequest request;
    request.from = options.from;
    if (!takes_times_from_events(options))
        request.times =
            options.at.empty() ? even_times(options.from, options.until, options.points) : options.at;
    // Faults of all options are told at once.
    FaultList faults;
    collect(faults, [&] { request.settings = parse_settings(model, options.settings); });
    collect(faults, [&] { request.actions = parse_doses(model, options.doses); });
    collect(faults, [&] {
        for (const auto i : parse_selection(model, options.select)) request.columns.push_back({i, {}});
    });
    for (const auto& action : request.actions)
        if (action.time < options.from)
            faults.add("dose-before-start", "a dose at " + to_text(action.time) + " lies before --from (" +
                                                to_text(options.from) + ")");
    faults.throw_if_any();
    request.in_lanes = options.method == "rosenbrock";
    request.numerics.relative_tolerance = options.rtol;
    request.numerics.absolute_tolerance = options.atol;
    if (!options.events.empty()) add_events(options, model, request);
    if (options.select.empty()) request.columns = default_columns(model, options.reactions);
    if (model.sensitivities) add_sensitivities(model, request);
    return request;
}

void report_failure(const Outcome& outcome) {
    std::fprintf(stderr, "integration failed at time %s: %s%s%s\n", to_text(outcome.time).c_str(),
                 std::string(name_of(outcome.status)).c_str(), outcome.worst.empty() ? "" : " in ",
                 outcome.worst.c_str());
}

// A course that broke off takes no file's place.
void write_table(const Options& options, const std::string& csv, const Outcome& outcome) {
    if (options.out.empty())
        std::fwrite(csv.data(), 1, csv.size(), stdout);
    else if (outcome.ok())
        write_file(options.out, csv);
    if (outcome.ok()) return;
    report_failure(outcome);
    throw ExitWith{Exit::too_many_failed};
}

void simulate(const Options& options) {
    const auto model = load(options);
    TimeCourseRequest request = request_of(options, *model);
    ProgressLine progress(options.from, options.until);
    request.progress = [&progress](double time) { progress.show(time); };
    if (options.is_stochastic()) request.stochastic = options.stochastic;
    if (options.is_stochastic() && options.method == "tau-leaping")
        request.stochastic->method = Stochastic::Method::tau_leaping;
    if (options.replicates > 1) {
        const Replicates all =
            run_replicates(model, request, *request.stochastic, options.replicates, options.threads);
        return write_table(options, to_csv(*model, request.columns, all), all.outcome);
    }
    const TimeCourse course = run_time_course(model, request);
    write_table(options, to_csv(*model, request.columns, course), course.outcome);
}

void check(const Options& options) {
    FaultList faults;
    if (options.method != "cvode" && options.method != "rosenbrock" && !options.is_stochastic())
        faults.add("unknown-method", "unknown method '" + options.method + "'", {},
                   {"allowed: cvode (BDF with sparse Newton), rosenbrock (the ensemble's), ssa (every "
                    "firing), tau-leaping (many at a time)"});
    if (options.replicates < 1 || (options.replicates > 1 && !options.is_stochastic()))
        faults.add("bad-replicates", "--replicates counts courses of --method ssa or tau-leaping");
    if (!(options.stochastic.accuracy > 0.0 && options.stochastic.accuracy < 1.0))
        faults.add("bad-tolerance", "--epsilon must lie between 0 and 1");
    if (options.units != "ignore" && options.units != "convert")
        faults.add("unknown-policy", "--units is '" + options.units + "'", {}, {"allowed: ignore, convert"});
    if (!(options.until > options.from) && options.at.empty() && options.events.empty())
        faults.add("bad-time", "--until must lie after --from (" + to_text(options.from) + ")");
    for (const double time : {options.from, options.until})
        if (!std::isfinite(time)) faults.add("bad-time", "--from and --until must be finite");
    if (options.covariates != "locf" && options.covariates != "nocb")
        faults.add("unknown-carry", "--covariates is '" + options.covariates + "'", {},
                   {"allowed: locf, nocb"});
    if (options.recsort < 0 || options.recsort > 4) faults.add("bad-recsort", "--recsort goes from 0 to 4");
    if (options.points < 2 || options.points > most_points)
        faults.add("bad-points", "--points counts both ends: from 2 to " + std::to_string(most_points));
    if (!(options.rtol > 0.0 && options.rtol < 1.0))
        faults.add("bad-tolerance", "--rtol must lie between 0 and 1");
    if (options.atol && !(*options.atol >= 0.0)) faults.add("bad-tolerance", "--atol must not be negative");
    for (std::size_t i = 0; i < options.at.size(); ++i)
        if (!(options.at[i] >= (i ? options.at[i - 1] : options.from)) || !std::isfinite(options.at[i]))
            faults.add("bad-time", "--at must ascend from --from (" + to_text(options.from) + ")");
    faults.throw_if_any();
}

}  // namespace

void add_simulate(CLI::App& app) {
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand("simulate", "Run one model once and write its course as CSV");
    command->add_option("MODEL", options->model, "SBML or Antimony file")->required();
    command->add_option("--until", options->until, "last time, in the model's time unit");
    command->add_option("--from", options->from, "first time")->capture_default_str();
    command->add_option("--points", options->points, "rows, evenly spaced, both ends included")
        ->capture_default_str();
    command->add_option("--at", options->at, "times of the rows instead of --points, separated by commas")
        ->delimiter(',');
    command->add_option("--set", options->settings, "id=value before the start; repeat for more")->take_all();
    command
        ->add_option("--dose", options->doses,
                     "'species amount [over duration] at time [every interval times n]', separated by commas")
        ->take_all();
    command->add_option(
        "--events", options->events,
        "NONMEM-style event table (CSV); without --until and --at, rows are its observations");
    command->add_option("--id", options->id, "ID of the event table to run, where it holds several");
    command
        ->add_option("--covariates", options->covariates,
                     "between rows of the event table, columns named like parameters hold the last value "
                     "(locf) or the next (nocb)")
        ->capture_default_str();
    command
        ->add_option("--recsort", options->recsort,
                     "order at one time: 0 dose before observation; 1 to 4 as mrgsolve")
        ->capture_default_str();
    command->add_option("--off", options->off, "reactions to switch off, separated by commas")
        ->delimiter(',');
    command->add_option("--rtol", options->rtol, "relative tolerance")->capture_default_str();
    command->add_option(
        "--atol", options->atol,
        "absolute tolerance of every state; by default each is measured against its largest value so far");
    command
        ->add_option("--units", options->units,
                     "convert: rescale to the declared units as SimBiology does; ignore: as SBML")
        ->capture_default_str();
    command->add_option("--method", options->method, "cvode, rosenbrock; by single firings: ssa, tau-leaping")
        ->capture_default_str();
    command->add_option("--seed", options->stochastic.seed, "of ssa and tau-leaping")->capture_default_str();
    command
        ->add_option("--replicates", options->replicates,
                     "stochastic courses; with more than one, columns are id-mean and id-sd")
        ->capture_default_str();
    command->add_option("--epsilon", options->stochastic.accuracy, "accuracy of a leap")
        ->capture_default_str();
    command->add_option("--threads", options->threads, "of replicates; changes no number")
        ->capture_default_str();
    command->add_option("--select", options->select, "columns, separated by commas")->delimiter(',');
    command
        ->add_option("--sensitivities", options->sensitivities,
                     "parameters by which every column is differentiated too, separated by commas: columns "
                     "d(column)/d(parameter)")
        ->delimiter(',');
    command->add_flag("--reactions", options->reactions, "add the rates of reactions to the columns");
    command->add_option("--out", options->out, "CSV file to write (default: standard output)");
    command->callback([options] {
        check(*options);
        simulate(*options);
    });
}

}  // namespace abscopal::cli
