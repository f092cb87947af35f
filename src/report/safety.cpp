// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>
#include <cmath>
#include <map>

#include "base/text.hpp"
#include "report/axes.hpp"
#include "report/figures.hpp"
#include "report/sections.hpp"

namespace abscopal::report {
namespace {

/// Patients of an arm with an event of a term, and with one of grade 3 or more; by worst grade.
struct Incidence {
    std::size_t any = 0, severe = 0;
};

struct ArmEvents {
    std::size_t n = 0;
    std::map<std::string, Incidence> by_term;
    Incidence all, serious, stopping, fatal;
};

std::string term_of(const Toxicity& kind) {
    return kind.term.empty() ? kind.name : kind.term;
}

void add_patient(ArmEvents& events, const Trial& trial, const Followed& patient) {
    std::map<std::string, int> worst;
    int all = 0, stopping = 0;
    bool is_serious = false;
    for (const auto& event : patient.course->adverse_events) {
        if (event.onset > patient.until) continue;
        const Toxicity& kind = trial.toxicities[event.toxicity];
        if (kind.is_outcome) continue;
        int& grade = worst[term_of(kind)];
        grade = std::max(grade, event.grade);
        all = std::max(all, event.grade);
        if (event.action == "DRUG WITHDRAWN") stopping = std::max(stopping, event.grade);
        is_serious = is_serious || event.grade >= 5 || (kind.is_serious && event.grade >= 3);
    }
    const auto count = [](Incidence& incidence, int grade) {
        incidence.any += grade > 0;
        incidence.severe += grade >= 3;
    };
    ++events.n;
    for (const auto& [term, grade] : worst) count(events.by_term[term], grade);
    count(events.all, all);
    count(events.stopping, stopping);
    events.serious.any += is_serious;
    events.fatal.any += all >= 5;
}

ArmEvents events_of(const Trial& trial, const FollowUp& data, std::size_t arm) {
    ArmEvents events;
    for (const auto& patient : data.patients)
        if (patient.arm == arm) add_patient(events, trial, patient);
    return events;
}

/// Terms by how many patients of any arm had them, most first.
std::vector<std::string> terms_of(const std::vector<ArmEvents>& arms) {
    std::map<std::string, std::size_t> most;
    for (const auto& arm : arms)
        for (const auto& [term, incidence] : arm.by_term) most[term] = std::max(most[term], incidence.any);
    std::vector<std::pair<std::string, std::size_t>> sorted(most.begin(), most.end());
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const auto& a, const auto& b) { return a.second > b.second; });
    std::vector<std::string> terms;
    for (const auto& [term, n] : sorted) terms.push_back(term);
    return terms;
}

Incidence of_term(const ArmEvents& arm, const std::string& term) {
    const auto at = arm.by_term.find(term);
    return at == arm.by_term.end() ? Incidence{} : at->second;
}

std::string share(std::size_t n, std::size_t of) {
    if (of == 0) return "\u2013";
    return std::to_string(n) + " (" + fixed(100.0 * static_cast<double>(n) / static_cast<double>(of), 1) +
           " %)";
}

std::string event_table(const Findings& findings, const std::vector<ArmEvents>& arms) {
    std::vector<std::string> columns{"Patients with"};
    for (const auto& arm : findings.arms)
        for (const char* grades : {"any grade", "grade \u2265 3"})
            columns.push_back(escape(arm.name) + "<br>" + grades);
    std::vector<std::vector<std::string>> rows;
    const auto add = [&](const std::string& name, auto incidence_of, bool has_grades) {
        rows.push_back({name});
        for (const auto& arm : arms) {
            const Incidence incidence = incidence_of(arm);
            rows.back().push_back(share(incidence.any, arm.n));
            rows.back().push_back(has_grades ? share(incidence.severe, arm.n) : std::string());
        }
    };
    add(
        "any adverse event", [](const ArmEvents& arm) { return arm.all; }, true);
    add(
        "a serious one", [](const ArmEvents& arm) { return arm.serious; }, false);
    add(
        "one that ended treatment", [](const ArmEvents& arm) { return arm.stopping; }, true);
    add(
        "a fatal one", [](const ArmEvents& arm) { return arm.fatal; }, false);
    for (const auto& term : terms_of(arms))
        add(
            escape(term), [&](const ArmEvents& arm) { return of_term(arm, term); }, true);
    return table("Adverse events by arm", columns, rows) +
           "<p class=\"note\">Each patient counts once for a term, with her worst grade (CTCAE v5.0), up to "
           "her last "
           "contact or the data cut-off.</p>";
}

/// What was given of a drug in an arm.
struct Exposure {
    std::size_t n = 0, doses = 0;
    std::vector<double> amounts, months;
};

std::string middle(std::vector<double> values) {
    if (values.empty()) return "\u2013";
    std::sort(values.begin(), values.end());
    const auto at = [&](double share) {
        return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1) + 0.5)];
    };
    return significant(at(0.5), 3) + " (" + significant(at(0.25), 3) + "\u2013" + significant(at(0.75), 3) +
           ")";
}

std::map<std::string, Exposure> exposure_of(const FollowUp& data, std::size_t arm) {
    std::map<std::string, Exposure> drugs;
    for (const auto& patient : data.patients) {
        if (patient.arm != arm) continue;
        std::map<std::string, std::pair<std::size_t, std::pair<double, double>>>
            own;  // doses, first and last day
        for (const auto& dose : patient.course->doses) {
            if (dose.day > patient.until) continue;
            auto& [n, days] = own[dose.drug.empty() ? dose.target : dose.drug];
            if (n++ == 0) days.first = dose.day;
            days.second = dose.day;
        }
        for (const auto& [drug, given] : own) {
            auto& exposure = drugs[drug];
            ++exposure.n, exposure.doses += given.first;
            exposure.amounts.push_back(static_cast<double>(given.first));
            exposure.months.push_back((given.second.second - given.second.first) / days_per_month);
        }
    }
    return drugs;
}

std::size_t count_in(const FollowUp& data, std::size_t arm) {
    return static_cast<std::size_t>(
        std::ranges::count_if(data.patients, [&](const auto& patient) { return patient.arm == arm; }));
}

std::string exposure_table(const Findings& findings) {
    std::vector<std::vector<std::string>> rows;
    for (std::size_t arm = 0; arm < findings.arms.size(); ++arm) {
        const auto drugs = exposure_of(findings.individuals, arm);
        if (drugs.empty()) continue;
        rows.push_back({escape(findings.arms[arm].name)});
        for (const auto& [drug, exposure] : drugs)
            rows.push_back({escape(drug), share(exposure.n, count_in(findings.individuals, arm)),
                            std::to_string(exposure.doses), middle(exposure.amounts),
                            middle(exposure.months)});
    }
    if (rows.empty()) return {};
    return "<h3>Exposure</h3>" +
           table("Exposure by arm and drug",
                 {"Drug", "Patients treated", "Doses in all", "Doses a patient, median (quartiles)",
                  "Months from first to last dose, median (quartiles)"},
                 rows);
}

}  // namespace

std::string severe_share(const Findings& findings, std::size_t arm) {
    const ArmEvents events = events_of(findings.result.trial, findings.data, arm);
    return events.n
               ? fixed(100.0 * static_cast<double>(events.all.severe) / static_cast<double>(events.n), 1) +
                     " %"
               : "\u2013";
}

std::string safety_section(const Findings& findings) {
    const Trial& trial = findings.result.trial;
    std::string html = exposure_table(findings);
    if (std::ranges::any_of(trial.toxicities, [](const Toxicity& t) { return !t.is_outcome; })) {
        std::vector<ArmEvents> arms;
        for (std::size_t arm = 0; arm < trial.arms.size(); ++arm)
            arms.push_back(events_of(trial, findings.individuals, arm));
        html += "<h3>Adverse events</h3>" + event_table(findings, arms);
        for (std::size_t arm = 1; arm < trial.arms.size(); ++arm)
            html += wide_figure("tornado-" + std::to_string(arm + 1),
                                tornado_figure(findings.result, findings.individuals, arm),
                                "Share of patients with each adverse event; dark: grade 3 or more.");
    }
    if (html.empty())
        html = "<p>This trial models no adverse events, and its run has kept no list of doses.</p>";
    return "<section id=\"safety\"><h2>Exposure and safety</h2>" + sample_note(findings) + html +
           "</section>";
}

std::string tornado_figure(const Result& result, const FollowUp& data, std::size_t arm) {
    constexpr double width = 960, row_height = 24, middle_x = 480, label = 130, reach = 300;
    const std::vector<ArmEvents> arms{events_of(result.trial, data, 0), events_of(result.trial, data, arm)};
    const auto terms = terms_of(arms);
    const double height = 70 + row_height * static_cast<double>(terms.size()), bottom = height - 38;
    Svg svg(width, height,
            "Adverse events of " + result.trial.arms[arm].name + " against " + result.trial.arms[0].name);
    svg.text({middle_x - label, 16}, result.trial.arms[0].name, "legend strong-text end " + arm_class(0));
    svg.text({middle_x + label, 16}, result.trial.arms[arm].name, "legend strong-text " + arm_class(arm));
    for (const double percent : {0.0, 25.0, 50.0, 75.0, 100.0}) {
        for (const double side : {-1.0, 1.0}) {
            const double x = middle_x + side * (label + reach * percent / 100.0);
            svg.line({x, 24}, {x, bottom}, "grid");
            svg.text({x, bottom + 16}, to_text(percent) + " %", "tick mid");
        }
    }
    for (std::size_t i = 0; i < terms.size(); ++i) {
        const double y = 28 + row_height * static_cast<double>(i);
        svg.text({middle_x, y + 14}, terms[i], "mid");
        for (const std::size_t k : {0, 1}) {
            const Incidence incidence = of_term(arms[k], terms[i]);
            const double n = std::max(1.0, static_cast<double>(arms[k].n));
            const std::string colour = arm_class(k == 0 ? 0 : arm);
            const auto bar = [&](std::size_t count, const char* strength) {
                const double length = reach * static_cast<double>(count) / n;
                svg.rect({k == 0 ? middle_x - label - length : middle_x + label, y}, length, row_height - 6,
                         "bar " + std::string(strength) + " " + colour,
                         terms[i] + ": " + std::to_string(count) + " of " + std::to_string(arms[k].n));
            };
            bar(incidence.any, "mild");
            bar(incidence.severe, "severe");
        }
    }
    return svg.str();
}

}  // namespace abscopal::report
