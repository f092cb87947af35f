// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>
#include <cmath>

#include "abscopal/calibration.hpp"
#include "base/text.hpp"
#include "report/axes.hpp"
#include "report/figures.hpp"
#include "report/sections.hpp"

namespace abscopal::report {
namespace {

constexpr std::size_t n_shown = 10;

std::string auc_text(const Discrimination& d) {
    return std::isnan(d.auc) ? "–"
                             : fixed(d.auc, 2) + " (" + fixed(d.lower, 2) + "–" + fixed(d.upper, 2) + ")";
}

std::string name_of_factor(const Factor& factor) {
    return escape((factor.label.empty() ? factor.name : factor.label) +
                  (factor.unit.empty() ? "" : ", " + factor.unit));
}

std::string cell(const std::string& html) {
    return "<td>" + html + "</td>";
}

std::string factor_rows(const Why& why) {
    std::string html;
    for (std::size_t i = 0; i < std::min(n_shown, why.factors.size()); ++i) {
        const auto& f = why.factors[i];
        html += "<tr>" + cell(name_of_factor(f)) + cell(significant(f.with, 3)) +
                cell(significant(f.without, 3)) + cell(fixed(f.effect, 2)) +
                cell(auc_text(f.discrimination)) + cell(significant(f.q, 2)) + "</tr>";
    }
    return html;
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

std::string rescue_row(const Result& result, const Why& why, std::size_t step, const std::string& label) {
    const bool is_any = step == result.trial.steps.size();
    std::size_t n = 0;
    std::vector<std::size_t> rescued(result.trial.arms.size(), 0);
    for (const auto& failure : why.failures) {
        if (!is_any && failure.step != step) continue;
        ++n;
        for (const auto arm : failure.rescued) ++rescued[arm];
    }
    if (n == 0) return "";
    std::string html = "<tr>" + cell(escape(label)) + cell(std::to_string(n));
    for (std::size_t arm = 0; arm < rescued.size(); ++arm)
        if (result.trial.arms[arm].name != why.arm)
            html +=
                cell(std::to_string(rescued[arm]) + " (" +
                     fixed(100.0 * static_cast<double>(rescued[arm]) / static_cast<double>(n), 0) + " %)");
    return html + "</tr>";
}

std::string rescue_table(const Result& result, const Why& why) {
    if (why.failures.empty()) return "";
    std::string html =
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Steps that "
        "failed, " +
        escape(why.arm) + "\"><table><thead><tr><th>Step that failed</th><th>patients</th>";
    for (const auto& arm : result.trial.arms)
        if (arm.name != why.arm) html += "<th>helped by " + escape(arm.name) + "</th>";
    html += "</tr></thead><tbody>";
    for (std::size_t step = 0; step < result.trial.steps.size(); ++step)
        html += rescue_row(result, why, step, result.trial.steps[step].label);
    return html + rescue_row(result, why, result.trial.steps.size(), "any") + "</tbody></table></div>";
}

std::string arm_part(const Result& result, const Why& why, std::size_t arm) {
    std::string html = "<h3>" + escape(why.arm) + ": " + std::to_string(why.n_with) + " of " +
                       std::to_string(why.n) + " respond</h3>";
    if (why.n_with > 0 && why.n_with < why.n) {
        html +=
            "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Responders and "
            "others, " +
            escape(why.arm) +
            "\"><table><thead><tr><th>What</th><th>median, responders</th><th>others</th>"
            "<th>Cliff's delta</th><th>AUC (95 % CI)</th><th>q</th></tr></thead><tbody>" +
            factor_rows(why) + "</tbody></table></div>";
        html += figure("why-roc-" + std::to_string(arm), roc_figure(why),
                       "Best few together: " + escape(join(why.best_few, ", ")) + "; AUC " +
                           auc_text(why.together) +
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
    std::string html = "<section id=\"why\"><h2>Why some and not others</h2>";
    for (std::size_t arm = 0; arm < arms.size(); ++arm) html += arm_part(result, arms[arm], arm);
    return html +
           "<p class=\"note\">Objective response. Every number of a patient is looked at, also those no one "
           "can "
           "measure. q: p of Mann\u2013Whitney after Benjamini\u2013Hochberg. A step has failed below its "
           "threshold, "
           "or else where the patient stands lowest beside responders. Helped: the same patient responds in "
           "that "
           "arm.</p></section>";
}

}  // namespace abscopal::report
