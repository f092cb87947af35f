// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "trial/outcomes.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace abscopal {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double days_in_a_year = 365.25;
constexpr double z_95 = 1.959963984540054;

/// Day of the first event of a kind, or of the last look.
struct FirstEvents {
    std::vector<double> days;
    std::vector<char> has_happened;
};

/// `rank` counts the trial's outcomes alone.
FirstEvents first_events(const FollowUp& data, std::size_t rank, std::size_t arm) {
    FirstEvents first;
    for (const auto& patient : data.patients) {
        if (patient.arm != arm) continue;
        const double day = patient.outcome_days[rank];
        first.days.push_back(std::isnan(day) ? patient.until : day);
        first.has_happened.push_back(!std::isnan(day));
    }
    return first;
}

OutcomeRow row_of(const Trial& trial, const FirstEvents& first, std::size_t kind, std::size_t arm) {
    OutcomeRow row;
    row.outcome = kind, row.arm = arm, row.n = first.days.size();
    row.cases = static_cast<std::size_t>(std::ranges::count(first.has_happened, 1));
    for (const double day : first.days) row.person_years += day / days_in_a_year;
    row.free = kaplan_meier(first.days, first.has_happened);
    const SurvivalStep last = row.free.steps.empty() ? SurvivalStep{trial.follow_up, 0, 0, 0, 1.0, 1.0, 1.0}
                                                     : row.free.steps.back();
    row.incidence = 1.0 - last.survival;
    row.incidence_interval = {1.0 - last.upper, 1.0 - last.lower};
    row.efficacy = row.prevented = row.number_needed = nan;
    row.efficacy_interval = row.prevented_interval = {nan, nan};
    return row;
}

/// Standard error of cumulative incidence at the end (Greenwood).
double error_at_end(const OutcomeRow& row) {
    if (row.free.steps.empty()) return 0.0;
    const auto& last = row.free.steps.back();
    return last.survival * std::sqrt(last.log_variance);
}

void compare(OutcomeRow& row, const OutcomeRow& control) {
    if (row.person_years > 0.0 && control.person_years > 0.0) {
        const auto found = efficacy(row.cases, row.person_years, control.cases, control.person_years);
        row.efficacy = found.estimate, row.efficacy_interval = found.interval;
    }
    row.prevented = control.incidence - row.incidence;
    const double half = z_95 * std::hypot(error_at_end(row), error_at_end(control));
    row.prevented_interval = {row.prevented - half, row.prevented + half};
    if (row.prevented > 0.0) row.number_needed = 1.0 / row.prevented;
}

}  // namespace

Efficacy efficacy(std::size_t cases, double person_years, std::size_t control_cases,
                  double control_person_years, double level) {
    const std::size_t all = cases + control_cases;
    const auto from_share = [&](double share) {
        return 1.0 - share / (1.0 - share) * control_person_years / person_years;
    };
    const Interval share = clopper_pearson(cases, all, level);
    const double lower =
        share.upper < 1.0 ? from_share(share.upper) : -std::numeric_limits<double>::infinity();
    return {control_cases ? from_share(static_cast<double>(cases) / static_cast<double>(all)) : nan,
            {all ? lower : nan, all ? from_share(share.lower) : nan}};
}

std::vector<OutcomeRow> outcome_rows(const Trial& trial, const FollowUp& data) {
    std::vector<OutcomeRow> rows;
    std::size_t rank = 0;
    for (std::size_t kind = 0; kind < trial.toxicities.size(); ++kind) {
        if (!trial.toxicities[kind].is_outcome) continue;
        const std::size_t control = rows.size();
        for (std::size_t arm = 0; arm < trial.arms.size(); ++arm) {
            rows.push_back(row_of(trial, first_events(data, rank, arm), kind, arm));
            if (arm > 0) compare(rows.back(), rows[control]);
        }
        ++rank;
    }
    return rows;
}

}  // namespace abscopal
