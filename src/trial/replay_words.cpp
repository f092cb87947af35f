// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>

#include "base/text.hpp"
#include "trial/everyone.hpp"
#include "trial/store_rows.hpp"

namespace abscopal {
namespace {

std::string_view name_of_level(int level) {
    constexpr std::string_view names[]{"as configured", "a small first step", "tolerances 10 times tighter",
                                       "tolerances 100 times tighter", "the reference, BDF"};
    return names[std::clamp(level, 0, 4)];
}

std::string in_word(Fate fate) {
    return fate == Fate::ineligible ? "not eligible" : std::string(name_of(fate));
}

std::string how_it_ended(const Outcome& outcome) {
    std::string text(abscopal::name_of(outcome.status));
    text += " at day " + significant(outcome.time, 8);
    if (!outcome.worst.empty()) text += ", at " + outcome.worst;
    return text;
}

std::string words(const ReplayedPart& part) {
    const Outcome& outcome = part.outcome;
    std::string text =
        (part.arm.empty() ? "growth" : "arm " + part.arm) + ": " + how_it_ended(outcome) + "\n";
    text += "  " + std::to_string(outcome.steps) + " steps, " + std::to_string(outcome.rejected) +
            " rejected, " + std::to_string(outcome.rhs_calls) + " evaluations of the rates, " +
            std::to_string(outcome.events) + " events; level " + std::to_string(outcome.level) + ": " +
            std::string(name_of_level(outcome.level)) + "\n";
    if (part.n_steps > 0)
        text +=
            "  steps of " + significant(part.shortest, 3) + " to " + significant(part.longest, 3) + " days\n";
    for (const auto& rung : part.ladder)
        text += "  day " + significant(rung.time, 8) + ": goes on with " +
                std::string(name_of_level(rung.level)) + "\n";
    if (outcome.ok()) return text;
    if (!part.last.empty()) text += "  last steps, day and length:\n";
    for (const auto& step : part.last)
        text += "    " + significant(step.time, 12) + "  " + significant(step.step, 4) + "\n";
    if (!part.states.empty()) text += "  states that moved furthest, at the start and now:\n";
    for (const auto& state : part.states)
        text +=
            "    " + state.id + "  " + significant(state.before, 6) + "  " + significant(state.now, 6) + "\n";
    return text;
}

}  // namespace

std::string replay_command(const std::string& folder, std::size_t patient, const std::string& arm) {
    return "abscopal replay " + folder + " --patient " + std::to_string(patient) +
           (arm.empty() ? "" : " --arm \"" + arm + "\"");
}

std::vector<FailedCourse> failures_of(const Result& result, const std::string& folder) {
    if (result.everyone) return result.everyone->failures;
    std::vector<FailedCourse> failures;
    for (const auto& candidate : result.candidates)
        if (candidate.fate == Fate::failed)
            failures.push_back({"patient " + std::to_string(candidate.index) +
                                    ", before treatment: " + how_it_ended(candidate.outcome),
                                replay_command(folder, candidate.index, {})});
    for (const auto& course : result.courses) {
        if (course.outcome.ok()) continue;
        const std::string& arm = result.trial.arms[course.arm].name;
        failures.push_back({"patient " + std::to_string(course.candidate) + ", arm " + arm + ": " +
                                how_it_ended(course.outcome),
                            replay_command(folder, course.candidate, arm)});
    }
    return failures;
}

std::size_t n_failures(const Result& result) {
    return result.everyone ? result.everyone->n_failures : failures_of(result, {}).size();
}

std::string words(const Replayed& replayed) {
    std::string text = "patient " + std::to_string(replayed.patient) + ": " + in_word(replayed.fate) +
                       (replayed.reason.empty() ? "" : " (" + replayed.reason + ")") + "\n";
    std::vector<std::string> row;
    for (const auto& [name, value] : replayed.row) row.push_back(name + " " + significant(value, 6));
    text += "  " + join(row, ", ") + "\n";
    for (const auto& part : replayed.parts) text += words(part);
    return text + (replayed.is_same
                       ? "The same bits as in the run.\n"
                       : "NOT the same bits as in the run: another machine code, version or model\n");
}

}  // namespace abscopal
