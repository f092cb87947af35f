// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>
#include <cmath>

#include "base/file.hpp"
#include "base/text.hpp"
#include "tissue/settings.hpp"

/// PhysiPKPD's elements: a drug's circulation (<PK> of a substrate) and its effect (<PD> of a cell type).
namespace abscopal::tissue {
namespace {

double minutes_per(const Element& element) {
    const std::string unit = lower_case(element.attribute("units", "min"));
    if (unit == "h" || unit == "hr" || unit == "hour" || unit == "hours") return 60;
    if (unit == "d" || unit == "day" || unit == "days") return 60 * 24;
    if (unit != "min" && unit != "minute" && unit != "minutes" && !unit.empty())
        element.fault("unknown-unit",
                      "<" + element.name() + "> is in '" + unit + "', expected min, h or day");
    return 1;
}

/// A regular schedule: the first `loading_doses` are of another size.
void add_regular_doses(const Element& schedule, Circulation& circulation) {
    const Element interval = schedule.child("dose_interval"), first = schedule.child("first_dose_time");
    const double total = schedule.rate("total_doses", 0), loading = schedule.rate("loading_doses", 0);
    const double regular = schedule.rate("regular_dose", 0), large = schedule.rate("loading_dose", 0);
    const double start = first ? first.value() * minutes_per(first) : 0,
                 every = interval ? interval.non_negative() * minutes_per(interval) : 0;
    if (total > 1e6) schedule.fault("bad-number", "<total_doses> is above a million");
    for (int k = 0; k < std::min(total, 1e6); ++k)
        circulation.doses.push_back({start + k * every, k < loading ? large : regular});
}

void add_listed_doses(const Element& schedule, const ProjectFolder& folder, Circulation& circulation) {
    const Element file = schedule.child("filename");
    const auto path = folder.find(schedule.word("folder", ""), file.text());
    if (!path) return schedule.fault("missing-file", "there is no file of doses '" + file.text() + "'");
    int line = 0;
    for (const auto& row : split(read_file(*path), '\n')) {
        ++line;
        const auto cells = split(row, ',');
        if (trim(row).empty() || (line == 1 && !to_double(cells[0]))) continue;
        const auto time = to_double(cells[0]), amount = cells.size() > 1 ? to_double(cells[1]) : std::nullopt;
        if (time && amount)
            circulation.doses.push_back({*time, *amount});
        else
            schedule.file().fault("bad-number", "expected a time and an amount", {*path, line, 1});
    }
    std::sort(circulation.doses.begin(), circulation.doses.end());
}

}  // namespace

Circulation read_circulation(const Element& element, const ProjectFolder& folder) {
    Circulation circulation;
    circulation.model = element.word("model", "Constant");
    const std::vector<std::string> known{"Constant", "1C", "2C"};
    if (std::find(known.begin(), known.end(), circulation.model) == known.end()) {
        element.fault("unknown-model", "<PK> has the model '" + circulation.model +
                                           "', expected Constant, 1C or 2C" +
                                           did_you_mean(circulation.model, known));
    }
    circulation.biot_number = element.rate("biot_number", 1);
    circulation.elimination_rate = element.rate("elimination_rate", 0);
    circulation.k12 = element.rate("k12", 0);
    circulation.k21 = element.rate("k21", 0);
    circulation.volume_ratio = element.rate("volume_ratio", 1);
    const Element schedule = element.child("schedule");
    if (schedule.attribute("format", "parameters") == "csv")
        add_listed_doses(schedule, folder, circulation);
    else if (schedule)
        add_regular_doses(schedule, circulation);
    for (const char* name : {"sbml_folder", "sbml_filename"}) element.child(name);
    return circulation;
}

void read_drug_effects(const Element& definition, Project& project, CellType& type) {
    const Element direct = definition.child("PD");
    const Element list = direct ? direct : definition.child("phenotype").child("PD");
    for (const auto& element : list.children("substrate")) {
        DrugEffect effect;
        const int k = element.index_of("name", substrate_names(project), "substrate");
        if (k < 0) continue;
        effect.substrate = k;
        effect.model = element.word("model", "AUC");
        const std::vector<std::string> known{"AUC", "AUC_amount", "MMD", "MMD_amount"};
        if (std::find(known.begin(), known.end(), effect.model) == known.end()) {
            element.fault("unknown-model", "<PD> has the model '" + effect.model +
                                               "', expected AUC, AUC_amount, MMD or MMD_amount" +
                                               did_you_mean(effect.model, known));
        }
        if (effect.model.starts_with("MMD"))
            element.fault("unsupported-model",
                          "<PD> of the model '" + effect.model + "' is not run; AUC and AUC_amount are");
        if (!project.track_internal)
            element.fault("no-tracking",
                          "the effect of a drug needs <track_internalized_substrates_in_each_agent>");
        effect.metabolism_rate = element.rate("metabolism_rate", 0);
        effect.linear_repair_rate = element.rate("linear_repair_rate", 0);
        effect.constant_repair_rate = element.rate("constant_repair_rate", 0);
        for (const char* name : {"dt", "precompute"}) element.child(name);
        const std::string variable = project.substrates[static_cast<std::size_t>(k)].name + "_damage";
        const auto found = std::find(project.custom_names.begin(), project.custom_names.end(), variable);
        if (found == project.custom_names.end())
            element.fault("missing-variable", "the effect of a drug is kept in the custom variable '" +
                                                  variable + "', which is not declared");
        effect.damage_variable = static_cast<int>(found - project.custom_names.begin());
        type.effects.push_back(effect);
    }
}

}  // namespace abscopal::tissue
