// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>
#include <cmath>

#include "abscopal/trial.hpp"
#include "base/text.hpp"

namespace abscopal {
namespace {

bool nearly(double a, double b) {
    return std::fabs(a - b) <= 1e-9 * std::max(1.0, std::fabs(b));
}

std::string counted(double n, const std::string& unit) {
    return to_text(n) + " " + unit + (n == 1.0 ? "" : "s");
}

/// 0.0208333 → "30 min", 21 → "3 weeks", 28 → "4 weeks", 2 → "2 days".
std::string duration_in_words(double days) {
    if (days >= 7 && nearly(days / 7, std::round(days / 7))) return counted(std::round(days / 7), "week");
    if (nearly(days, std::round(days)) && days >= 1) return counted(std::round(days), "day");
    if (const double months = days / 30.4375; days >= 1 && nearly(months, std::round(months)))
        return counted(std::round(months), "month");
    if (const double hours = days * 24; nearly(hours, std::round(hours)))
        return counted(std::round(hours), "hour");
    if (const double minutes = days * 1440; nearly(minutes, std::round(minutes)))
        return counted(std::round(minutes), "minute");
    return significant(days, 4) + " days";
}

/// Rows that differ in nothing but the day they start on are one treatment.
bool same_treatment(const DoseRow& a, const DoseRow& b) {
    return a.drug == b.drug && a.target == b.target && a.amount == b.amount && a.unit == b.unit &&
           a.per == b.per && a.max_amount == b.max_amount && a.kind == b.kind && a.duration == b.duration &&
           a.interval == b.interval && a.while_on_treatment == b.while_on_treatment;
}

std::string amount_in_words(const DoseRow& row) {
    const std::string per = row.per == DosePer::kilogram       ? "/kg"
                            : row.per == DosePer::square_metre ? "/m²"
                                                               : "";
    const std::string unit = row.unit.empty() ? "" : " " + row.unit;
    const std::string cap = row.max_amount > 0 ? " (at most " + to_text(row.max_amount) + unit + ")" : "";
    return to_text(row.amount) + unit + per + cap;
}

std::string days_in_words(const std::vector<double>& days) {
    std::string text = days.size() == 1 ? "day " : "days ";
    for (std::size_t i = 0; i < days.size(); ++i) {
        text += (i == 0 ? "" : i + 1 == days.size() ? " and " : ", ") + to_text(days[i]);
    }
    return text;
}

std::string schedule_in_words(const DoseRow& row, const std::vector<double>& days) {
    if (row.additional == 0) return "on " + days_in_words(days);
    const std::string every = duration_in_words(row.interval);
    if (days.size() > 1) return "on " + days_in_words(days) + " of every " + to_text(row.interval) + " days";
    return (days.front() == 0.0 ? "every " : "from day " + to_text(days.front()) + " every ") + every;
}

/// How many doses, where they end before the follow-up does.
std::string number_in_words(const DoseRow& row, const std::vector<double>& days, double follow_up) {
    const double next = days.back() + (row.additional + 1) * row.interval;
    if (row.additional == 0 || next >= follow_up) return {};
    const auto n = static_cast<double>(days.size()) * (row.additional + 1);
    return std::string(row.while_on_treatment ? ", at most " : ", ") + counted(n, "dose");
}

std::string treatment_in_words(const DoseRow& row, const std::vector<double>& days, double follow_up) {
    std::string text = (row.drug.empty() ? row.target : row.drug) + " " + amount_in_words(row) + " " +
                       schedule_in_words(row, days);
    if (row.duration > 0) text += ", infused over " + duration_in_words(row.duration);
    text += number_in_words(row, days, follow_up);
    if (row.while_on_treatment) text += ", until progression";
    return text;
}

}  // namespace

std::vector<std::string> treatments_in_words(const Arm& arm, double follow_up) {
    std::vector<std::string> words;
    std::vector<char> done(arm.regimen.rows.size(), 0);
    for (std::size_t i = 0; i < arm.regimen.rows.size(); ++i) {
        if (done[i]) continue;
        std::vector<double> days;
        for (std::size_t k = i; k < arm.regimen.rows.size(); ++k) {
            if (done[k] || !same_treatment(arm.regimen.rows[i], arm.regimen.rows[k])) continue;
            done[k] = 1;
            days.push_back(arm.regimen.rows[k].time);
        }
        std::sort(days.begin(), days.end());
        words.push_back(treatment_in_words(arm.regimen.rows[i], days, follow_up));
    }
    return words;
}

}  // namespace abscopal
