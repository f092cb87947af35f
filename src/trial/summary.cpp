// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "abscopal/result.hpp"
#include "trial/comparison.hpp"

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

Json arm_json(const ArmSummary& arm) {
    Json json{{"name", arm.name}, {"n", arm.n}, {"failed", arm.failed}};
    for (const auto response : {Response::complete, Response::partial, Response::stable,
                                Response::progressive, Response::not_evaluable})
        json[std::string(name_of(response))] = count(arm, response);
    const auto& survival = arm.progression_free;
    json["orr"] = number_or_null(arm.response_rate);
    json["orr_ci"] = {number_or_null(arm.response_interval.lower),
                      number_or_null(arm.response_interval.upper)};
    json["pfs_median_months"] = months_or_null(survival.median);
    json["pfs_ci"] = {months_or_null(survival.median_lower), months_or_null(survival.median_upper)};
    json["os_median_months"] = nullptr;  // death is not modelled
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

Json cohort_json(const Result& result) {
    std::map<Fate, std::map<std::string, std::size_t>> reasons;
    std::map<Fate, std::size_t> fates;
    for (const auto& candidate : result.candidates) {
        ++fates[candidate.fate];
        if (candidate.fate != Fate::treated) ++reasons[candidate.fate][candidate.reason];
    }
    const auto by_reason = [&](Fate fate) {
        return reasons[fate].empty() ? Json::object() : Json(reasons[fate]);
    };
    return {{"drawn", result.candidates.size()},
            {"treated", fates[Fate::treated]},
            {"rejected", by_reason(Fate::rejected)},
            {"ineligible", by_reason(Fate::ineligible)},
            {"failed", by_reason(Fate::failed)}};
}

}  // namespace

std::vector<ArmSummary> summarize(const Result& result) {
    std::vector<ArmSummary> arms;
    for (std::size_t i = 0; i < result.trial.arms.size(); ++i) {
        ArmSummary arm;
        arm.name = result.trial.arms[i].name;
        std::vector<double> times;
        std::vector<char> events;
        for (const auto& course : result.courses) {
            if (course.arm != i) continue;
            ++arm.n;
            arm.failed += !course.outcome.ok();
            ++arm.best[static_cast<std::size_t>(course.best)];
            times.push_back(course.pfs_day);
            events.push_back(course.progressed);
        }
        const std::size_t n_responders = count(arm, Response::complete) + count(arm, Response::partial);
        arm.response_rate = arm.n ? static_cast<double>(n_responders) / static_cast<double>(arm.n)
                                  : std::numeric_limits<double>::quiet_NaN();
        arm.response_interval = clopper_pearson(n_responders, arm.n);
        arm.progression_free = kaplan_meier(times, events);
        arms.push_back(std::move(arm));
    }
    return arms;
}

double failed_share(const Result& result) {
    std::size_t n_failed = 0, n_treated = 0;
    for (const auto& candidate : result.candidates) {
        n_failed += candidate.fate == Fate::failed;
        n_treated += candidate.fate == Fate::treated;
    }
    const std::size_t n = n_failed + n_treated;
    std::set<std::size_t> failed_in_an_arm;
    for (const auto& course : result.courses)
        if (!course.outcome.ok()) failed_in_an_arm.insert(course.candidate);
    n_failed += failed_in_an_arm.size();
    return n ? static_cast<double>(n_failed) / static_cast<double>(n) : 0.0;
}

std::string summary_json(const Result& result) {
    Json json{{"title", result.trial.title}, {"complete", result.complete}};
    json["arms"] = Json::array();
    for (const auto& arm : summarize(result)) json["arms"].push_back(arm_json(arm));
    for (const auto& row : compare_with_first(result))
        json["arms"][row.arm]["pfs_comparison"] = comparison_json(result, row);
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
