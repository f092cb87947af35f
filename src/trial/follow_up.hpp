// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <limits>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "abscopal/result.hpp"
#include "trial/allocation.hpp"

/// A run as the trial saw it: patients enter over time, some are lost, and data are cut off. What lies behind
/// is in the Result and unknown to the trial; summaries, comparisons, data sets and report read this and not
/// the courses.
namespace abscopal {

/// Why a patient's record ends.
enum class Ended : std::uint8_t { completed, death, cut_off, dropout, failed };
std::string_view name_of(Ended ended);  ///< in the words of ADSL's end of study

/// A course as known at the data cut-off. Days are the patient's, but for `entry`.
struct Followed {
    const Course* course = nullptr;        ///< null where the Result keeps her in brief (everyone.hpp)
    const Candidate* candidate = nullptr;  ///< as `course`
    std::size_t arm = 0;
    double weight = 1.0;
    double off_treatment_day = -1.0;  ///< of Course
    bool has_failed = false;          ///< the solver
    double entry = 0.0;               ///< day of the calendar
    double until = 0.0;               ///< last day known: of death, else last contact
    Ended ended = Ended::completed;
    std::size_t stratum = 0;
    std::vector<std::uint8_t> parts;   ///< part of each of Design::strata, then subgroups
    Judgement seen;                    ///< by the trial's reader
    std::vector<double> outcome_days;  ///< onset of the first of each [[outcome]]; NaN where none began
};

/// Patients that copies of a FollowUp share.
class FollowedList {
  public:
    FollowedList() : all_(std::make_shared<std::vector<Followed>>()) {}
    explicit FollowedList(std::vector<Followed> all)
        : all_(std::make_shared<std::vector<Followed>>(std::move(all))) {}
    auto begin() const { return all_->begin(); }
    auto end() const { return all_->end(); }
    std::size_t size() const { return all_->size(); }
    bool empty() const { return all_->empty(); }
    const Followed& front() const { return all_->front(); }

  private:
    std::shared_ptr<const std::vector<Followed>> all_;
};

struct FollowUp {
    FollowedList patients;  ///< entered by the cut-off, in the order of the courses
    double cut_off = std::numeric_limits<double>::infinity();  ///< day of the calendar
    std::size_t n_late = 0;                                    ///< courses that would begin after it
};

/// At the cut-off of the design: its day, or that of its number of events, whichever is first.
FollowUp follow_up(const Result& result);
/// On any day of the calendar.
FollowUp follow_up_on(const Result& result, double day);
/// Of the patients that Result::courses holds, where everyone is kept in brief beside.
FollowUp follow_up_of_kept(const Result& result, double day);
/// Day of the calendar with the n-th event of the primary endpoint over all arms; infinite without so many.
double day_of_event(const Result& result, std::size_t n);

/// What an analysis of a run begins with: who entered when, and until when she stays.
struct Entered {
    const Course* course = nullptr;
    const Candidate* candidate = nullptr;
    double entry = 0.0, dropout = 0.0;  ///< day of the calendar; of the patient
};

/// Day of the patient on which she is lost.
double dropout_day(const Trial& trial, std::size_t candidate);
/// Day of the calendar of her event of the primary endpoint; infinite without.
double event_day(const Trial& trial, const Entered& entered);

/// Follows patients to a day of the calendar.
class Follower {
  public:
    Follower(const Trial& trial, std::span<const std::string> parameters, double day);
    void add(const Entered& entered);
    /// The same of a patient of whom no course is kept: of her times those that summaries read.
    void add_in_brief(const Entered& entered);
    FollowUp end() { return {FollowedList(std::move(patients_)), day_, n_late_}; }

  private:
    Followed& follow(const Entered& entered);
    const Trial& trial_;
    double day_;
    Strata strata_;
    std::vector<Strata> splits_;
    std::vector<Followed> patients_;
    std::size_t n_late_ = 0;
};

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
