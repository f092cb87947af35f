// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>
#include <cmath>

#include "base/text.hpp"
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
    if (!candidate.outcome.ok())
        fail(candidate, candidate.outcome);
    else if (!is_found)
        candidate.reason = "tumour not found by day " + to_text(diagnosis.within);
    return is_found && candidate.outcome.ok();
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
    if (has_bad_number(protocol, candidate)) return grown;

    simulation.start(initial_state(*protocol.model, settings_of(protocol, row)));
    if (!reach_diagnosis(protocol, simulation, candidate)) return grown;
    candidate.diagnosis_day = simulation.state().time / protocol.per_day;
    if (!is_plausible(protocol, simulation, candidate)) return grown;

    grown.state = simulation.state();
    for (const auto i : protocol.restart) grown.state.y[i] = grown.state.y_start[i];
    grown.weight_kg = protocol.weight.of(row, grown.state);
    grown.area_m2 = protocol.area.of(row, grown.state);
    if (!has_no_body(protocol, grown, candidate)) candidate.fate = Fate::treated;
    return grown;
}

}  // namespace abscopal
