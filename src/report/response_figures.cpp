// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "base/text.hpp"
#include "report/axes.hpp"
#include "report/figures.hpp"

namespace abscopal::report {
namespace {

double change(const Course& course, double sum) {
    return 100.0 * (sum / course.baseline - 1.0);
}

constexpr double panel_width = 330, panel_height = 270;

/// Shown changes are cut here, as trial publications do.
constexpr double shown_from = -100.0, shown_to = 100.0;

Frame change_frame(double width, double height, double x_high) {
    return {{0.0, x_high, 58.0, width - 12.0}, {shown_from, shown_to, height - 46.0, 12.0}};
}

void draw_thresholds(Svg& svg, const Frame& frame) {
    for (const double level : {-30.0, 20.0})
        svg.line(frame.at(0, level), {frame.x.end, frame.y(level)}, "threshold");
}

std::string patient_text(const Course& course, double value) {
    return "patient " + std::to_string(course.candidate) + ": " + std::string(name_of(course.best)) + ", " +
           fixed(value, 1) + " %";
}

}  // namespace

std::string arm_class(std::size_t arm) {
    return "arm" + std::to_string(arm % 8);
}

std::string response_class(Response response) {
    return lower_case(name_of(response));
}

std::vector<const Course*> courses_of(const Result& result, std::size_t arm) {
    std::vector<const Course*> courses;
    for (const auto& course : result.courses) {
        if (course.arm == arm) courses.push_back(&course);
    }
    return courses;
}

double best_change(const Course& course) {
    double best = std::numeric_limits<double>::quiet_NaN();
    for (const auto& visit : course.visits) {
        if (visit.response != Response::not_evaluable)
            best = std::fmin(best, change(course, visit.sum_of_diameters));
        if (visit.response == Response::progressive) break;
    }
    return best;
}

std::string waterfall_figure(const Result& result, std::size_t arm) {
    std::vector<std::pair<double, const Course*>> bars;
    for (const auto* course : courses_of(result, arm)) {
        if (const double value = best_change(*course); !std::isnan(value)) bars.emplace_back(value, course);
    }
    std::stable_sort(bars.begin(), bars.end(),
                     [](const auto& a, const auto& b) { return a.first > b.first; });

    Svg svg(panel_width, panel_height,
            "Waterfall of best change in tumour diameter, " + result.trial.arms[arm].name);
    const Frame frame =
        change_frame(panel_width, panel_height, std::max<double>(1, static_cast<double>(bars.size())));
    draw_axes(svg, frame, {"patients, by best change", "best change from baseline (%)"}, {},
              ticks(shown_from, shown_to, 8));
    const double step = frame.x(1) - frame.x(0), zero = frame.y(0);
    for (std::size_t i = 0; i < bars.size(); ++i) {
        const auto& [value, course] = bars[i];
        const double y = frame.y(std::clamp(value, shown_from, shown_to));
        svg.rect({frame.x(static_cast<double>(i)), std::min(y, zero)}, step > 4.0 ? 0.85 * step : step,
                 std::max(0.6, std::fabs(y - zero)), "bar " + response_class(course->best),
                 patient_text(*course, value));
    }
    draw_thresholds(svg, frame);
    return svg.str();
}

std::string spider_figure(const Result& result, std::size_t arm) {
    const auto courses = courses_of(result, arm);
    const std::size_t shown = std::min(courses.size(), max_spider_lines);
    Svg svg(panel_width, panel_height,
            "Change in tumour diameter over time, one line a patient, " + result.trial.arms[arm].name);
    const Frame frame = change_frame(panel_width, panel_height, result.trial.follow_up / days_per_month);
    draw_axes(svg, frame, {"months", "change from baseline (%)"}, month_ticks(result.trial.follow_up),
              ticks(shown_from, shown_to, 8));
    for (std::size_t i = 0; i < shown; ++i) {
        const Course& course = *courses[i * courses.size() / shown];
        std::vector<Point> points{frame.at(0, 0)};
        for (const auto& visit : course.visits) {
            const double value = change(course, visit.sum_of_diameters);
            points.push_back(frame.at(visit.day / days_per_month, std::clamp(value, shown_from, shown_to)));
            if (value > shown_to) break;
        }
        svg.path(path_through(points), "spider " + response_class(course.best),
                 patient_text(course, best_change(course)));
    }
    draw_thresholds(svg, frame);
    return svg.str();
}

}  // namespace abscopal::report
