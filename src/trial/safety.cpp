// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "trial/safety.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/random.hpp"
#include "trial/normal_score.hpp"

namespace abscopal {
namespace {

constexpr double forever = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double afterwards = 90.0;  // days after the last dose in which its events may begin
constexpr std::uint32_t events_of_a_kind = 4096;

enum Draw : std::uint32_t { limit, grade, duration, unresolved, recurs, onset, severity };

/// Grade whose shares, added up from grade 1 on, first exceed `u`; 0: none does.
int grade_at(const std::vector<double>& shares, double u) {
    double sum = 0.0;
    for (std::size_t i = 0; i < shares.size(); ++i)
        if (u < (sum += shares[i])) return static_cast<int>(i) + 1;
    return 0;
}

}  // namespace

Safety::Safety(const Protocol& protocol, const Candidate& patient, const Simulation& at_baseline)
    : protocol_(protocol), kinds_(protocol.trial->toxicities), candidate_(patient.index) {
    courses_.resize(kinds_.size());
    for (std::size_t i = 0; i < kinds_.size(); ++i) {
        auto& course = courses_[i];
        course.frailty = protocol.clinic.toxicities[i].frailty.of(patient.parameters, at_baseline);
        course.limit = limit(i, 0);
        course.rate = rate_now(i, at_baseline);
        course.integral = integral_now(i, at_baseline);
        if (!kinds_[i].measure.empty()) measure(i, 0.0, at_baseline);
    }
}

double Safety::draw(std::size_t kind, std::uint32_t event, std::uint32_t what) const {
    const auto step = static_cast<std::uint32_t>(kind) * events_of_a_kind + event % events_of_a_kind;
    return uniform(protocol_.trial->seed, Purpose::adverse_event, candidate_, step, what);
}

double Safety::varied(std::size_t kind, std::uint32_t event, std::uint32_t what, double median,
                      double spread) const {
    return spread > 0.0 ? median * std::exp(spread * normal_score(draw(kind, event, what))) : median;
}

double Safety::rate_now(std::size_t kind, const Simulation& simulation) const {
    const auto& observable = protocol_.clinic.toxicities[kind].intensity;
    if (!observable) return 0.0;
    return std::max(0.0,
                    simulation.value(*observable) * kinds_[kind].intensity_scale * courses_[kind].frailty);
}

/// Events to be expected by now, where the model says so.
double Safety::integral_now(std::size_t kind, const Simulation& simulation) const {
    const auto& observable = protocol_.clinic.toxicities[kind].cumulative;
    if (!observable) return 0.0;
    const double value = simulation.value(*observable);
    return kinds_[kind].is_probability ? -std::log1p(-std::min(value, 1.0 - 1e-15)) : value;
}

/// Exponential variate that the sum of rates must reach. Outcomes share that of the first of them.
double Safety::limit(std::size_t kind, std::uint32_t event) const {
    const auto first =
        std::find_if(kinds_.begin(), kinds_.end(), [](const Toxicity& t) { return t.is_outcome; });
    const auto own = kinds_[kind].is_outcome ? static_cast<std::size_t>(first - kinds_.begin()) : kind;
    return -std::log(draw(own, event, Draw::limit));
}

void Safety::begin(std::size_t kind, double day, int grade) {
    const Toxicity& t = kinds_[kind];
    auto& course = courses_[kind];
    AdverseEvent event{kind, grade, day, nan, "DOSE NOT CHANGED"};
    const bool stays = t.duration <= 0.0 || draw(kind, course.n, Draw::unresolved) < t.unresolved;
    const double length = varied(kind, course.n, Draw::duration, t.duration, t.duration_spread);
    if (t.measure.empty() && !stays) event.end = day + length;
    if (grade >= 5) {
        fatal_day_ = std::min(fatal_day_, day + length);
        event.end = nan;
    }
    const bool may_recur = draw(kind, course.n, Draw::recurs) < t.recurrence;
    course.at_risk_from = may_recur && !std::isnan(event.end) ? event.end : forever;
    ++course.n;
    course.sum = 0.0;
    course.limit = limit(kind, course.n);
    events_.push_back(std::move(event));
    told_.push_back(0);
}

int Safety::grade_of_rate(std::size_t kind, const Simulation& simulation) const {
    const Toxicity& t = kinds_[kind];
    const std::uint32_t n = courses_[kind].n;
    const auto& observable = protocol_.clinic.toxicities[kind].severity;
    if (!observable) return std::max(1, grade_at(t.grades, draw(kind, n, Draw::grade)));
    const double level = varied(kind, n, Draw::severity, simulation.value(*observable), t.severity_spread);
    return 1 + static_cast<int>(
                   std::count_if(t.cuts.begin(), t.cuts.end(), [&](double cut) { return level >= cut; }));
}

/// Adds up the rate since the last look, straight between the two, and lets events begin on the way.
void Safety::accrue(std::size_t kind, double day, const Simulation& simulation) {
    auto& course = courses_[kind];
    double after = rate_now(kind, simulation), before = course.rate;
    const double span = day - course.day;
    if (protocol_.clinic.toxicities[kind].cumulative) {
        const double now = integral_now(kind, simulation);
        before = after = span > 0.0 ? std::max(0.0, now - course.integral) * course.frailty / span : 0.0;
        course.integral = now;
    }
    double from = std::max(course.day, course.at_risk_from);
    while (from < day) {
        const auto rate_at = [&](double t) { return before + (after - before) * (t - course.day) / span; };
        const double start = rate_at(from), amount = 0.5 * (start + after) * (day - from);
        if (course.sum + amount < course.limit || !(amount > 0.0)) {
            course.sum += amount;
            break;
        }
        const double wanted = course.limit - course.sum, slope = (after - before) / span;
        const double root = std::sqrt(std::max(0.0, start * start + 2.0 * slope * wanted));
        const double onset_day = std::min(day, from + 2.0 * wanted / (start + root));
        begin(kind, onset_day, grade_of_rate(kind, simulation));
        from = course.at_risk_from;
    }
    course.day = day;
    course.rate = after;
}

void Safety::measure(std::size_t kind, double day, const Simulation& simulation) {
    const Toxicity& t = kinds_[kind];
    auto& course = courses_[kind];
    const double value = simulation.value(protocol_.clinic.toxicities[kind].measure.value());
    const int now = static_cast<int>(std::count_if(
        t.cuts.begin(), t.cuts.end(), [&](double cut) { return t.is_low ? value <= cut : value >= cut; }));
    if (!course.open && now > 0) {
        begin(kind, day, now);
        course.open = events_.size() - 1;
        return;
    }
    if (!course.open) return;
    auto& event = events_[*course.open];
    // A worse grade is news to the rules.
    if (now > event.grade) event.grade = now, told_[*course.open] = 0;
    if (event.grade >= 5) fatal_day_ = std::min(fatal_day_, day);
    if (now <= 1 && std::isnan(event.end) && event.grade > 1) event.end = day;
    if (now > 1) event.end = nan;
    if (now == 0) {
        if (std::isnan(event.end)) event.end = day;
        course.open.reset();
    }
}

/// Lets events that were decided at a dose begin when their day has come.
void Safety::wait(std::size_t kind, double day) {
    const Toxicity& t = kinds_[kind];
    auto& course = courses_[kind];
    for (std::size_t i = 0; i < course.due.size();) {
        const auto [when, due_grade] = course.due[i];
        if (when > day) {
            ++i;
            continue;
        }
        course.due.erase(course.due.begin() + static_cast<std::ptrdiff_t>(i));
        if (when > course.last_dose + afterwards) continue;
        begin(kind, when, due_grade);
        if (t.is_per_dose || !(course.at_risk_from < forever)) continue;
        const double total = std::accumulate(t.by_grade.begin(), t.by_grade.end(), 0.0);
        course.due.emplace_back(
            course.at_risk_from + varied(kind, course.n, Draw::onset, t.onset, t.onset_spread),
            std::max(1, grade_at(t.by_grade, total * draw(kind, course.n, Draw::grade))));
    }
}

void Safety::dose(const std::string& drug, double day) {
    for (std::size_t i = 0; i < kinds_.size(); ++i) {
        const Toxicity& t = kinds_[i];
        if (t.by_grade.empty() || t.drug != drug) continue;
        auto& course = courses_[i];
        course.last_dose = day;
        const std::uint32_t n = course.n_doses++;
        if (!t.is_per_dose && n > 0) continue;
        std::vector<double> shares = t.by_grade;
        const double factor = course.frailty * (t.is_per_dose ? std::pow(t.fade, n) : 1.0);
        for (auto& share : shares) share *= factor;
        // Doses have draws of their own, behind those of events.
        const std::uint32_t key = t.is_per_dose ? events_of_a_kind / 2 + n : 0;
        const int grade = grade_at(shares, draw(i, key, Draw::grade));
        if (grade > 0)
            course.due.emplace_back(day + varied(i, key, Draw::onset, t.onset, t.onset_spread), grade);
    }
}

void Safety::look(double day, const Simulation& simulation) {
    for (std::size_t i = 0; i < kinds_.size(); ++i) {
        if (!kinds_[i].by_grade.empty())
            wait(i, day);
        else if (!kinds_[i].measure.empty())
            measure(i, day, simulation);
        else
            accrue(i, day, simulation);
    }
}

std::vector<std::size_t> Safety::begun_by(double day) {
    std::vector<std::size_t> begun;
    for (std::size_t i = 0; i < events_.size(); ++i) {
        if (told_[i] || events_[i].onset > day) continue;
        told_[i] = 1;
        begun.push_back(i);
    }
    return begun;
}

bool Safety::is_over(std::size_t event, double day) const {
    return !std::isnan(events_[event].end) && events_[event].end <= day;
}

}  // namespace abscopal
