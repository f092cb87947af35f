// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "trial/judgement.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "abscopal/result.hpp"
#include "trial/next_line.hpp"

namespace abscopal {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

const Read& read_of(const Visit& visit, Reader reader) {
    return reader == Reader::review ? visit.review : visit.investigator;
}

std::optional<double> day_if(double day) {
    return std::isnan(day) || day < 0.0 ? std::nullopt : std::optional(day);
}

/// Visits that a reader has seen by `cut_off`. A visit that says no more than its sum and response is taken
/// by them.
std::vector<TimePoint> points_of(const Course& course, Reader reader, double cut_off) {
    std::vector<TimePoint> points;
    double nadir = course.baseline;
    for (const auto& visit : course.visits) {
        if (visit.day > cut_off) break;
        const Read& read = read_of(visit, reader);
        if (read.diameters.empty())
            points.push_back({visit.day, visit.response, visit.response, visit.sum_of_diameters, nadir});
        else
            points.push_back({visit.day, read.overall, read.target, read.sum, read.nadir});
        if (visit.response != Overall::not_evaluable) nadir = std::min(nadir, visit.sum_of_diameters);
    }
    return points;
}

std::vector<ImmunePoint> immune_points(const Course& course, Reader reader, double cut_off) {
    std::vector<ImmunePoint> points;
    for (const auto& visit : course.visits)
        if (visit.day <= cut_off) points.push_back({visit.day, read_of(visit, reader).immune});
    return points;
}

double baseline_of(const Course& course, Reader reader) {
    const auto& lesions = reader == Reader::review ? course.review_lesions : course.lesions;
    if (lesions.empty()) return course.baseline;
    double sum = 0.0;
    for (const auto& lesion : lesions)
        if (lesion.role == LesionRole::target) sum += lesion.diameter;
    return sum;
}

bool has_disease(const Course& course, Reader reader) {
    const auto& lesions = reader == Reader::review ? course.review_lesions : course.lesions;
    if (lesions.empty()) return true;
    return std::any_of(lesions.begin(), lesions.end(),
                       [](const auto& lesion) { return lesion.role != LesionRole::absent; });
}

/// First progression on the line after new therapy, from a nadir of its own.
std::optional<double> next_progression(const Course& course, Reader reader) {
    if (std::isnan(course.new_therapy_day)) return std::nullopt;
    NextLine line(baseline_of(course, reader), 0);
    for (const auto& visit : course.visits) {
        const Read& read = read_of(visit, reader);
        const double sum = read.diameters.empty() ? visit.sum_of_diameters : read.sum;
        if (visit.day <= course.new_therapy_day)
            line = NextLine(sum, read.n_new);
        else if (line.progresses(sum, read.n_new))
            return visit.day;
    }
    return std::nullopt;
}

using Times = std::vector<std::pair<EndpointKind, Endpoint>>;

void add_times_of_responder(Times& times, const PatientRecord& record, double response_day,
                            EndpointKind duration, EndpointKind onset) {
    if (std::isnan(response_day)) return;
    times.emplace_back(duration, duration_of_response(record, response_day, CensoringRules::fda));
    times.emplace_back(onset, Endpoint{response_day, true, Reason::progression});
}

}  // namespace

BestRules best_rules(const ResponseCriteria& response, bool is_confirmed, double until) {
    BestRules rules;
    rules.stable_from = response.stable_from;
    rules.is_confirmed = is_confirmed;
    rules.confirm_after = response.confirm_after;
    rules.max_not_evaluable = response.max_not_evaluable;
    rules.accept_stable = response.accept_stable;
    rules.until = until;
    return rules;
}

std::string_view name_of(Reader reader) {
    return reader == Reader::review ? "INDEPENDENT ASSESSOR" : "INVESTIGATOR";
}

std::string_view name_of(LesionRole role) {
    constexpr std::string_view names[]{"absent", "target", "non-target"};
    return names[static_cast<std::size_t>(role)];
}

std::string_view name_of(EndpointKind kind) {
    constexpr std::string_view names[]{"PFS",  "PFSEMA", "IPFS", "OS",   "TTP", "EFS", "RSD",
                                       "CRSD", "TTR",    "CTTR", "TTNT", "TTD", "PFS2"};
    return names[static_cast<std::size_t>(kind)];
}

std::string_view name_of(CauseOfDeath cause) {
    constexpr std::string_view names[]{"", "disease", "other cause", "toxicity"};
    return names[static_cast<std::size_t>(cause)];
}

const Endpoint* Judgement::find(EndpointKind kind) const {
    const auto at =
        std::find_if(times.begin(), times.end(), [&](const auto& entry) { return entry.first == kind; });
    return at == times.end() ? nullptr : &at->second;
}

PatientRecord record_of(const Trial& trial, const Course& course, Reader reader, double cut_off) {
    PatientRecord record;
    record.has_baseline = has_disease(course, reader);
    record.assessments = points_of(course, reader, cut_off);
    record.schedule = trial.visits;
    record.scan_window = std::max(7.0, trial.measurement.window);
    record.death = day_if(course.death_day);
    record.new_therapy = day_if(course.new_therapy_day);
    record.discontinuation = day_if(course.off_treatment_day);
    record.next_progression = next_progression(course, reader);
    record.last_contact = course.last_day;
    record.cut_off = cut_off;
    return record;
}

Judgement judge(const Trial& trial, const Course& course, Reader reader, double cut_off) {
    const PatientRecord record = record_of(trial, course, reader, cut_off);
    const auto& points = record.assessments;
    const auto immune = immune_points(course, reader, cut_off);
    const double until = std::min(cut_off, record.new_therapy.value_or(cut_off));
    Judgement result;
    result.best = best_overall(points, best_rules(trial.response, false, until));
    result.confirmed = best_overall(points, best_rules(trial.response, true, until));
    result.immune_best = best_immune(immune, trial.response.stable_from);
    result.has_benefit = has_clinical_benefit(result.best, points, trial.response.benefit_from);
    result.has_confirmed_benefit =
        has_clinical_benefit(result.confirmed, points, trial.response.benefit_from);
    const double baseline = baseline_of(course, reader);
    result.depth = baseline > 0.0 ? depth_of_response(baseline, points) : nan;
    result.times = {{EndpointKind::pfs, progression_free_survival(record, CensoringRules::fda)},
                    {EndpointKind::pfs_ema, progression_free_survival(record, CensoringRules::ema)},
                    {EndpointKind::immune_pfs, immune_progression_free_survival(immune, record)},
                    {EndpointKind::os, overall_survival(record)},
                    {EndpointKind::ttp, time_to_progression(record, CensoringRules::fda)},
                    {EndpointKind::efs, event_free_survival(record)}};
    add_times_of_responder(result.times, record, result.best.response_day, EndpointKind::duration_of_response,
                           EndpointKind::time_to_response);
    add_times_of_responder(result.times, record, result.confirmed.response_day,
                           EndpointKind::duration_of_confirmed_response,
                           EndpointKind::time_to_confirmed_response);
    result.times.emplace_back(EndpointKind::time_to_next_treatment, time_to_next_treatment(record));
    result.times.emplace_back(EndpointKind::time_to_discontinuation, time_to_discontinuation(record));
    result.times.emplace_back(EndpointKind::pfs2, second_progression_free_survival(record));
    return result;
}

}  // namespace abscopal
