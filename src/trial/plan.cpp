// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "trial/plan.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "trial/follow_up.hpp"

namespace abscopal {
namespace {

constexpr double days_in_a_month = 30.4375;
constexpr std::size_t max_events = 100'000;

constexpr std::array spending_names{"obrien_fleming",    "pocock", "lan_demets_obrien_fleming",
                                    "lan_demets_pocock", "power",  "gamma"};

/// The plan with another number of events, its patients in proportion.
ComparisonPlan with_events(ComparisonPlan plan, double patients_per_event, std::size_t events) {
    plan.events = events;
    plan.n_patients = static_cast<std::size_t>(std::ceil(patients_per_event * static_cast<double>(events)));
    return plan;
}

double power_at(const ComparisonPlan& plan, double per_event, std::size_t events, std::size_t n_trials,
                std::uint64_t seed) {
    return simulate_trials(with_events(plan, per_event, events), n_trials, seed).power;
}

std::string padded(std::string text, std::size_t width) {
    text.insert(0, width - std::min(width, text.size()), ' ');
    return text;
}

std::string percent(double share) {
    return fixed(100.0 * share, 1) + " %";
}

std::string limit(double z) {
    return std::isfinite(z) ? fixed(z, 3) : "-";
}

nlohmann::ordered_json finite(double value) {
    return std::isfinite(value) ? nlohmann::ordered_json(value) : nlohmann::ordered_json();
}

}  // namespace

Spending spending_named(const std::string& name) {
    const auto at = std::find(spending_names.begin(), spending_names.end(), name);
    return at == spending_names.end() ? Spending::lan_demets_obrien_fleming
                                      : static_cast<Spending>(at - spending_names.begin());
}

std::string name_of(Spending spending) {
    return spending_names[static_cast<std::size_t>(spending)];
}

ComparisonPlan plan_of(const Trial& trial, std::size_t control, std::size_t experimental) {
    const Design& design = trial.design;
    ComparisonPlan plan;
    const auto weight = [&](std::size_t arm) { return design.ratio.empty() ? 1.0 : design.ratio[arm]; };
    plan.share = weight(experimental) / (weight(control) + weight(experimental));
    plan.n_patients = trial.n_patients;
    plan.enrolment = design.enrolment;
    plan.events = design.cut_off_events;
    plan.cut_off = design.cut_off;
    plan.alpha = design.alpha;
    plan.looks = design.looks;
    plan.spending = design.spending;
    plan.spending_parameter = design.spending_parameter;
    plan.futility = design.futility;
    return plan;
}

ArmTimes times_in_arm(const Result& result, std::size_t arm) {
    Result whole = result;
    whole.trial.design = {};
    whole.trial.design.endpoint = result.trial.design.endpoint;
    const FollowUp data = follow_up(whole);
    const TimeColumns columns = times_of(data, primary_endpoint(whole.trial), arm);
    ArmTimes pool;
    pool.times = columns.times, pool.is_event = columns.is_event;
    return pool;
}

ComparisonPlan sized_for(ComparisonPlan plan, double power, std::size_t n_trials, std::uint64_t seed) {
    const double per_event = plan.events > 0 && plan.n_patients > 0
                                 ? static_cast<double>(plan.n_patients) / static_cast<double>(plan.events)
                                 : 1.5;
    const auto &a = plan.arms[0].hazard, &b = plan.arms[1].hazard;
    const bool is_proportional = a.size() == 1 && b.size() == 1 && a[0] != b[0];
    double guess = is_proportional ? events_needed(b[0] / a[0], 2.0 * plan.alpha, power, plan.share) : 100.0;
    std::size_t low = 1, high = static_cast<std::size_t>(std::ceil(guess));
    while (power_at(plan, per_event, high, n_trials, seed) < power) {
        low = high;
        high *= 2;
        if (high > max_events) return with_events(plan, per_event, 0);
    }
    // To one event in a hundred: the simulation knows no better.
    while (high - low > std::max<std::size_t>(1, high / 100)) {
        const std::size_t middle = low + (high - low) / 2;
        (power_at(plan, per_event, middle, n_trials, seed) < power ? low : high) = middle;
    }
    return with_events(plan, per_event, high);
}

std::string operating_text(const ComparisonPlan& plan, const Operating& operating) {
    std::string text = std::to_string(operating.n_trials) + " simulated trials of " +
                       std::to_string(plan.n_patients) + " patients";
    if (plan.events > 0) text += ", final analysis at " + std::to_string(plan.events) + " events";
    text += "\n\npower                     " + percent(operating.power) + " (standard error " +
            percent(operating.standard_error) + ")\n";
    text += "hazard ratio, mean        " + fixed(operating.hazard_ratio, 3) + "\n";
    text += "duration, mean            " + fixed(operating.day / days_in_a_month, 1) + " months\n";
    text += "events, mean              " + fixed(operating.events, 1) + "\n";
    text += "patients enrolled, mean   " + fixed(operating.enrolled, 1) + "\n";
    if (operating.short_of_events > 0.0)
        text += "ended short of events     " + percent(operating.short_of_events) + "\n";
    text += "\nlook  information   efficacy z  futility z   success      futile    month   events\n";
    for (std::size_t i = 0; i < operating.looks.size(); ++i) {
        const auto& look = operating.looks[i];
        text += padded(std::to_string(i + 1), 4) + padded(percent(look.information), 13) +
                padded(limit(look.critical), 13) + padded(limit(look.futility), 12) +
                padded(percent(look.efficacy), 10) + padded(percent(look.stopped), 12) +
                padded(fixed(look.day / days_in_a_month, 1), 9) + padded(fixed(look.events, 1), 9) + "\n";
    }
    return text;
}

std::string operating_json(const ComparisonPlan& plan, const Operating& operating) {
    nlohmann::ordered_json json{{"trials", operating.n_trials},
                                {"patients", plan.n_patients},
                                {"planned_events", plan.events},
                                {"alpha_one_sided", plan.alpha},
                                {"spending", name_of(plan.spending)},
                                {"power", operating.power},
                                {"power_standard_error", operating.standard_error},
                                {"hazard_ratio", finite(operating.hazard_ratio)},
                                {"months", finite(operating.day / days_in_a_month)},
                                {"events", finite(operating.events)},
                                {"enrolled", finite(operating.enrolled)},
                                {"short_of_events", operating.short_of_events}};
    for (const auto& look : operating.looks)
        json["looks"].push_back({{"information", look.information},
                                 {"efficacy_z", finite(look.critical)},
                                 {"futility_z", finite(look.futility)},
                                 {"success", look.efficacy},
                                 {"futile", look.stopped},
                                 {"months", finite(look.day / days_in_a_month)},
                                 {"events", finite(look.events)},
                                 {"enrolled", finite(look.enrolled)}});
    return json.dump(2) + "\n";
}

}  // namespace abscopal
