// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "abscopal/result.hpp"
#include "abscopal/simulation.hpp"

/// One patient of a run again, to see what happened to her.
namespace abscopal {

/// `abscopal replay DIR --patient N --arm "NAME"`; without arm where it is empty.
std::string replay_command(const std::string& folder, std::size_t patient, const std::string& arm);

/// A course that could not be followed to its end.
struct FailedCourse {
    std::string what;     ///< "patient 17, arm drug: BLOW_UP at day 50.0002, state B"
    std::string command;  ///< that replays it
};
std::vector<FailedCourse> failures_of(const Result& result, const std::string& folder);
/// How many there are: of a run kept in brief, more than failures_of() lists.
std::size_t n_failures(const Result& result);

/// A stretch of her life: growth to baseline, or an arm. Times are days: of the model in growth, from the
/// start of treatment in an arm.
struct ReplayedPart {
    std::string arm;  ///< empty: growth
    Outcome outcome;
    std::size_t n_steps = 0;
    double shortest = 0.0, longest = 0.0;  ///< step
    std::vector<StepTaken> ladder;         ///< rungs taken, in order
    std::vector<StepTaken> last;           ///< steps at the end
    /// Of the states that moved furthest, those that failed first: id, value at baseline, value at the end.
    struct StateNow {
        std::string id;
        double before, now;
    };
    std::vector<StateNow> states;
};

struct Replayed {
    std::size_t patient = 0;
    Fate fate = Fate::treated;
    std::string reason;
    std::vector<std::pair<std::string, double>> row;  ///< her numbers
    std::vector<ReplayedPart> parts;
    bool is_same = false;  ///< every number as stored, to the bit
};

/// Runs a candidate of a store again, in all arms she took; `parts` has growth and those arms, or the one
/// named. Throws InputError for one who was not drawn, or an arm she did not take; FileError.
Replayed replay(const std::string& folder, std::size_t patient, const std::string& arm = {},
                const RunOptions& options = {});

std::string words(const Replayed& replayed);

}  // namespace abscopal
