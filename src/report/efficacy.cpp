// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <cmath>

#include "base/text.hpp"
#include "report/axes.hpp"
#include "report/figures.hpp"
#include "report/sections.hpp"

namespace abscopal::report {
namespace {

double months(double days) {
    return days / days_per_month;
}

std::string median(const SurvivalCurve& curve) {
    return with_interval(months(curve.median), months(curve.median_lower), months(curve.median_upper), 1);
}

std::string percent(double share, const Interval& interval) {
    return with_interval(100 * share, 100 * interval.lower, 100 * interval.upper, 1);
}

std::size_t events_of(const SurvivalCurve& curve) {
    std::size_t n = 0;
    for (const auto& step : curve.steps) n += step.events;
    return n;
}

using Value = std::string (*)(const Findings&, std::size_t arm);

std::vector<std::string> row(const Findings& findings, const std::string& name, Value value) {
    std::vector<std::string> cells{name};
    for (std::size_t arm = 0; arm < findings.arms.size(); ++arm) cells.push_back(value(findings, arm));
    return cells;
}

std::string events_and_n(const SurvivalCurve& curve, std::size_t n) {
    return std::to_string(events_of(curve)) + " / " + std::to_string(n);
}

std::string survival_at(const SurvivalCurve& curve, double month) {
    const SurvivalStep step = milestone(curve, month * days_per_month);
    if (std::isnan(step.survival)) return "\u2013";
    return percent(step.survival, {step.lower, step.upper});
}

/// Duration of response of those who responded.
std::string duration(const Findings& findings, std::size_t arm) {
    const auto columns = times_of(findings.data, EndpointKind::duration_of_response, arm);
    return columns.times.empty() ? "\u2013" : median(kaplan_meier(columns.sample()));
}

void add_milestones(std::vector<std::vector<std::string>>& rows, const Findings& findings,
                    const std::string& name, SurvivalCurve ArmSummary::*curve) {
    for (const double month : {6.0, 12.0, 24.0}) {
        if (month * days_per_month > findings.result.trial.follow_up) continue;
        std::vector<std::string> cells{name + " at " + to_text(month) + " months, %"};
        for (const auto& arm : findings.arms) cells.push_back(survival_at(arm.*curve, month));
        rows.push_back(std::move(cells));
    }
}

std::vector<std::string> comparison_cells(const ArmComparison& row, const std::string& name) {
    const Interval gain = normal_interval(row.gain);
    const std::string ratio =
        row.hazard.converged
            ? with_interval(row.hazard.ratio, row.hazard.interval.lower, row.hazard.interval.upper, 2)
            : "no finite ratio";
    return {escape(name),
            ratio,
            p_value(row.log_rank.p),
            p_value(row.max_combo_p),
            p_value(row.proportional_p),
            with_interval(months(row.gain.value), months(gain.lower), months(gain.upper), 2),
            fixed(months(row.horizon), 1)};
}

std::string independence_note(const Trial& trial) {
    const std::string twins = trial.design.allocation == Allocation::twins
                                  ? "Every virtual patient takes every arm, but these numbers treat arms as "
                                    "independent samples, as a "
                                    "randomised trial of this size would: intervals (95 %) and two-sided p "
                                    "values do not use that patients "
                                    "are paired. "
                                  : "Intervals are 95 %, p values two-sided. ";
    return "<p class=\"note\">" + twins + "Cox model with Efron\u2019s ties" +
           (trial.design.strata.empty() ? "" : ", stratified as the design says") +
           "; MaxCombo over four Fleming\u2013Harrington weights; PH: test of proportional hazards; mean "
           "time gained "
           "within the horizon (RMST). Patients whose solver failed are censored where they were last "
           "seen.</p>";
}

std::string response_comparison(const Findings& findings) {
    std::vector<std::vector<std::string>> rows;
    for (const auto& row : compare_responses(findings.result.trial, findings.data))
        rows.push_back({escape(findings.arms[row.arm].name), percent(row.difference, row.interval),
                        with_interval(row.odds.ratio, row.odds.interval.lower, row.odds.interval.upper, 2),
                        p_value(row.odds.p)});
    if (rows.empty()) return {};
    return "<h3>Objective response against " + escape(findings.arms[0].name) + "</h3>" +
           table("Objective response against the first arm",
                 {"Arm", "Difference, % points (95 % CI)", "Odds ratio (95 % CI)", "p"}, rows) +
           "<p class=\"note\">Miettinen\u2013Nurminen intervals of differences; Mantel\u2013Haenszel odds "
           "ratios and "
           "Cochran\u2013Mantel\u2013Haenszel tests over the strata.</p>";
}

}  // namespace

std::string efficacy_table(const Findings& findings) {
    std::vector<std::string> columns{"Measure"};
    for (const auto& arm : findings.arms) columns.push_back(escape(arm.name));
    std::vector<std::vector<std::string>> rows{
        row(findings, "Patients",
            [](const Findings& f, std::size_t i) { return std::to_string(f.arms[i].n); }),
        row(findings, "Median follow-up, months",
            [](const Findings& f, std::size_t i) { return median(f.arms[i].followed); }),
        {"Response"},
        row(findings, "Objective response, %",
            [](const Findings& f, std::size_t i) {
                return percent(f.arms[i].response_rate, f.arms[i].response_interval);
            }),
        row(findings, "Disease control, %",
            [](const Findings& f, std::size_t i) {
                return percent(f.arms[i].control_rate, f.arms[i].control_interval);
            }),
        row(findings, "Median duration of response, months", duration),
        {"Progression-free survival"},
        row(findings, "Events / patients",
            [](const Findings& f, std::size_t i) {
                return events_and_n(f.arms[i].progression_free, f.arms[i].n);
            }),
        row(findings, "Median, months",
            [](const Findings& f, std::size_t i) { return median(f.arms[i].progression_free); })};
    add_milestones(rows, findings, "Progression-free", &ArmSummary::progression_free);
    if (models_death(findings.result.trial)) {
        rows.push_back({"Overall survival"});
        rows.push_back(row(findings, "Deaths / patients", [](const Findings& f, std::size_t i) {
            return events_and_n(f.arms[i].overall, f.arms[i].n);
        }));
        rows.push_back(row(findings, "Median, months",
                           [](const Findings& f, std::size_t i) { return median(f.arms[i].overall); }));
        add_milestones(rows, findings, "Alive", &ArmSummary::overall);
    }
    return table("Efficacy by arm", columns, rows) +
           "<p class=\"note\">With 95 % intervals; follow-up by reverse Kaplan\u2013Meier." +
           (std::isfinite(findings.data.cut_off)
                ? " Data cut-off " + fixed(months(findings.data.cut_off), 1) +
                      " months after the first patient entered."
                : std::string()) +
           "</p>" + response_comparison(findings);
}

std::string comparison_part(const Findings& findings, EndpointKind kind) {
    const Result& result = findings.result;
    const auto comparisons = compare_with_first(result.trial, findings.data, kind);
    if (comparisons.empty() || findings.data.patients.empty()) return {};
    std::vector<std::vector<std::string>> rows;
    for (const auto& row : comparisons)
        rows.push_back(comparison_cells(row, result.trial.arms[row.arm].name));
    const std::string id = kind == EndpointKind::os ? "forest-os" : "forest";
    return "<h4>Against " + escape(result.trial.arms[0].name) + "</h4>" +
           table("Comparison with the first arm, " + long_name(kind),
                 {"Arm", "Hazard ratio", "Log-rank p", "MaxCombo p", "PH p", "Mean gained, months",
                  "up to month"},
                 rows) +
           (kind == endpoints_of(result.trial).front() ? independence_note(result.trial) : std::string()) +
           wide_figure(id, forest_figure(result, comparisons),
                       "Hazard ratios of " + long_name(kind) + " with 95 % intervals, cut at 0.05 and 20.");
}

std::string subgroup_part(const Findings& findings) {
    const Result& result = findings.result;
    const Design& design = result.trial.design;
    if ((design.strata.empty() && design.subgroups.empty()) || findings.data.patients.empty()) return {};
    std::string html = "<h3>Subgroups</h3>";
    const EndpointKind kind = primary_endpoint(result.trial);
    for (std::size_t arm = 1; arm < result.trial.arms.size(); ++arm)
        html +=
            wide_figure("subgroups-" + std::to_string(arm + 1),
                        subgroup_figure(result, subgroups(result, findings.data, kind, arm)),
                        "Hazard ratios of " + long_name(kind) + ", " + escape(result.trial.arms[arm].name) +
                            " against " + escape(result.trial.arms[0].name) +
                            ", with events / patients of both; p of interaction by likelihood ratio. "
                            "Subgroups are not adjusted for their number.");
    return html;
}

std::string look_part(const Result& result) {
    std::vector<std::vector<std::string>> rows;
    for (const auto& look : look_rows(result)) {
        const bool is_reached = std::isfinite(look.day);
        const auto if_reached = [&](const std::string& text) {
            return is_reached ? text : std::string("\u2013");
        };
        rows.push_back({fixed(100 * look.information, 0) + " %", if_reached(fixed(months(look.day), 1)),
                        if_reached(std::to_string(look.events)), if_reached(std::to_string(look.enrolled)),
                        if_reached(fixed(look.z, 3)), fixed(look.critical, 3),
                        std::isfinite(look.futility) ? fixed(look.futility, 3) : std::string("\u2013"),
                        look.decision});
    }
    if (rows.empty()) return {};
    return "<h3>Interim analyses</h3>" +
           table("Interim analyses",
                 {"Information", "Month", "Events", "Enrolled", "z", "Efficacy z", "Futility z", "Decision"},
                 rows) +
           "<p class=\"note\">Log-rank z of " + escape(result.trial.arms[1].name) + " against " +
           escape(result.trial.arms[0].name) +
           ", positive if better. The run itself goes on whatever a look says.</p>";
}

}  // namespace abscopal::report
