// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "trial/adam_parts.hpp"
#include "trial/comparison.hpp"

namespace abscopal::adam {
namespace {

std::string sentence(std::string text) {
    if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
    return text;
}

/// Where the days of an endpoint count from.
double origin_of(const Judgement& seen, EndpointKind kind) {
    if (kind == EndpointKind::duration_of_response) return seen.best.response_day;
    return kind == EndpointKind::duration_of_confirmed_response ? seen.confirmed.response_day : 0.0;
}

std::string event_of(EndpointKind kind, const Endpoint& endpoint) {
    if (!endpoint.is_event) return "";
    if (kind == EndpointKind::time_to_response || kind == EndpointKind::time_to_confirmed_response)
        return "RESPONSE";
    return upper_case(name_of(endpoint.reason));
}

/// Number of the visit on a day: AVISITN in ADRS; 0: none.
double visit_on(const Subject& s, double day) {
    const auto at =
        std::find_if(s.visits.begin(), s.visits.end(), [&](const auto& v) { return v.day == day; });
    return at == s.visits.end() ? 0.0 : static_cast<double>(at - s.visits.begin() + 1);
}

void add_time(DataSet& data, const Subject& s, EndpointKind kind, const Endpoint& endpoint) {
    const double start = origin_of(s.followed.seen, kind), end = start + endpoint.day;
    const bool is_death = endpoint.is_event && endpoint.reason == Reason::death;
    add_row(
        data, s,
        {s.arm().name, sentence(long_name(kind)) + " (days)", short_name(kind), endpoint.day + 1.0,
         s.date_of(start), s.date_of(end), endpoint.is_event ? 0.0 : 1.0, event_of(kind, endpoint),
         endpoint.is_event ? std::string() : upper_case(name_of(endpoint.reason)),
         std::string(is_death ? "ADSL" : "ADRS"), std::string(is_death ? "DTHDT" : "ADT"), visit_on(s, end)});
}

/// Follow-up by reverse Kaplan-Meier: being censored is the event.
void add_follow_up(DataSet& data, const Subject& s, const Endpoint& endpoint) {
    add_row(data, s,
            {s.arm().name, std::string("Follow-up (days)"), std::string("FUP"), endpoint.day + 1.0,
             s.date_of(0.0), s.date_of(endpoint.day), endpoint.is_event ? 1.0 : 0.0,
             std::string(endpoint.is_event ? "" : "END OF FOLLOW-UP"),
             endpoint.is_event ? upper_case(name_of(endpoint.reason)) : std::string(), std::string("ADRS"),
             std::string("ADT"), visit_on(s, endpoint.day)});
}

/// Codes of package admiralonco: CR 1 … MISSING 7.
double response_number(Overall response) {
    return static_cast<double>(response) + 1.0;
}

std::string reader_of(const Subject& s) {
    return primary_reader(s.result.trial) == Reader::review ? "Independent Assessor" : "Investigator";
}

struct ResponseRow {
    const char *param, *code;
    double day, visit;
    std::string character;
    double value;
    bool is_counted = true;
};

void add_response(DataSet& data, const Subject& s, const ResponseRow& record) {
    add_row(data, s,
            {std::string(record.param), std::string(record.code), std::string("Tumor Response"), reader_of(s),
             std::string("RECIST 1.1"), std::isnan(record.day) ? nan : s.date_of(record.day),
             std::isnan(record.day) ? nan : std::floor(record.day) + 1.0,
             record.visit > 0.0 ? "VISIT " + to_text(record.visit) : std::string(),
             record.visit > 0.0 ? record.visit : nan, record.character, record.value,
             yes_or(record.is_counted, "")});
}

void add_best(DataSet& data, const Subject& s, const BestOverall& best, bool is_confirmed) {
    const bool responds = is_response(best.response);
    const bool benefits = is_confirmed ? s.followed.seen.has_confirmed_benefit : s.followed.seen.has_benefit;
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

/// iRECIST at a visit, where the run has kept it.
void add_immune(DataSet& data, const Subject& s) {
    for (std::size_t i = 0; i < s.visits.size(); ++i) {
        const Read& read = primary_reader(s.result.trial) == Reader::review
                               ? s.course().visits[i].review
                               : s.course().visits[i].investigator;
        if (read.immune == Immune::missing) continue;
        add_response(data, s,
                     {"Overall Response by iRECIST", "IOVR", s.visits[i].day, static_cast<double>(i + 1),
                      std::string(name_of(read.immune)), static_cast<double>(read.immune) + 1.0});
    }
}

/// A lesion at baseline or a visit.
struct SizeRow {
    std::string param, code, category, visit;
    double day, number, value, base, nadir;
    bool is_complete = true;
};

void add_size(DataSet& data, const Subject& s, const SizeRow& row) {
    const bool is_baseline = row.number == 0.0;
    add_row(data, s,
            {row.param, row.code, row.category, s.date_of(row.day), std::floor(row.day) + 1.0, row.visit,
             row.number, row.value, row.base, is_baseline ? nan : row.value - row.base,
             is_baseline || row.base == 0.0 ? nan : 100.0 * (row.value - row.base) / row.base,
             is_baseline ? nan : row.nadir, is_baseline ? nan : row.value - row.nadir,
             is_baseline || row.nadir == 0.0 ? nan : 100.0 * (row.value - row.nadir) / row.nadir,
             yes_or(is_baseline, ""), yes_or(row.is_complete, "")});
}

std::string visit_name(double number) {
    return number == 0.0 ? "BASELINE" : "VISIT " + to_text(number);
}

void add_sums(DataSet& data, const Subject& s) {
    SizeRow row{"Sum of Diameters (mm)",
                "SDIAM",
                "Target Lesions",
                visit_name(0),
                0.0,
                0.0,
                s.course().baseline,
                s.course().baseline,
                s.course().baseline};
    add_size(data, s, row);
    for (std::size_t i = 0; i < s.visits.size(); ++i) {
        const auto& visit = s.visits[i];
        row.number = static_cast<double>(i + 1), row.visit = visit_name(row.number), row.day = visit.day;
        row.value = visit.sum, row.nadir = visit.nadir;
        row.is_complete = visit.response != Overall::not_evaluable && visit.response != Overall::missing;
        if (!s.course().visits[i].investigator.diameters.empty() || s.course().lesions.empty())
            add_size(data, s, row);
    }
}

/// Each lesion as the investigator measured it.
void add_lesions(DataSet& data, const Subject& s) {
    const auto& lesions = s.course().lesions;
    for (std::size_t k = 0; k < lesions.size(); ++k) {
        const auto& lesion = lesions[k];
        const std::string number = std::to_string(k + 1),
                          what = lesion.is_nodal ? "Short Axis" : "Longest Diameter";
        const char* category = lesion.role == LesionRole::target       ? "Target Lesions"
                               : lesion.role == LesionRole::non_target ? "Non-Target Lesions"
                                                                       : "New Lesions";
        SizeRow row{what + " of Lesion " + number + " (mm)",
                    (lesion.is_nodal ? "NLDIAM" : "LDIAM") + number,
                    category,
                    visit_name(0),
                    0.0,
                    0.0,
                    lesion.diameter,
                    lesion.diameter,
                    lesion.diameter};
        if (lesion.role != LesionRole::absent) add_size(data, s, row);
        for (std::size_t i = 0; i < s.visits.size(); ++i) {
            const auto& sizes = s.course().visits[i].investigator.diameters;
            if (k >= sizes.size() || std::isnan(sizes[k])) continue;
            if (lesion.role == LesionRole::absent && sizes[k] == 0.0) continue;
            row.number = static_cast<double>(i + 1), row.visit = visit_name(row.number),
            row.day = s.visits[i].day;
            row.value = sizes[k];
            add_size(data, s, row);
            row.nadir = std::min(row.nadir, row.value);
        }
    }
}

}  // namespace

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
        for (const auto& [kind, endpoint] : s.followed.seen.times) add_time(data, s, kind, endpoint);
        if (const auto* endpoint = find(s.followed.seen, endpoints_of(s.result.trial).back()))
            add_follow_up(data, s, *endpoint);
    }
    return data;
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
                {"Overall Response", "OVR", visit.day, static_cast<double>(i + 1),
                 std::string(name_of(visit.response)), response_number(visit.response), !has_progressed});
            has_progressed = has_progressed || visit.response == Overall::progressive;
        }
        const auto progression = std::find_if(s.visits.begin(), s.visits.end(), [](const auto& visit) {
            return visit.response == Overall::progressive;
        });
        add_response(data, s,
                     {"Disease Progression", "PD", has_progressed ? progression->day : nan, 0,
                      yes_or(has_progressed, "N"), has_progressed ? 1.0 : 0.0});
        const bool is_dead = s.followed.ended == Ended::death;
        if (models_death(s.result.trial))
            add_response(data, s,
                         {"Death", "DEATH", is_dead ? s.course().death_day : nan, 0, yes_or(is_dead, "N"),
                          is_dead ? 1.0 : 0.0});
        add_immune(data, s);
        add_best(data, s, s.followed.seen.best, false);
        add_best(data, s, s.followed.seen.confirmed, true);
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
    for (const auto& s : subjects) {
        add_sums(data, s);
        add_lesions(data, s);
    }
    return data;
}

}  // namespace abscopal::adam
