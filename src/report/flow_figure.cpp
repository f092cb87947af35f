// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>
#include <map>

#include "report/figures.hpp"
#include "report/svg.hpp"
#include "trial/everyone.hpp"

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
    const auto counts = fates_of(result).reasons[fate];
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
    return fates_of(result).n[fate];
}

std::vector<std::string> side_lines(const Result& result, Fate fate, const std::string& title) {
    std::vector<std::string> lines{title + std::to_string(count(result, fate))};
    const auto details = reasons(result, fate, 4);
    lines.insert(lines.end(), details.begin(), details.end());
    return lines;
}

std::size_t count_ended(const FollowUp& data, std::size_t arm, Ended ended) {
    return static_cast<std::size_t>(
        std::count_if(data.patients.begin(), data.patients.end(),
                      [&](const auto& patient) { return patient.arm == arm && patient.ended == ended; }));
}

std::size_t count_if_in(const FollowUp& data, std::size_t arm, bool (*is_so)(const Followed&)) {
    return static_cast<std::size_t>(
        std::count_if(data.patients.begin(), data.patients.end(),
                      [&](const auto& patient) { return patient.arm == arm && is_so(patient); }));
}

bool is_off_treatment(const Followed& patient) {
    const double day = patient.off_treatment_day;
    return day >= 0.0 && day <= patient.until;
}

/// Allocation, follow-up and analysis of an arm. Those allocated are those whose follow-up ended in one of
/// five ways.
std::vector<std::string> arm_lines(const Result& result, const FollowUp& data, std::size_t arm) {
    std::size_t n = 0;
    std::vector<std::string> ends;
    for (const auto& [ended, words] :
         {std::pair{Ended::completed, "followed to the end: "}, std::pair{Ended::death, "died: "},
          std::pair{Ended::cut_off, "in follow-up at cut-off: "},
          std::pair{Ended::dropout, "lost to follow-up: "}, std::pair{Ended::failed, "solver failed: "}}) {
        const std::size_t k = count_ended(data, arm, ended);
        n += k;
        if (k > 0 || ended == Ended::failed) ends.push_back(words + std::to_string(k));
    }
    std::vector<std::string> lines{result.trial.arms[arm].name, "allocated: " + std::to_string(n)};
    lines.push_back("treatment ended: " + std::to_string(count_if_in(data, arm, is_off_treatment)));
    lines.insert(lines.end(), ends.begin(), ends.end());
    lines.push_back("analysed (ITT): " + std::to_string(n));
    return lines;
}

std::vector<std::string> treated_lines(const Result& result, const FollowUp& data) {
    std::vector<std::string> lines{"Virtual patients: " + std::to_string(count(result, Fate::treated))};
    const bool are_twins = result.trial.design.allocation == Allocation::twins;
    lines.push_back(are_twins ? "every patient takes every arm" : "randomised");
    if (data.n_late > 0) lines.push_back("not yet entered at cut-off: " + std::to_string(data.n_late));
    return lines;
}

double box_height(std::size_t lines) {
    return 14.0 + 16.0 * static_cast<double>(lines);
}

}  // namespace

std::string flow_figure(const Result& result, const FollowUp& data) {
    const std::size_t n_arms = result.trial.arms.size();
    const double width = 960, gap = 16;
    const auto rejected = side_lines(result, Fate::rejected, "Rejected: ");
    const auto ineligible = side_lines(result, Fate::ineligible, "Screen failures: ");
    const auto failed = side_lines(result, Fate::failed, "Failed before treatment: ");
    const double rejected_y = 58, ineligible_y = rejected_y + box_height(rejected.size()) + 12;
    const double failed_y =
        ineligible.size() == 1 ? ineligible_y : ineligible_y + box_height(ineligible.size()) + 12;
    const double treated_y = failed_y + box_height(failed.size()) + 12, arms_y = treated_y + 88;
    std::vector<std::vector<std::string>> arms;
    std::size_t most_lines = 0;
    for (std::size_t arm = 0; arm < n_arms; ++arm) {
        arms.push_back(arm_lines(result, data, arm));
        most_lines = std::max(most_lines, arms.back().size());
    }

    Svg svg(width, arms_y + box_height(most_lines) + 4, "Flow of virtual patients from drawing to analysis");
    const Box drawn{width / 2 - 130, 4, 260, box_height(1)},
        treated{width / 2 - 130, treated_y, 260, box_height(treated_lines(result, data).size())};
    draw_arrow(svg, drawn.bottom(), treated.top());
    for (const auto& [lines, y] : {std::pair{&rejected, rejected_y}, std::pair{&ineligible, ineligible_y},
                                   std::pair{&failed, failed_y}}) {
        if (lines == &ineligible && lines->size() == 1) continue;  // nobody was screened out
        const Box side{width / 2 + 60, y, width / 2 - 64, box_height(lines->size())};
        draw_arrow(svg, {width / 2, y + side.height / 2}, {side.x, y + side.height / 2});
        draw_box(svg, side, *lines);
    }
    draw_box(svg, drawn, {"Candidates drawn: " + std::to_string(fates_of(result).n_drawn)});
    draw_box(svg, treated, treated_lines(result, data));

    const double arm_width =
        (width - 8 - gap * static_cast<double>(n_arms - 1)) / static_cast<double>(n_arms);
    for (std::size_t arm = 0; arm < n_arms; ++arm) {
        const Box box{4 + static_cast<double>(arm) * (arm_width + gap), arms_y, arm_width,
                      box_height(most_lines)};
        const double elbow = arms_y - 24;
        svg.path(path_through({treated.bottom(), {treated.bottom().x, elbow}, {box.top().x, elbow}}),
                 "arrow");
        draw_arrow(svg, {box.top().x, elbow}, box.top());
        draw_box(svg, box, arms[arm], "box " + arm_class(arm));
    }
    return svg.str();
}

}  // namespace abscopal::report
