// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "report/sections.hpp"

#include <array>
#include <cmath>

#include "base/text.hpp"
#include "report/axes.hpp"
#include "report/figures.hpp"
#include "trial/everyone.hpp"

namespace abscopal::report {
namespace {

std::string number_or(double value, int digits, const std::string& otherwise) {
    return std::isnan(value) ? otherwise : fixed(value, digits);
}

std::string percent_with_interval(const ArmSummary& arm) {
    return with_interval(100 * arm.response_rate, 100 * arm.response_interval.lower,
                         100 * arm.response_interval.upper, 1);
}

std::string list(const std::vector<std::string>& items) {
    std::string html = "<ul>";
    for (const auto& item : items) html += "<li>" + item + "</li>";
    return html + "</ul>";
}

/// What an arm brings and what it costs.
std::string card(const Findings& findings, std::size_t index) {
    const ArmSummary& arm = findings.arms[index];
    const Trial& trial = findings.result.trial;
    const auto months = [](const SurvivalCurve& curve) {
        return number_or(curve.median / days_per_month, 1, "not\u00a0reached");
    };
    std::string html = "<div class=\"card\" style=\"color:var(--" + arm_class(index) + ")\"><h2>" +
                       escape(arm.name) + "</h2><dl>";
    const auto add = [&](const std::string& name, const std::string& value) {
        html += "<dt>" + name + "</dt><dd>" + value + "</dd>";
    };
    add("patients", std::to_string(arm.n));
    add("objective response", number_or(100 * arm.response_rate, 1, "\u2013") + "\u00a0%");
    add("median PFS, months", months(arm.progression_free));
    if (models_death(trial)) add("median survival, months", months(arm.overall));
    if (!trial.toxicities.empty()) add("grade \u2265 3 events", severe_share(findings, index));
    if (arm.failed > 0) add("solver failed", std::to_string(arm.failed));
    return html + "</dl></div>";
}

std::string cohort_words(const Trial& trial) {
    std::string text = "<p>" + std::to_string(trial.n_patients) + " virtual patients are sampled (seed " +
                       std::to_string(trial.seed) + ")";
    if (!trial.population.priors.empty())
        text += " by varying " + std::to_string(trial.population.priors.size()) +
                " parameters by the laws of its file";
    text += trial.design.allocation == Allocation::twins
                ? ". Every patient takes every arm, so arms differ by treatment alone.</p>"
                : ". Each is randomised to one arm.</p>";
    if (!trial.diagnosis) return text;
    const auto& diagnosis = *trial.diagnosis;
    const std::string level = diagnosis.threshold_parameter.empty()
                                  ? significant(diagnosis.threshold, 4)
                                  : "the patient\u2019s own " + diagnosis.threshold_parameter;
    return text + "<p>The tumour grows untreated until <code>" + escape(diagnosis.observable) +
           "</code> reaches " + escape(level) + " (at most " + to_text(diagnosis.within) +
           " days, else the candidate is not a patient). That state is the baseline all arms share.</p>";
}

std::string arm_words(const Findings& findings, std::size_t index) {
    const Arm& arm = findings.result.trial.arms[index];
    std::vector<std::string> items;
    for (const auto& words : treatments_in_words(arm, findings.result.trial.follow_up))
        items.push_back(escape(words));
    if (!arm.events_file.empty())
        items.push_back("doses of the event table <code>" + escape(arm.events_file) + "</code>");
    if (items.empty()) items.push_back("no treatment");
    std::string html = "<h3>" + escape(arm.name) + "</h3>" +
                       (arm.description.empty() ? "" : "<p>" + escape(arm.description) + "</p>") +
                       list(items);
    return html + figure("timeline-" + std::to_string(index + 1), timeline_figure(findings.result, index),
                         "Planned doses and assessments of " + escape(arm.name) + ".");
}

std::string legend() {
    constexpr std::array responses{Response::complete, Response::partial, Response::stable,
                                   Response::progressive, Response::not_evaluable};
    constexpr std::array words{"complete response", "partial response", "stable disease",
                               "progressive disease", "not evaluable"};
    Svg svg(900, 22, "Colours of responses");
    double x = 4;
    for (std::size_t i = 0; i < responses.size(); ++i) {
        svg.rect({x, 5}, 12, 12, "swatch " + response_class(responses[i]));
        svg.text({x + 18, 15}, words[i], "legend");
        x += 160;
    }
    return svg.str();
}

std::string capital(std::string text) {
    if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
    return text;
}

/// One panel an arm.
template <class Figure>
std::string panels(const Findings& findings, const std::string& id, const std::string& css_class,
                   Figure make_figure) {
    std::string html = "<div class=\"" + css_class + "\">";
    for (std::size_t arm = 0; arm < findings.arms.size(); ++arm) {
        const std::string svg = make_figure(arm);
        if (!svg.empty())
            html += figure(id + "-" + std::to_string(arm + 1), svg, escape(findings.arms[arm].name));
    }
    return html + "</div>";
}

std::string lesion_words(const Trial& trial) {
    std::string names;
    for (const auto& lesion : trial.lesions)
        names += (names.empty() ? "<code>" : ", <code>") + escape(lesion.observable) + "</code>";
    return (trial.lesions.size() > 1 ? "the model\u2019s lesions, " : "the model\u2019s lesion, ") + names;
}

}  // namespace

std::string with_interval(double value, double lower, double upper, int digits) {
    return number_or(value, digits, "not reached") + " (" + number_or(lower, digits, "NE") + "\u2013" +
           number_or(upper, digits, "NE") + ")";
}

std::string figure(const std::string& id, const std::string& svg, const std::string& caption) {
    return "<figure id=\"" + id + "\">" + svg + "<figcaption>" + caption + "</figcaption></figure>";
}

std::string wide_figure(const std::string& id, const std::string& svg, const std::string& caption) {
    return "<figure id=\"" + id +
           "\" class=\"wide\"><div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"" + id +
           "\">" + svg + "</div><figcaption>" + caption + "</figcaption></figure>";
}

std::string p_value(double p) {
    if (std::isnan(p)) return "\u2013";
    return p < 0.0001 ? "&lt; 0.0001" : fixed(p, 4);
}

std::string table(const std::string& label, const std::vector<std::string>& columns,
                  const std::vector<std::vector<std::string>>& rows) {
    std::string html = "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"" + escape(label) +
                       "\"><table><thead><tr>";
    for (const auto& column : columns) html += "<th scope=\"col\">" + column + "</th>";
    html += "</tr></thead><tbody>";
    for (const auto& row : rows) {
        const bool is_group = row.size() == 1;
        html += is_group ? "<tr class=\"group\"><th scope=\"row\" colspan=\"" +
                               std::to_string(columns.size()) + "\">"
                         : std::string("<tr><th scope=\"row\">");
        html += row.front() + "</th>";
        for (std::size_t i = 1; i < row.size(); ++i) html += "<td>" + row[i] + "</td>";
        html += "</tr>";
    }
    return html + "</tbody></table></div>";
}

std::string sample_note(const Findings& findings) {
    const Result& result = findings.result;
    if (!result.everyone) return {};
    const auto of = [](const Fates& fates) { return std::to_string(fates.n.at(Fate::treated)); };
    Result kept;
    kept.candidates = result.candidates;
    return "<p class=\"note\">What is shown of single patients is of the first " + of(fates_of(kept)) +
           " of " + of(result.everyone->fates) +
           "; numbers of arms, survival and comparisons are of all.</p>";
}

std::string headline_section(const Findings& findings) {
    std::string html = "<section id=\"summary\"><div class=\"cards\">";
    if (is_prevention(findings.result.trial))
        html += prevention_cards(findings);
    else
        for (std::size_t arm = 0; arm < findings.arms.size(); ++arm) html += card(findings, arm);
    html += "</div>";
    if (!findings.result.complete)
        html +=
            "<p class=\"warning\">This run is not complete: the numbers below are those of the part that is "
            "done. <code>abscopal resume</code> goes on.</p>";
    return html + "</section>";
}

std::string simulated_section(const Findings& findings) {
    const Trial& trial = findings.result.trial;
    std::string html = "<section id=\"simulated\"><h2>What was simulated</h2>";
    if (!trial.description.empty()) html += "<p>" + escape(trial.description) + "</p>";
    html += cohort_words(trial);
    if (!trial.lesions.empty())
        html += "<p>Tumours are assessed at " + std::to_string(trial.visits.size()) + " visits up to day " +
                to_text(trial.follow_up) + " by RECIST 1.1 on " + lesion_words(trial) + "; a lesion under " +
                to_text(trial.response.detection_limit) + " mm counts as absent.</p>";
    for (std::size_t arm = 0; arm < trial.arms.size(); ++arm) html += arm_words(findings, arm);
    return html + "</section>";
}

std::string flow_section(const Findings& findings) {
    return "<section id=\"flow\"><h2>Flow of patients</h2>" +
           wide_figure(
               "patient-flow", flow_figure(findings.result, findings.data),
               "Every drawn candidate is treated, excluded or failed, each with its reason; every patient "
               "allocated is followed to one of the ends below, and all are analysed (CONSORT).") +
           "</section>";
}

std::string response_section(const Findings& findings) {
    const auto& result = findings.result;
    std::vector<std::vector<std::string>> rows;
    for (const auto& arm : findings.arms) {
        rows.push_back({escape(arm.name), std::to_string(arm.n)});
        for (std::size_t i = 0; i < static_cast<std::size_t>(Response::missing); ++i)
            rows.back().push_back(std::to_string(arm.best[i] + (i == 5 ? arm.best[6] : 0)));
        rows.back().push_back(percent_with_interval(arm));
    }
    std::string html =
        "<section id=\"response\"><h2>Response</h2>" +
        table("Best overall response",
              {"Arm", "n", "CR", "PR", "SD", "Non-CR/Non-PD", "PD", "NE", "Objective response, % (95 % CI)"},
              rows);
    html += "<p class=\"note\">Best overall response by RECIST 1.1, " +
            std::string(result.trial.response.is_confirmed ? "confirmed" : "without confirmation") +
            "; exact (Clopper\u2013Pearson) intervals. "
            "All patients count, those whose solver failed with what was seen until then.</p>";
    html +=
        "<h3>Waterfall: best change of each patient</h3>" + sample_note(findings) +
        figure("response-legend", legend(), "Colours in both figures; dashed lines at \u221230 % and +20 %.");
    html += panels(findings, "waterfall", "panels",
                   [&](std::size_t arm) { return waterfall_figure(result, arm); });
    html += "<h3>Spider: each patient over time</h3>";
    return html +
           panels(findings, "spider", "panels", [&](std::size_t arm) { return spider_figure(result, arm); }) +
           "</section>";
}

std::string survival_section(const Findings& findings) {
    const Result& result = findings.result;
    std::string html = "<section id=\"survival\"><h2>Efficacy and survival</h2>" + efficacy_table(findings);
    for (const auto kind : endpoints_of(result.trial)) {
        const std::string id = kind == EndpointKind::os ? "overall-survival" : "survival-curves";
        html += "<h3>" + capital(long_name(kind)) + "</h3>" +
                wide_figure(
                    id, survival_figure(result, findings.data, kind),
                    "Kaplan\u2013Meier estimate with pointwise 95 % log-log bands; ticks mark censoring. "
                    "Medians by Brookmeyer\u2013Crowley." +
                        std::string(models_death(result.trial)
                                        ? ""
                                        : " Events are RECIST progressions: this trial models no deaths.")) +
                comparison_part(findings, kind);
    }
    html += subgroup_part(findings) + look_part(result);
    if (models_death(result.trial))
        html += "<h3>Progression and death as competing risks</h3>" +
                wide_figure(
                    "incidence", incidence_figure(result, findings.data),
                    "Aalen\u2013Johansen estimates: full lines progression, dashed lines death before it.");
    html += "<h3>Swimmer: each patient until progression</h3>" + sample_note(findings);
    html +=
        panels(findings, "swimmer", "panels", [&](std::size_t arm) { return swimmer_figure(result, arm); });
    return html +
           "<p class=\"note\">Colours by best response; a dot marks the first response, a line progression, "
           "an "
           "arrow a patient without progression when last assessed.</p></section>";
}

std::string time_course_section(const Findings& findings) {
    const auto& result = findings.result;
    if (result.trial.watched.empty()) return {};
    std::string html =
        "<section id=\"courses\"><h2>Time courses</h2><p class=\"note\">Median with bands of 25\u201375 % "
        "and 5\u201395 % of patients. Arms in which a quantity is always zero are left out.</p>" +
        sample_note(findings);
    for (std::size_t k = 0; k < result.trial.watched.size(); ++k) {
        html += "<h3>" + escape(result.trial.watched[k].label) + "</h3>" +
                panels(findings, "course-" + std::to_string(k + 1), "panels",
                       [&](std::size_t arm) { return time_course_figure(result, k, arm); });
    }
    return html + "</section>";
}

}  // namespace abscopal::report
