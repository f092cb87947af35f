// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>

#include "report/axes.hpp"
#include "report/figures.hpp"

namespace abscopal::report {
namespace {

constexpr std::array levels{0.05, 0.25, 0.5, 0.75, 0.95};
using Quantiles = std::array<double, levels.size()>;

/// Linear interpolation between order statistics (type 7 of Hyndman & Fan 1996).
double quantile_of_sorted(const std::vector<double>& sorted, double level) {
    const double at = level * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(at);
    const double next = sorted[std::min(below + 1, sorted.size() - 1)];
    return sorted[below] + (at - static_cast<double>(below)) * (next - sorted[below]);
}

/// Quantiles over the patients of an arm at each recorded day; NaN where nobody was recorded.
std::vector<Quantiles> quantiles_over_time(const Result& result, std::size_t watched, std::size_t arm) {
    std::vector<Quantiles> rows;
    const auto courses = courses_of(result, arm);
    for (std::size_t k = 0; k < result.record_days.size(); ++k) {
        std::vector<double> values;
        for (const auto* course : courses) {
            const auto& series = course->recorded[watched];
            if (k < series.size() && std::isfinite(series[k])) values.push_back(series[k]);
        }
        std::sort(values.begin(), values.end());
        Quantiles row;
        for (std::size_t q = 0; q < levels.size(); ++q) {
            row[q] = values.empty() ? std::numeric_limits<double>::quiet_NaN()
                                    : quantile_of_sorted(values, levels[q]);
        }
        rows.push_back(row);
    }
    return rows;
}

/// The range of a watched quantity over all arms, so that their panels share one axis.
Range value_range(const Result& result, std::size_t watched, bool logarithmic) {
    double low = std::numeric_limits<double>::infinity(), high = -low;
    for (std::size_t arm = 0; arm < result.trial.arms.size(); ++arm) {
        for (const auto& row : quantiles_over_time(result, watched, arm)) {
            for (const double value : row) {
                if (!std::isfinite(value) || (logarithmic && value <= 0)) continue;
                low = std::min(low, value);
                high = std::max(high, value);
            }
        }
    }
    if (!(low <= high)) return {logarithmic ? 0.1 : 0.0, 1.0};
    if (!logarithmic) return rounded(std::min(0.0, low), high, 4);
    // No more than eight decades: what lies deeper is "gone".
    low = std::max(low, high * 1e-8);
    return {std::pow(10.0, std::floor(std::log10(low))), std::pow(10.0, std::ceil(std::log10(high) + 1e-9))};
}

std::string band(const Result& result, const Frame& frame, const std::vector<Quantiles>& rows,
                 std::size_t lower, std::size_t upper) {
    std::vector<Point> points, back;
    for (std::size_t k = 0; k < rows.size(); ++k) {
        if (std::isnan(rows[k][0])) continue;
        const double month = result.record_days[k] / days_per_month;
        points.push_back(frame.at(month, std::max(rows[k][upper], frame.y.low)));
        back.push_back(frame.at(month, std::max(rows[k][lower], frame.y.low)));
    }
    if (lower == upper) return path_through(points);
    points.insert(points.end(), back.rbegin(), back.rend());
    return path_through(points, true);
}

}  // namespace

std::string time_course_figure(const Result& result, std::size_t watched, std::size_t arm) {
    const auto& what = result.trial.watched[watched];
    const auto rows = quantiles_over_time(result, watched, arm);
    const auto is_zero = [](const Quantiles& row) { return !(row.front() < 0.0 || row.back() > 0.0); };
    if (std::all_of(rows.begin(), rows.end(), is_zero)) return {};
    const Range range = value_range(result, watched, what.logarithmic);
    Svg svg(310, 220, what.label + " over time, " + result.trial.arms[arm].name);
    const Frame frame{{0, result.trial.follow_up / days_per_month, 62, 300},
                      {range.low, range.high, 174, 10, what.logarithmic}};
    const auto y_ticks =
        what.logarithmic ? log_ticks(range.low, range.high, 6) : ticks(range.low, range.high, 4);
    draw_axes(svg, frame, {"months", what.unit}, month_ticks(result.trial.follow_up), y_ticks);
    svg.path(band(result, frame, rows, 0, 4), "band " + arm_class(arm));
    svg.path(band(result, frame, rows, 1, 3), "band " + arm_class(arm));
    svg.path(band(result, frame, rows, 2, 2), "curve " + arm_class(arm));
    return svg.str();
}

std::string timeline_figure(const Result& result, std::size_t arm) {
    const Trial& trial = result.trial;
    std::map<std::string, std::vector<double>> doses;
    for (const auto& row : trial.arms[arm].regimen.expanded(trial.follow_up).rows) {
        doses[row.drug.empty() ? row.target : row.drug].push_back(row.time);
    }
    const double height = 44 + 20 * static_cast<double>(doses.size() + 1);
    Svg svg(960, height, "Planned doses and visits, " + trial.arms[arm].name);
    const Scale x{0, trial.follow_up, 170, 944};
    double y = 16;
    for (const auto& [drug, days] : doses) {
        svg.text({160, y + 4}, drug, "tick end");
        svg.line({x.start, y}, {x.end, y}, "grid");
        for (const double day : days) svg.line({x(day), y - 6}, {x(day), y + 6}, "dose " + arm_class(arm));
        y += 20;
    }
    svg.text({160, y + 4}, trial.lesions.empty() ? "visits" : "scans", "tick end");
    svg.line({x.start, y}, {x.end, y}, "grid");
    for (const double day : trial.visits) svg.circle({x(day), y}, 3.5, "scan");
    y += 14;
    for (const double month : month_ticks(trial.follow_up))
        svg.text({x(month * days_per_month), y + 12}, tick_label(month, false), "tick mid");
    svg.text({160, y + 12}, "month", "tick end");
    return svg.str();
}

}  // namespace abscopal::report
