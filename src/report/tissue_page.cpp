// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>
#include <cmath>

#include "abscopal/report.hpp"
#include "base/text.hpp"
#include "base/version.hpp"
#include "report/sections.hpp"
#include "report/svg.hpp"

/// The page of a tissue run, in the style of the trials' report.
namespace abscopal {
namespace {

using report::escape;
using tissue::CellSummary;

std::string cell(const std::string& text) {
    return "<td>" + text + "</td>";
}

/// Mean over replicates of one number at the last line of a type, with the 5 % and 95 % quantiles of many.
template <class Number>
std::string over_replicates(const tissue::RunResult& result, std::size_t line, int digits, Number&& number) {
    std::vector<double> values;
    for (const auto& replicate : result.replicates) {
        if (line < replicate.cells.size())
            values.push_back(static_cast<double>(number(replicate.cells[line])));
    }
    if (values.empty()) return "–";
    double mean = 0;
    for (const double v : values) mean += v / static_cast<double>(values.size());
    if (values.size() == 1) return fixed(mean, digits);
    std::sort(values.begin(), values.end());
    const auto at = [&](double p) {
        return fixed(
            values[static_cast<std::size_t>(std::lround(p * static_cast<double>(values.size() - 1)))],
            digits);
    };
    return fixed(mean, 1) + " (" + at(0.05) + "–" + at(0.95) + ")";
}

std::string counts_section(const tissue::Project& project, const tissue::RunResult& result) {
    const std::size_t lines = result.replicates[0].cells.size(), types = project.types.size();
    if (lines < types || types == 0) return {};
    std::string html = "<section id=\"counts\"><h2>Cells at the start and at the end</h2><table><thead><tr>";
    for (const char* name : {"type", "live at start", "live at end", "dead at end", "mean radius, µm",
                             "mean pressure", "mean volume, µm³"})
        html += "<th>" + std::string(name) + "</th>";
    html += "</tr></thead><tbody>";
    for (std::size_t t = 0; t < types; ++t) {
        const std::size_t end = lines - types + t;
        html += "<tr>" + cell(escape(project.types[t].name)) +
                cell(over_replicates(result, t, 0, [](const CellSummary& s) { return s.live; })) +
                cell(over_replicates(result, end, 0, [](const CellSummary& s) { return s.live; })) +
                cell(over_replicates(result, end, 0, [](const CellSummary& s) { return s.dead; })) +
                cell(over_replicates(result, end, 1, [](const CellSummary& s) { return s.mean_radius; })) +
                cell(over_replicates(result, end, 3, [](const CellSummary& s) { return s.mean_pressure; })) +
                cell(over_replicates(result, end, 0, [](const CellSummary& s) { return s.mean_volume; })) +
                "</tr>";
    }
    html += "</tbody></table>";
    if (result.replicates.size() > 1)
        html += "<p class=\"note\">Mean over " + std::to_string(result.replicates.size()) +
                " replicates, 5 % and 95 % quantiles in brackets.</p>";
    return html + "</section>";
}

std::string fields_section(const tissue::Project& project, const tissue::RunResult& result) {
    const auto& lines = result.replicates[0].fields;
    const std::size_t substrates = project.substrates.size();
    if (lines.size() < substrates || substrates == 0) return {};
    std::string html =
        "<section id=\"fields\"><h2>Substrates at the end</h2><table><thead><tr><th>substrate</th>"
        "<th>unit</th><th>mean</th><th>least</th><th>most</th></tr></thead><tbody>";
    for (std::size_t k = 0; k < substrates; ++k) {
        const auto& line = lines[lines.size() - substrates + k];
        html += "<tr>" + cell(escape(line.substrate)) + cell(escape(project.substrates[k].units)) +
                cell(to_text(line.mean)) + cell(to_text(line.min)) + cell(to_text(line.max)) + "</tr>";
    }
    return html + "</tbody></table></section>";
}

std::string warnings_section(const tissue::Project& project) {
    if (project.warnings.empty()) return {};
    std::string html = "<section id=\"warnings\"><h2>What the reader assumed</h2><ul>";
    for (const auto& warning : project.warnings) html += "<li>" + escape(warning.message) + "</li>";
    return html + "</ul></section>";
}

std::string repeat_section(const tissue::Project& project, const tissue::RunPlan& plan) {
    std::string command = "abscopal tissue " + project.file + " --until " + to_text(plan.until) +
                          " --every " + to_text(plan.every) + " --seed " + std::to_string(plan.seed);
    if (plan.replicates > 1) command += " --replicates " + std::to_string(plan.replicates);
    if (project.compat) command += " --compat 1.14.2";
    return "<section id=\"repeat\"><h2>Repeat</h2><p><code>" + escape(command) +
           "</code></p><p class=\"note\">Abscopal " + std::string(version()) + ", numerics " +
           std::to_string(numerics_version) + ". Any number of threads gives the same numbers.</p></section>";
}

}  // namespace

std::string html_report(const tissue::Project& project, const tissue::RunPlan& plan,
                        const tissue::RunResult& result) {
    std::string html = report::head("Tissue: " + project.file);
    html += "<body><main><header><h1>A piece of tissue</h1><p class=\"lead\">" + escape(project.file) + ": " +
            std::to_string(result.last.cells.size()) + " cells at " +
            to_text(static_cast<double>(result.last.step) * project.diffusion_step) + " min" +
            (result.complete ? "" : ", stopped early") + ".</p></header>";
    if (!result.film.empty())
        html += "<section id=\"film\"><h2>Film</h2>" +
                report::figure("film-strip", result.film,
                               "Cells in the slice z = 0, and live cells of each type over time (first "
                               "replicate).") +
                "</section>";
    html += counts_section(project, result) + fields_section(project, result) + warnings_section(project) +
            repeat_section(project, plan);
    return html + "</main></body></html>\n";
}

}  // namespace abscopal
