// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "trial/clinic_words.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/text.hpp"

namespace abscopal {
namespace {

constexpr std::array<std::string_view, 11> conditions{
    "progression",       "confirmed progression", "further progression", "response", "confirmed response",
    "complete response", "no shrinkage",          "adverse event",       "time",     "observable",
    "off treatment"};
constexpr std::array<std::string_view, 7> deeds{"stop",       "hold", "reduce", "start",
                                                "change arm", "set",  "end"};

/// Index of a name.
template <class Names>
std::optional<std::size_t> find_name(const Names& names, std::string_view name) {
    const auto at = std::find(names.begin(), names.end(), name);
    return at == names.end() ? std::nullopt : std::optional(static_cast<std::size_t>(at - names.begin()));
}

std::string days(double n) {
    return significant(n, 6) + (n == 1.0 ? " day" : " days");
}

std::string percent(double share) {
    return significant(100.0 * share, 3) + " %";
}

std::string shares(const std::vector<double>& grades) {
    std::vector<std::string> parts;
    for (std::size_t i = 0; i < grades.size(); ++i)
        if (grades[i] > 0.0) parts.push_back("grade " + std::to_string(i + 1) + " " + percent(grades[i]));
    return join(parts, ", ");
}

std::string grades_of(const TreatmentRule& rule) {
    std::vector<std::string> grades;
    for (const int grade : rule.grades) grades.push_back(std::to_string(grade));
    return grades.empty() ? "" : " of grade " + join(grades, " or ");
}

std::string condition_in_words(const TreatmentRule& rule) {
    const std::string reader = rule.by_review ? " (blinded reader)" : "";
    switch (rule.when) {
        case When::progression:
            return "at progression by RECIST 1.1" + reader;
        case When::confirmed_progression:
            return "at confirmed progression by iRECIST" + reader;
        case When::further_progression:
            return "when the sum of diameters has grown by " + percent(rule.change) +
                   " since the first progression, or another new lesion is seen" + reader;
        case When::response:
            return "at a response" + reader;
        case When::confirmed_response:
            return "at a confirmed response" + reader;
        case When::complete_response:
            return "at a complete response" + reader;
        case When::no_shrinkage:
            return "when the sum of diameters was never " + percent(rule.change) + " below baseline" + reader;
        case When::adverse_event:
            return "at " + (rule.terms.empty() ? "any adverse event" : join(rule.terms, ", ")) +
                   (rule.organ_class.empty() ? "" : " (" + rule.organ_class + ")") + grades_of(rule);
        case When::time:
            return "on day " + significant(rule.from, 6);
        case When::observable:
            return "when " + rule.observable +
                   (std::isfinite(rule.above) ? " is above " + significant(rule.above, 6) : "") +
                   (std::isfinite(rule.above) && std::isfinite(rule.below) ? " or" : "") +
                   (std::isfinite(rule.below) ? " is below " + significant(rule.below, 6) : "");
        case When::off_treatment:
            return "when treatment has ended";
    }
    return {};
}

std::string span_in_words(const TreatmentRule& rule) {
    std::string text;
    if (rule.lasting > 0.0) text += " for " + days(rule.lasting);
    if (rule.from > 0.0 && rule.when != When::time) text += ", from day " + significant(rule.from, 6);
    if (std::isfinite(rule.until)) text += ", until day " + significant(rule.until, 6);
    return text;
}

std::string settings_in_words(const TreatmentRule& rule) {
    std::vector<std::string> parts;
    for (const auto& [id, value] : rule.settings) parts.push_back(id + " = " + significant(value, 6));
    return join(parts, ", ");
}

std::string started_in_words(const TreatmentRule& rule) {
    Arm arm;
    arm.regimen.rows = rule.rows;
    return join(treatments_in_words(arm), "; ");
}

std::string act_in_words(const TreatmentRule& rule, Act act) {
    const std::string drugs = rule.drugs.empty() ? "all treatment" : join(rule.drugs, " and ");
    const std::string later = rule.delay > 0.0 ? " after " + days(rule.delay) : "";
    switch (act) {
        case Act::stop:
            return "stop " + drugs + " for good";
        case Act::hold:
            return "hold " + drugs +
                   (rule.hold_for > 0.0
                        ? " for " + days(rule.hold_for)
                        : " until grade 1 or less (stop it after " + days(rule.max_hold) + ")") +
                   (rule.is_skipped ? ", skipping doses" : ", delaying doses");
        case Act::reduce:
            return "reduce " + drugs + " to " + percent(rule.factor);
        case Act::start:
            return "start " + started_in_words(rule) + later;
        case Act::change_arm:
            return "change to the treatment of arm '" + rule.arm + "'" + later;
        case Act::set:
            return "set " + settings_in_words(rule) + later +
                   (rule.set_for > 0.0 ? " for " + days(rule.set_for) : "");
        case Act::end:
            return "end follow-up";
    }
    return {};
}

std::string origin_in_words(const Toxicity& t) {
    if (t.is_probability) return "with the probability " + t.cumulative + " by now";
    if (!t.intensity.empty()) return "events at the rate " + t.intensity;
    if (!t.cumulative.empty()) return "events at the integrated rate " + t.cumulative;
    if (!t.measure.empty()) return t.measure + " as it is";
    const std::string each = t.is_per_dose ? "each dose of " + t.drug : t.drug;
    return shares(t.by_grade) + " with " + each +
           (t.is_per_dose && t.fade != 1.0 ? ", × " + significant(t.fade, 3) + " from dose to dose" : "");
}

}  // namespace

std::optional<When> when_named(std::string_view name) {
    const auto i = find_name(conditions, name);
    return i ? std::optional(static_cast<When>(*i)) : std::nullopt;
}

std::optional<Act> act_named(std::string_view name) {
    const auto i = find_name(deeds, name);
    return i ? std::optional(static_cast<Act>(*i)) : std::nullopt;
}

std::string_view name_of(When when) {
    return conditions[static_cast<std::size_t>(when)];
}

std::string_view name_of(Act act) {
    return deeds[static_cast<std::size_t>(act)];
}

std::vector<std::string> act_names() {
    return {deeds.begin(), deeds.end()};
}

std::string rule_in_words(const TreatmentRule& rule) {
    std::vector<std::string> acts;
    for (const auto act : rule.acts) acts.push_back(act_in_words(rule, act));
    std::string text =
        rule.name + ": " + condition_in_words(rule) + span_in_words(rule) + ", " + join(acts, ", ");
    if (rule.probability < 1.0) text += "; in " + percent(rule.probability) + " of patients";
    if (rule.times > 1) text += "; at most " + std::to_string(rule.times) + " times";
    if (!rule.arms.empty()) text += "; in arm " + join(rule.arms, ", ");
    return text;
}

std::string toxicity_in_words(const Toxicity& t) {
    std::string text = t.name + (t.name == t.term ? "" : " (" + t.term + ")") + ": " + origin_in_words(t);
    if (!t.grades.empty() && !t.is_outcome) text += "; " + shares(t.grades);
    if (!t.severity.empty()) text += "; graded by " + t.severity;
    if (!t.frailty.empty()) text += "; × " + t.frailty;
    if (t.onset > 0.0) text += "; median onset " + days(t.onset);
    if (t.duration > 0.0) text += "; median duration " + days(t.duration);
    return text + (t.source.empty() ? "" : "  [" + t.source + "]");
}

std::vector<std::string> death_in_words(const Death& death) {
    std::vector<std::string> lines;
    const auto cited = [](const std::string& source) { return source.empty() ? "" : "  [" + source + "]"; };
    if (!death.hazard.empty())
        lines.push_back("hazard " + death.hazard + " of the model" + cited(death.source));
    if (!death.cumulative.empty())
        lines.push_back("integrated hazard " + death.cumulative + " of the model" + cited(death.source));
    if (death.baseline > 0.0)
        lines.push_back("log-linear hazard on " + significant(death.baseline, 4) + " per day" +
                        (death.shape != 1.0 ? ", Weibull shape " + significant(death.shape, 4) : "") +
                        cited(death.source));
    for (const auto& term : death.terms)
        lines.push_back("  " + significant(term.coefficient, 4) + " × (" +
                        (term.is_logarithmic ? "log " : "") + term.covariate + " − " +
                        significant(term.centre, 4) + ")" + cited(term.source));
    if (!death.life_table.empty())
        lines.push_back("background mortality of life table " + death.life_table +
                        (death.mortality_ratio != 1.0 ? " × " + significant(death.mortality_ratio, 4) : ""));
    return lines;
}

}  // namespace abscopal
