// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>
#include <cmath>
#include <filesystem>

#include "base/file.hpp"
#include "base/text.hpp"
#include "base/units.hpp"
#include "trial/dose_amount.hpp"
#include "trial/event_table.hpp"
#include "trial/model_names.hpp"
#include "trial/trial_reader.hpp"

namespace abscopal {
namespace {

using Kind = TomlValue::Kind;

void read_molar_mass(TrialReading& reading, const TomlValue& table, Drug& drug) {
    const auto* value = table.find("molar_mass");
    if (!value || value->kind != Kind::text) return;
    drug.molar_mass = parse_molar_mass(value->text);
    if (!drug.molar_mass) {
        reading.faults.add("bad-molar-mass",
                           "'molar_mass' must be a positive mass per amount, such as \"149 kDa\" or \"853.9 "
                           "g/mol\"; found " +
                               described(*value),
                           value->place);
    }
}

/// units = { MIU = "0.0611 mg", PFU = 1e-6 }: a number is of the target's own unit.
void read_units(TrialReading& reading, const TomlValue& table, Drug& drug) {
    const auto* units = table.find("units");
    if (!units || units->kind != Kind::table) return;
    for (const auto& entry : units->members) {
        DoseRow row;
        row.target = drug.target;
        row.amount = entry.value.number;
        row.place = entry.value.place;
        if (const auto written =
                entry.value.kind == Kind::text ? parse_quantity(entry.value.text) : std::nullopt)
            row.amount = written->value, row.unit = written->unit;
        const bool has_target = find_state(reading.model, row.target).has_value();
        auto target = has_target ? dose_target(row, &drug, reading.model) : DoseTarget{};
        if (auto* wrong = std::get_if<Fault>(&target)) {
            reading.faults.add(wrong->code, wrong->message, wrong->place, wrong->notes);
        } else if (!(row.amount > 0) || !std::isfinite(row.amount)) {
            reading.faults.add("not-positive",
                               "one '" + entry.key + "' of " + drug.name +
                                   " must be a positive amount; found " + described(entry.value),
                               entry.value.place);
        } else {
            drug.units.emplace_back(entry.key, row.amount * std::get<DoseTarget>(target).factor);
        }
    }
}

void read_drug(TrialReading& reading, const TomlValue& table) {
    Drug drug;
    drug.name = text_member(&table, "name").value_or("");
    drug.source = text_member(&table, "source").value_or("");
    drug.place = table.place;
    if (const auto* target = table.find("target"); target && target->kind == Kind::text) {
        const auto index = find_state(reading.model, target->text);
        if (index)
            drug.target = reading.model.states[*index].id;
        else
            reading.faults.add("unknown-species",
                               "'" + target->text + "' is not a state of the model" +
                                   did_you_mean(target->text, state_names(reading.model)),
                               target->place);
    }
    if (const auto* infusion = table.find("infusion")) {
        drug.infusion = positive_days(*infusion, "'infusion' in [[drug]]", reading.faults).value_or(0.0);
    }
    read_molar_mass(reading, table, drug);
    read_units(reading, table, drug);
    drug.settings = read_settings(reading, table.find("set"), false);
    for (const auto& other : reading.trial.drugs) {
        if (other.name == drug.name && !drug.name.empty()) {
            reading.faults.add(
                "duplicate-drug", "there are two drugs named '" + drug.name + "'", table.place,
                {"the other one: " + other.place.file + ":" + std::to_string(other.place.line)});
        }
    }
    reading.trial.drugs.push_back(std::move(drug));
}

/// Adds what a drug sets to the arm; two drugs that disagree are a fault.
void apply_drug(TrialReading& reading, const Drug& drug, Arm& arm, const Place& place) {
    for (const auto& [id, value] : drug.settings) {
        const auto known = std::find_if(arm.settings.begin(), arm.settings.end(),
                                        [&id = id](const auto& s) { return s.first == id; });
        if (known == arm.settings.end()) {
            arm.settings.emplace_back(id, value);
        } else if (known->second != value) {
            reading.faults.add("drugs-disagree",
                               "arm '" + arm.name + "' gives drugs that set '" + id + "' to " +
                                   to_text(known->second) + " and " + to_text(value),
                               place);
        }
    }
}

/// "[[arm]]" → "[[arm.treatment]]".
std::string inner(const std::string& where) {
    return where.substr(0, where.size() - 2) + ".treatment]]";
}

void read_treatments(TrialReading& reading, const TomlValue& table, Arm& arm, const std::string& where) {
    auto treatments = table_members(&table, "treatment");
    const auto direct = std::find_if(table.members.begin(), table.members.end(),
                                     [](const TomlMember& m) { return is_treatment_key(m.key); });
    if (direct != table.members.end()) {
        if (!treatments.empty()) {
            reading.faults.add(
                "conflicting-keys",
                "'" + direct->key + "' must stand in " + inner(where) + ", since this one has some",
                direct->place);
            return;
        }
        treatments.push_back(&table);
    }
    for (const auto* treatment : treatments) {
        const Drug* drug = nullptr;
        const auto rows =
            read_treatment(reading, *treatment, treatment == &table ? where : inner(where), drug);
        arm.regimen.rows.insert(arm.regimen.rows.end(), rows.begin(), rows.end());
        if (drug) apply_drug(reading, *drug, arm, treatment->place);
    }
}

void read_events(TrialReading& reading, const TomlValue& table, Arm& arm) {
    const auto* events = table.find("events");
    if (!events || events->kind != Kind::text) return;
    arm.events_file = beside(events->place.file, events->text);
    if (!std::filesystem::is_regular_file(arm.events_file)) {
        reading.faults.add("file-missing", "event table '" + arm.events_file + "' does not exist",
                           events->place);
        return;
    }
    try {
        EventTableOptions options;
        options.carry =
            text_member(&table, "covariates") == "nocb" ? CovariateCarry::nocb : CovariateCarry::locf;
        const EventTable read = read_event_table(arm.events_file, reading.model, options);
        if (read.subjects.size() != 1) {
            reading.faults.add(
                "one-id",
                "the event table of an arm holds one ID; found " + std::to_string(read.subjects.size()),
                events->place);
            return;
        }
        // The first values of time-varying columns hold from the start of treatment.
        for (const auto& [id, value] : read.subjects.front().initial) {
            std::erase_if(arm.settings, [&id = id](const auto& setting) { return setting.first == id; });
            arm.settings.emplace_back(id, value);
        }
        arm.events = read.subjects.front().actions;
    } catch (const InputError& error) {
        for (const auto& fault : error.faults())
            reading.faults.add(fault.code, fault.message, fault.place, fault.notes);
    }
}

bool stops_at(const TomlValue& treatment, std::string_view word) {
    const auto* until = treatment.find("until");
    const auto is_word = [&](const TomlValue& value) {
        return value.kind == Kind::text && value.text == word;
    };
    return until && (is_word(*until) || std::any_of(until->items.begin(), until->items.end(), is_word));
}

/// Whether treatment goes on beyond a first progression until iRECIST confirms it: one word for an arm.
bool waits_for_confirmation(TrialReading& reading, const TomlValue& table) {
    auto treatments = table_members(&table, "treatment");
    treatments.push_back(&table);
    const auto any = [&](std::string_view word) {
        return std::any_of(treatments.begin(), treatments.end(),
                           [&](const auto* treatment) { return stops_at(*treatment, word); });
    };
    const bool waits = any("confirmed progression");
    if (waits && any("progression"))
        reading.faults.add(
            "conflicting-ends",
            "treatments of an arm end all at \"progression\" or all at \"confirmed progression\"",
            table.place);
    return waits;
}

void read_arm(TrialReading& reading, const TomlValue& table) {
    Arm arm = read_arm_body(reading, table, "[[arm]]");
    for (const auto& other : reading.trial.arms) {
        if (other.name == arm.name && !arm.name.empty()) {
            reading.faults.add("duplicate-arm", "there are two arms named '" + arm.name + "'",
                               table.find("name")->place,
                               {"the other one: line " + std::to_string(other.place.line)});
        }
    }
    reading.trial.arms.push_back(std::move(arm));
}

}  // namespace

Arm read_arm_body(TrialReading& reading, const TomlValue& table, const std::string& where) {
    Arm arm;
    arm.name = text_member(&table, "name").value_or("");
    arm.description = text_member(&table, "description").value_or("");
    arm.place = table.place;
    read_treatments(reading, table, arm, where);
    for (const auto& [id, value] : read_settings(reading, table.find("set"), false)) {
        std::erase_if(arm.settings, [&id = id](const auto& setting) { return setting.first == id; });
        arm.settings.emplace_back(id, value);
    }
    read_events(reading, table, arm);
    arm.stop_at_progression = std::any_of(arm.regimen.rows.begin(), arm.regimen.rows.end(),
                                          [](const DoseRow& row) { return row.while_on_treatment; });
    arm.stops_when_confirmed = waits_for_confirmation(reading, table);
    return arm;
}

void read_drugs(TrialReading& reading) {
    for (const auto* table : table_members(&reading.root, "drug")) read_drug(reading, *table);
}

void read_arms(TrialReading& reading) {
    for (const auto* table : table_members(&reading.root, "arm")) read_arm(reading, *table);
}

}  // namespace abscopal
