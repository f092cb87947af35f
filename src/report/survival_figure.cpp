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

ArmSurvival survival_of(const FollowUp& data, EndpointKind kind, std::size_t arm) {
    const TimeColumns columns = times_of(data, kind, arm);
    return {columns.times, columns.is_event, kaplan_meier(columns.sample())};
}

constexpr std::size_t many_steps = 2000;
constexpr double too_close = 0.2;  // pixels that nobody tells apart

/// A staircase from a level on; of a great many steps those that can be seen.
class Staircase {
  public:
    Staircase(const Frame& frame, double level, std::size_t n_steps)
        : frame_(frame), level_(level), is_thinned_(n_steps > many_steps), points_{frame.at(0, level)} {}

    void step(double month, double level) {
        const Point before = frame_.at(month, level_), after = frame_.at(month, level);
        level_ = level;
        last_ = month;
        if (is_thinned_ && before.x - points_.back().x < too_close &&
            std::fabs(after.y - points_.back().y) < too_close)
            return;
        points_.push_back(before);
        points_.push_back(after);
    }
    std::vector<Point> points() && {
        if (is_thinned_) points_.push_back(frame_.at(last_, level_));
        return std::move(points_);
    }

  private:
    const Frame& frame_;
    double level_, last_ = 0.0;
    bool is_thinned_;
    std::vector<Point> points_;
};

/// One column of the curve (survival or a limit), from (0, 1).
template <class Value>
std::vector<Point> staircase(const Frame& frame, const SurvivalCurve& curve, Value value) {
    Staircase stairs(frame, 1.0, curve.steps.size());
    double level = 1.0;
    for (const auto& step : curve.steps) {
        if (const double next = value(step); !std::isnan(next)) level = next;
        stairs.step(step.time / days_per_month, level);
    }
    return std::move(stairs).points();
}

void draw_curve(Svg& svg, const Frame& frame, const SurvivalCurve& curve, std::size_t arm) {
    auto band = staircase(frame, curve, [](const SurvivalStep& s) { return s.upper; });
    const auto lower = staircase(frame, curve, [](const SurvivalStep& s) { return s.lower; });
    band.insert(band.end(), lower.rbegin(), lower.rend());
    svg.path(path_through(band, true), "band " + arm_class(arm));
    svg.path(path_through(staircase(frame, curve, [](const SurvivalStep& s) { return s.survival; })),
             "curve " + arm_class(arm));
    double last_tick = -1.0;
    for (const auto& step : curve.steps) {
        const Point at = frame.at(step.time / days_per_month, step.survival);
        if (step.censored == 0 || (curve.steps.size() > many_steps && at.x - last_tick < 1.0)) continue;
        last_tick = at.x;
        svg.line({at.x, at.y - 4}, {at.x, at.y + 4}, "censor " + arm_class(arm));
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

void draw_arm_legend(Svg& svg, const Trial& trial, double x) {
    for (std::size_t arm = 0; arm < trial.arms.size(); ++arm) {
        svg.line({x, 10}, {x + 24, 10}, "curve " + arm_class(arm));
        svg.text({x + 32, 14}, trial.arms[arm].name, "legend");
        x += 60 + 7.4 * static_cast<double>(trial.arms[arm].name.size());
    }
}

/// Steps of the incidence of a cause: 0 progression, 1 death without it.
std::vector<Point> incidence_of(const Frame& frame, const FollowUp& data, std::size_t arm,
                                std::size_t cause) {
    std::vector<double> times, weights;
    std::vector<std::size_t> causes;
    for (const auto& patient : data.patients) {
        const Endpoint* endpoint = find(patient.seen, EndpointKind::pfs);
        if (patient.arm != arm || !endpoint) continue;
        times.push_back(endpoint->day);
        weights.push_back(patient.weight);
        causes.push_back(!endpoint->is_event ? 0 : endpoint->reason == Reason::death ? 2 : 1);
    }
    const auto steps = aalen_johansen(times, causes, 2, weights);
    Staircase stairs(frame, 0.0, steps.size());
    for (const auto& step : steps) stairs.step(step.time / days_per_month, step.incidence[cause]);
    return std::move(stairs).points();
}

}  // namespace

std::string survival_figure(const Result& result, const FollowUp& data, EndpointKind kind) {
    std::vector<ArmSurvival> arms;
    for (std::size_t arm = 0; arm < result.trial.arms.size(); ++arm)
        arms.push_back(survival_of(data, kind, arm));
    const double height = plot_height + 10 + static_cast<double>(arms.size()) * (4 * row_height + 6);
    Svg svg(width, height, "Kaplan-Meier curves of " + long_name(kind) + " by arm");
    const Frame frame{{0, result.trial.follow_up / days_per_month, 96, width - 16},
                      {0, 1, plot_height - 56, 34}};
    const auto months = month_ticks(result.trial.follow_up);
    draw_axes(svg, frame, {"months since start of treatment", long_name(kind)}, months, ticks(0, 1, 5));
    for (std::size_t arm = 0; arm < arms.size(); ++arm) draw_curve(svg, frame, arms[arm].curve, arm);
    draw_arm_legend(svg, result.trial, frame.x.start);
    draw_risk_table(svg, frame, result, arms, months);
    return svg.str();
}

std::string incidence_figure(const Result& result, const FollowUp& data) {
    constexpr double plot = 300;
    Svg svg(width, plot, "Cumulative incidence of progression and of death before it, by arm");
    const Frame frame{{0, result.trial.follow_up / days_per_month, 96, width - 16}, {0, 1, plot - 50, 34}};
    draw_axes(svg, frame, {"months since start of treatment", "cumulative incidence"},
              month_ticks(result.trial.follow_up), ticks(0, 1, 5));
    draw_arm_legend(svg, result.trial, frame.x.start);
    for (std::size_t arm = 0; arm < result.trial.arms.size(); ++arm)
        for (const std::size_t cause : {0, 1})
            svg.path(path_through(incidence_of(frame, data, arm, cause)),
                     (cause ? "curve dashed " : "curve ") + arm_class(arm));
    return svg.str();
}

}  // namespace abscopal::report
