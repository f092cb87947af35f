// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>
#include <map>

#include "report/figures.hpp"
#include "report/svg.hpp"

namespace abscopal::report {
namespace {

struct Box {
    double x, y, width, height;
    Point bottom() const { return {x + width / 2, y + height}; }
    Point top() const { return {x + width / 2, y}; }
};

void draw_box(Svg& svg, const Box& box, const std::vector<std::string>& lines,
              std::string_view css_class = "box") {
    svg.rect({box.x, box.y}, box.width, box.height, css_class);
    double y = box.y + 19;
    for (const auto& line : lines) {
        svg.text({box.x + box.width / 2, y}, line,
                 &line == &lines.front() ? "box-title mid" : "box-text mid");
        y += 16;
    }
}

void draw_arrow(Svg& svg, Point from, Point to) {
    svg.line(from, to, "arrow");
    const double direction = to.y > from.y ? 1 : 0;
    if (direction > 0) {
        svg.path(path_through({{to.x - 4, to.y - 7}, {to.x + 4, to.y - 7}, to}, true), "arrow-head");
    } else {
        svg.path(path_through({{to.x - 7, to.y - 4}, {to.x - 7, to.y + 4}, to}, true), "arrow-head");
    }
}

/// "reason: n" lines, most frequent first, ties by name.
std::vector<std::string> reasons(const Result& result, Fate fate, std::size_t at_most) {
    std::map<std::string, std::size_t> counts;
    for (const auto& candidate : result.candidates) {
        if (candidate.fate == fate) ++counts[candidate.reason];
    }
    std::vector<std::pair<std::string, std::size_t>> sorted(counts.begin(), counts.end());
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const auto& a, const auto& b) { return a.second > b.second; });
    std::vector<std::string> lines;
    for (const auto& [reason, count] : sorted) {
        if (lines.size() == at_most) {
            lines.push_back("\u2026");
            break;
        }
        lines.push_back(reason.substr(0, 52) + ": " + std::to_string(count));
    }
    return lines;
}

std::size_t count(const Result& result, Fate fate) {
    return static_cast<std::size_t>(std::count_if(result.candidates.begin(), result.candidates.end(),
                                                  [&](const auto& c) { return c.fate == fate; }));
}

std::vector<std::string> side_lines(const Result& result, Fate fate, const std::string& title) {
    std::vector<std::string> lines{title + std::to_string(count(result, fate))};
    const auto details = reasons(result, fate, 4);
    lines.insert(lines.end(), details.begin(), details.end());
    return lines;
}

std::vector<std::string> arm_lines(const Result& result, std::size_t arm) {
    std::size_t started = 0, failed = 0;
    for (const auto& course : result.courses) {
        if (course.arm != arm) continue;
        ++started;
        failed += course.outcome.ok() ? 0 : 1;
    }
    return {result.trial.arms[arm].name, "started: " + std::to_string(started),
            "solver failed: " + std::to_string(failed), "analysed: " + std::to_string(started - failed)};
}

double box_height(std::size_t lines) {
    return 14.0 + 16.0 * static_cast<double>(lines);
}

}  // namespace

std::string flow_figure(const Result& result) {
    const std::size_t n_arms = result.trial.arms.size();
    const double width = 960, gap = 16;
    const auto rejected = side_lines(result, Fate::rejected, "Rejected: ");
    const auto ineligible = side_lines(result, Fate::ineligible, "Screen failures: ");
    const auto failed = side_lines(result, Fate::failed, "Failed before treatment: ");
    const double rejected_y = 58, ineligible_y = rejected_y + box_height(rejected.size()) + 12;
    const double failed_y =
        ineligible.size() == 1 ? ineligible_y : ineligible_y + box_height(ineligible.size()) + 12;
    const double treated_y = failed_y + box_height(failed.size()) + 12, arms_y = treated_y + 72;

    Svg svg(width, arms_y + box_height(4) + 4, "Flow of virtual patients from drawing to analysis");
    const Box drawn{width / 2 - 130, 4, 260, box_height(1)},
        treated{width / 2 - 130, treated_y, 260, box_height(2)};
    draw_arrow(svg, drawn.bottom(), treated.top());
    for (const auto& [lines, y] : {std::pair{&rejected, rejected_y}, std::pair{&ineligible, ineligible_y},
                                   std::pair{&failed, failed_y}}) {
        if (lines == &ineligible && lines->size() == 1) continue;  // nobody was screened out
        const Box side{width / 2 + 60, y, width / 2 - 64, box_height(lines->size())};
        draw_arrow(svg, {width / 2, y + side.height / 2}, {side.x, y + side.height / 2});
        draw_box(svg, side, *lines);
    }
    draw_box(svg, drawn, {"Candidates drawn: " + std::to_string(result.candidates.size())});
    draw_box(svg, treated,
             {"Virtual patients: " + std::to_string(count(result, Fate::treated)),
              "every patient takes every arm"});

    const double arm_width =
        (width - 8 - gap * static_cast<double>(n_arms - 1)) / static_cast<double>(n_arms);
    for (std::size_t arm = 0; arm < n_arms; ++arm) {
        const Box box{4 + static_cast<double>(arm) * (arm_width + gap), arms_y, arm_width, box_height(4)};
        const double elbow = arms_y - 24;
        svg.path(path_through({treated.bottom(), {treated.bottom().x, elbow}, {box.top().x, elbow}}),
                 "arrow");
        draw_arrow(svg, {box.top().x, elbow}, box.top());
        draw_box(svg, box, arm_lines(result, arm), "box " + arm_class(arm));
    }
    return svg.str();
}

}  // namespace abscopal::report
