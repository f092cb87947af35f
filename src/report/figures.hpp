// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <string>
#include <vector>

#include "abscopal/result.hpp"
#include "trial/comparison.hpp"

/// The pictures of a trial report, each a pure function of the Result that returns one <svg>.
namespace abscopal::report {

/// CSS class that carries the colour of an arm ("arm0" …) or of a response ("cr", "pr", "sd", "pd", "ne").
std::string arm_class(std::size_t arm);
std::string response_class(Response response);

/// Courses of one arm in order of candidates. A course that failed has what was seen until then.
std::vector<const Course*> courses_of(const Result& result, std::size_t arm);

/// Lowest change of the sum of diameters from baseline over the visits up to first progression, per cent; NaN
/// without visits.
double best_change(const Course& course);

/// Drawn, excluded by reason, randomised, and in each arm treated, followed, analysed (CONSORT 2010,
/// doi 10.1136/bmj.c332).
std::string flow_figure(const Result& result, const FollowUp& data);

/// Doses of each drug and scans on one time line.
std::string timeline_figure(const Result& result, std::size_t arm);

/// One bar a patient: best change from baseline, coloured by best overall response.
std::string waterfall_figure(const Result& result, std::size_t arm);

/// Change from baseline over time, one line a patient (at most `max_spider_lines`, evenly chosen).
inline constexpr std::size_t max_spider_lines = 200;
std::string spider_figure(const Result& result, std::size_t arm);

/// Kaplan–Meier curves of an endpoint with log-log bands and, below, at risk, censored and events (KMunicate,
/// Morris 2019, doi 10.1136/bmjopen-2019-030215).
std::string survival_figure(const Result& result, const FollowUp& data, EndpointKind kind);

/// Cumulative incidence of progression and of death before it (Aalen–Johansen), by arm.
std::string incidence_figure(const Result& result, const FollowUp& data);

/// Hazard ratios of arms against the first, with intervals, on a logarithmic axis.
std::string forest_figure(const Result& result, const std::vector<ArmComparison>& comparisons);

/// Hazard ratios by subgroup, with events and patients.
std::string subgroup_figure(const Result& result, const std::vector<SubgroupRow>& rows);

/// Adverse events of an arm (right) against those of the first (left): share of patients by term, any grade
/// and 3 or more.
std::string tornado_figure(const Result& result, const FollowUp& data, std::size_t arm);

/// One bar a patient up to progression or last assessment (an arrow), coloured by best response; a dot marks
/// the first response. At most `max_swimmer_bars`, evenly chosen.
inline constexpr std::size_t max_swimmer_bars = 60;
std::string swimmer_figure(const Result& result, std::size_t arm);

/// Median with 25–75 % and 5–95 % bands of a watched observable; empty where it is zero throughout the arm.
std::string time_course_figure(const Result& result, std::size_t watched, std::size_t arm);

}  // namespace abscopal::report
