// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <span>
#include <system_error>

#include "abscopal/result.hpp"
#include "base/csv.hpp"
#include "base/file.hpp"
#include "base/text.hpp"

namespace abscopal {
namespace {

struct Column {
    std::string name, label, unit;
};

/// One CSV file in the making, with the meaning of its columns.
class Table {
  public:
    Table(std::string name, std::string label, std::vector<Column> columns)
        : name_(std::move(name)), label_(std::move(label)), columns_(std::move(columns)) {
        for (const auto& column : columns_) cell(column.name);
    }
    Table& cell(std::string_view text) {
        text_ += csv_cell(text);
        text_ += ++n_cells_ % columns_.size() == 0 ? '\n' : ',';
        return *this;
    }
    /// Not a number is an empty cell.
    Table& cell(double value) {
        return cell(std::isfinite(value) ? std::string_view(to_text(value)) : std::string_view());
    }
    Table& cell(std::size_t value) { return cell(std::string_view(std::to_string(value))); }

    void write(const std::string& folder, nlohmann::ordered_json& definitions) const {
        const std::string file = name_ + ".csv";
        write_file((std::filesystem::path(folder) / file).string(), text_);
        auto& definition = definitions["tables"][name_];
        definition = {{"file", file}, {"label", label_}};
        for (const auto& column : columns_)
            definition["columns"].push_back(
                {{"name", column.name}, {"label", column.label}, {"unit", column.unit}});
    }

  private:
    std::string name_, label_;
    std::vector<Column> columns_;
    std::string text_;
    std::size_t n_cells_ = 0;
};

std::string_view fate_name(Fate fate) {
    return fate == Fate::treated      ? "treated"
           : fate == Fate::rejected   ? "rejected"
           : fate == Fate::ineligible ? "ineligible"
                                      : "failed";
}

const Column patient_column{"patient", "index of the candidate", ""};
const Column arm_column{"arm", "name of the arm", ""};

Table patients(const Result& result) {
    std::vector<Column> columns{patient_column,
                                {"fate", "treated, rejected or failed", ""},
                                {"reason", "why rejected or failed", ""},
                                {"diagnosis_day", "time of growth to diagnosis", "day"},
                                {"weight", "statistical weight", ""}};
    for (const auto& id : result.parameters)
        columns.push_back({id, "parameter of the patient", "the model's"});
    Table table("patients", "One row a drawn candidate", columns);
    for (const auto& c : result.candidates) {
        table.cell(c.index).cell(fate_name(c.fate)).cell(c.reason).cell(c.diagnosis_day).cell(c.weight);
        for (const double value : c.parameters) table.cell(value);
    }
    return table;
}

double least_sum(const Course& course) {
    double least = course.baseline;
    for (const auto& visit : course.visits) least = std::min(least, visit.sum_of_diameters);
    return least;
}

Table responses(const Result& result) {
    Table table("responses", "Best overall response by RECIST 1.1, unconfirmed; one row a patient and arm",
                {patient_column,
                 arm_column,
                 {"status", "OK, or how the simulation failed", ""},
                 {"failed_day", "day reached by a failed simulation", "day"},
                 {"baseline_mm", "sum of diameters at day 0", "mm"},
                 {"nadir_mm", "least sum of diameters, baseline included", "mm"},
                 {"best_change_percent", "from baseline to nadir", "%"},
                 {"best_response", "CR, PR, SD, PD or NE", ""},
                 {"off_treatment_day", "day treatment was stopped for progression", "day"}});
    for (const auto& c : result.courses) {
        const double nadir = least_sum(c), none = std::nan("");
        table.cell(c.candidate).cell(result.trial.arms[c.arm].name).cell(name_of(c.outcome.status));
        table.cell(c.outcome.ok() ? none : c.outcome.time)
            .cell(c.baseline)
            .cell(nadir)
            .cell(100.0 * (nadir - c.baseline) / c.baseline);
        table.cell(name_of(c.best)).cell(c.off_treatment_day < 0.0 ? none : c.off_treatment_day);
    }
    return table;
}

Table progression_free(const Result& result) {
    Table table("pfs", "Progression-free survival; one row a patient and arm",
                {patient_column,
                 arm_column,
                 {"day", "from start of treatment to progression or last adequate assessment", "day"},
                 {"event", "1 progression, 0 censored", ""}});
    for (const auto& c : result.courses)
        table.cell(c.candidate)
            .cell(result.trial.arms[c.arm].name)
            .cell(c.pfs_day)
            .cell(std::size_t{c.progressed});
    return table;
}

Table visits(const Result& result) {
    Table table("visits", "Tumour assessments; one row a patient, arm and visit",
                {patient_column,
                 arm_column,
                 {"day", "from start of treatment", "day"},
                 {"sum_mm", "sum of diameters of target lesions as read", "mm"},
                 {"response", "response at this visit: CR, PR, SD, PD or NE", ""}});
    for (const auto& c : result.courses)
        for (const auto& visit : c.visits)
            table.cell(c.candidate)
                .cell(result.trial.arms[c.arm].name)
                .cell(visit.day)
                .cell(visit.sum_of_diameters)
                .cell(name_of(visit.response));
    return table;
}

Table courses(const Result& result) {
    std::vector<Column> columns{patient_column, arm_column, {"day", "from start of treatment", "day"}};
    for (const auto& watched : result.trial.watched)
        columns.push_back({watched.id, watched.label, watched.unit});
    Table table("courses", "Time courses of the watched observables; one row a patient, arm and day",
                columns);
    for (const auto& c : result.courses) {
        for (std::size_t i = 0; i < result.record_days.size(); ++i) {
            table.cell(c.candidate).cell(result.trial.arms[c.arm].name).cell(result.record_days[i]);
            for (const auto& series : c.recorded) table.cell(series[i]);
        }
    }
    return table;
}

}  // namespace

void export_csv(const Result& result, const std::string& folder) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) throw FileError(folder + ": cannot create the folder: " + error.message());
    nlohmann::ordered_json definitions{{"title", result.trial.title},
                                       {"result_digest", result.result_digest}};
    for (const auto& table :
         {patients(result), responses(result), progression_free(result), visits(result), courses(result)})
        table.write(folder, definitions);
    write_file((std::filesystem::path(folder) / "define.json").string(), definitions.dump(2) + "\n");
}

}  // namespace abscopal
