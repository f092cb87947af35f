// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>
#include <cmath>

#include "abscopal/trial.hpp"
#include "trial/dose_amount.hpp"

namespace abscopal {
namespace {

const Drug* drug_of(const Trial& trial, const std::string& name) {
    const auto drug =
        std::find_if(trial.drugs.begin(), trial.drugs.end(), [&](const Drug& d) { return d.name == name; });
    return name.empty() || drug == trial.drugs.end() ? nullptr : &*drug;
}

double body_size(DosePer per, double weight_kg, double area_m2) {
    if (per == DosePer::kilogram) return weight_kg;
    return per == DosePer::square_metre ? area_m2 : 1.0;
}

Fault size_fault(const DoseRow& row) {
    const bool weight = row.per == DosePer::kilogram;
    return {"body-size",
            std::string("dose per ") + (weight ? "kg" : "m²") + " needs a positive body " +
                (weight ? "weight" : "surface area"),
            row.place,
            {}};
}

}  // namespace

std::vector<Action> actions_for(const Trial& trial, const Arm& arm, const Model& model, double weight_kg,
                                double area_m2, double start_model_time) {
    return actions_until(trial, arm, model, weight_kg, area_m2, start_model_time, trial.follow_up);
}

Action action_of(const Trial& trial, const DoseRow& row, const Model& model, double weight_kg, double area_m2,
                 double per_day) {
    auto target = dose_target(row, drug_of(trial, row.drug), model);
    const double size = body_size(row.per, weight_kg, area_m2);
    if (auto* wrong = std::get_if<Fault>(&target)) throw InputError(std::move(*wrong));
    if (!(size > 0) || !std::isfinite(size)) throw InputError(size_fault(row));
    const auto& [slot, factor] = std::get<DoseTarget>(target);
    const ActionKind kind = row.kind == ActionKind::add && row.duration > 0 ? ActionKind::infuse : row.kind;
    const double written = row.amount * size;
    const double amount = row.max_amount > 0 ? std::min(written, row.max_amount) : written;
    return {row.time * per_day, kind, slot, amount * factor, row.duration * per_day};
}

std::vector<Action> actions_until(const Trial& trial, const Arm& arm, const Model& model, double weight_kg,
                                  double area_m2, double start_model_time, double until_day) {
    FaultList faults;
    const auto per_day = model_time_per_day(model);
    if (!per_day)
        faults.add("time-unit", "the model's time unit '" + model.time_unit + "' is not a time",
                   {trial.model_path});
    faults.throw_if_any();

    std::vector<Action> actions;
    for (const auto& row : arm.regimen.expanded(until_day).rows) {
        Action action = action_of(trial, row, model, weight_kg, area_m2, *per_day);
        action.time += start_model_time;
        actions.push_back(action);
    }
    for (Action event : arm.events) {
        event.time += start_model_time;
        actions.push_back(event);
    }
    std::stable_sort(actions.begin(), actions.end(),
                     [](const Action& a, const Action& b) { return a.time < b.time; });
    return actions;
}

}  // namespace abscopal
