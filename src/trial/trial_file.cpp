// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <filesystem>

#include "base/digest.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "trial/dose_amount.hpp"
#include "trial/schema_check.hpp"
#include "trial/trial_document.hpp"
#include "trial/trial_reader.hpp"

namespace abscopal {
namespace {

using Kind = TomlValue::Kind;

void read_head(const TomlValue& root, Trial& trial) {
    trial.title = text_member(&root, "title").value_or(std::filesystem::path(trial.file).stem().string());
    trial.description = text_member(&root, "description").value_or("");
    trial.units = text_member(&root, "units") == "convert" ? UnitPolicy::convert : UnitPolicy::ignore;
    if (const auto* seed = root.find("seed"); seed && seed->integer >= 0 && seed->kind == Kind::integer) {
        trial.seed = static_cast<std::uint64_t>(seed->integer);
    }
    trial.max_failed = number_member(&root, "max_failed").value_or(trial.max_failed);
}

/// The compiled model, or null after adding what is wrong with it.
std::shared_ptr<const Model> read_model(const TomlValue& root, Trial& trial, FaultList& faults) {
    const auto* path = root.find("model");
    if (!path || path->kind != Kind::text || path->text.empty()) return nullptr;
    trial.model_path = beside(path->place.file, path->text);
    if (!std::filesystem::is_regular_file(trial.model_path)) {
        faults.add("file-missing", "model '" + trial.model_path + "' does not exist", path->place);
        return nullptr;
    }
    try {
        trial.model_text_digest = sha256(read_file(trial.model_path));
        auto model = load_model(trial);
        trial.model_digest = model->digest;
        return model;
    } catch (const InputError& error) {
        for (const auto& fault : error.faults())
            faults.add(fault.code, fault.message, fault.place, fault.notes);
        return nullptr;
    }
}

void read_parts(TrialReading& reading) {
    if (!model_time_per_day(reading.model)) {
        reading.faults.add("time-unit",
                           "the model's time unit '" + reading.model.time_unit + "' is not a time",
                           reading.root.find("model")->place);
    }
    reading.trial.settings = read_settings(reading, reading.root.find("set"), true);
    read_visits(reading);
    read_watched(reading);
    read_steps(reading);
    read_numerics(reading);
    read_cohort(reading);
    read_drugs(reading);
    read_selection(reading);
    read_arms(reading);
    read_lesions(reading);
    read_death(reading);
    read_toxicities(reading);
    read_rules(reading);
    read_design(reading);
    if (reading.faults.empty()) read_patient(reading);
}

}  // namespace

Trial read_trial(const std::string& path) {
    const TrialDocument document = read_trial_document(path);
    FaultList faults;
    Trial trial;
    trial.file = path;
    trial.text = document.text;
    check_trial_schema(document.root, false, faults);
    read_head(document.root, trial);
    if (const auto model = read_model(document.root, trial, faults)) {
        TrialReading reading{document.root, *model, UnitTable(model->unit_definitions), trial, faults};
        read_parts(reading);
    }
    faults.throw_if_any();
    return trial;
}

std::shared_ptr<const Model> load_model(const Trial& trial) {
    const Spec spec = read_spec(trial.model_path);
    return compile(trial.units == UnitPolicy::convert ? convert_units(spec) : spec);
}

}  // namespace abscopal
