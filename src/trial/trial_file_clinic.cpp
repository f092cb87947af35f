// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>
#include <array>
#include <numeric>

#include "base/text.hpp"
#include "base/units.hpp"
#include "trial/model_names.hpp"
#include "trial/trial_reader.hpp"

namespace abscopal {
namespace {

using Kind = TomlValue::Kind;

void read_term(TrialReading& reading, const TomlValue& table, Death& death) {
    constexpr std::array<std::string_view, 5> dynamics{"burden", "relative_burden", "growth_rate",
                                                       "new_lesions", "age"};
    HazardTerm term;
    term.place = table.place;
    read_into(table, "covariate", term.covariate);
    if (std::find(dynamics.begin(), dynamics.end(), term.covariate) == dynamics.end())
        term.covariate = patient_or_observable(reading, table, "covariate");
    read_into(table, "coefficient", term.coefficient);
    read_into(table, "centre", term.centre);
    read_into(table, "logarithmic", term.is_logarithmic);
    read_into(table, "least", term.least);
    read_into(table, "window", term.window);
    read_into(table, "source", term.source);
    death.terms.push_back(std::move(term));
}

/// A rate such as "0.001 1/day" per day.
void read_rate(TrialReading& reading, const TomlValue& table, std::string_view key, double& target) {
    const auto* value = table.find(key);
    const auto quantity = value && value->kind == Kind::text ? parse_quantity(value->text) : std::nullopt;
    if (!quantity) return;
    const auto unit = parse_unit(quantity->unit);
    if (!unit || !same_dimensions(*unit, *parse_unit("1/day")) || !(quantity->value >= 0)) {
        reading.faults.add(
            "bad-quantity",
            "'" + std::string(key) + "' must be a rate, such as \"0.001 1/day\"; found " + described(*value),
            value->place);
        return;
    }
    target = quantity->value * unit->factor * 86400.0;
}

void check_death(TrialReading& reading, const TomlValue& table, const Death& death) {
    const auto fault = [&](const char* code, const std::string& what) {
        reading.faults.add(code, what, table.place);
    };
    if (!death.terms.empty() && !(death.baseline > 0.0))
        fault("missing-key", "[[death.term]] needs 'baseline' in [death], the hazard they multiply");
    const bool knows_age = !death.age_attribute.empty() || death.age > 0.0;
    if (!death.life_table.empty() && !knows_age)
        fault("missing-key", "'life_table' in [death] needs 'age' or 'age_attribute'");
    if (death.hazard.empty() && death.cumulative.empty() && !(death.baseline > 0.0) &&
        death.life_table.empty())
        fault("missing-key", "[death] needs 'hazard', 'cumulative', 'baseline' or 'life_table'");
}

/// Which of the ways to come about it is; a fault unless it is one.
void check_origin(TrialReading& reading, const TomlValue& table, const Toxicity& toxicity) {
    const auto fault = [&](const char* code, const std::string& what, std::vector<std::string> notes = {}) {
        reading.faults.add(code, what + " in [[adverse_event]] '" + toxicity.name + "'", table.place,
                           std::move(notes));
    };
    const auto has = [&](const char* key) { return table.find(key) != nullptr; };
    const int n = has("intensity") + has("cumulative") + has("by_grade") + has("measure");
    if (n != 1)
        return fault("missing-key", "one of 'intensity', 'cumulative', 'by_grade' and 'measure' is needed",
                     {"found " + std::to_string(n) + " of them"});
    const bool is_rate = has("intensity") || has("cumulative");
    if (is_rate && has("grades") == has("severity"))
        fault("missing-key", "an intensity needs 'grades' or 'severity', not both");
    if ((has("severity") || has("measure")) && !has("cuts")) fault("missing-key", "'cuts' is missing");
    if (has("by_grade") && !has("drug"))
        fault("missing-key", "'by_grade' needs 'drug', from whose first dose it counts");
    const double share = std::accumulate(toxicity.grades.begin(), toxicity.grades.end(), 0.0);
    if (has("grades") && std::abs(share - 1.0) > 1e-6)
        fault("not-a-distribution", "'grades' must add up to 1; found " + to_text(share));
    if (std::accumulate(toxicity.by_grade.begin(), toxicity.by_grade.end(), 0.0) > 1.0 + 1e-9)
        fault("not-a-distribution", "'by_grade' must not add up to more than 1");
    const bool falls = toxicity.is_low;
    for (std::size_t i = 1; i < toxicity.cuts.size(); ++i)
        if (falls ? toxicity.cuts[i] >= toxicity.cuts[i - 1] : toxicity.cuts[i] <= toxicity.cuts[i - 1])
            return fault("bad-order", std::string("'cuts' must ") + (falls ? "fall" : "rise"));
}

void check_drug(TrialReading& reading, const TomlValue& table, const Toxicity& toxicity) {
    if (toxicity.drug.empty()) return;
    std::vector<std::string> names;
    for (const auto& drug : reading.trial.drugs) names.push_back(drug.name);
    if (std::find(names.begin(), names.end(), toxicity.drug) != names.end()) return;
    reading.faults.add(
        "unknown-drug",
        "there is no [[drug]] named '" + toxicity.drug + "'" + did_you_mean(toxicity.drug, names),
        table.find("drug")->place);
}

void check_name(TrialReading& reading, const TomlValue& table, const Toxicity& toxicity) {
    const std::string kind = toxicity.is_outcome ? "outcomes" : "adverse events";
    for (const auto& other : reading.trial.toxicities)
        if (other.name == toxicity.name && !toxicity.name.empty())
            reading.faults.add(toxicity.is_outcome ? "duplicate-outcome" : "duplicate-adverse-event",
                               "there are two " + kind + " named '" + toxicity.name + "'", table.place,
                               {"give one of them a name of its own: name = \"…\""});
}

void read_toxicity(TrialReading& reading, const TomlValue& table) {
    Toxicity t;
    t.place = table.place;
    read_into(table, "term", t.term);
    t.name = t.term;
    read_into(table, "name", t.name);
    read_into(table, "class", t.organ_class);
    read_into(table, "drug", t.drug);
    read_into(table, "immune", t.is_immune);
    read_into(table, "serious", t.is_serious);
    t.intensity = observable_member(reading, table, "intensity");
    if (!t.intensity.empty()) t.intensity_scale = scale_to(reading, table, t.intensity, "1/day");
    t.cumulative = observable_member(reading, table, "cumulative");
    read_into(table, "by_grade", t.by_grade);
    read_into(table, "per_dose", t.is_per_dose);
    read_into(table, "fade", t.fade);
    read_into(table, "onset", t.onset);
    read_into(table, "onset_spread", t.onset_spread);
    t.measure = observable_member(reading, table, "measure");
    read_into(table, "low", t.is_low);
    read_into(table, "grades", t.grades);
    t.severity = observable_member(reading, table, "severity");
    read_into(table, "severity_spread", t.severity_spread);
    read_into(table, "cuts", t.cuts);
    t.frailty = patient_or_observable(reading, table, "frailty");
    read_into(table, "duration", t.duration);
    read_into(table, "duration_spread", t.duration_spread);
    read_into(table, "unresolved", t.unresolved);
    read_into(table, "recurrence", t.recurrence);
    read_into(table, "source", t.source);
    check_origin(reading, table, t);
    check_drug(reading, table, t);
    check_name(reading, table, t);
    reading.trial.toxicities.push_back(std::move(t));
}

/// What a trial of prevention counts. Once is enough.
void read_outcome(TrialReading& reading, const TomlValue& table) {
    Toxicity t;
    t.place = table.place;
    read_into(table, "name", t.name);
    t.term = t.name;
    t.is_outcome = true, t.is_serious = false;
    t.grades = {1.0};
    t.cumulative = observable_member(reading, table, "probability");
    t.is_probability = !t.cumulative.empty();
    if (!t.is_probability) t.cumulative = observable_member(reading, table, "cumulative");
    read_into(table, "source", t.source);
    if ((table.find("probability") != nullptr) == (table.find("cumulative") != nullptr))
        reading.faults.add(
            "missing-key", "an [[outcome]] needs one of 'probability' and 'cumulative'", table.place,
            {"an observable of the model: the probability of having had it by now, or the number of "
             "events to be expected by now"});
    check_name(reading, table, t);
    reading.trial.toxicities.push_back(std::move(t));
}

}  // namespace

void read_death(TrialReading& reading) {
    const auto* table = member(&reading.root, "death");
    if (!table || table->kind != Kind::table) return;
    Death death;
    death.place = table->place;
    death.hazard = observable_member(reading, *table, "hazard");
    if (!death.hazard.empty()) death.hazard_scale = scale_to(reading, *table, death.hazard, "1/day");
    death.cumulative = observable_member(reading, *table, "cumulative");
    read_rate(reading, *table, "baseline", death.baseline);
    read_into(*table, "shape", death.shape);
    read_into(*table, "life_table", death.life_table);
    read_into(*table, "mortality_ratio", death.mortality_ratio);
    read_into(*table, "age", death.age);
    read_into(*table, "male", death.male);
    death.age_attribute = patient_or_observable(reading, *table, "age_attribute");
    death.male_attribute = patient_or_observable(reading, *table, "male_attribute");
    read_into(*table, "source", death.source);
    for (const auto* term : table_members(table, "term")) read_term(reading, *term, death);
    check_death(reading, *table, death);
    reading.trial.death = std::move(death);
}

void read_toxicities(TrialReading& reading) {
    for (const auto* table : table_members(&reading.root, "adverse_event")) read_toxicity(reading, *table);
    for (const auto* table : table_members(&reading.root, "outcome")) read_outcome(reading, *table);
    const auto* outcomes = member(&reading.root, "outcome");
    if (!member(&reading.root, "lesion") && !outcomes)
        reading.faults.add(
            "missing-key",
            "'lesion' is missing: the trial has neither a lesion to measure nor an [[outcome]] to count",
            reading.root.place);
}

}  // namespace abscopal
