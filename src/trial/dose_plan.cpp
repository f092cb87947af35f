// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "trial/dose_plan.hpp"

#include <algorithm>

#include "trial/dose_amount.hpp"

namespace abscopal {

DosePlan::DosePlan(const Protocol& protocol, double weight_kg, double area_m2, double start_model_time)
    : protocol_(protocol), weight_(weight_kg), area_(area_m2), start_(start_model_time) {}

void DosePlan::sort() {
    std::stable_sort(doses_.begin(), doses_.end(),
                     [](const Dose& a, const Dose& b) { return a.day < b.day; });
}

void DosePlan::add(const std::vector<DoseRow>& rows, double from, bool is_planned) {
    for (const auto& row : rows) {
        rows_.push_back(
            {row, action_of(*protocol_.trial, row, *protocol_.model, weight_, area_, protocol_.per_day)});
        for (int k = 0; k <= row.additional; ++k) {
            const double day = from + (row.time + k * row.interval);
            if (day > protocol_.trial->follow_up) break;
            doses_.push_back({day, is_planned ? day : -1.0, 1.0, rows_.size() - 1});
        }
    }
    sort();
}

void DosePlan::add_events(const std::vector<Action>& events, double from) {
    for (Action event : events) {
        event.time += model_time(from);
        events_.push_back(event);
    }
    std::stable_sort(events_.begin(), events_.end(),
                     [](const Action& a, const Action& b) { return a.time < b.time; });
}

bool DosePlan::is_of(const Dose& dose, const std::vector<std::string>& drugs) const {
    const auto& name = rows_[dose.row].row.drug;
    return drugs.empty() || std::find(drugs.begin(), drugs.end(), name) != drugs.end();
}

void DosePlan::stop(const std::vector<std::string>& drugs, double day, bool only_while_on_treatment) {
    std::erase_if(doses_, [&](const Dose& dose) {
        return dose.day >= day && is_of(dose, drugs) &&
               (!only_while_on_treatment || rows_[dose.row].row.while_on_treatment);
    });
}

void DosePlan::reduce(const std::vector<std::string>& drugs, double factor) {
    for (auto& dose : doses_)
        if (is_of(dose, drugs)) dose.factor *= factor;
}

void DosePlan::delay(std::size_t next, double days) {
    const auto& first = rows_[doses_[next].row].row;
    const double from = doses_[next].day;
    for (auto& dose : doses_) {
        const auto& row = rows_[dose.row].row;
        if (row.drug == first.drug && row.target == first.target && dose.day >= from) dose.day += days;
    }
    std::erase_if(doses_, [&](const Dose& dose) { return dose.day > protocol_.trial->follow_up; });
    sort();
}

void DosePlan::skip(std::size_t next) {
    doses_.erase(doses_.begin() + static_cast<std::ptrdiff_t>(next));
}

double DosePlan::next_after(double day) const {
    for (const auto& dose : doses_)
        if (dose.day > day) return dose.day;
    return std::numeric_limits<double>::infinity();
}

std::size_t DosePlan::due(const std::vector<std::string>& drugs, double day, std::size_t from) const {
    for (std::size_t i = from; i < doses_.size() && doses_[i].day <= day; ++i)
        if (is_of(doses_[i], drugs)) return i;
    return doses_.size();
}

std::vector<Action> DosePlan::give(double day, double until, std::vector<GivenDose>& given) {
    const double from = model_time(day), to = model_time(until);
    std::vector<Action> actions;
    std::size_t n = 0;
    for (; n < doses_.size() && model_time(doses_[n].day) < to; ++n) {
        const Dose& dose = doses_[n];
        if (model_time(dose.day) < from) continue;
        const auto& [row, first] = rows_[dose.row];
        Action action = first;
        action.time = model_time(dose.day);
        action.value *= dose.factor;
        actions.push_back(action);
        if (row.kind == ActionKind::add)
            given.push_back({dose.day, dose.planned, row.drug, row.target, row.amount * dose.factor, row.unit,
                             row.per, row.duration});
    }
    doses_.erase(doses_.begin(), doses_.begin() + static_cast<std::ptrdiff_t>(n));
    for (const auto& event : events_)
        if (event.time >= from && event.time < to) actions.push_back(event);
    std::stable_sort(actions.begin(), actions.end(),
                     [](const Action& a, const Action& b) { return a.time < b.time; });
    return actions;
}

}  // namespace abscopal
