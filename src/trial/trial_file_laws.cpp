// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "base/text.hpp"
#include "trial/trial_reader.hpp"

namespace abscopal {
namespace {

struct LawKeys {
    std::string_view name;
    Law law;
    std::string_view centre, spread;  ///< keys that must stand, or ""
    std::string_view levels, values;  ///< lists that must stand, or ""
    bool needs_bounds;
    bool is_share;  ///< between 0 and 1
};
constexpr std::array<LawKeys, 11> laws{
    {{"fixed", Law::fixed, "value", "", "", "", false, false},
     {"normal", Law::normal, "mean", "sd", "", "", false, false},
     {"lognormal", Law::lognormal, "median", "sigma", "", "", false, false},
     {"uniform", Law::uniform, "", "", "", "", true, false},
     {"loguniform", Law::loguniform, "", "", "", "", true, false},
     {"logit_normal", Law::logit_normal, "median", "sigma", "", "", false, true},
     {"beta", Law::beta, "alpha", "beta", "", "", false, true},
     {"poisson", Law::poisson, "mean", "", "", "", false, false},
     {"bernoulli", Law::bernoulli, "probability", "", "", "", false, true},
     {"categorical", Law::categorical, "", "", "probabilities", "", false, false},
     {"quantiles", Law::quantiles, "", "", "levels", "values", false, false}}};

bool has_key(const LawKeys& keys, std::string_view key) {
    return !key.empty() &&
           (key == keys.centre || key == keys.spread || key == keys.levels || key == keys.values ||
            (keys.law == Law::categorical && (key == "values" || key == "categories")));
}

/// A reading of one law: what all steps need.
struct LawReading {
    TrialReading& reading;
    const TomlValue& table;
    const LawKeys& keys;
    Prior& prior;

    Place at(std::string_view key) const {
        const auto* value = table.find(key);
        return value ? value->place : table.place;
    }
    void fault(const char* code, const std::string& message, std::string_view key) {
        reading.faults.add(code, message, at(key));
    }
    std::string of_law() const { return " of law \"" + std::string(keys.name) + "\""; }
};

void need(LawReading& law, std::string_view key) {
    if (!key.empty() && !law.table.find(key)) {
        law.fault("missing-key",
                  "law \"" + std::string(law.keys.name) + "\" needs '" + std::string(key) + "'", key);
    }
}

void read_number(LawReading& law, std::string_view key, double& target) {
    need(law, key);
    if (!key.empty()) target = number_member(&law.table, key).value_or(target);
}

std::vector<double> read_numbers(LawReading& law, std::string_view key) {
    std::vector<double> numbers;
    const auto* list = member(&law.table, key);
    if (!list || list->kind != TomlValue::Kind::array) return numbers;
    for (const auto& item : list->items)
        if (item.is_number()) numbers.push_back(item.number);
    return numbers;
}

void refuse_keys_of_others(LawReading& law) {
    for (const auto& entry : law.table.members) {
        const bool of_other = std::any_of(laws.begin(), laws.end(),
                                          [&](const LawKeys& other) { return has_key(other, entry.key); });
        if (!of_other || has_key(law.keys, entry.key)) continue;
        law.reading.faults.add(
            "key-of-other-law",
            "'" + entry.key + "' has no meaning for law \"" + std::string(law.keys.name) + "\"", entry.place);
    }
}

void read_categories(LawReading& law) {
    Prior& prior = law.prior;
    prior.values = read_numbers(law, "values");
    if (const auto* names = member(&law.table, "categories"))
        for (const auto& item : names->items) prior.categories.push_back(item.text);
    if (prior.values.empty()) {
        prior.values.resize(prior.categories.empty() ? prior.levels.size() : prior.categories.size());
        std::iota(prior.values.begin(), prior.values.end(), 0.0);
    }
    const auto n = prior.levels.size();
    if (prior.values.size() != n || (!prior.categories.empty() && prior.categories.size() != n)) {
        law.fault("list-length",
                  "'probabilities', 'values' and 'categories' must have one entry each for every value",
                  "probabilities");
    }
    const double sum = std::accumulate(prior.levels.begin(), prior.levels.end(), 0.0);
    if (!(std::fabs(sum - 1.0) < 1e-6) ||
        std::any_of(prior.levels.begin(), prior.levels.end(), [](double p) { return p < 0; })) {
        law.fault("out-of-range",
                  "'probabilities' must not be negative and add up to 1; found the sum " + to_text(sum),
                  "probabilities");
    }
}

void check_quantiles(LawReading& law) {
    const auto &levels = law.prior.levels, &values = law.prior.values;
    const bool ascends =
        std::is_sorted(values.begin(), values.end()) &&
        std::adjacent_find(levels.begin(), levels.end(), std::greater_equal<>()) == levels.end();
    if (levels.size() < 2 || levels.size() != values.size() || !ascends || levels.front() < 0 ||
        levels.back() > 1) {
        law.fault("bad-quantiles",
                  "law \"quantiles\" needs two or more ascending 'levels' in 0 to 1 and as many ascending "
                  "'values'",
                  "levels");
    }
}

void read_keys(LawReading& law) {
    read_number(law, law.keys.centre, law.prior.centre);
    read_number(law, law.keys.spread, law.prior.spread);
    for (const std::string_view key : {"lower", "upper"}) {
        if (law.keys.needs_bounds || law.table.find(key))
            read_number(law, key, key == "lower" ? law.prior.lower : law.prior.upper);
    }
    need(law, law.keys.levels);
    need(law, law.keys.values);
    if (!law.keys.levels.empty()) law.prior.levels = read_numbers(law, law.keys.levels);
    if (law.prior.law == Law::categorical && law.table.find("probabilities")) read_categories(law);
    if (law.prior.law == Law::quantiles) {
        law.prior.values = read_numbers(law, "values");
        if (law.table.find("levels") && law.table.find("values")) check_quantiles(law);
    }
    refuse_keys_of_others(law);
}

void check_bounds(LawReading& law) {
    const Prior& prior = law.prior;
    if (!(prior.lower < prior.upper)) {
        law.fault("empty-range",
                  "'lower' must be less than 'upper'; found " + to_text(prior.lower) + " and " +
                      to_text(prior.upper),
                  "lower");
    }
    const bool needs_positive_lower = prior.law == Law::loguniform;
    const bool needs_positive_upper =
        prior.law == Law::lognormal || law.keys.is_share || prior.law == Law::poisson;
    if (needs_positive_lower && !(prior.lower > 0))
        law.fault("out-of-range",
                  "'lower'" + law.of_law() + " must be greater than 0; found " + to_text(prior.lower),
                  "lower");
    if (needs_positive_upper && !(prior.upper > 0))
        law.fault("out-of-range",
                  "'upper'" + law.of_law() + " must be greater than 0; found " + to_text(prior.upper),
                  "upper");
    if (law.keys.is_share && !(prior.lower < 1))
        law.fault("out-of-range",
                  "'lower'" + law.of_law() + " must be less than 1; found " + to_text(prior.lower), "lower");
}

void check_centre(LawReading& law) {
    const Prior& prior = law.prior;
    if (prior.law == Law::fixed && (prior.centre < prior.lower || prior.centre > prior.upper))
        law.fault("out-of-range", "'value' lies outside 'lower' and 'upper'", "value");
    if (prior.law == Law::logit_normal && !(prior.centre < 1))
        law.fault("out-of-range",
                  "'median'" + law.of_law() + " must be less than 1; found " + to_text(prior.centre),
                  "median");
    if (prior.law == Law::poisson && !(prior.centre > 0))
        law.fault("out-of-range",
                  "'mean'" + law.of_law() + " must be greater than 0; found " + to_text(prior.centre),
                  "mean");
}

/// 'expression' instead of a law.
bool read_expression(TrialReading& reading, const TomlValue& table, const TomlValue& value, Prior& prior) {
    if (const auto* law = table.find("law")) {
        reading.faults.add("conflicting-keys", "'law' and 'expression' exclude each other; give one of them",
                           law->place);
    }
    if (value.kind != TomlValue::Kind::text) return false;
    prior.law = Law::expression;
    prior.expression = value.text;
    prior.expression_place = inside(value);
    return parsed_condition(reading, value) != nullptr;
}

}  // namespace

Place inside(const TomlValue& text) {
    return {text.place.file, text.place.line, text.place.column + 1, 0};
}

Expression parsed_condition(TrialReading& reading, const TomlValue& text) {
    try {
        return parse_condition(text.text, inside(text));
    } catch (const InputError& error) {
        for (const auto& fault : error.faults())
            reading.faults.add(fault.code, fault.message, fault.place, fault.notes);
        return nullptr;
    }
}

bool read_law(TrialReading& reading, const TomlValue& table, Prior& prior) {
    prior.source = text_member(&table, "source").value_or("");
    if (const auto* value = table.find("expression")) return read_expression(reading, table, *value, prior);
    const auto name = text_member(&table, "law");
    if (!name && prior.is_attribute && !table.find("law")) {
        prior.centre = std::numeric_limits<double>::quiet_NaN();
        return true;
    }
    if (!name && !table.find("law"))
        reading.faults.add("missing-key", "'law' or 'expression' is missing in [[cohort.parameter]]",
                           table.place);
    const auto keys =
        std::find_if(laws.begin(), laws.end(), [&](const LawKeys& k) { return k.name == name; });
    if (keys == laws.end()) return false;
    prior.law = keys->law;
    LawReading law{reading, table, *keys, prior};
    const auto before = reading.faults.faults().size();
    read_keys(law);
    if (reading.faults.faults().size() > before) return true;
    check_bounds(law);
    check_centre(law);
    return true;
}

bool rescale(Prior& prior, double factor) {
    const auto keys =
        std::find_if(laws.begin(), laws.end(), [&](const LawKeys& k) { return k.law == prior.law; });
    if (keys == laws.end() || keys->is_share || prior.law == Law::poisson) return false;
    prior.centre *= factor;
    prior.lower *= factor;
    prior.upper *= factor;
    if (prior.law == Law::normal) prior.spread *= factor;
    for (auto& value : prior.values) value *= factor;
    return true;
}

}  // namespace abscopal
