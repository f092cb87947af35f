// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <limits>
#include <string>
#include <vector>

#include "trial/data_set.hpp"
#include "trial/follow_up.hpp"

/// What the files that make ADaM data sets share.
namespace abscopal::adam {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

DataColumn text(std::string name, std::string label, std::string derivation = "");
DataColumn number(std::string name, std::string label, std::string derivation = "");
DataColumn date(std::string name, std::string label, std::string derivation = "");
std::string yes_or(bool is_so, const char* otherwise);
std::string arm_code(std::size_t arm);
std::string upper_case(std::string_view text);

/// A patient in an arm, with what the data sets derive from her course. What lies behind `until` is not in
/// them.
struct Subject {
    const Result& result;
    const Followed& followed;
    std::vector<TimePoint> visits;  ///< up to `until`
    std::vector<GivenDose> doses;   ///< the same

    const Course& course() const { return *followed.course; }
    const Arm& arm() const { return result.trial.arms[course().arm]; }
    std::string id() const;
    std::string study() const { return "ABSC-" + result.trial_digest.substr(0, 8); }
    /// Days since 1960 of a day of hers.
    double date_of(double day) const;
    /// What every data set begins with.
    std::vector<DataSet::Cell> head() const;
};
std::vector<DataColumn> with_head(std::vector<DataColumn> columns);
/// A row that begins with the head.
void add_row(DataSet& data, const Subject& subject, std::vector<DataSet::Cell> cells);

// src/trial/adam_endpoints.cpp
DataSet times_to_event(const std::vector<Subject>& subjects);
DataSet responses(const std::vector<Subject>& subjects);
DataSet tumour_sizes(const std::vector<Subject>& subjects);
// src/trial/adam_observations.cpp
DataSet exposure(const std::vector<Subject>& subjects);
DataSet adverse_events(const std::vector<Subject>& subjects);
/// Recorded observables that are targets of doses (ADPC), and the others (ADLB).
DataSet concentrations(const std::vector<Subject>& subjects);
DataSet laboratory(const std::vector<Subject>& subjects);

}  // namespace abscopal::adam
