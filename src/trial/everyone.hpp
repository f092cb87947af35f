// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "trial/follow_up.hpp"
#include "trial/replay.hpp"
#include "trial/store.hpp"

namespace abscopal {

/// Candidates by what became of them.
struct Fates {
    std::size_t n_drawn = 0;
    std::map<Fate, std::size_t> n;
    std::map<Fate, std::map<std::string, std::size_t>> reasons;  ///< of those not treated
    std::size_t n_failed = 0;                                    ///< patients, in growth or in any arm
    void add(const Candidate& candidate, std::span<const Course> courses);
};
Fates fates_of(const Result& result);

/// All patients of a run too large to be kept whole, in what summaries and report need of each: some 300
/// bytes for a course. Single courses are those of the first patients, in the Result itself.
struct Everyone {
    Fates fates;
    FollowUp at_cut_off;  ///< of the design
    std::vector<double>
        event_days;  ///< of the primary endpoint, of the calendar; where analyses wait for events
    std::vector<FailedCourse> failures;          ///< the first; commands say DIR for the folder
    std::size_t n_failures = 0;                  ///< in all
    std::function<FollowUp(double day)> on_day;  ///< reads the store again
};

/// Reads a store into the Result: candidates and courses of the first `in_full` treated patients and of those
/// before them, and everyone.
void read_in_brief(const std::string& folder, Store& store, std::size_t in_full, Result& result);

}  // namespace abscopal
