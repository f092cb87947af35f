// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>
#include <cmath>

#include "abscopal/statistics.hpp"
#include "report/axes.hpp"
#include "report/figures.hpp"

namespace abscopal::report {
namespace {

constexpr double width = 960, plot_height = 360, row_height = 17;

struct ArmSurvival {
    std::vector<double> days;
    std::vector<char> events;
    SurvivalCurve curve;
};

ArmSurvival survival_of(const Result& result, std::size_t arm) {
    ArmSurvival survival;
    for (const auto* course : courses_of(result, arm)) {
        survival.days.push_back(course->pfs_day);
        survival.events.push_back(course->progressed ? 1 : 0);
    }
    survival.curve = kaplan_meier(survival.days, survival.events);
    return survival;
}

/// The staircase of one column of the curve (survival or a limit), from (0, 1).
template <class Value>
std::vector<Point> staircase(const Frame& frame, const SurvivalCurve& curve, Value value) {
    std::vector<Point> points{frame.at(0, 1)};
    double level = 1.0;
    for (const auto& step : curve.steps) {
        const double month = step.time / days_per_month, next = value(step);
        points.push_back(frame.at(month, level));
        if (!std::isnan(next)) level = next;
        points.push_back(frame.at(month, level));
    }
    return points;
}

void draw_curve(Svg& svg, const Frame& frame, const SurvivalCurve& curve, std::size_t arm) {
    auto band = staircase(frame, curve, [](const SurvivalStep& s) { return s.upper; });
    const auto lower = staircase(frame, curve, [](const SurvivalStep& s) { return s.lower; });
    band.insert(band.end(), lower.rbegin(), lower.rend());
    svg.path(path_through(band, true), "band " + arm_class(arm));
    svg.path(path_through(staircase(frame, curve, [](const SurvivalStep& s) { return s.survival; })),
             "curve " + arm_class(arm));
    for (const auto& step : curve.steps) {
        const Point at = frame.at(step.time / days_per_month, step.survival);
        if (step.censored > 0) svg.line({at.x, at.y - 4}, {at.x, at.y + 4}, "censor " + arm_class(arm));
    }
}

struct Counts {
    std::size_t at_risk = 0, censored = 0, events = 0;
};

/// At risk just before `day`; censored and events up to it.
Counts counts_at(const ArmSurvival& survival, double day) {
    Counts counts;
    for (std::size_t i = 0; i < survival.days.size(); ++i) {
        if (survival.days[i] >= day)
            ++counts.at_risk;
        else
            ++(survival.events[i] ? counts.events : counts.censored);
    }
    return counts;
}

void draw_risk_row(Svg& svg, const Frame& frame, const ArmSurvival& survival, double y, double month,
                   int row) {
    const Counts counts = counts_at(survival, month * days_per_month);
    const std::size_t value = row == 0 ? counts.at_risk : row == 1 ? counts.censored : counts.events;
    svg.text({frame.x(month), y}, std::to_string(value), "tick mid");
}

void draw_risk_table(Svg& svg, const Frame& frame, const Result& result, const std::vector<ArmSurvival>& arms,
                     const std::vector<double>& months) {
    constexpr const char* rows[] = {"at risk", "censored", "events"};
    double y = plot_height + 22;
    for (std::size_t arm = 0; arm < arms.size(); ++arm) {
        svg.text({8, y}, result.trial.arms[arm].name, "legend strong-text " + arm_class(arm));
        for (int row = 0; row < 3; ++row) {
            y += row_height;
            svg.text({frame.x.start - 30, y}, rows[row], "tick end");
            for (const double month : months) draw_risk_row(svg, frame, arms[arm], y, month, row);
        }
        y += row_height + 6;
    }
}

}  // namespace

std::string survival_figure(const Result& result) {
    std::vector<ArmSurvival> arms;
    for (std::size_t arm = 0; arm < result.trial.arms.size(); ++arm) arms.push_back(survival_of(result, arm));
    const double height = plot_height + 10 + static_cast<double>(arms.size()) * (4 * row_height + 6);
    Svg svg(width, height, "Kaplan-Meier curves of progression-free survival by arm");
    const Frame frame{{0, result.trial.follow_up / days_per_month, 96, width - 16},
                      {0, 1, plot_height - 56, 34}};
    const auto months = month_ticks(result.trial.follow_up);
    draw_axes(svg, frame, {"months since start of treatment", "progression-free survival"}, months,
              ticks(0, 1, 5));
    for (std::size_t arm = 0; arm < arms.size(); ++arm) draw_curve(svg, frame, arms[arm].curve, arm);
    double x = frame.x.start;
    for (std::size_t arm = 0; arm < arms.size(); ++arm) {
        svg.line({x, 10}, {x + 24, 10}, "curve " + arm_class(arm));
        svg.text({x + 32, 14}, result.trial.arms[arm].name, "legend");
        x += 60 + 7.4 * static_cast<double>(result.trial.arms[arm].name.size());
    }
    draw_risk_table(svg, frame, result, arms, months);
    return svg.str();
}

}  // namespace abscopal::report
