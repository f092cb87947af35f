// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "report/axes.hpp"
#include "report/figures.hpp"

namespace abscopal::report {
namespace {

constexpr double width = 960, row_height = 30, ratio_low = 0.05, ratio_high = 20.0;

void draw_ratio(Svg& svg, const Scale& x, double y, const ArmComparison& row, const std::string& name) {
    const std::string colour = arm_class(row.arm);
    svg.text({8, y + 4}, name, "legend");
    if (!row.hazard.converged) {
        svg.text({width - 12, y + 4}, "no finite hazard ratio", "tick end");
        return;
    }
    const auto place = [&](double ratio) { return x(std::clamp(ratio, ratio_low, ratio_high)); };
    svg.line({place(row.hazard.interval.lower), y}, {place(row.hazard.interval.upper), y}, "curve " + colour);
    svg.rect({place(row.hazard.ratio) - 5, y - 5}, 10, 10, "swatch " + colour);
    svg.text({width - 12, y + 4},
             fixed(row.hazard.ratio, 2) + " (" + fixed(row.hazard.interval.lower, 2) + "\u2013" +
                 fixed(row.hazard.interval.upper, 2) + ")",
             "tick end");
}

void draw_swimmer(Svg& svg, const Frame& frame, const Course& course, double top, double height) {
    const double end = frame.x(course.pfs_day / days_per_month), middle = top + 0.5 * height;
    svg.rect({frame.x.start, top}, std::max(0.6, end - frame.x.start), 0.8 * height,
             "bar " + response_class(course.best),
             "patient " + std::to_string(course.candidate) + ": " + std::string(name_of(course.best)));
    const auto response = std::find_if(course.visits.begin(), course.visits.end(), [](const auto& visit) {
        return visit.response == Response::complete || visit.response == Response::partial;
    });
    if (response != course.visits.end() && response->day <= course.pfs_day)
        svg.circle({frame.x(response->day / days_per_month), middle}, 2.4, "scan");
    if (course.progressed)
        svg.line({end, top}, {end, top + 0.8 * height}, "axis");
    else
        svg.path(
            path_through({{end, top}, {end + 6, middle - 0.1 * height}, {end, top + 0.8 * height}}, true),
            "arrow-head");
}

}  // namespace

std::string forest_figure(const Result& result, const std::vector<ArmComparison>& comparisons) {
    const double height = 66 + row_height * static_cast<double>(comparisons.size());
    Svg svg(width, height, "Hazard ratios against " + result.trial.arms[0].name);
    const Scale x{ratio_low, ratio_high, 300, width - 200, true};
    const double bottom = height - 44;
    for (const double ratio : {0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0}) {
        svg.line({x(ratio), 8}, {x(ratio), bottom}, ratio == 1.0 ? "threshold" : "grid");
        svg.text({x(ratio), bottom + 16}, to_text(ratio), "tick mid");
    }
    svg.text({x(1.0), bottom + 36}, "hazard ratio (below 1: later than in the first arm)", "axis-title mid");
    for (std::size_t i = 0; i < comparisons.size(); ++i)
        draw_ratio(svg, x, 22 + row_height * static_cast<double>(i), comparisons[i],
                   result.trial.arms[comparisons[i].arm].name);
    return svg.str();
}

std::string subgroup_figure(const Result& result, const std::vector<SubgroupRow>& rows) {
    constexpr double line = 24;
    const double height = 86 + line * static_cast<double>(rows.size()), bottom = height - 44;
    Svg svg(width, height, "Hazard ratios by subgroup");
    const Scale x{0.1, 10.0, 470, width - 230, true};
    const std::string names[]{result.trial.arms[0].name,
                              result.trial.arms[rows.empty() ? 0 : rows[0].arm].name};
    svg.text({330, 18}, names[0].substr(0, 16), "tick end");
    svg.text({440, 18}, names[1].substr(0, 16), "tick end");
    svg.text({width - 80, 18}, "hazard ratio (95 %)", "tick end");
    svg.text({width - 8, 18}, "p", "tick end");
    for (const double ratio : {0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0}) {
        svg.line({x(ratio), 28}, {x(ratio), bottom}, ratio == 1.0 ? "threshold" : "grid");
        svg.text({x(ratio), bottom + 16}, to_text(ratio), "tick mid");
    }
    svg.text({x(1.0), bottom + 36}, "hazard ratio (below 1: better than in the first arm)", "axis-title mid");
    const auto place = [&](double ratio) { return x(std::clamp(ratio, 0.1, 10.0)); };
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const SubgroupRow& row = rows[i];
        const double y = 42 + line * static_cast<double>(i);
        svg.text({8, y + 4}, row.part, i == 0 ? "legend strong-text" : "legend");
        for (const std::size_t k : {0, 1})
            svg.text({k ? 440.0 : 330.0, y + 4},
                     std::to_string(row.events[k]) + " / " + std::to_string(row.n[k]), "tick end");
        const bool is_first_part = i > 0 && row.factor != rows[i - 1].factor;
        if (is_first_part && !std::isnan(row.interaction_p))
            svg.text({width - 8, y + 4}, fixed(row.interaction_p, 3), "tick end");
        if (!row.hazard.converged) {
            svg.text({width - 80, y + 4}, "\u2013", "tick end");
            continue;
        }
        const auto& [lower, upper] = row.hazard.interval;
        svg.line({place(lower), y}, {place(upper), y}, "curve " + arm_class(row.arm));
        const double side =
            std::clamp(2.0 * std::sqrt(static_cast<double>(row.events[0] + row.events[1])), 4.0, 14.0);
        svg.rect({place(row.hazard.ratio) - 0.5 * side, y - 0.5 * side}, side, side,
                 "swatch " + arm_class(row.arm));
        svg.text({width - 80, y + 4},
                 fixed(row.hazard.ratio, 2) + " (" + fixed(lower, 2) + "\u2013" + fixed(upper, 2) + ")",
                 "tick end");
    }
    return svg.str();
}

std::string swimmer_figure(const Result& result, std::size_t arm) {
    constexpr double panel_width = 330, bar = 6;
    auto courses = courses_of(result, arm);
    std::stable_sort(courses.begin(), courses.end(),
                     [](const auto* a, const auto* b) { return a->pfs_day > b->pfs_day; });
    const std::size_t shown = std::min(courses.size(), max_swimmer_bars);
    const double height = 58 + bar * static_cast<double>(shown);
    Svg svg(panel_width, height,
            "Time to progression of each patient and first response, " + result.trial.arms[arm].name);
    const Frame frame{{0.0, std::max(1.0, result.trial.follow_up / days_per_month), 14.0, panel_width - 18.0},
                      {0.0, 1.0, height - 46.0, 10.0}};
    draw_axes(svg, frame, {"months", ""}, month_ticks(result.trial.follow_up), {});
    for (std::size_t i = 0; i < shown; ++i)
        draw_swimmer(svg, frame, *courses[i * courses.size() / shown], 11 + bar * static_cast<double>(i),
                     bar);
    return svg.str();
}

}  // namespace abscopal::report
