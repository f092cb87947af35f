// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>
#include <array>

#include "trial/model_names.hpp"
#include "trial/protocol.hpp"

namespace abscopal {
namespace {

bool contains(const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

/// Looks up what a trial's clinic names.
class ClinicLookup {
  public:
    ClinicLookup(const Protocol& protocol, FaultList& faults)
        : protocol_(protocol), trial_(*protocol.trial), model_(*protocol.model), faults_(faults) {}

    Clinic run() {
        for (const auto& lesion : trial_.lesions) add(lesion);
        if (trial_.death) add(*trial_.death);
        for (const auto& toxicity : trial_.toxicities) add(toxicity);
        for (const auto& rule : trial_.rules) add(rule);
        clinic_.looks_at_doses = std::any_of(trial_.rules.begin(), trial_.rules.end(), [](const auto& rule) {
            return rule.when == When::adverse_event || rule.when == When::observable ||
                   rule.when == When::off_treatment;
        });
        return std::move(clinic_);
    }

  private:
    void miss(const std::string& id, const std::string& what, const Place& place) {
        faults_.add("unknown-name", what + did_you_mean(id, observable_names(model_)), place);
    }

    std::size_t observable(const std::string& id, const std::string& role, const Place& place) {
        if (const auto found = find_observable(model_, id)) return *found;
        miss(id, role + " '" + id + "' is not in the model", place);
        return 0;
    }
    std::optional<std::size_t> observable_if(const std::string& id, const char* role, const Place& place) {
        return id.empty() ? std::nullopt : std::optional(observable(id, role, place));
    }

    ClinicNumber number(const std::string& id, double constant, const Place& place) {
        ClinicNumber number{{}, {}, constant};
        if (id.empty()) return number;
        const auto& columns = protocol_.parameters;
        const auto column = std::find(columns.begin(), columns.end(), id);
        if (column != columns.end())
            number.column = static_cast<std::size_t>(column - columns.begin());
        else if (const auto found = find_observable(model_, id))
            number.observable = *found;
        else
            miss(id, "'" + id + "' is neither a number of the patient nor in the model", place);
        return number;
    }

    void add(const Lesion& lesion) {
        clinic_.lesions.push_back({observable(lesion.observable, "lesion", lesion.place),
                                   number(lesion.presence, 1.0, lesion.place),
                                   number(lesion.organ_attribute, 0.0, lesion.place),
                                   number(lesion.node_attribute, 0.0, lesion.place)});
    }

    void add(const Death& death) {
        constexpr std::array<std::string_view, 5> dynamics{"burden", "relative_burden", "growth_rate",
                                                           "new_lesions", "age"};
        clinic_.hazard = observable_if(death.hazard, "hazard of death", death.place);
        clinic_.cumulative_hazard = observable_if(death.cumulative, "hazard of death", death.place);
        clinic_.age = number(death.age_attribute, death.age, death.place);
        clinic_.male = number(death.male_attribute, death.male, death.place);
        for (const auto& term : death.terms) {
            const bool is_dynamic =
                std::find(dynamics.begin(), dynamics.end(), term.covariate) != dynamics.end();
            clinic_.terms.push_back(number(is_dynamic ? std::string() : term.covariate, 0.0, term.place));
        }
    }

    void add(const Toxicity& t) {
        clinic_.toxicities.push_back(
            {observable_if(t.intensity, "intensity", t.place),
             observable_if(t.cumulative, "intensity", t.place), observable_if(t.measure, "measure", t.place),
             observable_if(t.severity, "severity", t.place), number(t.frailty, 1.0, t.place)});
    }

    void add(const TreatmentRule& rule) {
        Clinic::OfRule found;
        found.observable = observable_if(rule.observable, "observable of a rule", rule.place);
        for (std::size_t i = 0; i < trial_.arms.size(); ++i) {
            const auto& name = trial_.arms[i].name;
            if (name == rule.arm) found.arm = i;
            found.holds_in.push_back(rule.arms.empty() || contains(rule.arms, name));
        }
        for (const auto& t : trial_.toxicities) {
            const bool is_term =
                (rule.terms.empty() && !t.is_outcome) || contains(rule.terms, t.name) ||
                contains(rule.terms, t.term);
            found.concerns.push_back(is_term &&
                                     (rule.organ_class.empty() || rule.organ_class == t.organ_class));
        }
        for (const auto& [id, value] : rule.settings)
            if (const auto index = find_settable(model_, id)) {
                const auto made = arm_setting(model_, model_.settables[*index], value);
                found.settings.push_back({made.target, made.value, made.times, find_observable(model_, id)});
            } else {
                miss(id, "setting of rule '" + rule.name + "', '" + id + "', is not in the model",
                     rule.place);
            }
        clinic_.rules.push_back(std::move(found));
    }

    const Protocol& protocol_;
    const Trial& trial_;
    const Model& model_;
    FaultList& faults_;
    Clinic clinic_;
};

}  // namespace

Clinic resolve_clinic(const Protocol& protocol, FaultList& faults) {
    return ClinicLookup(protocol, faults).run();
}

}  // namespace abscopal
