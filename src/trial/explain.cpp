// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>
#include <cmath>

#include "abscopal/trial.hpp"
#include "base/digest.hpp"
#include "base/text.hpp"
#include "trial/clinic_words.hpp"
#include "trial/timeline.hpp"

namespace abscopal {
namespace {

std::string heading(const std::string& text) {
    return "\n" + text + "\n" + std::string(text.size(), '-') + "\n";
}

std::string with_unit(double value, const std::string& unit) {
    return significant(value, 6) + (unit.empty() ? "" : " " + unit);
}

std::string categories_in_words(const Prior& prior) {
    std::vector<std::string> parts;
    for (std::size_t i = 0; i < prior.levels.size(); ++i) {
        const std::string value = significant(prior.values[i], 6);
        parts.push_back((prior.categories.empty() ? value : prior.categories[i] + " (" + value + ")") + " " +
                        significant(100 * prior.levels[i], 4) + " %");
    }
    return join(parts, ", ");
}

std::string points_in_words(const Prior& prior) {
    std::vector<std::string> parts;
    for (std::size_t i = 0; i < prior.levels.size(); ++i)
        parts.push_back(significant(100 * prior.levels[i], 4) + " % " + significant(prior.values[i], 6));
    return join(parts, ", ") + (prior.unit.empty() ? "" : " " + prior.unit);
}

std::string law_in_words(const Prior& prior) {
    const std::string range = significant(prior.lower, 6) + " to " + with_unit(prior.upper, prior.unit);
    const bool is_cut = std::isfinite(prior.lower) || std::isfinite(prior.upper);
    std::string text;
    if (prior.law == Law::fixed) text = "fixed at " + with_unit(prior.centre, prior.unit);
    if (prior.law == Law::normal)
        text = "normal, mean " + with_unit(prior.centre, prior.unit) + ", sd " + significant(prior.spread, 6);
    if (prior.law == Law::lognormal)
        text = "lognormal, median " + with_unit(prior.centre, prior.unit) + ", sigma " +
               significant(prior.spread, 6);
    if (prior.law == Law::uniform) return "uniform, " + range;
    if (prior.law == Law::loguniform) return "loguniform, " + range;
    if (prior.law == Law::logit_normal)
        text = "logit-normal, median " + significant(prior.centre, 6) + ", sigma " +
               significant(prior.spread, 6);
    if (prior.law == Law::beta)
        text = "beta, shapes " + significant(prior.centre, 6) + " and " + significant(prior.spread, 6);
    if (prior.law == Law::poisson) text = "Poisson, mean " + significant(prior.centre, 6);
    if (prior.law == Law::bernoulli) text = "1 with probability " + significant(prior.centre, 6) + ", else 0";
    if (prior.law == Law::categorical) text = categories_in_words(prior);
    if (prior.law == Law::quantiles) text = "by quantiles: " + points_in_words(prior);
    if (prior.law == Law::expression) text = prior.expression;
    if (prior.at_baseline) text += " (at baseline)";
    if (prior.is_drawn) return "from the draws";
    return is_cut && prior.law != Law::fixed ? text + ", cut to " + range : text;
}

std::string sampling_in_words(Sampling sampling) {
    if (sampling == Sampling::random) return "independent random numbers";
    return sampling == Sampling::sobol ? "a scrambled Sobol sequence" : "a Latin hypercube";
}

std::string size_in_words(const Trial& trial) {
    std::string text;
    if (!trial.weight_parameter.empty())
        text += "Body weight: parameter " + trial.weight_parameter + ". ";
    else if (trial.weight > 0)
        text += "Body weight: " + to_text(trial.weight) + " kg. ";
    if (!trial.area_parameter.empty())
        text += "Body surface area: parameter " + trial.area_parameter + ".";
    else if (trial.area > 0)
        text += "Body surface area: " + to_text(trial.area) + " m².";
    return text.empty() ? "" : text + "\n";
}

std::string diagnosis_in_words(const Diagnosis& diagnosis) {
    const std::string threshold = diagnosis.threshold_parameter.empty()
                                      ? to_text(diagnosis.threshold)
                                      : "her own " + diagnosis.threshold_parameter;
    std::string text = "Each tumour grows untreated until " + diagnosis.observable + " reaches " + threshold +
                       ": that is day 0 of every arm.\n" + "A tumour not found within " +
                       to_text(diagnosis.within) + " days makes no patient.\n";
    if (!diagnosis.restart.empty())
        text += "At diagnosis these start again from their initial values: " + join(diagnosis.restart, ", ") +
                ".\n";
    return text;
}

std::string twins_in_words(const Trial& trial) {
    std::vector<std::string> parts;
    for (const auto& m : trial.measured)
        parts.push_back(m.column + " " + to_text(m.value) +
                        (m.sd > 0   ? " ± " + to_text(m.sd)
                         : m.cv > 0 ? " ± " + to_text(100 * m.cv) + " %"
                                    : ""));
    return "Virtual twins of one patient with " + join(parts, ", ") + ": as if from " +
           fixed(trial.likeness, 1) + " candidates alike" +
           (trial.likeness < 30 ? "; few, so widen the errors or draw more candidates" : "") + ".\n";
}

std::string ending_in_words(const EarlierLine& line) {
    if (line.keep == KeepAfter::responded) return "; only those who responded go on";
    if (line.keep == KeepAfter::not_progressed) return "; only those without progression go on";
    if (line.keep != KeepAfter::progressed) return "";
    return "; only those with progression" +
           (std::isfinite(line.within) ? " within " + to_text(line.within) + " days" : std::string()) +
           " go on";
}

std::string earlier_line_in_words(const EarlierLine& line) {
    std::string text = "Before the trial" + (line.when.empty() ? "" : ", if " + line.when) + ": " +
                       line.arm.name + ", scans every " + to_text(line.assess_every) +
                       " days, until progression or day " + to_text(line.at_most) + ending_in_words(line) +
                       ".\n";
    for (const auto& words : treatments_in_words(line.arm, line.at_most)) text += "  - " + words + "\n";
    if (line.washout > 0) text += "  then " + to_text(line.washout) + " days without treatment\n";
    return text;
}

std::string settings_in_words(const std::vector<std::pair<std::string, double>>& settings) {
    std::vector<std::string> parts;
    for (const auto& [id, value] : settings) parts.push_back(id + " = " + significant(value, 6));
    return join(parts, ", ");
}

std::string patients_in_words(const Trial& trial) {
    const auto& population = trial.population;
    std::string text = heading("Patients");
    text += std::to_string(trial.n_patients) + " patients treated" +
            std::string(trial.design.allocation == Allocation::twins ? " in every arm" : "") +
            ", out of at most " + std::to_string(trial.max_draws) + " drawn";
    text += population.priors.empty() ? ".\n"
                                      : ", by " + sampling_in_words(population.sampling) + " with seed " +
                                            std::to_string(trial.seed) + ".\n";
    if (!population.draws_file.empty()) {
        text += "Candidates are the " + std::to_string(population.draws.rows.size()) + " rows of " +
                population.draws_file + ", in order.\n";
    }
    if (trial.diagnosis) text += diagnosis_in_words(*trial.diagnosis);
    for (const auto& bound : trial.bounds) {
        text += "Rejected (" + bound.name + ") unless " + bound.observable + " lies in " +
                significant(bound.lower, 6) + " to " + significant(bound.upper, 6) + " at diagnosis.\n";
    }
    if (!trial.measured.empty()) text += twins_in_words(trial);
    for (const auto& line : trial.earlier_lines) text += earlier_line_in_words(line);
    if (!trial.setting.empty()) text += "Setting: " + trial.setting + ".\n";
    if (!trial.population_note.empty()) text += "Population: " + trial.population_note + ".\n";
    if (!trial.eligibility.empty()) text += "Eligible: " + trial.eligibility + ".\n";
    text += size_in_words(trial);
    if (!trial.settings.empty())
        text += "Changed defaults for all: " + settings_in_words(trial.settings) + ".\n";
    std::size_t width = 0;
    for (const auto& prior : population.priors) width = std::max(width, prior.parameter.size());
    for (const auto& prior : population.priors) {
        std::string name = prior.parameter;
        name.resize(width + 2, ' ');
        text += "  " + name + law_in_words(prior) + (prior.source.empty() ? "" : "  [" + prior.source + "]") +
                "\n";
    }
    for (const auto& c : population.correlations) {
        text += "  correlation of " + c.first + " and " + c.second + ": " + to_text(c.rho) + "\n";
    }
    return text;
}

std::string lesion_in_words(const Lesion& lesion) {
    std::string text =
        "Lesion: " + lesion.observable + " (model's number × " + significant(lesion.scale, 6) + " = mm)";
    if (lesion.name != lesion.observable) text += ", " + lesion.name;
    if (!lesion.organ_attribute.empty())
        text += " in organ " + lesion.organ_attribute + " of " + join(lesion.organs, ", ");
    else if (!lesion.is_target)
        text += " in organ " + lesion.organ;
    if (lesion.is_nodal) text += ", a node";
    if (!lesion.node_attribute.empty()) text += ", a node where " + lesion.node_attribute + " > 0";
    if (!lesion.is_well_defined) text += ", not measurable";
    if (lesion.is_irradiated) text += ", irradiated before";
    if (!lesion.presence.empty()) text += ", where " + lesion.presence + " > 0";
    return text + (lesion.is_target ? ", a target at any size" : "") + ".\n";
}

std::string measurement_in_words(const Measurement& m) {
    std::vector<std::string> parts;
    if (m.error > 0.0) parts.push_back("error " + significant(100.0 * m.error, 3) + " %");
    if (m.has_review)
        parts.push_back("blinded reader with error " + significant(100.0 * m.review_error, 3) + " %");
    if (m.resolution > 0.0) parts.push_back("rounded to " + significant(m.resolution, 3) + " mm");
    if (m.window > 0.0) parts.push_back("visits within ± " + significant(m.window, 4) + " days of plan");
    if (m.missed > 0.0) parts.push_back(significant(100.0 * m.missed, 3) + " % of visits missed");
    if (m.not_evaluable > 0.0)
        parts.push_back(significant(100.0 * m.not_evaluable, 3) + " % of lesions not assessed at a visit");
    return parts.empty() ? "" : "Reads: " + join(parts, ", ") + ".\n";
}

std::string list_of(const std::vector<std::string>& lines) {
    std::string text;
    for (const auto& line : lines) text += "  - " + line + "\n";
    return text;
}

std::string clinic_in_words(const Trial& trial) {
    std::string text;
    for (const bool are_outcomes : {true, false}) {
        std::vector<std::string> lines;
        for (const auto& toxicity : trial.toxicities)
            if (toxicity.is_outcome == are_outcomes) lines.push_back(toxicity_in_words(toxicity));
        if (!lines.empty()) text += heading(are_outcomes ? "Outcomes" : "Adverse events") + list_of(lines);
    }
    if (!trial.rules.empty()) text += heading("Treatment rules");
    for (const auto& rule : trial.rules) text += list_of({rule_in_words(rule)});
    return text;
}

std::string visits_in_words(const Trial& trial) {
    std::string text = heading("Assessment");
    std::vector<std::string> days;
    for (const double day : trial.visits) days.push_back(significant(day, 6));
    for (const auto& lesion : trial.lesions) text += lesion_in_words(lesion);
    if (!trial.lesions.empty())
        text += "RECIST 1.1 and iRECIST; below " + to_text(trial.response.detection_limit) +
                " mm a lesion counts as absent.\n";
    text += measurement_in_words(trial.measurement);
    text += "Visits on days " + join(days, ", ") + "; followed for " + to_text(trial.follow_up) + " days.\n";
    if (trial.death) text += "Death by\n" + list_of(death_in_words(*trial.death));
    for (const auto& watched : trial.watched) {
        text += "Recorded every " + to_text(trial.record_every) + " days: " + watched.label + " (" +
                watched.id + (watched.unit.empty() ? "" : ", " + watched.unit) + ")\n";
    }
    return text;
}

std::string allocation_in_words(const Trial& trial) {
    const Design& design = trial.design;
    if (design.allocation == Allocation::twins)
        return "Every patient takes every arm (counterfactual twins).\n";
    std::vector<std::string> ratio;
    for (std::size_t i = 0; i < trial.arms.size(); ++i)
        ratio.push_back(to_text(design.ratio.empty() ? 1.0 : design.ratio[i]));
    std::string text = "Patients are randomised " + join(ratio, ":");
    if (design.allocation == Allocation::simple) return text + ", each by an independent draw.\n";
    double sum = 0.0;
    for (std::size_t i = 0; i < trial.arms.size(); ++i) sum += design.ratio.empty() ? 1.0 : design.ratio[i];
    text +=
        " in permuted blocks of " + to_text(design.block > 0 ? static_cast<double>(design.block) : 2.0 * sum);
    std::vector<std::string> factors;
    for (const auto& split : design.strata) factors.push_back(split.label);
    return text + (factors.empty() ? "" : ", stratified by " + join(factors, " and ")) + ".\n";
}

std::string months(double days) {
    return significant(days / 30.4375, 4) + " months";
}

std::string calendar_in_words(const Design& design) {
    std::string text;
    if (design.enrolment.period > 0.0) {
        text += "They enter over " + months(design.enrolment.period);
        text += design.enrolment.ramp > 0.0
                    ? ", at a rate that rises for " + months(design.enrolment.ramp) + ".\n"
                    : " at a constant rate.\n";
    }
    if (design.enrolment.dropout > 0.0)
        text +=
            "Lost to follow-up: " + significant(-100.0 * std::expm1(-365.25 * design.enrolment.dropout), 4) +
            " % a year.\n";
    std::vector<std::string> cuts;
    if (design.cut_off_events > 0)
        cuts.push_back("at " + std::to_string(design.cut_off_events) + " events of " + design.endpoint);
    if (std::isfinite(design.cut_off)) cuts.push_back(months(design.cut_off) + " after the first entry");
    if (!cuts.empty()) text += "Data are cut off " + join(cuts, ", or ") + ".\n";
    return text;
}

std::string looks_in_words(const Design& design) {
    if (design.looks.empty()) return "";
    constexpr const char* kinds[]{"O'Brien-Fleming limits", "Pocock limits",  "O'Brien-Fleming type spending",
                                  "Pocock type spending",   "power spending", "gamma spending"};
    std::vector<std::string> looks;
    for (const double look : design.looks) looks.push_back(significant(100.0 * look, 4) + " %");
    return "Interim analyses at " + join(looks, ", ") + " of the events, by " +
           kinds[static_cast<std::size_t>(design.spending)] + " of " + to_text(design.alpha) + " one-sided" +
           (design.futility.empty() ? "" : ", with limits of futility (not binding)") + ".\n";
}

std::string design_in_words(const Trial& trial) {
    return heading("Design") + allocation_in_words(trial) + calendar_in_words(trial.design) +
           looks_in_words(trial.design);
}

std::string arm_in_words(const Trial& trial, const Arm& arm) {
    std::string text = "\n" + arm.name + "\n";
    if (!arm.description.empty()) text += "  " + arm.description + "\n";
    const auto treatments = treatments_in_words(arm, trial.follow_up);
    for (const auto& words : treatments) text += "  - " + words + "\n";
    if (!arm.events_file.empty()) {
        text += "  - as the event table " + arm.events_file + " says (" + std::to_string(arm.events.size()) +
                " events)\n";
    }
    if (treatments.empty() && arm.events_file.empty()) text += "  - no treatment\n";
    if (!arm.settings.empty()) text += "  sets " + settings_in_words(arm.settings) + "\n";
    return text + timeline(trial, arm);
}

std::string numerics_in_words(const Trial& trial) {
    const Numerics& numerics = trial.numerics;
    std::string text = heading("Numerics");
    text += numerics.method == Method::bdf ? "BDF (CVODE + KLU). " : "Rosenbrock method in SIMD lanes. ";
    text += "Relative tolerance " + to_text(numerics.relative_tolerance) + ", absolute tolerance ";
    text +=
        numerics.absolute_tolerance ? to_text(*numerics.absolute_tolerance) : "by the scale of each state";
    text += "; at most " + std::to_string(numerics.max_steps) + " steps between two stops.\n";
    return text + "The run fails if more than " + significant(100 * trial.max_failed, 4) +
           " % of the patients fail numerically.\n";
}

std::string origins_in_words(const Trial& trial) {
    std::string text = heading("Origins");
    text += "model  " + trial.model_path + "\n       sha256 " + trial.model_text_digest +
            "\n       mathematics " + trial.model_digest + "\n";
    if (trial.units == UnitPolicy::convert) text += "       units converted to one consistent system\n";
    text += "trial  " + trial.file + "\n       sha256 " + sha256(trial.text) + " (with what it includes)\n";
    for (const auto& drug : trial.drugs) {
        const auto gives = [&](const Arm& arm) {
            return std::any_of(arm.regimen.rows.begin(), arm.regimen.rows.end(),
                               [&](const DoseRow& row) { return row.drug == drug.name; });
        };
        if (drug.source.empty() || std::none_of(trial.arms.begin(), trial.arms.end(), gives)) continue;
        text += "drug   " + drug.name + ": " + drug.source + "\n";
    }
    return text;
}

}  // namespace

std::string explain(const Trial& trial) {
    std::string text = trial.title + "\n" + std::string(trial.title.size(), '=') + "\n";
    if (!trial.description.empty()) text += trial.description + "\n";
    text += patients_in_words(trial) + design_in_words(trial) + visits_in_words(trial) +
            heading(std::to_string(trial.arms.size()) + (trial.arms.size() == 1 ? " arm" : " arms"));
    for (const auto& arm : trial.arms) text += arm_in_words(trial, arm);
    return text + clinic_in_words(trial) + numerics_in_words(trial) + origins_in_words(trial);
}

}  // namespace abscopal
