// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <set>

#include "base/text.hpp"
#include "report/sections.hpp"
#include "report/svg.hpp"

namespace abscopal::report {
namespace {

constexpr std::size_t max_listed = 50;

std::string row(const std::string& name, const std::string& value) {
    return "<tr><td>" + escape(name) + "</td><td><code>" + escape(value) + "</code></td></tr>";
}

std::string file_name(const std::string& path) {
    return path.substr(path.find_last_of('/') + 1);
}

std::string where_failed(const Outcome& outcome) {
    const std::string worst = outcome.worst.empty() ? "" : ", worst component " + outcome.worst;
    return std::string(name_of(outcome.status)) + " at model time " + significant(outcome.time, 6) + worst;
}

std::vector<std::string> failures(const Result& result) {
    std::vector<std::string> items;
    for (const auto& candidate : result.candidates) {
        if (candidate.fate != Fate::failed) continue;
        items.push_back("candidate " + std::to_string(candidate.index) + " before treatment: " +
                        candidate.reason + " (" + where_failed(candidate.outcome) + ")");
    }
    for (const auto& course : result.courses) {
        if (course.outcome.ok()) continue;
        items.push_back("candidate " + std::to_string(course.candidate) + ", arm " +
                        result.trial.arms[course.arm].name + ": " + where_failed(course.outcome));
    }
    return items;
}

/// Sources of laws and drugs, each once.
std::set<std::string> sources(const Trial& trial) {
    std::set<std::string> all;
    for (const auto& prior : trial.population.priors) all.insert(prior.source);
    for (const auto& drug : trial.drugs) all.insert(drug.source);
    all.erase("");
    return all;
}

}  // namespace

std::string failures_section(const Findings& findings) {
    const auto items = failures(findings.result);
    if (items.empty()) return {};
    std::string html = "<section id=\"failures\"><h2>Failures</h2><p>" + std::to_string(items.size()) +
                       " integrations ended with a typed numerical failure. They are data: counted in every "
                       "table, and listed here.</p><ul>";
    for (std::size_t i = 0; i < items.size() && i < max_listed; ++i)
        html += "<li>" + escape(items[i]) + "</li>";
    if (items.size() > max_listed)
        html += "<li>and " + std::to_string(items.size() - max_listed) +
                " more; <code>abscopal export</code> lists all</li>";
    return html + "</ul></section>";
}

std::string provenance_section(const Findings& findings) {
    const auto& result = findings.result;
    const auto& numerics = result.trial.numerics;
    const std::string absolute =
        numerics.absolute_tolerance ? to_text(*numerics.absolute_tolerance) : "scaled to each state";
    std::string html =
        "<footer id=\"provenance\"><h2>Repeat this run</h2><pre>abscopal run " +
        escape(file_name(result.trial.file)) + " --out DIR --patients " +
        std::to_string(result.trial.n_patients) +
        "</pre><div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Provenance\"><table>";
    html += row("model digest", result.model_digest) + row("trial digest", result.trial_digest) +
            row("result digest", result.result_digest);
    html += row("abscopal", result.version) + row("seed", std::to_string(result.trial.seed));
    html += row("method", numerics.method == Method::bdf ? "BDF (CVODE + KLU)" : "Rosenbrock in SIMD lanes");
    html += row("tolerances", "relative " + to_text(numerics.relative_tolerance) + ", absolute " + absolute);
    for (const auto& [name, value] : result.manifest) html += row(name, value);
    html += "</table></div>";
    if (const auto all = sources(result.trial); !all.empty()) {
        html +=
            "<details><summary>Sources of laws and drugs (" + std::to_string(all.size()) + ")</summary><ul>";
        for (const auto& source : all) html += "<li>" + escape(source) + "</li>";
        html += "</ul></details>";
    }
    return html +
           "<p class=\"quiet\">Virtual patients of a mathematical model. Not a medical device; no statement "
           "about any person.</p></footer>";
}

}  // namespace abscopal::report
