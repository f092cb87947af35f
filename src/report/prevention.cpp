// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "report/axes.hpp"
#include "report/figures.hpp"
#include "report/sections.hpp"
#include "trial/outcomes.hpp"

namespace abscopal::report {
namespace {

std::string percent_with(double value, const Interval& interval, int digits) {
    if (std::isnan(value)) return "\u2013";
    const auto shown = [&](double x) {
        return std::isfinite(x) ? fixed(100 * x, digits) : std::string("NE");
    };
    return shown(value) + " (" + shown(interval.lower) + "\u2013" + shown(interval.upper) + ")";
}

/// Subjects for one case prevented; its limits are the inverted limits of what is prevented.
std::string number_needed(const OutcomeRow& row) {
    if (std::isnan(row.number_needed)) return "\u2013";
    const auto inverse = [](double share) {
        return share > 0.0 ? fixed(1.0 / share, 0) : std::string("\u221e");
    };
    return fixed(row.number_needed, 0) + " (" + inverse(row.prevented_interval.upper) + "\u2013" +
           inverse(row.prevented_interval.lower) + ")";
}

std::vector<std::string> cells(const Trial& trial, const OutcomeRow& row) {
    const double thousands = row.person_years / 1000.0;
    return {escape(trial.arms[row.arm].name),
            std::to_string(row.n),
            std::to_string(row.cases),
            thousands > 0.0 ? fixed(static_cast<double>(row.cases) / thousands, 2) : "\u2013",
            percent_with(row.incidence, row.incidence_interval, 2),
            percent_with(row.efficacy, row.efficacy_interval, 1),
            number_needed(row)};
}

/// 1 − survival as a staircase.
std::vector<Point> rise(const Frame& frame, const OutcomeRow& row, double end) {
    std::vector<Point> points{frame.at(0, 0)};
    double level = 0.0;
    for (const auto& step : row.free.steps) {
        if (step.events == 0) continue;
        points.push_back(frame.at(step.time / days_per_month, 100 * level));
        level = 1.0 - step.survival;
        points.push_back(frame.at(step.time / days_per_month, 100 * level));
    }
    points.push_back(frame.at(end, 100 * level));
    return points;
}

std::string outcome_figure(const Trial& trial, const std::vector<OutcomeRow>& rows, std::size_t outcome) {
    constexpr double width = 960, height = 320;
    const std::string& name = trial.toxicities[outcome].name;
    double most = 0.0;
    for (const auto& row : rows)
        if (row.outcome == outcome) most = std::max(most, row.incidence);
    const double end = trial.follow_up / days_per_month;
    const Range range = rounded(0, std::max(100 * most, 0.01), 5);
    Svg svg(width, height, "Cumulative incidence of " + name + " by arm");
    const Frame frame{{0, end, 96, width - 16}, {0, range.high, height - 50, 34}};
    draw_axes(svg, frame, {"months since start of follow-up", "cumulative incidence, %"},
              month_ticks(trial.follow_up), ticks(0, range.high, 5));
    double x = frame.x.start;
    for (const auto& row : rows) {
        if (row.outcome != outcome) continue;
        svg.path(path_through(rise(frame, row, end)), "curve " + arm_class(row.arm));
        svg.line({x, 10}, {x + 24, 10}, "curve " + arm_class(row.arm));
        svg.text({x + 32, 14}, trial.arms[row.arm].name, "legend");
        x += 60 + 7.4 * static_cast<double>(trial.arms[row.arm].name.size());
    }
    return svg.str();
}

std::string card(const Trial& trial, const OutcomeRow& row) {
    std::string html = "<div class=\"card\" style=\"color:var(--" + arm_class(row.arm) + ")\"><h2>" +
                       escape(trial.arms[row.arm].name) + "</h2><dl><dt>subjects</dt><dd>" +
                       std::to_string(row.n) + "</dd><dt>" + escape(trial.toxicities[row.outcome].name) +
                       "</dt><dd>" + std::to_string(row.cases) + "</dd><dt>cumulative incidence</dt><dd>" +
                       fixed(100 * row.incidence, 2) + "\u00a0%</dd>";
    if (!std::isnan(row.efficacy))
        html += "<dt>efficacy</dt><dd>" + fixed(100 * row.efficacy, 1) + "\u00a0%</dd>";
    return html + "</dl></div>";
}

}  // namespace

bool is_prevention(const Trial& trial) {
    return trial.lesions.empty() && std::ranges::any_of(trial.toxicities, &Toxicity::is_outcome);
}

std::string prevention_cards(const Findings& findings) {
    const auto rows = outcome_rows(findings.result.trial, findings.data);
    std::string html;
    for (const auto& row : rows)
        if (row.outcome == rows.front().outcome) html += card(findings.result.trial, row);
    return html;
}

std::string outcome_section(const Findings& findings) {
    const Trial& trial = findings.result.trial;
    const auto rows = outcome_rows(trial, findings.data);
    if (rows.empty()) return {};
    std::string html = "<section id=\"outcomes\"><h2>What was prevented</h2>", figures;
    std::vector<std::vector<std::string>> lines;
    for (const auto& row : rows) {
        if (row.arm == 0) {
            const std::string& name = trial.toxicities[row.outcome].name;
            lines.push_back({escape(name)});
            figures +=
                "<h3>" + escape(name) + "</h3>" +
                wide_figure(
                    "outcome-" + std::to_string(row.outcome + 1), outcome_figure(trial, rows, row.outcome),
                    "Cumulative incidence, 1 \u2212 Kaplan\u2013Meier; the axis ends where the curves do.");
        }
        lines.push_back(cells(trial, row));
    }
    html += table("Outcomes by arm",
                  {"Arm", "n", "Cases", "per 1000<br>person-years", "Incidence, %<br>(95 % CI)",
                   "Efficacy, %<br>(95 % CI)", "Number needed<br>(95 % CI)"},
                  lines);
    return html + "<p class=\"note\">First cases. Efficacy: 1 \u2212 ratio of rates against " +
           escape(trial.arms[0].name) +
           ", exact conditional interval. Number needed: 1 / difference of cumulative incidence at the end. "
           "Incidence by Kaplan\u2013Meier.</p>" +
           figures + "</section>";
}

}  // namespace abscopal::report
