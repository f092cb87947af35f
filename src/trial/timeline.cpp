// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "trial/timeline.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/text.hpp"

namespace abscopal {
namespace {

constexpr std::size_t widest = 70, label_width = 18;

/// Days that one character stands for: the smallest of a round series that fits the line.
double days_per_character(double follow_up) {
    constexpr std::array<double, 12> round{1, 2, 3, 4, 5, 7, 14, 28, 56, 91, 182, 364};
    for (const double days : round) {
        if (follow_up / days < static_cast<double>(widest)) return days;
    }
    return std::ceil(follow_up / static_cast<double>(widest - 1));
}

class Line {
  public:
    Line(double follow_up, double scale)
        : scale_(scale), text_(static_cast<std::size_t>(follow_up / scale) + 1, '.') {}

    /// One event is `mark`, several in one character '#'.
    void put(double day, char mark) {
        const auto at = static_cast<std::size_t>(day / scale_);
        if (at < text_.size()) text_[at] = text_[at] == '.' ? mark : '#';
    }

    std::string labelled(std::string label) const {
        if (label.size() > label_width - 1) label = label.substr(0, label_width - 2) + "~";
        label.resize(label_width, ' ');
        return "    " + label + text_ + "\n";
    }

  private:
    double scale_;
    std::string text_;
};

/// "0         70        140": the day at every tenth character.
std::string ruler(double follow_up, double scale) {
    const auto n = static_cast<std::size_t>(follow_up / scale) + 1;
    std::string text;
    for (std::size_t at = 0; at < n; at += 10) {
        text.resize(at, ' ');
        text += to_text(static_cast<double>(at) * scale);
    }
    std::string label = "day";
    label.resize(label_width, ' ');
    return "    " + label + text + "\n";
}

std::string name_of_row(const DoseRow& row) {
    return row.drug.empty() ? row.target : row.drug;
}

bool is_looked_at_doses(const TreatmentRule& rule) {
    return rule.when == When::adverse_event || rule.when == When::observable ||
           rule.when == When::off_treatment;
}

/// Days on which a rule is looked at.
Line line_of(const TreatmentRule& rule, const Trial& trial, const Regimen& doses, double scale) {
    Line line(trial.follow_up, scale);
    const auto put = [&](double day) {
        if (day >= rule.from && day <= rule.until) line.put(day, 'r');
    };
    if (rule.when == When::time) {
        line.put(rule.from, 'r');
        return line;
    }
    for (const double day : trial.visits) put(day);
    if (is_looked_at_doses(rule))
        for (const auto& dose : doses.rows) put(dose.time);
    return line;
}

/// One line for each treatment rule of the arm.
std::string rule_lines(const Trial& trial, const Arm& arm, const Regimen& doses, double scale) {
    std::string text;
    for (const auto& rule : trial.rules)
        if (rule.arms.empty() || std::find(rule.arms.begin(), rule.arms.end(), arm.name) != rule.arms.end())
            text += line_of(rule, trial, doses, scale).labelled(rule.name);
    return text;
}

}  // namespace

std::string timeline(const Trial& trial, const Arm& arm) {
    if (!(trial.follow_up > 0)) return {};
    const double scale = days_per_character(trial.follow_up);
    const Regimen doses = arm.regimen.expanded(trial.follow_up);
    std::vector<std::string> names;
    for (const auto& row : arm.regimen.rows) {
        if (std::find(names.begin(), names.end(), name_of_row(row)) == names.end())
            names.push_back(name_of_row(row));
    }
    std::string text = ruler(trial.follow_up, scale);
    for (const auto& name : names) {
        Line line(trial.follow_up, scale);
        for (const auto& dose : doses.rows) {
            if (name_of_row(dose) == name) line.put(dose.time, dose.duration > 0 ? 'i' : 'o');
        }
        text += line.labelled(name);
    }
    Line visits(trial.follow_up, scale);
    for (const double day : trial.visits) visits.put(day, 'v');
    return text + visits.labelled("visit") + rule_lines(trial, arm, doses, scale) +
           "    o dose, i infusion, v visit, " + (trial.rules.empty() ? "" : "r rule looked at, ") +
           "# several; one character is " + to_text(scale) + (scale == 1 ? " day\n" : " days\n");
}

}  // namespace abscopal
