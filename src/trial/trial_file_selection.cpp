// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>
#include <cmath>

#include "trial/model_names.hpp"
#include "trial/row_formulas.hpp"
#include "trial/selection.hpp"
#include "trial/trial_reader.hpp"

namespace abscopal {
namespace {

/// Whether an expression needs what is known only at baseline.
bool needs_baseline(const Prior& prior, const std::vector<Prior>& priors, const Model& model) {
    const auto names = names_in(parse_condition(prior.expression, prior.expression_place));
    return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
        const auto column = std::find_if(priors.begin(), priors.end(),
                                         [&](const Prior& other) { return other.parameter == name; });
        if (column != priors.end()) return column->at_baseline;
        return find_observable(model, name).has_value() || name == lines_name || name == days_name;
    });
}

bool is_drawn(const Population& population, const std::string& name) {
    const auto& drawn = population.draws.parameters;
    return std::find(drawn.begin(), drawn.end(), name) != drawn.end();
}

/// Names of a condition on a patient's row, and of observables where it is judged at baseline.
void check_condition(TrialReading& reading, const TomlValue& text, bool at_baseline) {
    const auto condition = parsed_condition(reading, text);
    if (!condition) return;
    RowNames names = at_baseline ? baseline_names(reading.trial) : row_names(reading.trial.population);
    auto known = names.all();
    if (at_baseline)
        for (const auto& id : observable_names(reading.model)) known.push_back(id);
    for_each_node(condition, [&](const Node& node) {
        if (node.op != Op::symbol || names.knows(node.name)) return;
        if (at_baseline && find_observable(reading.model, node.name)) return;
        reading.faults.add("unknown-name",
                           "'" + node.name + "' is no attribute of patients" +
                               (at_baseline ? " and not in the model" : "") + did_you_mean(node.name, known),
                           node.place);
    });
    check_formula(condition, reading.faults);
}

KeepAfter kept(const std::optional<std::string>& text) {
    if (text == "progressed") return KeepAfter::progressed;
    if (text == "not progressed") return KeepAfter::not_progressed;
    return text == "responded" ? KeepAfter::responded : KeepAfter::any;
}

double days_or(TrialReading& reading, const TomlValue& table, std::string_view key, double otherwise) {
    const auto* value = member(&table, key);
    if (!value) return otherwise;
    return positive_days(*value, "'" + std::string(key) + "' in [[cohort.earlier_line]]", reading.faults)
        .value_or(otherwise);
}

void read_earlier_line(TrialReading& reading, const TomlValue& table) {
    const Trial& trial = reading.trial;
    EarlierLine line;
    line.arm = read_arm_body(reading, table, "[[cohort.earlier_line]]");
    line.assess_every =
        days_or(reading, table, "assess_every", trial.visits.empty() ? 56.0 : trial.visits[0]);
    line.at_most = days_or(reading, table, "at_most", trial.follow_up);
    line.at_least = days_or(reading, table, "at_least", 0.0);
    line.washout = days_or(reading, table, "washout", 0.0);
    line.keep = kept(text_member(&table, "keep"));
    line.within = days_or(reading, table, "within", line.within);
    if (std::isfinite(line.within) && line.keep != KeepAfter::progressed) {
        reading.faults.add("without-progression", "'within' needs keep = \"progressed\"",
                           table.find("within")->place);
    }
    if (line.at_least > line.at_most) {
        reading.faults.add("empty-range", "'at_least' must not be more than 'at_most'",
                           table.find("at_least")->place);
    }
    if (const auto* when = member(&table, "when"); when && when->kind == TomlValue::Kind::text) {
        line.when = when->text;
        line.when_place = inside(*when);
        check_condition(reading, *when, false);
    }
    reading.trial.earlier_lines.push_back(std::move(line));
}

}  // namespace

void mark_baseline_attributes(TrialReading& reading) {
    auto& priors = reading.trial.population.priors;
    for (auto& prior : priors) {
        prior.is_drawn = is_drawn(reading.trial.population, prior.parameter);
        if (prior.law == Law::fixed && std::isnan(prior.centre) && !prior.is_drawn)
            reading.faults.add("missing-key",
                               "attribute '" + prior.parameter +
                                   "' needs a 'law' or an 'expression', or a column of the draws",
                               prior.place);
    }
    // An attribute may need one further down, so marks spread until none is added.
    for (bool is_changed = true; is_changed;) {
        is_changed = false;
        for (auto& prior : priors) {
            if (!prior.is_attribute || prior.law != Law::expression || prior.at_baseline || prior.is_drawn)
                continue;
            prior.at_baseline = needs_baseline(prior, priors, reading.model);
            is_changed = is_changed || prior.at_baseline;
        }
    }
}

void read_selection(TrialReading& reading) {
    const auto* cohort = member(&reading.root, "cohort");
    for (const auto* table : table_members(cohort, "earlier_line")) read_earlier_line(reading, *table);
    if (const auto* text = member(cohort, "eligibility"); text && text->kind == TomlValue::Kind::text) {
        reading.trial.eligibility = text->text;
        reading.trial.eligibility_place = inside(*text);
        check_condition(reading, *text, true);
    }
}

}  // namespace abscopal
