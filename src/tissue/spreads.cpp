// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "tissue/settings.hpp"

/// <initial_parameter_distributions>: how the cells of a type differ at the start.
namespace abscopal::tissue {
namespace {

std::optional<Spread::Law> law_of(const std::string& name) {
    using Law = Spread::Law;
    constexpr std::array<std::pair<const char*, Law>, 5> laws{{{"uniform", Law::uniform},
                                                               {"loguniform", Law::log_uniform},
                                                               {"normal", Law::normal},
                                                               {"lognormal", Law::log_normal},
                                                               {"log10normal", Law::log10_normal}}};
    for (const auto& [known, law] : laws) {
        if (lower_case(name) == known) return law;
    }
    return std::nullopt;
}

bool is_log(Spread::Law law) {
    return law == Spread::Law::log_normal || law == Spread::Law::log10_normal;
}
bool has_ends(Spread::Law law) {
    return law == Spread::Law::uniform || law == Spread::Law::log_uniform;
}

void read_numbers(const Element& element, Spread& spread) {
    if (has_ends(spread.law)) {
        spread.first = spread.low = element.number("min", 0);
        spread.second = spread.high = element.number("max", 0);
        if (spread.law == Spread::Law::log_uniform && spread.first <= 0)
            element.fault("bad-distribution", "a log-uniform law needs a <min> above 0");
    } else {
        spread.first = element.number("mu", 0);
        spread.second = element.number("sigma", 0);
        if (is_log(spread.law)) spread.low = 0;
        spread.low = element.optional_number("lower_bound", spread.low);
        spread.high = element.optional_number("upper_bound", spread.high);
        if (spread.second <= 0) element.fault("bad-distribution", "<sigma> must be above 0");
        if (is_log(spread.law) && spread.low < 0)
            element.fault("bad-distribution", "<lower_bound> bounds the value, not its logarithm: 0 or more");
    }
    if (spread.low > spread.high) element.fault("bad-distribution", "the lower end is above the upper end");
}

/// Rejection must end: the bounds have to hold at least a ten-thousandth of the law.
void check_bounds(const Element& element, const Spread& spread) {
    if (has_ends(spread.law) || spread.second <= 0) return;
    const double scale = spread.law == Spread::Law::log10_normal ? std::log(10.0) : 1.0;
    const auto cumulative = [&](double bound) {
        const double x = is_log(spread.law) ? (bound <= 0 ? -1e300 : std::log(bound) / scale) : bound;
        return 0.5 * std::erfc(-(x - spread.first) / spread.second / std::sqrt(2.0));
    };
    if (cumulative(spread.high) - cumulative(spread.low) < 1e-4)
        element.fault("bad-distribution", "the bounds hold less than a ten-thousandth of the law");
}

void check_base(const Element& element, const Spread& spread, const CellType& type) {
    if (!element.flag("check_base", true)) return;
    const double base = spread.behaviour < 0 ? type.volumes.total
                                             : type.behaviours[static_cast<std::size_t>(spread.behaviour)];
    if (base < spread.low || base > spread.high) {
        element.fault("base-outside", "the definition's value " + to_text(base) + " lies outside " +
                                          to_text(spread.low) + " to " + to_text(spread.high) +
                                          " (check_base=\"false\" allows it)");
    }
}

}  // namespace

void read_spreads(const Element& definition, int type, Project& project) {
    const Element list = definition.child("initial_parameter_distributions");
    const bool enabled = list.flag("enabled", true);
    for (const auto& element : list.children("distribution")) {
        if (!enabled || !element.flag("enabled", true)) {
            element.leave_unread();
            continue;
        }
        Spread spread;
        spread.type = type;
        const auto law = law_of(element.attribute("type"));
        if (!law)
            element.fault("unknown-distribution",
                          "distribution of type '" + element.attribute("type") +
                              "', expected Uniform, LogUniform, Normal, LogNormal or Log10Normal");
        const std::string name = element.word("behavior", "");
        spread.behaviour = lower_case(name) == "volume" ? -1 : project.dictionary.behaviour(name);
        if (spread.behaviour < 0 && lower_case(name) != "volume") {
            element.fault("unknown-behaviour", "unknown behaviour '" + name + "'" +
                                                   did_you_mean(name, project.dictionary.behaviour_names));
            continue;
        }
        if (!law) continue;
        spread.law = *law;
        read_numbers(element, spread);
        check_bounds(element, spread);
        check_base(element, spread, project.types[static_cast<std::size_t>(type)]);
        project.spreads.push_back(spread);
    }
}

}  // namespace abscopal::tissue
