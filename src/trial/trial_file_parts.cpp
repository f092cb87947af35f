// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <cmath>

#include "base/text.hpp"
#include "base/units.hpp"
#include "trial/trial_reader.hpp"

namespace abscopal {
namespace {

constexpr double max_visits = 10'000;

void check_visit(TrialReading& reading, double day, double last, const TomlValue& value) {
    if (day <= last) {
        reading.faults.add("visit-order",
                           "visits must be after baseline and ascending; found " + described(value),
                           value.place);
    } else if (day > reading.trial.follow_up) {
        reading.faults.add("visit-after-follow-up",
                           "visit on day " + to_text(day) + " lies beyond the follow-up of " +
                               to_text(reading.trial.follow_up) + " days",
                           value.place);
    }
}

void read_listed_visits(TrialReading& reading, const TomlValue& list) {
    double last = 0.0;
    for (const auto& item : list.items) {
        const auto day = days_in(item);
        if (!day || item.kind != TomlValue::Kind::text) continue;
        check_visit(reading, *day, last, item);
        last = *day;
        reading.trial.visits.push_back(*day);
    }
}

void read_regular_visits(TrialReading& reading, const TomlValue& value) {
    const auto every = positive_days(value, "'every' in [visits]", reading.faults);
    if (!every) return;
    const double n = std::floor(reading.trial.follow_up / *every);
    if (n < 1) return check_visit(reading, *every, 0.0, value);
    if (n > max_visits) {
        reading.faults.add("too-many-visits",
                           "more than " + to_text(max_visits) + " visits; found " + described(value),
                           value.place);
        return;
    }
    for (int k = 1; k <= static_cast<int>(n); ++k) reading.trial.visits.push_back(k * *every);
}

}  // namespace

void read_visits(TrialReading& reading) {
    const auto* visits = member(&reading.root, "visits");
    if (!visits || visits->kind != TomlValue::Kind::table) return;
    if (const auto* follow_up = member(visits, "follow_up")) {
        reading.trial.follow_up =
            positive_days(*follow_up, "'follow_up' in [visits]", reading.faults).value_or(0.0);
    }
    if (const auto* record = member(visits, "record_every")) {
        reading.trial.record_every = positive_days(*record, "'record_every' in [visits]", reading.faults)
                                         .value_or(reading.trial.record_every);
    }
    const auto* schedule = only_member(*visits, {"every", "at"}, reading.faults);
    if (!schedule) {
        reading.faults.add("missing-key", "'every' or 'at' is missing in [visits]", visits->place);
    } else if (reading.trial.follow_up > 0) {
        schedule->key == "at" ? read_listed_visits(reading, schedule->value)
                              : read_regular_visits(reading, schedule->value);
    }
}

void read_watched(TrialReading& reading) {
    for (const auto* table : table_members(&reading.root, "watch")) {
        const auto* observable = member(table, "observable");
        const auto index = observable ? observable_named(reading, *observable) : std::nullopt;
        if (!index) continue;
        const auto& info = reading.model.observables[*index];
        for (const auto& other : reading.trial.watched) {
            if (other.id == info.id)
                reading.faults.add("watched-twice", "'" + info.id + "' is watched already",
                                   observable->place);
        }
        WatchedObservable watched{
            info.id, text_member(table, "label").value_or(info.name.empty() ? info.id : info.name),
            reading.units.readable(info.unit), 1.0, false};
        if (const auto* unit = member(table, "unit"); unit && unit->kind == TomlValue::Kind::text) {
            const auto factor = unit_factor(reading, unit->text, info.unit, "'" + info.id + "'", unit->place);
            watched.unit = unit->text;
            watched.scale = factor ? 1.0 / *factor : 1.0;
        }
        if (const auto* log = member(table, "logarithmic")) watched.logarithmic = log->truth;
        reading.trial.watched.push_back(std::move(watched));
    }
}

void read_numerics(TrialReading& reading) {
    const auto* table = member(&reading.root, "numerics");
    Numerics& numerics = reading.trial.numerics;
    if (text_member(table, "method") == "cvode") numerics.method = Method::bdf;
    if (const auto x = number_member(table, "relative_tolerance")) numerics.relative_tolerance = *x;
    if (const auto x = number_member(table, "absolute_tolerance")) numerics.absolute_tolerance = *x;
    if (const auto x = number_member(table, "max_step")) numerics.max_step = *x;
    if (const auto* x = member(table, "max_steps"); x && x->integer > 0) numerics.max_steps = x->integer;
    if (const auto* x = member(table, "max_events"); x && x->integer > 0) numerics.max_events = x->integer;
}

}  // namespace abscopal
