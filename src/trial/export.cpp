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
#include "trial/store_rows.hpp"

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
        table.cell(c.index).cell(name_of(c.fate)).cell(c.reason).cell(c.diagnosis_day).cell(c.weight);
        for (const double value : c.parameters) table.cell(value);
    }
    return table;
}

/// Begins a row with the patient and her arm.
Table& row_of(Table& table, const Result& result, const Course& course) {
    return table.cell(course.candidate).cell(result.trial.arms[course.arm].name);
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
                 {"best_response", "CR, PR, SD, NON-CR/NON-PD, PD or NE", ""},
                 {"off_treatment_day", "day treatment was stopped for progression", "day"}});
    for (const auto& c : result.courses) {
        const double nadir = least_sum(c), none = std::nan("");
        row_of(table, result, c).cell(name_of(c.outcome.status));
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
                 {"event", "1 progression or death, 0 censored", ""}});
    for (const auto& c : result.courses)
        row_of(table, result, c).cell(c.pfs_day).cell(std::size_t{c.progressed});
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
            row_of(table, result, c)
                .cell(visit.day)
                .cell(visit.sum_of_diameters)
                .cell(name_of(visit.response));
    return table;
}

/// Once for each reader that judged, with her judgement.
template <class Take>
void for_each_reader(const Course& course, const Take& take) {
    if (!course.investigator.times.empty()) take("investigator", course.lesions, course.investigator);
    if (!course.review.times.empty()) take("review", course.review_lesions, course.review);
}

const Column reader_column{"reader", "investigator or blinded review", ""};

Table endpoints(const Result& result) {
    Table table(
        "endpoints", "Times to event; one row a patient, arm, reader and endpoint",
        {patient_column,
         arm_column,
         reader_column,
         {"endpoint", "PFS (FDA), PFSEMA, IPFS, OS, TTP, EFS, RSD, CRSD, TTR, CTTR, TTNT, TTD, PFS2", ""},
         {"day", "from start of treatment; durations from the response", "day"},
         {"event", "1 event, 0 censored", ""},
         {"reason", "of the event or of censoring", ""}});
    for (const auto& c : result.courses)
        for_each_reader(c, [&](const char* reader, const auto&, const Judgement& judgement) {
            for (const auto& [kind, end] : judgement.times)
                row_of(table, result, c)
                    .cell(reader)
                    .cell(name_of(kind))
                    .cell(end.day)
                    .cell(std::size_t{end.is_event})
                    .cell(name_of(end.reason));
        });
    return table;
}

Table best_responses(const Result& result) {
    Table table("best_responses", "Best responses; one row a patient, arm and reader",
                {patient_column,
                 arm_column,
                 reader_column,
                 {"best", "RECIST 1.1, unconfirmed", ""},
                 {"confirmed", "RECIST 1.1, confirmed", ""},
                 {"immune", "iRECIST", ""},
                 {"depth_percent", "least change of the sum of diameters up to progression", "%"}});
    for (const auto& c : result.courses)
        for_each_reader(c, [&](const char* reader, const auto&, const Judgement& judgement) {
            row_of(table, result, c)
                .cell(reader)
                .cell(name_of(judgement.best.response))
                .cell(name_of(judgement.confirmed.response))
                .cell(name_of(judgement.immune_best))
                .cell(judgement.depth);
        });
    return table;
}

Table lesions(const Result& result) {
    Table table("lesions", "Lesions at baseline; one row a patient, arm, reader and lesion",
                {patient_column,
                 arm_column,
                 reader_column,
                 {"lesion", "name", ""},
                 {"organ", "", ""},
                 {"role", "target, non-target or absent", ""},
                 {"diameter_mm", "as read", "mm"}});
    for (const auto& c : result.courses)
        for_each_reader(c, [&](const char* reader, const auto& of_reader, const Judgement&) {
            for (std::size_t i = 0; i < of_reader.size(); ++i)
                row_of(table, result, c)
                    .cell(reader)
                    .cell(result.trial.lesions[i].name)
                    .cell(of_reader[i].organ)
                    .cell(name_of(of_reader[i].role))
                    .cell(of_reader[i].diameter);
        });
    return table;
}

Table adverse_events(const Result& result) {
    Table table("adverse_events", "Adverse events; one row each",
                {patient_column,
                 arm_column,
                 {"name", "kind of event in the trial file", ""},
                 {"term", "CTCAE v5", ""},
                 {"class", "system organ class", ""},
                 {"grade", "worst", ""},
                 {"onset_day", "from start of treatment", "day"},
                 {"end_day", "grade 1 or less; empty: it stayed", "day"},
                 {"action", "on treatment", ""}});
    for (const auto& c : result.courses)
        for (const auto& event : c.adverse_events) {
            const Toxicity& kind = result.trial.toxicities[event.toxicity];
            row_of(table, result, c).cell(kind.name).cell(kind.term);
            table.cell(kind.organ_class).cell(static_cast<std::size_t>(event.grade)).cell(event.onset);
            table.cell(event.end).cell(event.action);
        }
    return table;
}

Table decisions(const Result& result) {
    Table table("decisions", "Treatment rules that fired; one row each",
                {patient_column,
                 arm_column,
                 {"day", "from start of treatment", "day"},
                 {"rule", "name; empty: until = \"progression\"", ""}});
    for (const auto& c : result.courses)
        for (const auto& decision : c.decisions)
            row_of(table, result, c)
                .cell(decision.day)
                .cell(decision.rule == Decision::built_in
                          ? std::string_view()
                          : std::string_view(result.trial.rules[decision.rule].name));
    return table;
}

Table doses(const Result& result) {
    Table table("doses", "Doses given, without those of event tables; one row each",
                {patient_column,
                 arm_column,
                 {"day", "from start of treatment", "day"},
                 {"planned_day", "empty: added by a rule", "day"},
                 {"drug", "", ""},
                 {"amount", "as written, after reductions", "as written"},
                 {"unit", "of the amount", ""}});
    for (const auto& c : result.courses)
        for (const auto& dose : c.doses)
            row_of(table, result, c)
                .cell(dose.day)
                .cell(dose.planned < 0.0 ? std::nan("") : dose.planned)
                .cell(dose.drug.empty() ? dose.target : dose.drug)
                .cell(dose.amount)
                .cell(dose.unit + (dose.per == DosePer::kilogram       ? "/kg"
                                   : dose.per == DosePer::square_metre ? "/m2"
                                                                       : ""));
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
            row_of(table, result, c).cell(result.record_days[i]);
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
    for (const auto& table : {patients(result), responses(result), progression_free(result), visits(result),
                              courses(result), endpoints(result), best_responses(result), lesions(result),
                              adverse_events(result), decisions(result), doses(result)})
        table.write(folder, definitions);
    write_file((std::filesystem::path(folder) / "define.json").string(), definitions.dump(2) + "\n");
}

}  // namespace abscopal
