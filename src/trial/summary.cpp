// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <tuple>

#include "abscopal/result.hpp"
#include "trial/comparison.hpp"
#include "trial/everyone.hpp"
#include "trial/outcomes.hpp"

namespace abscopal {
namespace {

using Json = nlohmann::ordered_json;

constexpr double days_in_a_month = 30.4375;

std::size_t count(const ArmSummary& arm, Response response) {
    return arm.best[static_cast<std::size_t>(response)];
}

/// NaN means "not reached" or "undefined": null.
Json number_or_null(double value) {
    return std::isfinite(value) ? Json(value) : Json();
}

Json months_or_null(double days) {
    return number_or_null(days / days_in_a_month);
}

void add_curve(Json& json, const std::string& name, const SurvivalCurve& curve) {
    json[name + "_median_months"] = months_or_null(curve.median);
    json[name + "_ci"] = {months_or_null(curve.median_lower), months_or_null(curve.median_upper)};
    std::size_t n_events = 0;
    for (const auto& step : curve.steps) n_events += step.events;
    json[name + "_events"] = n_events;
}

Json arm_json(const ArmSummary& arm) {
    Json json{{"name", arm.name}, {"n", arm.n}, {"failed", arm.failed}};
    for (std::size_t i = 0; i < static_cast<std::size_t>(Response::missing); ++i)
        json[std::string(name_of(static_cast<Response>(i)))] = arm.best[i];
    json["NE"] = count(arm, Response::not_evaluable) + count(arm, Response::missing);
    json["orr"] = number_or_null(arm.response_rate);
    json["orr_ci"] = {number_or_null(arm.response_interval.lower),
                      number_or_null(arm.response_interval.upper)};
    json["dcr"] = number_or_null(arm.control_rate);
    json["dcr_ci"] = {number_or_null(arm.control_interval.lower), number_or_null(arm.control_interval.upper)};
    add_curve(json, "pfs", arm.progression_free);
    if (arm.overall.steps.empty())
        json["os_median_months"] = nullptr;
    else
        add_curve(json, "os", arm.overall);
    json["follow_up_median_months"] = months_or_null(arm.followed.median);
    return json;
}

/// Against the first arm, which has none of it.
Json comparison_json(const Result& result, const ArmComparison& row) {
    const Interval gain = normal_interval(row.gain);
    return {{"against", result.trial.arms[0].name},
            {"log_rank_p", number_or_null(row.log_rank.p)},
            {"max_combo_p", number_or_null(row.max_combo_p)},
            {"hazard_ratio", number_or_null(row.hazard.ratio)},
            {"hazard_ratio_ci",
             {number_or_null(row.hazard.interval.lower), number_or_null(row.hazard.interval.upper)}},
            {"proportional_hazards_p", number_or_null(row.proportional_p)},
            {"rmst_horizon_months", months_or_null(row.horizon)},
            {"rmst_months", months_or_null(row.mean.value)},
            {"rmst_difference_months", months_or_null(row.gain.value)},
            {"rmst_difference_ci", {months_or_null(gain.lower), months_or_null(gain.upper)}}};
}

Json response_json(const Result& result, const ResponseComparison& row) {
    return {
        {"against", result.trial.arms[0].name},
        {"difference", number_or_null(row.difference)},
        {"difference_ci", {number_or_null(row.interval.lower), number_or_null(row.interval.upper)}},
        {"odds_ratio", number_or_null(row.odds.ratio)},
        {"odds_ratio_ci", {number_or_null(row.odds.interval.lower), number_or_null(row.odds.interval.upper)}},
        {"p", number_or_null(row.odds.p)}};
}

Json cohort_json(const Result& result) {
    Fates fates = fates_of(result);
    const auto by_reason = [&](Fate fate) {
        return fates.reasons[fate].empty() ? Json::object() : Json(fates.reasons[fate]);
    };
    return {{"drawn", fates.n_drawn},
            {"treated", fates.n[Fate::treated]},
            {"rejected", by_reason(Fate::rejected)},
            {"ineligible", by_reason(Fate::ineligible)},
            {"failed", by_reason(Fate::failed)}};
}

/// Share of an arm with its exact interval, or Wilson's at the effective number where patients have weights.
struct Share {
    std::vector<char> is_so;
    std::vector<double> weights;

    std::pair<double, Interval> value() const {
        const auto n = static_cast<std::size_t>(std::count(is_so.begin(), is_so.end(), 1));
        if (is_so.empty()) return {std::numeric_limits<double>::quiet_NaN(), clopper_pearson(0, 0)};
        if (std::adjacent_find(weights.begin(), weights.end(), std::not_equal_to<>()) == weights.end())
            return {static_cast<double>(n) / static_cast<double>(is_so.size()),
                    clopper_pearson(n, is_so.size())};
        const auto share = weighted_proportion(is_so, weights);
        return {share.estimate, share.interval};
    }
};

ArmSummary summary_of(const Trial& trial, const FollowUp& data, std::size_t index) {
    ArmSummary arm;
    arm.name = trial.arms[index].name;
    Share response, control;
    for (const auto& patient : data.patients) {
        if (patient.arm != index) continue;
        const Overall best =
            trial.response.is_confirmed ? patient.seen.confirmed.response : patient.seen.best.response;
        ++arm.n;
        arm.failed += patient.has_failed;
        ++arm.best[static_cast<std::size_t>(best)];
        response.is_so.push_back(is_response(best));
        control.is_so.push_back(is_disease_control(best));
        response.weights.push_back(patient.weight);
    }
    control.weights = response.weights;
    std::tie(arm.response_rate, arm.response_interval) = response.value();
    std::tie(arm.control_rate, arm.control_interval) = control.value();
    const auto kinds = endpoints_of(trial);
    arm.progression_free = kaplan_meier(times_of(data, kinds.front(), index).sample());
    arm.followed = follow_up(times_of(data, kinds.back(), index).sample());
    if (kinds.back() == EndpointKind::os)
        arm.overall = kaplan_meier(times_of(data, EndpointKind::os, index).sample());
    return arm;
}

Json look_json(const LookRow& row) {
    return {{"information", row.information},
            {"calendar_month", months_or_null(row.day)},
            {"events", row.events},
            {"enrolled", row.enrolled},
            {"z", number_or_null(row.z)},
            {"efficacy_z", number_or_null(row.critical)},
            {"futility_z", number_or_null(row.futility)},
            {"hazard_ratio", number_or_null(row.hazard.ratio)},
            {"decision", row.decision}};
}

Json interval_json(const Interval& interval) {
    return {number_or_null(interval.lower), number_or_null(interval.upper)};
}

Json outcome_json(const Trial& trial, const OutcomeRow& row) {
    Json json{{"outcome", trial.toxicities[row.outcome].name},
              {"cases", row.cases},
              {"person_years", row.person_years},
              {"cumulative_incidence", number_or_null(row.incidence)},
              {"cumulative_incidence_ci", interval_json(row.incidence_interval)}};
    if (row.arm == 0) return json;
    json["efficacy"] = number_or_null(row.efficacy);
    json["efficacy_ci"] = interval_json(row.efficacy_interval);
    json["number_needed"] = number_or_null(row.number_needed);
    return json;
}

}  // namespace

std::vector<ArmSummary> summarize(const Result& result) {
    const FollowUp data = follow_up(result);
    std::vector<ArmSummary> arms;
    for (std::size_t i = 0; i < result.trial.arms.size(); ++i)
        arms.push_back(summary_of(result.trial, data, i));
    return arms;
}

double failed_share(const Result& result) {
    Fates fates = fates_of(result);
    const std::size_t n = fates.n[Fate::failed] + fates.n[Fate::treated];
    return n ? static_cast<double>(fates.n_failed) / static_cast<double>(n) : 0.0;
}

std::string summary_json(const Result& result) {
    Json json{{"title", result.trial.title}, {"complete", result.complete}};
    json["arms"] = Json::array();
    for (const auto& arm : summarize(result)) json["arms"].push_back(arm_json(arm));
    const FollowUp data = follow_up(result);
    for (const auto kind : endpoints_of(result.trial)) {
        const std::string name = kind == EndpointKind::os ? "os_comparison" : "pfs_comparison";
        for (const auto& row : compare_with_first(result.trial, data, kind))
            json["arms"][row.arm][name] = comparison_json(result, row);
    }
    for (const auto& row : compare_responses(result.trial, data))
        json["arms"][row.arm]["response_comparison"] = response_json(result, row);
    for (const auto& row : outcome_rows(result.trial, data))
        json["arms"][row.arm]["outcomes"].push_back(outcome_json(result.trial, row));
    json["data_cut_off_month"] = months_or_null(data.cut_off);
    for (const auto& row : look_rows(result)) json["looks"].push_back(look_json(row));
    json["cohort"] = cohort_json(result);
    json["failed_share"] = failed_share(result);
    json["version"] = result.version;
    json["seed"] = result.trial.seed;
    json["model_digest"] = result.model_digest;
    json["trial_digest"] = result.trial_digest;
    json["result_digest"] = result.result_digest;
    return json.dump(2) + "\n";
}

}  // namespace abscopal
