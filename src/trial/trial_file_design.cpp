// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/text.hpp"
#include "trial/follow_up.hpp"
#include "trial/plan.hpp"
#include "trial/trial_reader.hpp"

namespace abscopal {
namespace {

constexpr double days_in_a_year = 365.25;

std::vector<double> numbers(const TomlValue* table, std::string_view key) {
    std::vector<double> values;
    const auto* list = member(table, key);
    if (!list) return values;
    for (const auto& item : list->items)
        if (item.is_number()) values.push_back(item.number);
    return values;
}

std::vector<std::string> columns_of_patients(const Trial& trial) {
    std::vector<std::string> names;
    for (const auto& prior : trial.population.priors) names.push_back(prior.parameter);
    const auto& drawn = trial.population.draws.parameters;
    names.insert(names.end(), drawn.begin(), drawn.end());
    return names;
}

Split read_split(TrialReading& reading, const TomlValue& table) {
    Split split{text_member(&table, "by").value_or(""), "", numbers(&table, "cuts"), table.place};
    split.label = text_member(&table, "label").value_or(split.by);
    const auto names = columns_of_patients(reading.trial);
    if (!split.by.empty() && std::find(names.begin(), names.end(), split.by) == names.end())
        reading.faults.add(
            "unknown-column",
            "'" + split.by + "' is no number of the patients in [cohort]" + did_you_mean(split.by, names),
            member(&table, "by")->place);
    if (!std::is_sorted(split.cuts.begin(), split.cuts.end(), std::less_equal<>()))
        reading.faults.add("cuts-order", "'cuts' must ascend", member(&table, "cuts")->place);
    return split;
}

void read_allocation(TrialReading& reading, const TomlValue& table) {
    Design& design = reading.trial.design;
    const auto allocation = text_member(&table, "allocation");
    if (allocation == "simple") design.allocation = Allocation::simple;
    if (allocation == "blocks") design.allocation = Allocation::blocks;
    design.ratio = numbers(&table, "ratio");
    const std::size_t n_arms = reading.trial.arms.size();
    if (!design.ratio.empty() && design.ratio.size() != n_arms)
        reading.faults.add("ratio-length",
                           "'ratio' has " + std::to_string(design.ratio.size()) + " numbers for " +
                               std::to_string(n_arms) + " arms",
                           member(&table, "ratio")->place);
    if (const auto block = number_member(&table, "block")) design.block = static_cast<std::size_t>(*block);
    const auto sum = static_cast<std::size_t>(
        design.ratio.empty() ? static_cast<double>(n_arms)
                             : std::accumulate(design.ratio.begin(), design.ratio.end(), 0.0));
    if (design.block > 0 && sum > 0 && design.block % sum != 0)
        reading.faults.add("block-size",
                           "'block' must be a multiple of " + std::to_string(sum) + ", the sum of the ratio",
                           member(&table, "block")->place);
    for (const auto* split : table_members(&table, "stratum"))
        design.strata.push_back(read_split(reading, *split));
    for (const auto* split : table_members(&table, "subgroup"))
        design.subgroups.push_back(read_split(reading, *split));
}

void read_calendar(TrialReading& reading, const TomlValue& table) {
    Design& design = reading.trial.design;
    const auto days = [&](const char* key, double otherwise) {
        const auto* value = member(&table, key);
        const std::string what = "'" + std::string(key) + "' in [design]";
        return value ? positive_days(*value, what, reading.faults).value_or(otherwise) : otherwise;
    };
    design.enrolment.period = days("enrolment", 0.0);
    design.enrolment.ramp = days("ramp", 0.0);
    if (design.enrolment.ramp > design.enrolment.period)
        reading.faults.add("ramp-length", "'ramp' must not be longer than 'enrolment'",
                           member(&table, "ramp")->place);
    design.cut_off = days("cut_off", design.cut_off);
    if (const auto share = number_member(&table, "dropout_per_year"); share && *share >= 0 && *share < 1)
        design.enrolment.dropout = -std::log1p(-*share) / days_in_a_year;
    if (const auto n = number_member(&table, "cut_off_events"))
        design.cut_off_events = static_cast<std::size_t>(*n);
}

void read_analyses(TrialReading& reading, const TomlValue& table) {
    Design& design = reading.trial.design;
    design.endpoint = text_member(&table, "endpoint").value_or(design.endpoint);
    if (design.endpoint == "OS" && !models_death(reading.trial))
        reading.faults.add("endpoint-without-death", "the endpoint is OS, but the trial models no deaths",
                           member(&table, "endpoint")->place, {"say how patients die in [death]"});
    design.alpha = number_member(&table, "alpha").value_or(design.alpha);
    design.spending = spending_named(text_member(&table, "spending").value_or(""));
    design.spending_parameter = number_member(&table, "spending_parameter").value_or(1.0);
    design.looks = numbers(&table, "looks");
    design.futility = numbers(&table, "futility");
    if (!std::is_sorted(design.looks.begin(), design.looks.end(), std::less_equal<>()))
        reading.faults.add("looks-order", "'looks' must ascend", member(&table, "looks")->place);
    if (!design.looks.empty() && design.cut_off_events == 0)
        reading.faults.add("looks-without-events",
                           "'looks' are fractions of 'cut_off_events', which is missing",
                           member(&table, "looks")->place);
    if (design.futility.size() > design.looks.size())
        reading.faults.add("futility-length", "'futility' has more numbers than 'looks'",
                           member(&table, "futility")->place);
}

}  // namespace

void read_design(TrialReading& reading) {
    const auto* table = member(&reading.root, "design");
    if (!table || table->kind != TomlValue::Kind::table) return;
    reading.trial.design.place = table->place;
    read_allocation(reading, *table);
    read_calendar(reading, *table);
    read_analyses(reading, *table);
}

}  // namespace abscopal
