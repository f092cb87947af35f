// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "trial/trial_reader.hpp"

#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "base/units.hpp"
#include "trial/model_names.hpp"

namespace abscopal {
namespace {

/// Where a number given for `name` goes: canonical id and the unit it is counted in.
struct Setting {
    std::string id, unit;
};

std::optional<Setting> setting_named(const Model& model, const std::string& name, bool also_initial_values) {
    if (const auto index = find_parameter(model, name)) {
        return Setting{model.parameters[*index].id, model.parameters[*index].unit};
    }
    const auto index = also_initial_values ? find_settable(model, name) : std::nullopt;
    if (!index) return std::nullopt;
    const auto& id = model.settables[*index].id;
    const auto observable = find_observable(model, id);
    return Setting{id, observable ? model.observables[*observable].unit : ""};
}

/// Names of the numbers each patient has of her own.
std::vector<std::string> patient_names(const TrialReading& reading) {
    auto names = reading.trial.population.draws.parameters;
    const auto* cohort = member(&reading.root, "cohort");
    for (const auto* list : {"parameter", "attribute"})
        for (const auto* table : table_members(cohort, list))
            if (const auto name = text_member(table, "name")) names.push_back(*name);
    return names;
}

}  // namespace

const TomlValue* member(const TomlValue* table, std::string_view key) {
    return table && table->kind == TomlValue::Kind::table ? table->find(key) : nullptr;
}

std::optional<std::string> text_member(const TomlValue* table, std::string_view key) {
    const auto* value = member(table, key);
    return value && value->kind == TomlValue::Kind::text ? std::optional(value->text) : std::nullopt;
}

std::optional<double> number_member(const TomlValue* table, std::string_view key) {
    const auto* value = member(table, key);
    return value && value->is_number() ? std::optional(value->number) : std::nullopt;
}

std::vector<const TomlValue*> table_members(const TomlValue* table, std::string_view key) {
    std::vector<const TomlValue*> tables;
    const auto* array = member(table, key);
    if (!array || array->kind != TomlValue::Kind::array) return tables;
    for (const auto& item : array->items) {
        if (item.kind == TomlValue::Kind::table) tables.push_back(&item);
    }
    return tables;
}

const TomlMember* only_member(const TomlValue& table, std::initializer_list<std::string_view> keys,
                              FaultList& faults) {
    const TomlMember* first = nullptr;
    for (const auto& entry : table.members) {
        bool is_one = false;
        for (const auto key : keys) is_one = is_one || entry.key == key;
        if (!is_one) continue;
        if (first) {
            faults.add("conflicting-keys",
                       "'" + entry.key + "' and '" + first->key + "' say the same thing; give one of them",
                       entry.place);
        } else {
            first = &entry;
        }
    }
    return first;
}

std::optional<double> days_in(const TomlValue& value) {
    if (value.is_number()) return value.number;
    return value.kind == TomlValue::Kind::text ? parse_days(value.text) : std::nullopt;
}

std::optional<double> positive_days(const TomlValue& value, const std::string& what, FaultList& faults) {
    const auto days = days_in(value);
    if (days && !(*days > 0)) {
        faults.add("not-positive", what + " must be greater than zero; found " + described(value),
                   value.place);
        return std::nullopt;
    }
    return days;
}

std::optional<double> unit_factor(TrialReading& reading, const std::string& from, const std::string& to,
                                  const std::string& what, const Place& place) {
    const auto written = parse_unit(from), own = reading.units.find(to);
    const std::string shown = reading.units.readable(to);
    if (!written) {
        reading.faults.add("unknown-unit", "'" + from + "' is not a unit", place);
    } else if (!own) {
        reading.faults.add("unit-unknown-in-model",
                           what + " has " +
                               (to.empty() ? "no unit in the model"
                                           : "the unit '" + shown + "' in the model, which is not known") +
                               "; found '" + from + "'",
                           place, {"give a plain number in the model's own unit"});
    } else if (!same_dimensions(*written, *own)) {
        reading.faults.add("unit-mismatch",
                           "unit '" + from + "' does not fit " + what + ", which is in '" + shown + "'",
                           place);
    } else {
        return written->factor / own->factor;
    }
    return std::nullopt;
}

std::optional<double> value_in(TrialReading& reading, const TomlValue& value, const std::string& unit,
                               const std::string& what) {
    if (value.is_number()) return value.number;
    if (value.kind != TomlValue::Kind::text) return std::nullopt;
    const auto quantity = parse_quantity(value.text);
    if (!quantity || quantity->unit.empty()) return std::nullopt;
    const auto factor = unit_factor(reading, quantity->unit, unit, what, value.place);
    return factor ? std::optional(quantity->value * *factor) : std::nullopt;
}

std::optional<std::size_t> observable_named(TrialReading& reading, const TomlValue& value) {
    if (value.kind != TomlValue::Kind::text) return std::nullopt;
    const auto index = find_observable(reading.model, value.text);
    if (!index) {
        reading.faults.add("unknown-observable",
                           "the model has nothing called '" + value.text + "'" +
                               did_you_mean(value.text, observable_names(reading.model)),
                           value.place);
    }
    return index;
}

std::string patient_or_observable(TrialReading& reading, const TomlValue& table, std::string_view key) {
    const auto* value = member(&table, key);
    if (!value || value->kind != TomlValue::Kind::text) return {};
    const auto names = patient_names(reading);
    if (std::find(names.begin(), names.end(), value->text) != names.end()) return value->text;
    if (const auto index = find_observable(reading.model, value->text))
        return reading.model.observables[*index].id;
    auto known = observable_names(reading.model);
    known.insert(known.end(), names.begin(), names.end());
    reading.faults.add("unknown-name",
                       "'" + value->text + "' is neither a number of the patient nor in the model" +
                           did_you_mean(value->text, known),
                       value->place);
    return {};
}

std::string observable_member(TrialReading& reading, const TomlValue& table, std::string_view key) {
    const auto* value = member(&table, key);
    const auto index = value ? observable_named(reading, *value) : std::nullopt;
    return index ? reading.model.observables[*index].id : std::string();
}

double scale_to(TrialReading& reading, const TomlValue& table, const std::string& observable,
                const std::string& unit) {
    const auto index = find_observable(reading.model, observable);
    if (!index) return 1.0;
    const auto& own = reading.model.observables[*index].unit;
    const auto* said = member(&table, "unit");
    const std::string from = text_member(&table, "unit").value_or(own);
    const auto parsed = said ? parse_unit(from) : reading.units.find(from);
    const auto wanted = *parse_unit(unit);
    if (parsed && same_dimensions(*parsed, wanted)) return parsed->factor / wanted.factor;
    reading.faults.add("unit-mismatch",
                       "'" + observable + "' must be in " + unit + " or a like unit; its unit is " +
                           (from.empty() ? "not given" : "'" + from + "'"),
                       said ? said->place : table.place, {"say its unit here: unit = \"" + unit + "\""});
    return 1.0;
}

void read_into(const TomlValue& table, std::string_view key, double& target) {
    if (const auto* value = table.find(key)) target = days_in(*value).value_or(target);
}
void read_into(const TomlValue& table, std::string_view key, bool& target) {
    if (const auto* value = table.find(key); value && value->kind == TomlValue::Kind::boolean)
        target = value->truth;
}
void read_into(const TomlValue& table, std::string_view key, std::string& target) {
    target = text_member(&table, key).value_or(target);
}
void read_into(const TomlValue& table, std::string_view key, std::vector<double>& target) {
    const auto* value = table.find(key);
    if (!value || value->kind != TomlValue::Kind::array) return;
    target.clear();
    for (const auto& item : value->items)
        if (item.is_number()) target.push_back(item.number);
}
void read_into(const TomlValue& table, std::string_view key, std::vector<std::string>& target) {
    const auto* value = table.find(key);
    if (!value || value->kind != TomlValue::Kind::array) return;
    target.clear();
    for (const auto& item : value->items)
        if (item.kind == TomlValue::Kind::text) target.push_back(item.text);
}

std::vector<std::pair<std::string, double>> read_settings(TrialReading& reading, const TomlValue* table,
                                                          bool also_initial_values) {
    std::vector<std::pair<std::string, double>> settings;
    if (!table || table->kind != TomlValue::Kind::table) return settings;
    for (const auto& entry : table->members) {
        const auto setting = setting_named(reading.model, entry.key, also_initial_values);
        if (!setting) {
            const bool is_computed = find_observable(reading.model, entry.key).has_value();
            reading.faults.add(
                is_computed ? "not-settable" : "unknown-parameter",
                is_computed
                    ? "'" + entry.key + "' is not a parameter of the model and cannot be set"
                    : "unknown parameter '" + entry.key + "'" +
                          did_you_mean(entry.key, also_initial_values ? settable_names(reading.model)
                                                                      : parameter_names(reading.model)),
                entry.place);
            continue;
        }
        if (const auto value = value_in(reading, entry.value, setting->unit, "'" + setting->id + "'")) {
            settings.emplace_back(setting->id, *value);
        }
    }
    return settings;
}

}  // namespace abscopal
