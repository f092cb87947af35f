// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "trial/follow_up.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "base/random.hpp"
#include "trial/everyone.hpp"
#include "trial/judgement.hpp"

namespace abscopal {
namespace {

constexpr double forever = std::numeric_limits<double>::infinity();

std::vector<Entered> entered(const Result& result) {
    std::map<std::size_t, std::pair<const Candidate*, std::size_t>> treated;  // by index: rank
    for (const auto& candidate : result.candidates)
        if (candidate.fate == Fate::treated)
            treated.emplace(candidate.index, std::pair{&candidate, treated.size()});
    const auto entries = entry_days(result.trial, std::max(result.trial.n_patients, treated.size()));
    std::vector<Entered> all;
    for (const auto& course : result.courses) {
        const auto at = treated.find(course.candidate);
        if (at == treated.end()) continue;
        const auto& [candidate, rank] = at->second;
        all.push_back({&course, candidate, entries[rank], dropout_day(result.trial, course.candidate)});
    }
    return all;
}

double last_day_of(const Trial& trial, const Course& course) {
    if (course.last_day > 0.0) return course.last_day;
    return course.outcome.ok() ? trial.follow_up : course.outcome.time;
}

/// What the trial's reader had written down by a day.
PatientRecord known_by(const Trial& trial, const Course& course, double day) {
    PatientRecord record;
    record.has_baseline = course.baseline > 0.0;
    double nadir = course.baseline;
    for (const auto& visit : course.visits) {
        const double sum = visit.sum_of_diameters;
        record.assessments.push_back({visit.day, visit.response, visit.response, sum, nadir});
        if (visit.response != Overall::not_evaluable && visit.response != Overall::missing)
            nadir = std::min(nadir, sum);
    }
    record.schedule = trial.visits;
    if (!std::isnan(course.death_day)) record.death = course.death_day;
    if (!std::isnan(course.new_therapy_day)) record.new_therapy = course.new_therapy_day;
    if (course.off_treatment_day >= 0.0) record.discontinuation = course.off_treatment_day;
    record.last_contact = last_day_of(trial, course);
    record.cut_off = day;
    record.scan_window = std::max(record.scan_window, trial.measurement.window);
    return record;
}

/// From the visits alone: what a run tells that has kept no judgement, or what was known by a day.
Judgement judged_by(const Trial& trial, const Course& course, double day) {
    const PatientRecord record = known_by(trial, course, day);
    const auto& criteria = trial.response;
    Judgement seen;
    const double until = std::min(day, record.new_therapy.value_or(forever));
    seen.best = best_overall(record.assessments, best_rules(criteria, false, until));
    seen.confirmed = best_overall(record.assessments, best_rules(criteria, true, until));
    std::vector<TimePoint> known = record.assessments;
    std::erase_if(known, [&](const auto& visit) { return visit.day > until; });
    seen.has_benefit = has_clinical_benefit(seen.best, known, criteria.benefit_from);
    seen.has_confirmed_benefit = has_clinical_benefit(seen.confirmed, known, criteria.benefit_from);
    seen.depth = depth_of_response(course.baseline, known);
    const auto add = [&](EndpointKind kind, const Endpoint& endpoint) {
        seen.times.emplace_back(kind, endpoint);
    };
    add(EndpointKind::pfs, progression_free_survival(record, CensoringRules::fda));
    add(EndpointKind::pfs_ema, progression_free_survival(record, CensoringRules::ema));
    if (models_death(trial)) add(EndpointKind::os, overall_survival(record));
    add(EndpointKind::ttp, time_to_progression(record, criteria.censoring));
    if (!std::isnan(seen.best.response_day)) {
        add(EndpointKind::duration_of_response,
            duration_of_response(record, seen.best.response_day, criteria.censoring));
        add(EndpointKind::time_to_response, {seen.best.response_day, true, Reason::last_assessment});
    }
    return seen;
}

/// The stored judgement of the trial's reader where nothing is hidden, else what was known by the day.
Judgement judgement_at(const Trial& trial, const Course& course, double day) {
    const Reader reader = primary_reader(trial);
    const auto& stored = reader == Reader::review ? course.review : course.investigator;
    const bool is_all_known = day >= last_day_of(trial, course);
    if (!stored.times.empty()) return is_all_known ? stored : judge(trial, course, reader, day);
    Judgement seen = judged_by(trial, course, day);
    if (!is_all_known) return seen;
    // The course has said itself what it came to.
    const Reason event = course.death_day == course.pfs_day ? Reason::death : Reason::progression;
    for (auto& [kind, endpoint] : seen.times)
        if (kind == endpoints_of(trial).front())
            endpoint = {course.pfs_day, course.progressed,
                        course.progressed ? event : Reason::last_assessment};
    seen.best.response = course.best;
    return seen;
}

Ended end_of(const Trial& trial, const Course& course, double cut_off, double dropout) {
    const double known = std::min(cut_off, dropout);
    if (!std::isnan(course.death_day) && course.death_day <= known) return Ended::death;
    if (known >= last_day_of(trial, course)) return course.outcome.ok() ? Ended::completed : Ended::failed;
    return dropout < cut_off ? Ended::dropout : Ended::cut_off;
}

FollowUp at_cut_off(const Result& result, const std::vector<Entered>& all, double day) {
    Follower follower(result.trial, result.parameters, day);
    for (const auto& one : all) follower.add(one);
    return follower.end();
}

double nth_day(std::vector<double> days, std::size_t n) {
    if (n == 0 || days.size() < n) return forever;
    std::nth_element(days.begin(), days.begin() + static_cast<std::ptrdiff_t>(n - 1), days.end());
    return days[n - 1];
}

double day_of_event(const Trial& trial, const std::vector<Entered>& all, std::size_t n) {
    std::vector<double> days;
    for (const auto& one : all)
        if (const double day = event_day(trial, one); day < forever) days.push_back(day);
    return nth_day(std::move(days), n);
}

std::vector<double> first_outcomes(const Trial& trial, const Course& course, double until) {
    std::vector<double> days;
    for (std::size_t kind = 0; kind < trial.toxicities.size(); ++kind) {
        if (!trial.toxicities[kind].is_outcome) continue;
        const auto& events = course.adverse_events;
        const auto event = std::ranges::find(events, kind, &AdverseEvent::toxicity);
        const bool began = event != events.end() && event->onset <= until;
        days.push_back(began ? event->onset : std::numeric_limits<double>::quiet_NaN());
    }
    return days;
}

/// Of the times of a patient in brief, those that summaries and figures of all patients read.
bool is_of_summaries(EndpointKind kind) {
    return kind == EndpointKind::pfs || kind == EndpointKind::pfs_ema || kind == EndpointKind::os ||
           kind == EndpointKind::duration_of_response;
}

}  // namespace

std::string_view name_of(Ended ended) {
    constexpr std::string_view names[]{"COMPLETED", "DEATH", "ONGOING AT DATA CUT-OFF", "LOST TO FOLLOW-UP",
                                       "SIMULATION FAILED"};
    return names[static_cast<std::size_t>(ended)];
}

const Endpoint* find(const Judgement& seen, EndpointKind kind) {
    for (const auto& [known, endpoint] : seen.times)
        if (known == kind) return &endpoint;
    return nullptr;
}

std::vector<double> entry_days(const Trial& trial, std::size_t n_treated) {
    std::vector<double> days;
    for (std::size_t i = 0; i < n_treated; ++i)
        days.push_back(entry_day(trial.design.enrolment, uniform(trial.seed, Purpose::enrolment, i, 0, 0)));
    std::sort(days.begin(), days.end());
    // The calendar begins with the first patient.
    const double first = days.empty() ? 0.0 : days.front();
    for (double& day : days) day -= first;
    return days;
}

double dropout_day(const Trial& trial, std::size_t candidate) {
    const double hazard = trial.design.enrolment.dropout;
    if (!(hazard > 0.0)) return forever;
    return -std::log(uniform(trial.seed, Purpose::dropout, candidate, 0, 0)) / hazard;
}

double event_day(const Trial& trial, const Entered& entered) {
    const Judgement seen = judgement_at(trial, *entered.course, entered.dropout);
    const Endpoint* endpoint = find(seen, primary_endpoint(trial));
    return endpoint && endpoint->is_event ? entered.entry + endpoint->day : forever;
}

Follower::Follower(const Trial& trial, std::span<const std::string> parameters, double day)
    : trial_(trial), day_(day), strata_(trial.design.strata, parameters) {
    for (const auto* splits : {&trial.design.strata, &trial.design.subgroups})
        for (const auto& split : *splits) splits_.emplace_back(std::span(&split, 1), parameters);
}

Followed& Follower::follow(const Entered& entered) {
    const auto& [course, candidate, entry, dropout] = entered;
    const double known = std::min(day_ - entry, dropout);
    Followed& followed = patients_.emplace_back();
    followed.arm = course->arm;
    followed.weight = candidate->weight;
    followed.off_treatment_day = course->off_treatment_day;
    followed.has_failed = !course->outcome.ok();
    followed.entry = entry;
    followed.until = std::min(known, last_day_of(trial_, *course));
    followed.ended = end_of(trial_, *course, day_ - entry, dropout);
    followed.stratum = strata_.of(candidate->parameters);
    for (const auto& split : splits_)
        followed.parts.push_back(static_cast<std::uint8_t>(split.of(candidate->parameters)));
    followed.seen = judgement_at(trial_, *course, known);
    followed.outcome_days = first_outcomes(trial_, *course, followed.until);
    return followed;
}

void Follower::add(const Entered& entered) {
    if (entered.entry > day_) {
        ++n_late_;
        return;
    }
    Followed& followed = follow(entered);
    followed.course = entered.course;
    followed.candidate = entered.candidate;
}

void Follower::add_in_brief(const Entered& entered) {
    if (entered.entry > day_) {
        ++n_late_;
        return;
    }
    auto& times = follow(entered).seen.times;
    std::erase_if(times, [](const auto& time) { return !is_of_summaries(time.first); });
    times.shrink_to_fit();
}

FollowUp follow_up_on(const Result& result, double day) {
    if (result.everyone) return result.everyone->on_day(day);
    return at_cut_off(result, entered(result), day);
}

FollowUp follow_up_of_kept(const Result& result, double day) {
    return at_cut_off(result, entered(result), day);
}

double day_of_event(const Result& result, std::size_t n) {
    if (result.everyone) return nth_day(result.everyone->event_days, n);
    return day_of_event(result.trial, entered(result), n);
}

FollowUp follow_up(const Result& result) {
    if (result.everyone) return result.everyone->at_cut_off;
    const Design& design = result.trial.design;
    const auto all = entered(result);
    double day = design.cut_off;
    if (design.cut_off_events > 0)
        day = std::min(day, day_of_event(result.trial, all, design.cut_off_events));
    return at_cut_off(result, all, day);
}

bool models_death(const Trial& trial) {
    return trial.death.has_value() ||
           std::any_of(trial.toxicities.begin(), trial.toxicities.end(), [](const auto& toxicity) {
               return toxicity.by_grade.size() > 4 || toxicity.grades.size() > 4 || toxicity.cuts.size() > 3;
           });
}

std::vector<EndpointKind> endpoints_of(const Trial& trial) {
    std::vector<EndpointKind> kinds{EndpointKind::pfs};
    if (trial.response.censoring == CensoringRules::ema) kinds = {EndpointKind::pfs_ema};
    if (models_death(trial)) kinds.push_back(EndpointKind::os);
    return kinds;
}

EndpointKind primary_endpoint(const Trial& trial) {
    return trial.design.endpoint == "OS" ? EndpointKind::os : endpoints_of(trial).front();
}

Reader primary_reader(const Trial& trial) {
    return trial.response.by_review && trial.measurement.has_review ? Reader::review : Reader::investigator;
}

void TimeColumns::add(const Followed& patient, EndpointKind kind, std::size_t in_group) {
    const Endpoint* endpoint = abscopal::find(patient.seen, kind);
    if (!endpoint) return;
    times.push_back(endpoint->day);
    is_event.push_back(endpoint->is_event);
    weights.push_back(patient.weight);
    group.push_back(in_group);
    stratum.push_back(patient.stratum);
}

void TimeColumns::settle() {
    const bool are_equal =
        std::adjacent_find(weights.begin(), weights.end(), std::not_equal_to<>()) == weights.end();
    if (are_equal) weights.clear();
}

TimeColumns times_of(const FollowUp& data, EndpointKind kind, std::size_t arm) {
    TimeColumns columns;
    for (const auto& patient : data.patients)
        if (patient.arm == arm) columns.add(patient, kind, 0);
    columns.settle();
    return columns;
}

TimeColumns times_of(const FollowUp& data, EndpointKind kind, std::size_t control, std::size_t experimental) {
    TimeColumns columns;
    for (const auto& patient : data.patients) {
        if (patient.arm == control) columns.add(patient, kind, 0);
        if (patient.arm == experimental) columns.add(patient, kind, 1);
    }
    columns.settle();
    return columns;
}

}  // namespace abscopal
