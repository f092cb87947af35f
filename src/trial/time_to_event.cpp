// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>
#include <cmath>

#include "abscopal/endpoints.hpp"

namespace abscopal {
namespace {

constexpr double forever = std::numeric_limits<double>::infinity();

bool is_adequate(const TimePoint& visit) {
    return visit.response != Overall::not_evaluable && visit.response != Overall::missing;
}

/// The record as it was known at the cut-off.
PatientRecord as_known(PatientRecord patient) {
    const auto forget = [&](std::optional<double>& day) {
        if (day && *day > patient.cut_off) day.reset();
    };
    for (auto* day :
         {&patient.death, &patient.new_therapy, &patient.discontinuation, &patient.next_progression})
        forget(*day);
    std::erase_if(patient.assessments, [&](const auto& visit) { return visit.day > patient.cut_off; });
    patient.last_contact = std::min(patient.last_contact, patient.cut_off);
    if (patient.death) patient.last_contact = *patient.death;
    return patient;
}

std::optional<double> first_progression(const PatientRecord& patient) {
    for (const auto& visit : patient.assessments)
        if (visit.response == Overall::progressive) return visit.day;
    return std::nullopt;
}

/// Progression or death, whichever is first.
std::optional<Endpoint> first_event(const PatientRecord& patient) {
    const auto progression = first_progression(patient);
    if (progression && !(patient.death && *patient.death < *progression))
        return Endpoint{*progression, true, Reason::progression};
    if (patient.death) return Endpoint{*patient.death, true, Reason::death};
    return std::nullopt;
}

/// Last adequate assessment without progression, up to and with `day`.
std::optional<double> last_adequate(const PatientRecord& patient, double day) {
    std::optional<double> last;
    for (const auto& visit : patient.assessments)
        if (is_adequate(visit) && visit.response != Overall::progressive && visit.day <= day)
            last = visit.day;
    return last;
}

Endpoint censored(std::optional<double> last, Reason reason) {
    if (!last) return {0.0, false, reason == Reason::last_assessment ? Reason::no_assessment : reason};
    return {*last, false, reason};
}

/// Planned assessments between two days that were not made within their window.
std::size_t n_missed(const PatientRecord& patient, double from, double to) {
    return static_cast<std::size_t>(
        std::count_if(patient.schedule.begin(), patient.schedule.end(), [&](double planned) {
            return planned > from + patient.scan_window && planned < to - patient.scan_window;
        }));
}

/// Day up to which a death without any assessment counts: two planned intervals.
double early_death_limit(const PatientRecord& patient) {
    if (patient.schedule.empty()) return forever;
    return (patient.schedule.size() > 1 ? patient.schedule[1] : 2.0 * patient.schedule[0]) +
           patient.scan_window;
}

Endpoint with_fda_rules(const PatientRecord& patient, std::optional<Endpoint> event) {
    const bool is_death = event && event->reason == Reason::death;
    if (!patient.has_baseline && !(is_death && event->day <= early_death_limit(patient)))
        return {0.0, false, Reason::no_baseline};
    if (patient.new_therapy && *patient.new_therapy < (event ? event->day : forever))
        return censored(last_adequate(patient, *patient.new_therapy), Reason::new_therapy);
    const auto last = last_adequate(patient, event ? event->day : forever);
    if (!event) return censored(last, Reason::last_assessment);
    if (!last && is_death)
        return event->day <= early_death_limit(patient) ? *event
                                                        : Endpoint{0.0, false, Reason::no_assessment};
    if (n_missed(patient, last.value_or(0.0), event->day) >= 2)
        return censored(last, Reason::missed_assessments);
    return *event;
}

Endpoint with_rules(const PatientRecord& patient, std::optional<Endpoint> event, CensoringRules rules) {
    if (rules == CensoringRules::fda) return with_fda_rules(patient, event);
    if (event) return *event;
    return censored(last_adequate(patient, forever), Reason::last_assessment);
}

Endpoint first_of(std::optional<double> day, Reason reason, const PatientRecord& patient) {
    return day ? Endpoint{*day, true, reason} : Endpoint{patient.last_contact, false, Reason::last_contact};
}

}  // namespace

std::string_view name_of(Reason reason) {
    constexpr std::string_view names[]{"death",
                                       "progressive disease",
                                       "start of new therapy",
                                       "end of treatment",
                                       "last adequate assessment",
                                       "no baseline assessment",
                                       "no adequate assessment after baseline",
                                       "two or more assessments missed before the event",
                                       "last known alive"};
    return names[static_cast<std::size_t>(reason)];
}

std::optional<CensoringRules> censoring_rules(std::string_view name) {
    if (name == "fda") return CensoringRules::fda;
    if (name == "ema") return CensoringRules::ema;
    return std::nullopt;
}

Endpoint progression_free_survival(const PatientRecord& record, CensoringRules rules) {
    const PatientRecord patient = as_known(record);
    return with_rules(patient, first_event(patient), rules);
}

Endpoint overall_survival(const PatientRecord& record) {
    const PatientRecord patient = as_known(record);
    return first_of(patient.death, Reason::death, patient);
}

Endpoint time_to_progression(const PatientRecord& record, CensoringRules rules) {
    PatientRecord patient = as_known(record);
    if (patient.death)
        std::erase_if(patient.assessments, [&](const auto& visit) { return visit.day > *patient.death; });
    patient.death.reset();
    return with_rules(patient, first_event(patient), rules);
}

Endpoint event_free_survival(const PatientRecord& record) {
    return progression_free_survival(record, CensoringRules::ema);
}

Endpoint duration_of_response(const PatientRecord& record, double response_day, CensoringRules rules) {
    Endpoint event = progression_free_survival(record, rules);
    event.day = std::max(0.0, event.day - response_day);
    return event;
}

Endpoint time_to_next_treatment(const PatientRecord& record) {
    const PatientRecord patient = as_known(record);
    return first_of(patient.new_therapy, Reason::new_therapy, patient);
}

Endpoint time_to_discontinuation(const PatientRecord& record) {
    const PatientRecord patient = as_known(record);
    return first_of(patient.discontinuation, Reason::discontinuation, patient);
}

Endpoint second_progression_free_survival(const PatientRecord& record) {
    const PatientRecord patient = as_known(record);
    if (patient.next_progression) return {*patient.next_progression, true, Reason::progression};
    return first_of(patient.death, Reason::death, patient);
}

Endpoint immune_progression_free_survival(std::span<const ImmunePoint> visits, const PatientRecord& record) {
    const PatientRecord patient = as_known(record);
    double suspected = forever, last = 0.0;
    bool is_seen = false;
    for (const auto& visit : visits) {
        if (visit.day > patient.cut_off || visit.response == Immune::not_evaluable ||
            visit.response == Immune::missing)
            continue;
        const bool progresses = visit.response == Immune::unconfirmed || visit.response == Immune::confirmed;
        if (!progresses) {
            suspected = forever;
            last = visit.day;
            is_seen = true;
        } else {
            suspected = std::min(suspected, visit.day);
        }
        if (visit.response == Immune::confirmed) break;
    }
    const double death = patient.death.value_or(forever);
    if (suspected < forever && suspected <= death) return {suspected, true, Reason::progression};
    if (death < forever) return {death, true, Reason::death};
    return {last, false, is_seen ? Reason::last_assessment : Reason::no_assessment};
}

}  // namespace abscopal
