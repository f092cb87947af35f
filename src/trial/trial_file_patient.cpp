// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>

#include "base/text.hpp"
#include "trial/measured.hpp"
#include "trial/row_formulas.hpp"
#include "trial/selection.hpp"
#include "trial/trial_reader.hpp"

namespace abscopal {
namespace {

/// Index of the watched observable of a step, which is watched from now on.
std::size_t watched_of(TrialReading& reading, const ObservableInfo& info, const std::string& label) {
    auto& watched = reading.trial.watched;
    const auto found =
        std::find_if(watched.begin(), watched.end(), [&](const auto& w) { return w.id == info.id; });
    if (found != watched.end()) return static_cast<std::size_t>(found - watched.begin());
    watched.push_back({info.id, label, reading.units.readable(info.unit), 1.0, false});
    return watched.size() - 1;
}

void read_step(TrialReading& reading, const TomlValue& table) {
    const auto* observable = member(&table, "observable");
    const auto index = observable ? observable_named(reading, *observable) : std::nullopt;
    if (!index) return;
    CycleStep step;
    step.name = text_member(&table, "name").value_or("");
    step.label = text_member(&table, "label").value_or(step.name);
    step.watched = watched_of(reading, reading.model.observables[*index], step.name);
    const auto days = [&](std::string_view key, double otherwise) {
        const auto* value = member(&table, key);
        return value ? days_in(*value).value_or(otherwise) : otherwise;
    };
    step.from = days("from", 0.0);
    step.until = days("until", std::min(84.0, reading.trial.follow_up));
    step.threshold = number_member(&table, "threshold");
    if (!(step.from >= 0 && step.from < step.until))
        reading.faults.add("empty-range", "'from' must be less than 'until' in [[step]]", table.place);
    reading.trial.steps.push_back(std::move(step));
}

bool is_discrete(const Trial& trial, const std::string& column) {
    return std::any_of(
        trial.population.priors.begin(), trial.population.priors.end(), [&](const Prior& prior) {
            return prior.parameter == column &&
                   (prior.law == Law::bernoulli || prior.law == Law::categorical ||
                    prior.law == Law::poisson || prior.law == Law::expression || prior.is_drawn);
        });
}

void read_measured(TrialReading& reading, const TomlValue& table) {
    const auto* name = member(&table, "name");
    if (!name || name->kind != TomlValue::Kind::text) return;
    const auto columns = patient_columns(reading.trial);
    if (std::find(columns.begin(), columns.end(), name->text) == columns.end()) {
        reading.faults.add("unknown-name",
                           "'" + name->text + "' is neither sampled nor computed in this population" +
                               did_you_mean(name->text, columns),
                           name->place);
        return;
    }
    Measured measured{name->text, number_member(&table, "value").value_or(0.0),
                      number_member(&table, "sd").value_or(0.0), number_member(&table, "cv").value_or(0.0),
                      name->place};
    only_member(table, {"sd", "cv"}, reading.faults);
    if (!(measured.sd > 0) && !(measured.cv > 0) && !is_discrete(reading.trial, measured.column))
        reading.faults.add("missing-key",
                           "'sd' or 'cv' of the measurement of '" + measured.column + "' is missing",
                           table.place);
    reading.trial.measured.push_back(std::move(measured));
}

}  // namespace

void read_steps(TrialReading& reading) {
    for (const auto* table : table_members(&reading.root, "step")) read_step(reading, *table);
}

void read_patient(TrialReading& reading) {
    const auto* table = member(&reading.root, "patient");
    if (!table) return;
    for (const auto* one : table_members(table, "measured")) read_measured(reading, *one);
    if (!reading.faults.empty()) return;
    Trial& trial = reading.trial;
    const auto n = static_cast<std::size_t>(number_member(table, "candidates").value_or(4000.0));
    const auto candidates = sample(trial.population, trial.seed, 0, n, n);
    auto twins = twins_of(trial.measured, candidates, trial.seed, trial.max_draws);
    if (twins.cohort.rows.empty()) {
        reading.faults.add(
            "nobody-alike",
            "none of " + std::to_string(candidates.rows.size()) + " candidates is like this patient",
            table->place, {"give larger errors (sd, cv) or more candidates"});
        return;
    }
    trial.likeness = twins.effective_size;
    trial.population.draws = std::move(twins.cohort);
    trial.population.correlations.clear();
    for (auto& prior : trial.population.priors) prior.is_drawn = !prior.at_baseline;
}

}  // namespace abscopal
