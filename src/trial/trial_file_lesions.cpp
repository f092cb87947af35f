// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "base/units.hpp"
#include "trial/trial_reader.hpp"

namespace abscopal {
namespace {

using Kind = TomlValue::Kind;

/// A length such as "5 mm" in millimetre.
void read_millimetres(TrialReading& reading, const TomlValue& table, std::string_view key, double& target) {
    const auto* value = table.find(key);
    if (!value || value->kind != Kind::text) return;
    const auto quantity = parse_quantity(value->text);
    const auto unit = quantity ? parse_unit(quantity->unit) : std::nullopt;
    if (!unit || !same_dimensions(*unit, *parse_unit("mm")) || !(quantity->value >= 0)) {
        reading.faults.add(
            "bad-quantity",
            "'" + std::string(key) + "' must be a length, such as \"5 mm\"; found " + described(*value),
            value->place);
        return;
    }
    target = quantity->value * (unit->factor * 1e3);
}

/// Millimetres in the model's number of a diameter.
double diameter_scale(TrialReading& reading, const TomlValue& table, const ObservableInfo& info) {
    const auto own = text_member(&table, "unit");
    const std::string unit = own.value_or(info.unit);
    const auto parsed = own ? parse_unit(unit) : reading.units.find(unit);
    if (parsed && same_dimensions(*parsed, *parse_unit("mm"))) return parsed->factor * 1e3;
    reading.faults.add("lesion-unit",
                       "the lesion '" + info.id + "' must be a length; its unit is " +
                           (unit.empty() ? "not given" : "'" + unit + "'"),
                       table.find(own ? "unit" : "observable")->place,
                       {"say its unit in [lesion]: unit = \"cm\""});
    return 1.0;
}

void read_diameter(TrialReading& reading, const TomlValue& table, Lesion& lesion) {
    const auto* observable = table.find("observable");
    const auto index = observable ? observable_named(reading, *observable) : std::nullopt;
    if (!index) return;
    const auto& info = reading.model.observables[*index];
    lesion.observable = info.id;
    lesion.scale = diameter_scale(reading, table, info);
}

void read_organ(TrialReading& reading, const TomlValue& table, Lesion& lesion) {
    read_into(table, "organ", lesion.organ);
    read_into(table, "organs", lesion.organs);
    lesion.organ_attribute = patient_or_observable(reading, table, "organ_attribute");
    if (!lesion.organ_attribute.empty() && lesion.organs.empty())
        reading.faults.add("missing-key",
                           "'organ_attribute' needs 'organs', the organs it counts: [\"lung\", \"liver\"]",
                           table.find("organ_attribute")->place);
    lesion.is_nodal = lesion.organ == "lymph node";
    read_into(table, "node", lesion.is_nodal);
    lesion.node_attribute = patient_or_observable(reading, table, "node_attribute");
}

void read_lesion(TrialReading& reading, const TomlValue& table) {
    Lesion lesion;
    lesion.place = table.place;
    read_into(table, "name", lesion.name);
    for (const auto& other : reading.trial.lesions)
        if (other.name == lesion.name && !lesion.name.empty())
            reading.faults.add("duplicate-lesion", "there are two lesions named '" + lesion.name + "'",
                               table.place);
    read_diameter(reading, table, lesion);
    read_organ(reading, table, lesion);
    read_into(table, "measurable", lesion.is_well_defined);
    read_into(table, "irradiated", lesion.is_irradiated);
    read_into(table, "target", lesion.is_target);
    lesion.presence = patient_or_observable(reading, table, "presence");
    reading.trial.lesions.push_back(std::move(lesion));
}

/// [lesion]: the one lesion of the trial, a target at any size.
void read_only_lesion(TrialReading& reading, const TomlValue& table) {
    Lesion lesion;
    lesion.place = table.place;
    lesion.is_target = true;
    read_diameter(reading, table, lesion);
    lesion.name = lesion.observable;
    reading.trial.lesions.push_back(std::move(lesion));
}

void read_criteria(TrialReading& reading, const TomlValue& table) {
    auto& response = reading.trial.response;
    read_millimetres(reading, table, "detection_limit", response.detection_limit);
    read_millimetres(reading, table, "too_small", response.too_small);
    read_into(table, "stable_from", response.stable_from);
    read_into(table, "benefit_from", response.benefit_from);
    read_into(table, "confirmed", response.is_confirmed);
    read_into(table, "confirm_after", response.confirm_after);
    if (const auto* n = table.find("max_not_evaluable"); n && n->integer >= 0 && n->kind == Kind::integer)
        response.max_not_evaluable = static_cast<std::size_t>(n->integer);
    read_into(table, "accept_stable", response.accept_stable);
    read_into(table, "immune_confirm_after", response.immune_confirm_after);
    response.immune_from_last_visit |= text_member(&table, "immune_growth_from") == "last";
    response.by_review |= text_member(&table, "reader") == "review";
    if (const auto rules = censoring_rules(text_member(&table, "censoring").value_or("")))
        response.censoring = *rules;
}

void read_measurement(TrialReading& reading, const TomlValue& table) {
    auto& measurement = reading.trial.measurement;
    read_into(table, "error", measurement.error);
    measurement.review_error = measurement.error;
    read_into(table, "review_error", measurement.review_error);
    read_millimetres(reading, table, "resolution", measurement.resolution);
    read_into(table, "review", measurement.has_review);
    read_into(table, "window", measurement.window);
    read_into(table, "missed", measurement.missed);
    read_into(table, "not_evaluable", measurement.not_evaluable);
    const auto& visits = reading.trial.visits;
    double last = 0.0, gap = std::numeric_limits<double>::infinity();
    for (const double day : visits) gap = std::min(gap, day - std::exchange(last, day));
    if (2.0 * measurement.window >= gap || measurement.window < 0.0)
        reading.faults.add("window-too-wide",
                           "'window' in [measurement] must be less than half the interval between visits",
                           table.find("window")->place);
}

}  // namespace

void read_lesions(TrialReading& reading) {
    const auto is_table = [](const TomlValue* value) { return value && value->kind == Kind::table; };
    if (const auto* lesion = member(&reading.root, "lesion"); is_table(lesion)) {
        read_only_lesion(reading, *lesion);
        read_criteria(reading, *lesion);
    }
    for (const auto* table : table_members(&reading.root, "lesion")) read_lesion(reading, *table);
    if (const auto* table = member(&reading.root, "response"); is_table(table))
        read_criteria(reading, *table);
    if (const auto* table = member(&reading.root, "measurement"); is_table(table))
        read_measurement(reading, *table);
    if (reading.trial.response.by_review && !reading.trial.measurement.has_review)
        reading.faults.add("no-review",
                           "'reader = \"review\"' in [response] needs a blinded reader: review = true in "
                           "[measurement]",
                           member(member(&reading.root, "response"), "reader")->place);
}

}  // namespace abscopal
