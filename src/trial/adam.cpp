// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "trial/adam.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <system_error>

#include "abscopal/endpoints.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "trial/recist.hpp"

namespace abscopal {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

DataColumn text(std::string name, std::string label, std::string derivation = "") {
    return {std::move(name), std::move(label), false, false, std::move(derivation)};
}
DataColumn number(std::string name, std::string label, std::string derivation = "") {
    return {std::move(name), std::move(label), true, false, std::move(derivation)};
}
DataColumn date(std::string name, std::string label, std::string derivation = "") {
    return {std::move(name), std::move(label), true, true, std::move(derivation)};
}

double date_of(double day) {
    return days_since_1960(2020, 1, 1) + std::floor(day);
}

std::string yes_or(bool is_so, const char* otherwise) {
    return is_so ? "Y" : otherwise;
}

std::string arm_code(std::size_t arm) {
    return "A" + std::to_string(arm + 1);
}

/// A patient in an arm, with what the data sets derive from her course.
struct Subject {
    const Result& result;
    const Course& course;
    std::vector<TimePoint> visits;
    BestOverall best, confirmed;
    Regimen doses;  ///< given, single

    const Arm& arm() const { return result.trial.arms[course.arm]; }
    std::string id() const {
        std::string number = std::to_string(course.candidate);
        number.insert(0, number.size() < 6 ? 6 - number.size() : 0, '0');
        return arm_code(course.arm) + "-" + number;
    }
    std::string study() const { return "ABSC-" + result.trial_digest.substr(0, 8); }
    /// What every data set begins with.
    std::vector<DataSet::Cell> head() const {
        return {study(), study() + "-" + id(), arm().name, arm_code(course.arm)};
    }
};

std::vector<DataColumn> with_head(std::vector<DataColumn> columns) {
    std::vector<DataColumn> all{
        text("STUDYID", "Study Identifier", "ABSC- and the head of the trial's digest"),
        text("USUBJID", "Unique Subject Identifier", "study, arm and candidate"),
        text("ARM", "Description of Planned Arm"), text("ARMCD", "Planned Arm Code")};
    all.insert(all.end(), columns.begin(), columns.end());
    return all;
}

Regimen doses_given(const Result& result, const Course& course) {
    Regimen doses = result.trial.arms[course.arm].regimen.expanded(result.trial.follow_up);
    std::erase_if(doses.rows, [&](const DoseRow& dose) {
        const bool is_stopped = dose.while_on_treatment && course.off_treatment_day >= 0.0 &&
                                dose.time >= course.off_treatment_day;
        return is_stopped || (!course.outcome.ok() && dose.time > course.outcome.time);
    });
    return doses;
}

Subject subject_of(const Result& result, const Course& course) {
    Subject subject{result, course, {}, {}, {}, doses_given(result, course)};
    double nadir = course.baseline;
    for (const auto& visit : course.visits) {
        const Overall response = visit.response;
        subject.visits.push_back({visit.day, response, response, visit.sum_of_diameters, nadir});
        if (response != Overall::not_evaluable) nadir = std::min(nadir, visit.sum_of_diameters);
    }
    BestRules rules;
    rules.stable_from = result.trial.response.stable_from;
    subject.best = best_overall(subject.visits, rules);
    rules.is_confirmed = true;
    subject.confirmed = best_overall(subject.visits, rules);
    return subject;
}

double weight_of_candidate(const Result& result, std::size_t index) {
    const auto at =
        std::lower_bound(result.candidates.begin(), result.candidates.end(), index,
                         [](const Candidate& candidate, std::size_t i) { return candidate.index < i; });
    return at == result.candidates.end() || at->index != index ? nan : at->weight;
}

DataSet subject_level(const std::vector<Subject>& subjects) {
    DataSet data{"ADSL", "Subject-Level Analysis Dataset", {"STUDYID", "USUBJID"}, {}, {}};
    data.columns = with_head(
        {text("SUBJID", "Subject Identifier for the Study"),
         number("TWINID", "Virtual Patient", "candidate; the same in all arms"),
         text("ACTARM", "Description of Actual Arm"),
         text("ACTARMCD", "Actual Arm Code"),
         text("TRT01P", "Planned Treatment for Period 01"),
         text("TRT01A", "Actual Treatment for Period 01"),
         date("RANDDT", "Date of Randomization", "day 0 of the simulation, put on 2020-01-01"),
         date("TRTSDT", "Date of First Exposure to Treatment"),
         date("TRTEDT", "Date of Last Exposure to Treatment"),
         number("TRTDURD", "Total Treatment Duration (Days)", "TRTEDT - TRTSDT + 1"),
         text("EOSSTT", "End of Study Status", "COMPLETED, or DISCONTINUED where the solver failed"),
         date("EOSDT", "End of Study Date"),
         date("LSTALVDT", "Date Last Known Alive"),
         text("DTHFL", "Subject Death Flag", "death is not modelled"),
         text("ITTFL", "Intent-To-Treat Population Flag"),
         text("SAFFL", "Safety Population Flag", "Y: at least one dose"),
         text("SIMFL", "Simulation Succeeded Flag", "N where the solver failed"),
         number("BTS", "Baseline Sum of Diameters (mm)"),
         number("WEIGHT", "Sampling Weight"),
         number("SEEDKEY", "Seed of the Trial")});
    for (const auto& s : subjects) {
        const auto& doses = s.doses.rows;
        const double first = doses.empty() ? nan : date_of(doses.front().time);
        const double last = doses.empty() ? nan : date_of(doses.back().time + doses.back().duration);
        const double end = date_of(s.course.outcome.ok() ? s.result.trial.follow_up : s.course.outcome.time);
        auto row = s.head();
        row.insert(row.end(), {s.id(),
                               static_cast<double>(s.course.candidate),
                               s.arm().name,
                               arm_code(s.course.arm),
                               s.arm().name,
                               s.arm().name,
                               date_of(0.0),
                               first,
                               last,
                               last - first + 1.0,
                               std::string(s.course.outcome.ok() ? "COMPLETED" : "DISCONTINUED"),
                               end,
                               end,
                               std::string(),
                               std::string("Y"),
                               yes_or(!doses.empty(), "N"),
                               yes_or(s.course.outcome.ok(), "N"),
                               s.course.baseline,
                               weight_of_candidate(s.result, s.course.candidate),
                               static_cast<double>(s.result.trial.seed)});
        data.rows.push_back(std::move(row));
    }
    return data;
}

void add_time(DataSet& data, const Subject& s, const char* param, const char* code, double start, double end,
              bool is_event, std::string_view event, double sequence) {
    auto row = s.head();
    row.insert(row.end(),
               {s.arm().name, std::string(param), std::string(code), end - start + 1.0, date_of(start),
                date_of(end), is_event ? 0.0 : 1.0, std::string(is_event ? event : std::string_view()),
                std::string(is_event ? "" : "LAST ADEQUATE TUMOR ASSESSMENT"), std::string("ADRS"),
                std::string("ADT"), sequence});
    data.rows.push_back(std::move(row));
}

DataSet times_to_event(const std::vector<Subject>& subjects) {
    DataSet data{"ADTTE", "Time-to-Event Analysis Dataset", {"STUDYID", "USUBJID", "PARAMCD"}, {}, {}};
    data.columns = with_head(
        {text("TRT01P", "Planned Treatment for Period 01"), text("PARAM", "Parameter"),
         text("PARAMCD", "Parameter Code"),
         number("AVAL", "Analysis Value", "days from start to end, plus 1"),
         date("STARTDT", "Time-to-Event Origin Date"), date("ADT", "Analysis Date"),
         number("CNSR", "Censor", "0 event, 1 censored"), text("EVNTDESC", "Event Description"),
         text("CNSDTDSC", "Censor Date Description"), text("SRCDOM", "Source Data"),
         text("SRCVAR", "Source Variable"),
         number("SRCSEQ", "Source Sequence Number", "AVISITN of the record in ADRS; 0 randomisation")});
    for (const auto& s : subjects) {
        const auto& course = s.course;
        const auto at = std::find_if(s.visits.begin(), s.visits.end(),
                                     [&](const auto& visit) { return visit.day == course.pfs_day; });
        const double sequence = at == s.visits.end() ? 0.0 : static_cast<double>(at - s.visits.begin() + 1);
        add_time(data, s, "Progression Free Survival (days)", "PFS", 0.0, course.pfs_day, course.progressed,
                 "PROGRESSIVE DISEASE", sequence);
        // Follow-up by reverse Kaplan-Meier: being censored is the event.
        add_time(data, s, "Follow-up (days)", "FUP", 0.0, course.pfs_day, !course.progressed,
                 "END OF FOLLOW-UP", sequence);
        if (std::isnan(s.best.response_day)) continue;
        add_time(data, s, "Duration of Response (days)", "RSD", s.best.response_day, course.pfs_day,
                 course.progressed, "PROGRESSIVE DISEASE", sequence);
        add_time(data, s, "Time to Response (days)", "TTR", 0.0, s.best.response_day, true, "RESPONSE",
                 sequence);
    }
    return data;
}

/// Codes of package admiralonco: CR 1 … MISSING 7.
double response_number(Overall response) {
    return static_cast<double>(response) + 1.0;
}

struct ResponseRow {
    const char *param, *code;
    double day, visit;
    std::string character;
    double value;
    bool is_counted = true;
};

void add_response(DataSet& data, const Subject& s, const ResponseRow& record) {
    auto row = s.head();
    row.insert(row.end(), {std::string(record.param), std::string(record.code), std::string("Tumor Response"),
                           std::string("Investigator"), std::string("RECIST 1.1"),
                           std::isnan(record.day) ? nan : date_of(record.day),
                           std::isnan(record.day) ? nan : std::floor(record.day) + 1.0,
                           record.visit > 0.0 ? "VISIT " + to_text(record.visit) : std::string(),
                           record.visit > 0.0 ? record.visit : nan, record.character, record.value,
                           yes_or(record.is_counted, "")});
    data.rows.push_back(std::move(row));
}

void add_best(DataSet& data, const Subject& s, const BestOverall& best, bool is_confirmed) {
    const bool responds = is_response(best.response), benefits = has_clinical_benefit(best, s.visits);
    add_response(data, s,
                 {is_confirmed ? "Confirmed Best Overall Response" : "Best Overall Response",
                  is_confirmed ? "CBOR" : "BOR", best.day, 0, std::string(name_of(best.response)),
                  response_number(best.response)});
    add_response(data, s,
                 {is_confirmed ? "Confirmed Response" : "Response", is_confirmed ? "CRSP" : "RSP",
                  best.response_day, 0, yes_or(responds, "N"), responds ? 1.0 : 0.0});
    add_response(data, s,
                 {is_confirmed ? "Confirmed Clinical Benefit" : "Clinical Benefit",
                  is_confirmed ? "CCB" : "CB", nan, 0, yes_or(benefits, "N"), benefits ? 1.0 : 0.0});
}

DataSet responses(const std::vector<Subject>& subjects) {
    DataSet data{"ADRS", "Response Analysis Dataset", {"STUDYID", "USUBJID", "PARAMCD", "AVISITN"}, {}, {}};
    data.columns =
        with_head({text("PARAM", "Parameter"), text("PARAMCD", "Parameter Code"),
                   text("PARCAT1", "Parameter Category 1"), text("PARCAT2", "Parameter Category 2"),
                   text("PARCAT3", "Parameter Category 3"), date("ADT", "Analysis Date"),
                   number("ADY", "Analysis Relative Day"), text("AVISIT", "Analysis Visit"),
                   number("AVISITN", "Analysis Visit (N)"), text("AVALC", "Analysis Value (C)"),
                   number("AVAL", "Analysis Value",
                          "CR 1, PR 2, SD 3, NON-CR/NON-PD 4, PD 5, NE 6, MISSING 7; flags: Y 1, N 0"),
                   text("ANL01FL", "Analysis Flag 01", "Y up to first progression")});
    for (const auto& s : subjects) {
        bool has_progressed = false;
        for (std::size_t i = 0; i < s.visits.size(); ++i) {
            const auto& visit = s.visits[i];
            add_response(
                data, s,
                {"Overall Response by Investigator", "OVR", visit.day, static_cast<double>(i + 1),
                 std::string(name_of(visit.response)), response_number(visit.response), !has_progressed});
            has_progressed = has_progressed || visit.response == Overall::progressive;
        }
        add_response(data, s,
                     {"Disease Progression", "PD", s.course.progressed ? s.course.pfs_day : nan, 0,
                      yes_or(s.course.progressed, "N"), s.course.progressed ? 1.0 : 0.0});
        add_best(data, s, s.best, false);
        add_best(data, s, s.confirmed, true);
    }
    return data;
}

DataSet tumour_sizes(const std::vector<Subject>& subjects) {
    DataSet data{
        "ADTR", "Tumor Results Analysis Dataset", {"STUDYID", "USUBJID", "PARAMCD", "AVISITN"}, {}, {}};
    data.columns =
        with_head({text("PARAM", "Parameter"), text("PARAMCD", "Parameter Code"),
                   text("PARCAT1", "Parameter Category 1"), date("ADT", "Analysis Date"),
                   number("ADY", "Analysis Relative Day"), text("AVISIT", "Analysis Visit"),
                   number("AVISITN", "Analysis Visit (N)"), number("AVAL", "Analysis Value", "mm"),
                   number("BASE", "Baseline Value"), number("CHG", "Change from Baseline"),
                   number("PCHG", "Percent Change from Baseline"),
                   number("NADIR", "Nadir", "least value before this visit, baseline included"),
                   number("CHGNAD", "Change from Nadir"), number("PCHGNAD", "Percent Change from Nadir"),
                   text("ABLFL", "Baseline Record Flag"),
                   text("ANL01FL", "Analysis Flag 01", "Y: all target lesions assessed")});
    const auto add = [&](const Subject& s, std::size_t visit, double day, double sum, double nadir) {
        const double base = s.course.baseline;
        const bool is_baseline = visit == 0;
        auto row = s.head();
        row.insert(row.end(), {std::string("Sum of Diameters (mm)"), std::string("SDIAM"),
                               std::string("Target Lesions"), date_of(day), std::floor(day) + 1.0,
                               is_baseline ? std::string("BASELINE") : "VISIT " + std::to_string(visit),
                               static_cast<double>(visit), sum, base, is_baseline ? nan : sum - base,
                               is_baseline ? nan : 100.0 * (sum - base) / base, is_baseline ? nan : nadir,
                               is_baseline ? nan : sum - nadir,
                               is_baseline || nadir == 0.0 ? nan : 100.0 * (sum - nadir) / nadir,
                               yes_or(is_baseline, ""), std::string("Y")});
        data.rows.push_back(std::move(row));
    };
    for (const auto& s : subjects) {
        add(s, 0, 0.0, s.course.baseline, s.course.baseline);
        for (std::size_t i = 0; i < s.visits.size(); ++i)
            add(s, i + 1, s.visits[i].day, s.visits[i].sum, s.visits[i].nadir);
    }
    return data;
}

std::string dose_unit(const DoseRow& dose) {
    if (dose.per == DosePer::kilogram) return dose.unit + "/kg";
    return dose.per == DosePer::square_metre ? dose.unit + "/m2" : dose.unit;
}

DataSet exposure(const std::vector<Subject>& subjects) {
    DataSet data{"ADEX", "Exposure Analysis Dataset", {"STUDYID", "USUBJID", "PARAMCD", "ASEQ"}, {}, {}};
    data.columns = with_head({number("ASEQ", "Analysis Sequence Number"), text("EXTRT", "Name of Treatment"),
                              number("EXDOSE", "Dose", "as written"), text("EXDOSU", "Dose Units"),
                              date("ASTDT", "Analysis Start Date"), date("AENDT", "Analysis End Date"),
                              number("ASTDY", "Analysis Start Relative Day"),
                              number("EXDURD", "Infusion Duration (Days)", "0: bolus"),
                              text("PARAM", "Parameter"), text("PARAMCD", "Parameter Code"),
                              number("AVAL", "Analysis Value", "doses of event tables are not listed")});
    for (const auto& s : subjects) {
        double sequence = 0.0;
        for (const auto& dose : s.doses.rows) {
            auto row = s.head();
            row.insert(row.end(),
                       {++sequence, dose.drug.empty() ? dose.target : dose.drug, dose.amount, dose_unit(dose),
                        date_of(dose.time), date_of(dose.time + dose.duration), std::floor(dose.time) + 1.0,
                        dose.duration, std::string("Dose Administered"), std::string("DOSE"), dose.amount});
            data.rows.push_back(std::move(row));
        }
    }
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
    std::vector<Subject> subjects;
    for (const auto& course : result.courses) subjects.push_back(subject_of(result, course));
    return {subject_level(subjects), times_to_event(subjects), responses(subjects), tumour_sizes(subjects),
            exposure(subjects)};
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
                                        "patient. Day 0 is put on 2020-01-01."}};
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
