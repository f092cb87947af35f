// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <set>

#include "base/text.hpp"
#include "report/sections.hpp"
#include "report/svg.hpp"
#include "trial/replay.hpp"

namespace abscopal::report {
namespace {

constexpr std::size_t max_listed = 50;

std::string row(const std::string& name, const std::string& value) {
    return "<tr><td>" + escape(name) + "</td><td><code>" + escape(value) + "</code></td></tr>";
}

std::string file_name(const std::string& path) {
    return path.substr(path.find_last_of('/') + 1);
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
    const auto items = failures_of(findings.result, "DIR");
    if (items.empty()) return {};
    const std::size_t n = n_failures(findings.result);
    std::string html = "<section id=\"failures\"><h2>Failures</h2><p>" + std::to_string(n) +
                       " integrations ended with a typed numerical failure. They are data: counted in every "
                       "table, and listed here, each with the command that replays it (DIR: the folder of "
                       "this run).</p><ul>";
    for (std::size_t i = 0; i < items.size() && i < max_listed; ++i)
        html += "<li>" + escape(items[i].what) + "<br><code>" + escape(items[i].command) + "</code></li>";
    if (n > max_listed)
        html += "<li>and " + std::to_string(n - max_listed) +
                " more, in the view <code>failures</code> of run.sqlite</li>";
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
