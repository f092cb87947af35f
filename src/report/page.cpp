// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "abscopal/report.hpp"
#include "report/figures.hpp"
#include "report/sections.hpp"
#include "report/svg.hpp"

// The files of src/report/assets (cmake/embed.cmake).
namespace abscopal::embedded {
extern const std::string_view report_css, figures_css, report_js;
}

namespace abscopal::report {
namespace {

using Json = nlohmann::ordered_json;

/// JSON has no NaN: missing.
Json number_or_null(double value) {
    return std::isfinite(value) ? Json(value) : Json(nullptr);
}

Json patients_table(const Result& result) {
    Json rows = Json::array();
    for (const auto& course : result.courses) {
        rows.push_back({course.candidate, result.trial.arms[course.arm].name,
                        std::string(name_of(course.outcome.status)), number_or_null(course.baseline),
                        std::string(name_of(course.best)), number_or_null(best_change(course)),
                        number_or_null(course.pfs_day), course.progressed ? 0 : 1});
    }
    return {{"columns",
             {"patient", "arm", "status", "baseline_mm", "best_response", "best_change_percent", "pfs_day",
              "pfs_censored"}},
            {"rows", rows}};
}

Json visits_table(const Result& result) {
    Json rows = Json::array();
    for (const auto& course : result.courses) {
        for (const auto& visit : course.visits) {
            rows.push_back({course.candidate, result.trial.arms[course.arm].name, visit.day,
                            number_or_null(visit.sum_of_diameters), std::string(name_of(visit.response))});
        }
    }
    return {{"columns", {"patient", "arm", "day", "sum_of_diameters_mm", "response"}}, {"rows", rows}};
}

/// Nothing inside may end the <script> element or break old JavaScript parsers.
std::string safe_in_script(const std::string& json) {
    std::string safe;
    safe.reserve(json.size());
    for (std::size_t i = 0; i < json.size(); ++i) {
        if (json[i] == '<')
            safe += "\\u003c";
        else if (json.compare(i, 3, "\u2028") == 0)
            safe += "\\u2028", i += 2;
        else if (json.compare(i, 3, "\u2029") == 0)
            safe += "\\u2029", i += 2;
        else
            safe += json[i];
    }
    return safe;
}

using Section = std::string (*)(const Findings&);

/// `name`: of the link to it, or empty.
struct Part {
    Section write;
    std::string_view id, name;
    bool needs_lesions = false;
};
constexpr Part parts[] = {{headline_section, "", ""},
                          {simulated_section, "simulated", "What was simulated"},
                          {flow_section, "flow", "Patients"},
                          {outcome_section, "outcomes", "Prevented"},
                          {response_section, "response", "Response", true},
                          {survival_section, "survival", "Survival", true},
                          {safety_section, "safety", "Safety"},
                          {time_course_section, "courses", "Time courses"},
                          {why_section, "why", "Why", true},
                          {failures_section, "", ""}};

/// The sections that have something to say, and links to them.
std::pair<std::string, std::string> links_and_sections(const Findings& findings) {
    std::string links = "<nav aria-label=\"Sections\">", sections;
    for (const Part& part : parts) {
        if (part.needs_lesions && is_prevention(findings.result.trial)) continue;
        const std::string html = part.write(findings);
        if (!html.empty() && !part.name.empty())
            links += "<a href=\"#" + std::string(part.id) + "\">" + std::string(part.name) + "</a>";
        sections += html;
    }
    return {links + "<a href=\"#provenance\">Repeat</a></nav>", sections};
}

// The page may run its own script and style, and load nothing.
constexpr std::string_view policy =
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; "
    "base-uri 'none'; form-action 'none'";

}  // namespace

std::string head(const std::string& title) {
    std::string html =
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
        "content=\"width=device-width, initial-scale=1\">";
    html += "<meta http-equiv=\"Content-Security-Policy\" content=\"" + std::string(policy) + "\"><title>" +
            escape(title) + "</title>";
    html += "<style>" + std::string(embedded::report_css) + "</style><style id=\"figure-style\">" +
            std::string(embedded::figures_css) + "</style></head>";
    return html;
}

std::string data_json(const Result& result) {
    Json data = Json::object();
    std::size_t bytes = 0;
    for (const auto& [name, table] :
         {std::pair{"patients", patients_table(result)}, std::pair{"visits", visits_table(result)}}) {
        bytes += table.dump().size();
        if (bytes <= max_data_bytes) data[name] = table;
    }
    return safe_in_script(data.dump(-1, ' ', false, Json::error_handler_t::replace));
}

}  // namespace abscopal::report

namespace abscopal {

std::string html_report(const Result& result) {
    const FollowUp data = follow_up(result);
    const FollowUp individuals = result.everyone ? follow_up_of_kept(result, data.cut_off) : data;
    const report::Findings findings{result, summarize(result), data, individuals};
    const bool is_prevention = report::is_prevention(result.trial);
    const auto [links, sections] = report::links_and_sections(findings);
    std::string html = report::head(result.trial.title);
    html += "<body><main><header><h1>" + report::escape(result.trial.title) +
            "</h1><p class=\"lead\">A virtual clinical trial of " + std::to_string(result.trial.n_patients) +
            (is_prevention ? " subjects in " : " patients in ") + std::to_string(result.trial.arms.size()) +
            " arms. Research software: virtual patients are mathematics, and nothing here is medical "
            "advice.</p>" +
            (result.trial.population_note.empty()
                 ? std::string()
                 : "<p class=\"note\" id=\"population-note\">These patients: " +
                       report::escape(result.trial.population_note) + ".</p>") +
            links + "</header>" + sections;
    html +=
        "<section><h2>Data</h2><p id=\"downloads\"></p><p class=\"note\">Tables above "
        "5 MB are left out; <code>abscopal export DIR --csv</code> writes everything.</p>" +
        report::sample_note(findings) + "</section>";
    html += report::provenance_section(findings);
    html += "</main><script type=\"application/json\" id=\"data\">" + report::data_json(result) +
            "</script><script type=\"module\">" + std::string(embedded::report_js) +
            "</script></body></html>\n";
    return html;
}

}  // namespace abscopal
