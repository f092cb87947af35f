// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "simulation/time_course.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "abscopal/ensemble.hpp"
#include "abscopal/simulation.hpp"
#include "base/csv.hpp"
#include "base/text.hpp"

namespace abscopal {
namespace {

double read(const Simulation& simulation, const Column& column) {
    switch (column.quantity) {
        case Column::Quantity::amount:
            return simulation.amount(column.observable);
        case Column::Quantity::concentration:
            return simulation.concentration(column.observable);
        case Column::Quantity::value:
            break;
    }
    return simulation.value(column.observable);
}

// Steps of a model that switches stay well below the length of the course: a very long step could pass a
// pulse unseen.
Numerics with_step_limit(const Model& model, Numerics numerics, double length) {
    constexpr double parts = 100.0;
    if (model.roots.outputs.empty() && model.events.empty()) return numerics;
    if (length > 0.0) numerics.max_step = std::min(numerics.max_step, length / parts);
    return numerics;
}

bool is_constant(const Model& model, const ObservableInfo& observable) {
    return std::ranges::any_of(model.parameters, [&](const ParameterInfo& parameter) {
        return parameter.slot == observable.slot && parameter.is_constant;
    });
}

TimeCourse follow(Simulation& simulation, const TimeCourseRequest& request) {
    TimeCourse course;
    simulation.start(initial_state(simulation.model(), request.settings, request.from), request.actions);
    for (const double time : request.times) {
        Outcome outcome = simulation.advance(time);
        outcome.steps += course.outcome.steps;
        outcome.rejected += course.outcome.rejected;
        outcome.rhs_calls += course.outcome.rhs_calls;
        outcome.events += course.outcome.events;
        course.outcome = outcome;
        if (!outcome.ok()) break;
        course.times.push_back(request.labels.empty() ? time : request.labels[course.times.size()]);
        auto& row = course.rows.emplace_back();
        for (const auto& column : request.columns) row.push_back(read(simulation, column));
        if (request.progress) request.progress(time);
    }
    return course;
}

}  // namespace

TimeCourse run_time_course(std::shared_ptr<const Model> model, const TimeCourseRequest& request) {
    if (request.stochastic) {
        Simulation simulation(std::move(model), *request.stochastic);
        return follow(simulation, request);
    }
    const double end = request.times.empty() ? request.from : request.times.back();
    Numerics numerics = with_step_limit(*model, request.numerics, end - request.from);
    if (!request.in_lanes) {
        Simulation simulation(std::move(model), std::move(numerics));
        return follow(simulation, request);
    }
    numerics.method = Method::rosenbrock;
    EnsembleOptions options;
    options.threads = 1;
    options.interpret = true;  // for one patient sooner done than machine code is made
    TimeCourse course;
    Ensemble(std::move(model), std::move(numerics), options).run(1, [&](std::size_t, Simulation& simulation) {
        course = follow(simulation, request);
    });
    return course;
}

std::vector<double> even_times(double from, double until, std::size_t n) {
    assert(n >= 2);
    std::vector<double> times;
    const double intervals = static_cast<double>(n - 1);
    for (std::size_t i = 0; i + 1 < n; ++i)
        times.push_back(from + (until - from) * static_cast<double>(i) / intervals);
    times.push_back(until);
    return times;
}

std::vector<Column> default_columns(const Model& model, bool reactions) {
    std::vector<Column> columns;
    const std::size_t n = model.sensitivities ? model.sensitivities->n_observables : model.observables.size();
    for (std::size_t i = 0; i < n; ++i) {
        const auto& observable = model.observables[i];
        using Kind = ObservableInfo::Kind;
        const bool always = observable.kind == Kind::compartment || observable.kind == Kind::species;
        const bool wanted =
            observable.kind == Kind::reaction ? reactions : always || !is_constant(model, observable);
        if (wanted) columns.push_back({i, Column::Quantity::value});
    }
    return columns;
}

void add_sensitivities(const Model& model, TimeCourseRequest& request) {
    const SensitivityInfo& info = *model.sensitivities;
    const std::vector<Column> columns = request.columns;
    for (std::size_t k = 0; k < info.by.size(); ++k)
        for (const Column& column : columns)
            if (column.observable < info.n_observables)
                request.columns.push_back({info.observable(column.observable, k), column.quantity});
    if (!request.numerics.absolute_tolerance) return;
    const State start = initial_state(model, request.settings, request.from);
    request.numerics.per_state.assign(info.n_states, *request.numerics.absolute_tolerance);
    for (const std::string& id : info.by) {
        const auto parameter = find_parameter(model, id);
        const double size = parameter ? std::fabs(start.p[*parameter]) : 0.0;
        request.numerics.per_state.insert(request.numerics.per_state.end(), info.n_states,
                                          *request.numerics.absolute_tolerance / (size > 0.0 ? size : 1.0));
    }
}

std::string to_csv(const Model& model, const std::vector<Column>& columns, const TimeCourse& course) {
    std::string text = "time";
    for (const auto& column : columns) text += "," + csv_cell(model.observables[column.observable].id);
    text += "\n";
    for (std::size_t row = 0; row < course.rows.size(); ++row) {
        text += to_text(course.times[row]);
        for (const double value : course.rows[row]) text += "," + to_text(value);
        text += "\n";
    }
    return text;
}

}  // namespace abscopal
