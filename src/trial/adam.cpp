// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "trial/adam.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <system_error>

#include "base/file.hpp"
#include "base/text.hpp"
#include "trial/adam_parts.hpp"
#include "trial/allocation.hpp"

namespace abscopal {
namespace adam {

DataColumn text(std::string name, std::string label, std::string derivation) {
    return {std::move(name), std::move(label), false, false, std::move(derivation)};
}
DataColumn number(std::string name, std::string label, std::string derivation) {
    return {std::move(name), std::move(label), true, false, std::move(derivation)};
}
DataColumn date(std::string name, std::string label, std::string derivation) {
    return {std::move(name), std::move(label), true, true, std::move(derivation)};
}

std::string yes_or(bool is_so, const char* otherwise) {
    return is_so ? "Y" : otherwise;
}

std::string arm_code(std::size_t arm) {
    return "A" + std::to_string(arm + 1);
}

std::string upper_case(std::string_view text) {
    std::string upper(text);
    for (char& c : upper)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return upper;
}

std::string Subject::id() const {
    std::string number = std::to_string(course().candidate);
    number.insert(0, number.size() < 6 ? 6 - number.size() : 0, '0');
    return arm_code(course().arm) + "-" + number;
}

double Subject::date_of(double day) const {
    return days_since_1960(2020, 1, 1) + std::floor(followed.entry + day);
}

std::vector<DataSet::Cell> Subject::head() const {
    return {study(), study() + "-" + id(), arm().name, arm_code(course().arm)};
}

std::vector<DataColumn> with_head(std::vector<DataColumn> columns) {
    std::vector<DataColumn> all{
        text("STUDYID", "Study Identifier", "ABSC- and the head of the trial's digest"),
        text("USUBJID", "Unique Subject Identifier", "study, arm and candidate"),
        text("ARM", "Description of Planned Arm"), text("ARMCD", "Planned Arm Code")};
    all.insert(all.end(), columns.begin(), columns.end());
    return all;
}

void add_row(DataSet& data, const Subject& subject, std::vector<DataSet::Cell> cells) {
    auto row = subject.head();
    row.insert(row.end(), std::make_move_iterator(cells.begin()), std::make_move_iterator(cells.end()));
    data.rows.push_back(std::move(row));
}

}  // namespace adam

namespace {

using adam::nan;
using adam::Subject;
using adam::yes_or;

/// The regimen as planned, up to the end of treatment: of runs that have not kept the doses given.
std::vector<GivenDose> planned_doses(const Result& result, const Course& course) {
    std::vector<GivenDose> doses;
    for (const auto& dose : result.trial.arms[course.arm].regimen.expanded(result.trial.follow_up).rows) {
        const bool is_stopped = dose.while_on_treatment && course.off_treatment_day >= 0.0 &&
                                dose.time >= course.off_treatment_day;
        if (is_stopped || (!course.outcome.ok() && dose.time > course.outcome.time)) continue;
        doses.push_back(
            {dose.time, dose.time, dose.drug, dose.target, dose.amount, dose.unit, dose.per, dose.duration});
    }
    return doses;
}

Subject subject_of(const Result& result, const Followed& followed) {
    const Course& course = *followed.course;
    Subject subject{
        result, followed, {}, course.doses.empty() ? planned_doses(result, course) : course.doses};
    double nadir = course.baseline;
    for (const auto& visit : course.visits) {
        if (visit.day > followed.until) break;
        subject.visits.push_back({visit.day, visit.response, visit.response, visit.sum_of_diameters, nadir});
        if (visit.response != Overall::not_evaluable && visit.response != Overall::missing)
            nadir = std::min(nadir, visit.sum_of_diameters);
    }
    std::erase_if(subject.doses, [&](const auto& dose) { return dose.day > followed.until; });
    return subject;
}

/// Columns of ADSL for the factors of the design.
struct Factor {
    const Split* split;
    Strata part;
    std::string name;
};

std::vector<Factor> factors_of(const Result& result) {
    std::vector<Factor> factors;
    const auto& design = result.trial.design;
    const auto add = [&](const std::vector<Split>& splits, const std::string& name) {
        for (std::size_t i = 0; i < splits.size() && i < 9; ++i)
            factors.push_back({&splits[i], Strata(std::span(&splits[i], 1), result.parameters),
                               name + std::to_string(i + 1)});
    };
    add(design.strata, "STRAT");
    add(design.subgroups, "SUBGR");
    return factors;
}

/// A number of the patient by the name of its column; NaN where there is none.
double column_of(const Subject& s, std::string_view name) {
    const auto& names = s.result.parameters;
    const auto at = std::find(names.begin(), names.end(), name);
    const auto& row = s.followed.candidate->parameters;
    const auto index = static_cast<std::size_t>(at - names.begin());
    return at == names.end() || index >= row.size() ? nan : row[index];
}

std::string sex_of(const Subject& s) {
    const double male = column_of(s, "male"), female = column_of(s, "female");
    if (!std::isnan(male)) return male > 0.5 ? "M" : "F";
    return std::isnan(female) ? "" : female > 0.5 ? "F" : "M";
}

std::vector<DataColumn> subject_columns(const std::vector<Factor>& factors) {
    using adam::date, adam::number, adam::text;
    std::vector<DataColumn> columns{
        text("SUBJID", "Subject Identifier for the Study"),
        number("TWINID", "Virtual Patient", "candidate; the same in all arms"),
        text("ACTARM", "Description of Actual Arm"),
        text("ACTARMCD", "Actual Arm Code"),
        text("TRT01P", "Planned Treatment for Period 01"),
        text("TRT01A", "Actual Treatment for Period 01"),
        number("AGE", "Age", "column age of the patient, where there is one"),
        text("AGEU", "Age Units"),
        text("SEX", "Sex", "columns male or female of the patient, where there is one"),
        date("RANDDT", "Date of Randomization", "day of entry; the first patient enters on 2020-01-01"),
        date("TRTSDT", "Date of First Exposure to Treatment"),
        date("TRTEDT", "Date of Last Exposure to Treatment"),
        number("TRTDURD", "Total Treatment Duration (Days)", "TRTEDT - TRTSDT + 1"),
        text("EOSSTT", "End of Study Status", "COMPLETED, ONGOING at the cut-off, or DISCONTINUED"),
        text("DCSREAS", "Reason for Discontinuation from Study"),
        date("EOSDT", "End of Study Date"),
        date("LSTALVDT", "Date Last Known Alive"),
        text("DTHFL", "Subject Death Flag"),
        date("DTHDT", "Date of Death"),
        text("DTHCAUS", "Cause of Death", "DISEASE, OTHER CAUSE or TOXICITY"),
        text("ITTFL", "Intent-To-Treat Population Flag"),
        text("SAFFL", "Safety Population Flag", "Y: at least one dose"),
        text("SIMFL", "Simulation Succeeded Flag", "N where the solver failed"),
        number("BTS", "Baseline Sum of Diameters (mm)"),
        number("WEIGHT", "Sampling Weight"),
        number("SEEDKEY", "Seed of the Trial")};
    for (const auto& factor : factors)
        columns.push_back(text(factor.name, factor.split->label.substr(0, 40),
                               "parts of " + factor.split->by + " in the design of the trial"));
    return columns;
}

std::string status_of(Ended ended) {
    if (ended == Ended::completed) return "COMPLETED";
    return ended == Ended::cut_off ? "ONGOING" : "DISCONTINUED";
}

std::string cause_of(const Course& course) {
    constexpr const char* causes[]{"", "DISEASE", "OTHER CAUSE", "TOXICITY"};
    return causes[static_cast<std::size_t>(course.cause)];
}

std::vector<DataSet::Cell> subject_cells(const Subject& s, const std::vector<Factor>& factors) {
    const auto& doses = s.doses;
    const double first = doses.empty() ? nan : s.date_of(doses.front().day);
    const double last = doses.empty() ? nan : s.date_of(doses.back().day + doses.back().duration);
    const double end = s.date_of(s.followed.until), age = column_of(s, "age");
    const bool is_dead = s.followed.ended == Ended::death;
    const bool has_left = status_of(s.followed.ended) == "DISCONTINUED";
    std::vector<DataSet::Cell> cells{s.id(),
                                     static_cast<double>(s.course().candidate),
                                     s.arm().name,
                                     adam::arm_code(s.course().arm),
                                     s.arm().name,
                                     s.arm().name,
                                     age,
                                     std::string(std::isnan(age) ? "" : "YEARS"),
                                     sex_of(s),
                                     s.date_of(0.0),
                                     first,
                                     last,
                                     last - first + 1.0,
                                     status_of(s.followed.ended),
                                     std::string(has_left ? name_of(s.followed.ended) : std::string_view()),
                                     end,
                                     end,
                                     yes_or(is_dead, ""),
                                     is_dead ? s.date_of(s.course().death_day) : nan,
                                     is_dead ? cause_of(s.course()) : std::string(),
                                     std::string("Y"),
                                     yes_or(!doses.empty(), "N"),
                                     yes_or(s.course().outcome.ok(), "N"),
                                     s.course().baseline,
                                     s.followed.candidate->weight,
                                     static_cast<double>(s.result.trial.seed)};
    for (const auto& factor : factors)
        cells.push_back(part_name(*factor.split, factor.part.of(s.followed.candidate->parameters)));
    return cells;
}

DataSet subject_level(const Result& result, const std::vector<Subject>& subjects) {
    DataSet data{"ADSL", "Subject-Level Analysis Dataset", {"STUDYID", "USUBJID"}, {}, {}};
    const auto factors = factors_of(result);
    data.columns = adam::with_head(subject_columns(factors));
    for (const auto& s : subjects) adam::add_row(data, s, subject_cells(s, factors));
    return data;
}

nlohmann::ordered_json definition_of(const DataSet& data) {
    nlohmann::ordered_json json{{"label", data.label}, {"keys", data.keys}, {"records", data.rows.size()}};
    const auto lengths = column_lengths(data);
    for (std::size_t i = 0; i < data.columns.size(); ++i) {
        const auto& column = data.columns[i];
        json["columns"].push_back({{"name", column.name},
                                   {"label", column.label},
                                   {"type", column.is_date     ? "date"
                                            : column.is_number ? "number"
                                                               : "text"},
                                   {"length", lengths[i]},
                                   {"derivation", column.derivation}});
    }
    return json;
}

}  // namespace

std::vector<DataSet> adam_data_sets(const Result& result) {
    const FollowUp data = follow_up(result);
    std::vector<Subject> subjects;
    for (const auto& patient : data.patients) subjects.push_back(subject_of(result, patient));
    std::vector<DataSet> sets{subject_level(result, subjects), adam::times_to_event(subjects),
                              adam::responses(subjects), adam::tumour_sizes(subjects),
                              adam::exposure(subjects)};
    // The others are there where the trial has what they hold.
    if (!result.trial.toxicities.empty()) sets.push_back(adam::adverse_events(subjects));
    for (auto& set : {adam::concentrations(subjects), adam::laboratory(subjects)})
        if (!set.rows.empty()) sets.push_back(set);
    return sets;
}

void export_adam(const Result& result, const std::string& folder, const AdamOptions& options) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) throw FileError(folder + ": cannot create the folder: " + error.message());
    const auto path = [&](const std::string& name) {
        return (std::filesystem::path(folder) / name).string();
    };
    nlohmann::ordered_json definitions{{"title", result.trial.title},
                                       {"result_digest", result.result_digest},
                                       {"note",
                                        "One subject is one virtual patient in one arm; TWINID is the "
                                        "patient. The first patient enters on 2020-01-01; what happened "
                                        "behind the data cut-off is left out."}};
    for (const auto& data : adam_data_sets(result)) {
        const std::string name = lower_case(data.name);
        write_file(path(name + ".csv"), as_csv(data));
        if (options.dataset_json)
            write_file(path(name + ".json"),
                       as_dataset_json(data, "ABSC-" + result.trial_digest.substr(0, 8), options.created));
        if (options.xpt) write_file(path(name + ".xpt"), as_xpt(data));
        definitions["datasets"][data.name] = definition_of(data);
    }
    write_file(path("define.json"), definitions.dump(2) + "\n");
}

}  // namespace abscopal
