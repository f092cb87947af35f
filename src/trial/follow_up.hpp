// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <vector>

#include "abscopal/result.hpp"

/// A run as the trial saw it: patients enter over time, some are lost, and data are cut off. What lies behind
/// is in the Result and unknown to the trial; summaries, comparisons, data sets and report read this and not
/// the courses.
namespace abscopal {

/// Why a patient's record ends.
enum class Ended : std::uint8_t { completed, death, cut_off, dropout, failed };
std::string_view name_of(Ended ended);  ///< in the words of ADSL's end of study

/// A course as known at the data cut-off. Days are the patient's, but for `entry`.
struct Followed {
    const Course* course = nullptr;
    const Candidate* candidate = nullptr;
    double entry = 0.0;  ///< day of the calendar
    double until = 0.0;  ///< last day known: of death, else last contact
    Ended ended = Ended::completed;
    std::size_t stratum = 0;
    Judgement seen;  ///< by the trial's reader
};

struct FollowUp {
    std::vector<Followed> patients;  ///< entered by the cut-off, in the order of the courses
    double cut_off = std::numeric_limits<double>::infinity();  ///< day of the calendar
    std::size_t n_late = 0;                                    ///< courses that would begin after it
};

/// At the cut-off of the design: its day, or that of its number of events, whichever is first.
FollowUp follow_up(const Result& result);
/// On any day of the calendar.
FollowUp follow_up_on(const Result& result, double day);
/// Day of the calendar with the n-th event of the primary endpoint over all arms; infinite without so many.
double day_of_event(const Result& result, std::size_t n);

/// Calendar days of entry by rank of treated patient: sorted independent draws from the law of enrolment.
std::vector<double> entry_days(const Trial& trial, std::size_t n_treated);

const Endpoint* find(const Judgement& seen, EndpointKind kind);  ///< or null

bool models_death(const Trial& trial);
/// PFS, and OS where death is modelled.
std::vector<EndpointKind> endpoints_of(const Trial& trial);
EndpointKind primary_endpoint(const Trial& trial);
Reader primary_reader(const Trial& trial);

/// Times to an endpoint as columns: of one arm, or of two as group 0 and 1. Weights only where they differ.
struct TimeColumns {
    std::vector<double> times, weights;
    std::vector<char> is_event;
    std::vector<std::size_t> group, stratum;

    void add(const Followed& patient, EndpointKind kind, std::size_t in_group);
    /// Call once all are added: drops weights that are all the same.
    void settle();
    EventTimes sample() const { return {times, is_event, weights}; }
    GroupedTimes grouped() const { return {sample(), group}; }
    GroupedTimes stratified() const { return {sample(), group, stratum}; }
};
TimeColumns times_of(const FollowUp& data, EndpointKind kind, std::size_t arm);
TimeColumns times_of(const FollowUp& data, EndpointKind kind, std::size_t control, std::size_t experimental);

}  // namespace abscopal
