// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>
#include <cmath>
#include <limits>

#include "base/text.hpp"
#include "trial/measured.hpp"
#include "trial/patient.hpp"

namespace abscopal {
namespace {

/// Settings of every patient with those of her row over them.
std::vector<std::pair<std::size_t, double>> settings_of(const Protocol& protocol,
                                                        const std::vector<double>& row) {
    auto settings = protocol.settings;
    for (std::size_t i = 0; i < row.size(); ++i) {
        if (!protocol.settable[i]) continue;
        std::erase_if(settings, [&](const auto& setting) { return setting.first == *protocol.settable[i]; });
        settings.emplace_back(*protocol.settable[i], row[i]);
    }
    return settings;
}

void fail(Candidate& candidate, Outcome outcome) {
    candidate.fate = Fate::failed;
    candidate.reason = name_of(outcome.status);
    candidate.outcome = std::move(outcome);
}

/// A number that cannot be simulated.
void fail_for(Candidate& candidate, const std::string& parameter) {
    Outcome outcome;
    outcome.status = Status::bad_parameter;
    outcome.worst = parameter;
    fail(candidate, std::move(outcome));
}

bool has_bad_number(const Protocol& protocol, Candidate& candidate) {
    const auto& row = candidate.parameters;
    const auto bad = std::find_if(row.begin(), row.end(), [](double value) { return !std::isfinite(value); });
    if (bad == row.end()) return false;
    fail_for(candidate, protocol.parameters[static_cast<std::size_t>(bad - row.begin())]);
    return true;
}

bool is_size(double value) {
    return std::isfinite(value) && value > 0.0;
}

/// Doses by body size need a body.
bool has_no_body(const Protocol& protocol, const Grown& grown, Candidate& candidate) {
    const bool no_weight = protocol.needs_weight && !is_size(grown.weight_kg);
    if (!no_weight && !(protocol.needs_area && !is_size(grown.area_m2))) return false;
    fail_for(candidate, no_weight ? protocol.trial->weight_parameter : protocol.trial->area_parameter);
    return true;
}

/// Advances to the day on which the tumour is found; false: it is not, or the solver failed.
bool reach_diagnosis(const Protocol& protocol, Simulation& simulation, Candidate& candidate) {
    if (!protocol.trial->diagnosis) return true;
    const auto& diagnosis = *protocol.trial->diagnosis;
    const double level = protocol.threshold.of(candidate.parameters, simulation.state());
    if (simulation.value(protocol.diagnosis) >= level) return true;
    bool is_found = false;
    candidate.outcome = simulation.advance_to_crossing(diagnosis.within * protocol.per_day,
                                                       protocol.diagnosis, level, is_found);
    candidate.outcome.time /= protocol.per_day;
    candidate.outcome.step /= protocol.per_day;
    if (!candidate.outcome.ok())
        fail(candidate, candidate.outcome);
    else if (!is_found)
        candidate.reason = "tumour not found by day " + to_text(diagnosis.within);
    return is_found && candidate.outcome.ok();
}

const std::string not_eligible = "not eligible: ";

void refuse(Candidate& candidate, std::string reason) {
    candidate.fate = Fate::ineligible;
    candidate.reason = std::move(reason);
}

/// Diagnosis: what starts again then does.
void settle(const Protocol& protocol, Simulation& simulation, Grown& grown) {
    grown.state = simulation.state();
    for (const auto i : protocol.restart) grown.state.y[i] = grown.state.y_start[i];
    if (!protocol.restart.empty()) simulation.start(grown.state);
    grown.weight_kg = protocol.weight.of(grown.candidate.parameters, grown.state);
    grown.area_m2 = protocol.area.of(grown.candidate.parameters, grown.state);
}

/// Earlier lines, in order; false: they failed, or their end makes her no patient of the trial.
bool live_before_trial(const Protocol& protocol, Simulation& simulation, Grown& grown,
                       const std::vector<double>& row, std::size_t& n_lines) {
    for (std::size_t i = 0; i < protocol.line_conditions.size(); ++i) {
        const auto& when = protocol.line_conditions[i];
        if (when && protocol.row_names.evaluate(when, row) == 0.0) continue;
        auto end = live_through(protocol, simulation, i, grown);
        if (!end.outcome.ok())
            fail(grown.candidate, end.outcome);
        else if (!end.refused.empty())
            refuse(grown.candidate, end.refused);
        if (!end.outcome.ok() || !end.refused.empty()) return false;
        ++n_lines;
    }
    return true;
}

bool is_plausible(const Protocol& protocol, const Simulation& simulation, Candidate& candidate) {
    for (std::size_t i = 0; i < protocol.bounds.size(); ++i) {
        const auto& bound = protocol.trial->bounds[i];
        const double value = simulation.value(protocol.bounds[i]);
        if (value >= bound.lower && value <= bound.upper) continue;
        candidate.reason = bound.name + (value > bound.upper   ? " too high"
                                         : value < bound.lower ? " too low"
                                                               : " not a number");
        return false;
    }
    return true;
}

}  // namespace

Grown grow(const Protocol& protocol, Simulation& simulation, std::size_t index,
           const std::vector<double>& row, double weight) {
    Grown grown;
    auto& candidate = grown.candidate;
    candidate.index = index;
    candidate.parameters = row;
    candidate.weight = weight;
    const bool is_bad = has_bad_number(protocol, candidate);
    candidate.parameters.resize(protocol.parameters.size(), std::numeric_limits<double>::quiet_NaN());
    if (is_bad) return grown;
    if (const auto refused = protocol.selection.refused_by_row(row); !refused.empty()) {
        refuse(candidate, not_eligible + refused);
        return grown;
    }

    simulation.start(initial_state(*protocol.model, settings_of(protocol, row)));
    if (!reach_diagnosis(protocol, simulation, candidate)) return grown;
    candidate.diagnosis_day = simulation.state().time / protocol.per_day;
    if (!is_plausible(protocol, simulation, candidate)) return grown;

    settle(protocol, simulation, grown);
    if (has_no_body(protocol, grown, candidate)) return grown;
    std::size_t n_lines = 0;
    if (!live_before_trial(protocol, simulation, grown, row, n_lines)) return grown;

    grown.state = simulation.state();
    const double days = grown.state.time / protocol.per_day - candidate.diagnosis_day;
    auto baseline = protocol.selection.at_baseline(row, simulation, n_lines, days);
    candidate.parameters = std::move(baseline.columns);
    if (const auto unlike = unlike_at_baseline(*protocol.trial, protocol.parameters, candidate);
        !unlike.empty())
        refuse(candidate, "unlike the patient: " + unlike);
    else if (!baseline.refused.empty())
        refuse(candidate, not_eligible + baseline.refused);
    else
        candidate.fate = Fate::treated;
    return grown;
}

}  // namespace abscopal
