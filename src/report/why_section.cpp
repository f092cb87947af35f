// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>

#include "base/text.hpp"
#include "report/axes.hpp"
#include "report/figures.hpp"
#include "report/sections.hpp"
#include "trial/why.hpp"

namespace abscopal::report {
namespace {

constexpr std::size_t n_shown = 10;

using Rows = std::vector<std::vector<std::string>>;

Rows factor_rows(const Why& why) {
    Rows rows;
    for (std::size_t i = 0; i < std::min(n_shown, why.factors.size()); ++i) {
        const auto& f = why.factors[i];
        rows.push_back({escape(words(f)), significant(f.with, 3), significant(f.without, 3),
                        fixed(f.effect, 2), words(f.discrimination), significant(f.q, 2)});
    }
    return rows;
}

void draw_roc(Svg& svg, const Frame& frame, const std::vector<std::pair<double, double>>& curve,
              const std::string& css_class) {
    std::vector<Point> points;
    for (const auto& [x, y] : curve) points.push_back(frame.at(x, y));
    svg.path(path_through(points), "curve " + css_class);
}

std::string roc_figure(const Why& why) {
    Svg svg(360, 420, "Receiver operating characteristics, " + why.arm);
    const Frame frame{{0, 1, 56, 344}, {0, 1, 300, 12}};
    draw_axes(svg, frame, {"patients without the outcome above the cut", "patients with it above the cut"},
              ticks(0, 1, 5), ticks(0, 1, 5));
    double y = 352;
    const auto legend = [&](const std::string& name, std::size_t colour) {
        svg.line({frame.x.start, y - 4}, {frame.x.start + 20, y - 4}, "curve " + arm_class(colour));
        svg.text({frame.x.start + 26, y}, name, "legend");
        y += 16;
    };
    for (std::size_t i = 0; i < std::min<std::size_t>(3, why.factors.size()); ++i) {
        const auto& factor = why.factors[i];
        draw_roc(svg, frame, factor.curve, arm_class(i + 1));
        legend(factor.label.empty() ? factor.name : factor.label, i + 1);
    }
    if (!why.best_few.empty()) {
        draw_roc(svg, frame, why.curve, arm_class(0));
        legend("best few together, cross-validated", 0);
    }
    return svg.str();
}

/// Appends one step, or `any`, unless nobody failed there.
void add_rescue_row(Rows& rows, const Result& result, const Why& why, std::size_t step,
                    const std::string& label) {
    const Rescue rescue = rescue_at(result, why, step);
    if (rescue.n == 0) return;
    auto& row = rows.emplace_back(std::vector{escape(label), std::to_string(rescue.n)});
    for (std::size_t arm = 0; arm < rescue.by_arm.size(); ++arm)
        if (result.trial.arms[arm].name != why.arm)
            row.push_back(
                std::to_string(rescue.by_arm[arm]) + " (" +
                fixed(100.0 * static_cast<double>(rescue.by_arm[arm]) / static_cast<double>(rescue.n), 0) +
                " %)");
}

std::string rescue_table(const Result& result, const Why& why) {
    if (why.failures.empty()) return "";
    std::vector<std::string> columns{"Step that failed", "patients"};
    for (const auto& arm : result.trial.arms)
        if (arm.name != why.arm) columns.push_back("helped by " + escape(arm.name));
    Rows rows;
    const auto& steps = result.trial.steps;
    for (std::size_t step = 0; step < steps.size(); ++step)
        add_rescue_row(rows, result, why, step, steps[step].label);
    add_rescue_row(rows, result, why, steps.size(), "any");
    return table("Steps that failed, " + why.arm, columns, rows);
}

std::string arm_part(const Result& result, const Why& why, std::size_t arm) {
    std::string html = "<h3>" + escape(why.arm) + ": " + std::to_string(why.n_with) + " of " +
                       std::to_string(why.n) + " respond</h3>";
    if (why.n_with > 0 && why.n_with < why.n) {
        html += table("Responders and others, " + why.arm,
                      {"What", "median, responders", "others", "Cliff's delta", "AUC (95 % CI)", "q"},
                      factor_rows(why));
        html +=
            figure("why-roc-" + std::to_string(arm), roc_figure(why),
                   "Best few together: " + escape(join(why.best_few, ", ")) + "; AUC " + words(why.together) +
                       ", chosen and fitted without the patients they are judged by.");
    }
    return html + rescue_table(result, why);
}

}  // namespace

std::string why_section(const Findings& findings) {
    const auto& result = findings.result;
    const auto arms = explain_outcomes(result, "orr");
    const bool has_any = std::any_of(arms.begin(), arms.end(), [](const Why& why) { return why.n_with > 0; });
    if (!has_any) return {};
    std::string html = "<section id=\"why\"><h2>Why some and not others</h2>" + sample_note(findings);
    for (std::size_t arm = 0; arm < arms.size(); ++arm) html += arm_part(result, arms[arm], arm);
    return html +
           "<p class=\"note\">Objective response. Every number of a patient is looked at, also those no one "
           "can "
           "measure. q: p of Mann\u2013Whitney after Benjamini\u2013Hochberg. A step has failed below its "
           "threshold, or else where the patient stands lowest beside responders. Helped: the same patient "
           "responds in that arm.</p></section>";
}

}  // namespace abscopal::report
