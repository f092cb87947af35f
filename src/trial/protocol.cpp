// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "trial/protocol.hpp"

#include <algorithm>
#include <cmath>

#include "trial/dose_amount.hpp"
#include "trial/model_names.hpp"

namespace abscopal {
namespace {

/// Looks names up and notes those that are not there.
class Lookup {
  public:
    Lookup(const Model& model, FaultList& faults) : model_(model), faults_(faults) {}

    std::size_t observable(const std::string& id, const std::string& role, const Place& place = {}) {
        if (const auto found = find_observable(model_, id)) return *found;
        miss(id, role, observable_names(model_), place);
        return 0;
    }
    std::size_t state(const std::string& id, const std::string& role) {
        if (const auto found = find_state(model_, id)) return *found;
        miss(id, role, state_names(model_), {});
        return 0;
    }
    std::size_t settable(const std::string& id, const std::string& role, const Place& place = {}) {
        if (const auto found = find_settable(model_, id)) return *found;
        miss(id, role, settable_names(model_), place);
        return 0;
    }

  private:
    void miss(const std::string& id, const std::string& role, const std::vector<std::string>& known,
              const Place& place) {
        faults_.add("unknown-name", role + " '" + id + "' is not in the model" + did_you_mean(id, known),
                    place);
    }
    const Model& model_;
    FaultList& faults_;
};

PatientNumber patient_number(const std::string& id, double constant, const Protocol& protocol) {
    PatientNumber number;
    number.constant = constant;
    if (id.empty()) return number;
    const auto column = std::find(protocol.parameters.begin(), protocol.parameters.end(), id);
    if (column != protocol.parameters.end())
        number.column = static_cast<std::size_t>(column - protocol.parameters.begin());
    number.parameter = find_parameter(*protocol.model, id);
    return number;
}

bool is_known(const PatientNumber& number, const std::string& id) {
    return id.empty() || number.column || number.parameter;
}

}  // namespace

ArmSetting arm_setting(const Model& model, const SettableInfo& settable, double value) {
    ArmSetting setting{settable.slot, value, {}};
    if (settable.multiply_by == no_slot) return setting;
    const auto is_compartment = [&](const auto& info) { return info.slot == settable.multiply_by; };
    const auto compartment = std::find_if(model.observables.begin(), model.observables.end(), is_compartment);
    if (compartment != model.observables.end())
        setting.times = static_cast<std::size_t>(compartment - model.observables.begin());
    return setting;
}

namespace {

std::vector<double> grid(double every, double until) {
    std::vector<double> days;
    if (!(every > 0.0)) return {0.0};
    for (std::size_t i = 0; static_cast<double>(i) * every <= until * (1.0 + 1e-12); ++i)
        days.push_back(static_cast<double>(i) * every);
    return days;
}

/// Whether a column is known to the trial alone.
bool is_attribute(const Trial& trial, const std::string& id) {
    const auto& priors = trial.population.priors;
    return (!trial.earlier_lines.empty() && (id == lines_name || id == days_name)) ||
           std::any_of(priors.begin(), priors.end(),
                       [&](const Prior& prior) { return prior.is_attribute && prior.parameter == id; });
}

void resolve_patient(Protocol& protocol, Lookup& lookup, FaultList& faults) {
    const Trial& trial = *protocol.trial;
    protocol.weight = patient_number(trial.weight_parameter, trial.weight, protocol);
    protocol.area = patient_number(trial.area_parameter, trial.area, protocol);
    const std::string threshold = trial.diagnosis ? trial.diagnosis->threshold_parameter : "";
    protocol.threshold =
        patient_number(threshold, trial.diagnosis ? trial.diagnosis->threshold : 0.0, protocol);
    const auto need = [&](const PatientNumber& number, const std::string& id, const char* role) {
        if (!is_known(number, id))
            faults.add("unknown-name",
                       std::string(role) + " '" + id + "' is neither a prior nor in the model");
    };
    need(protocol.weight, trial.weight_parameter, "weight");
    need(protocol.area, trial.area_parameter, "area");
    need(protocol.threshold, threshold, "threshold of diagnosis");
    for (const auto& id : protocol.parameters) {
        const bool is_beside_the_model = id == trial.weight_parameter || id == trial.area_parameter ||
                                         id == threshold || is_attribute(trial, id);
        auto found = find_settable(*protocol.model, id);
        if (!found && !is_beside_the_model) found = lookup.settable(id, "prior");
        protocol.settable.push_back(found);
    }
}

std::vector<ArmSetting> arm_settings(const Protocol& protocol, const Arm& arm, Lookup& lookup) {
    std::vector<ArmSetting> settings;
    for (const auto& [id, value] : arm.settings) {
        const auto index = lookup.settable(id, "setting of arm '" + arm.name + "'", arm.place);
        if (index < protocol.model->settables.size())
            settings.push_back(arm_setting(*protocol.model, protocol.model->settables[index], value));
    }
    return settings;
}

void resolve_arms(Protocol& protocol, Lookup& lookup) {
    for (const auto& arm : protocol.trial->arms)
        protocol.arm_settings.push_back(arm_settings(protocol, arm, lookup));
    for (const auto& line : protocol.trial->earlier_lines) {
        protocol.line_settings.push_back(arm_settings(protocol, line.arm, lookup));
        protocol.line_conditions.push_back(line.when.empty() ? nullptr
                                                             : parse_condition(line.when, line.when_place));
    }
}

/// What a patient of ordinary size has where each has her own.
double typical(const PatientNumber& number, double ordinary) {
    return number.column || number.parameter ? ordinary : number.constant;
}

/// Doses are worked out once for a typical patient, so that units that do not fit are found before the run.
void try_doses(Protocol& protocol) {
    std::vector<const Arm*> all;
    for (const auto& line : protocol.trial->earlier_lines) all.push_back(&line.arm);
    for (const auto& arm : protocol.trial->arms) all.push_back(&arm);
    for (const auto* given : all) {
        const Arm& arm = *given;
        static_cast<void>(actions_for(*protocol.trial, arm, *protocol.model, typical(protocol.weight, 70.0),
                                      typical(protocol.area, 1.8), 0.0));
        for (const auto& row : arm.regimen.rows) {
            protocol.needs_weight |= row.per == DosePer::kilogram;
            protocol.needs_area |= row.per == DosePer::square_metre;
        }
    }
}

}  // namespace

double PatientNumber::of(const std::vector<double>& row, const State& state) const {
    if (column) return row[*column];
    return parameter ? state.p[*parameter] : constant;
}

Protocol resolve(const Trial& trial, std::shared_ptr<const Model> model) {
    FaultList faults;
    Protocol protocol;
    protocol.trial = &trial;
    protocol.model = std::move(model);
    if (const auto per_day = model_time_per_day(*protocol.model))
        protocol.per_day = *per_day;
    else
        faults.add("time-unit", "the model's time unit '" + protocol.model->time_unit + "' is not a time",
                   {trial.model_path});
    protocol.parameters = patient_columns(trial);
    protocol.record_days = grid(trial.record_every, trial.follow_up);

    protocol.row_names = row_names(trial.population);
    protocol.selection = Selection(trial, *protocol.model);

    Lookup lookup(*protocol.model, faults);
    for (const auto& [id, value] : trial.settings)
        protocol.settings.emplace_back(lookup.settable(id, "setting"), value);
    resolve_patient(protocol, lookup, faults);
    resolve_arms(protocol, lookup);
    if (trial.diagnosis) {
        protocol.diagnosis = lookup.observable(trial.diagnosis->observable, "observable of diagnosis");
        for (const auto& id : trial.diagnosis->restart)
            protocol.restart.push_back(lookup.state(id, "species to restart"));
    }
    for (const auto& bound : trial.bounds)
        protocol.bounds.push_back(
            lookup.observable(bound.observable, "observable of bound '" + bound.name + "'", bound.place));
    if (trial.lesions.empty() && std::ranges::none_of(trial.toxicities, &Toxicity::is_outcome))
        faults.add("missing-key", "the trial has neither a lesion to measure nor an outcome to count");
    protocol.clinic = resolve_clinic(protocol, faults);
    for (const auto& watched : trial.watched)
        protocol.watched.push_back(lookup.observable(watched.id, "watched observable"));
    faults.throw_if_any();
    try_doses(protocol);
    return protocol;
}

}  // namespace abscopal
