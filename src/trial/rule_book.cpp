// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "trial/rule_book.hpp"

#include <algorithm>
#include <cmath>

#include "base/random.hpp"

namespace abscopal {
namespace {

constexpr double forever = std::numeric_limits<double>::infinity();

bool is_of_visits(When when) {
    return when != When::adverse_event && when != When::time && when != When::observable &&
           when != When::off_treatment;
}

std::vector<TimePoint> points(const Course& course, bool by_review) {
    std::vector<TimePoint> all;
    for (const auto& visit : course.visits) {
        const Read& read = by_review ? visit.review : visit.investigator;
        all.push_back({visit.day, read.overall, read.target, read.sum, read.nadir});
    }
    return all;
}

double baseline_of(const Course& course, bool by_review) {
    double sum = 0.0;
    for (const auto& lesion : by_review ? course.review_lesions : course.lesions)
        if (lesion.role == LesionRole::target) sum += lesion.diameter;
    return sum;
}

/// Growth since the visit that first showed progression.
bool has_grown_further(const Course& course, bool by_review, double change) {
    const Read* first = nullptr;
    for (const auto& visit : course.visits) {
        const Read& read = by_review ? visit.review : visit.investigator;
        if (!first && read.overall == Overall::progressive) {
            first = &read;
        } else if (first &&
                   (read.sum >= (1.0 + change) * first->sum * (1.0 - 1e-9) && read.sum > first->sum)) {
            return true;
        } else if (first && read.n_new > first->n_new) {
            return true;
        }
    }
    return false;
}

bool has_never_shrunk(const Course& course, bool by_review, double change) {
    const double wanted = (1.0 - change) * baseline_of(course, by_review);
    return std::none_of(course.visits.begin(), course.visits.end(), [&](const Visit& visit) {
        const Read& read = by_review ? visit.review : visit.investigator;
        const bool shrank = change > 0.0 ? read.sum <= wanted * (1.0 + 1e-9) : read.sum < wanted;
        return read.target != Overall::not_evaluable && shrank;
    });
}

bool is_confirmed_response(const Course& course, const ResponseCriteria& response, bool by_review) {
    BestRules rules;
    rules.is_confirmed = true;
    rules.stable_from = response.stable_from;
    rules.confirm_after = response.confirm_after;
    rules.max_not_evaluable = response.max_not_evaluable;
    rules.accept_stable = response.accept_stable;
    return is_response(best_overall(points(course, by_review), rules).response);
}

}  // namespace

RuleBook::RuleBook(const Protocol& protocol, std::size_t candidate, std::size_t arm)
    : protocol_(protocol),
      rules_(protocol.trial->rules),
      candidate_(candidate),
      arm_(arm),
      states_(protocol.trial->rules.size()) {}

bool RuleBook::holds(std::size_t i, const Look& now) const {
    const TreatmentRule& rule = rules_[i];
    const Course& course = *now.course;
    const Read* read = nullptr;
    if (is_of_visits(rule.when)) {
        if (course.visits.empty()) return false;
        read = rule.by_review ? &course.visits.back().review : &course.visits.back().investigator;
    }
    switch (rule.when) {
        case When::progression:
            return read->overall == Overall::progressive;
        case When::confirmed_progression:
            return read->immune == Immune::confirmed;
        case When::further_progression:
            return has_grown_further(course, rule.by_review, rule.change);
        case When::response:
            return is_response(read->overall);
        case When::confirmed_response:
            return is_confirmed_response(course, protocol_.trial->response, rule.by_review);
        case When::complete_response:
            return read->overall == Overall::complete;
        case When::no_shrinkage:
            return has_never_shrunk(course, rule.by_review, rule.change);
        case When::time:
            return true;
        case When::off_treatment:
            return now.is_off_treatment;
        case When::observable: {
            const double value = now.simulation->value(*protocol_.clinic.rules[i].observable);
            return value > rule.above || value < rule.below;
        }
        case When::adverse_event:
            break;
    }
    return false;
}

bool RuleBook::is_in_force(std::size_t i, const Look& now) const {
    const TreatmentRule& rule = rules_[i];
    if (!protocol_.clinic.rules[i].holds_in[arm_]) return false;
    return now.day >= rule.from && now.day <= rule.until && (now.is_visit || !is_of_visits(rule.when));
}

bool RuleBook::may_fire(std::size_t i) const {
    return rules_[i].times == 0 || states_[i].n_fired < rules_[i].times;
}

/// Whether the patient is one in whom it is followed; asked anew each time.
bool RuleBook::follows(std::size_t i) {
    const auto n = static_cast<std::uint32_t>(states_[i].n_asked++);
    ++states_[i].n_fired;
    return rules_[i].probability >= 1.0 || uniform(protocol_.trial->seed, Purpose::rule, candidate_,
                                                   static_cast<std::uint32_t>(i), n) < rules_[i].probability;
}

void RuleBook::look_at_events(std::size_t i, const Look& now, std::vector<Firing>& firings) {
    const TreatmentRule& rule = rules_[i];
    for (const auto index : now.begun) {
        const auto& event = (*now.events)[index];
        const bool is_grade = rule.grades.empty() || std::find(rule.grades.begin(), rule.grades.end(),
                                                               event.grade) != rule.grades.end();
        if (is_grade && protocol_.clinic.rules[i].concerns[event.toxicity] && may_fire(i) && follows(i))
            firings.push_back({i, index});
    }
}

std::vector<Firing> RuleBook::look(const Look& now) {
    std::vector<Firing> firings;
    for (std::size_t i = 0; i < rules_.size(); ++i) {
        if (!is_in_force(i, now)) continue;
        if (rules_[i].when == When::adverse_event) {
            look_at_events(i, now, firings);
            continue;
        }
        auto& state = states_[i];
        if (!may_fire(i)) continue;
        if (!holds(i, now)) {
            state.holds_since = -1.0;
            continue;
        }
        if (state.holds_since < 0.0) state.holds_since = now.day;
        if (now.day - state.holds_since >= rules_[i].lasting && follows(i)) firings.push_back({i, {}});
    }
    return firings;
}

double RuleBook::next_after(double day) const {
    double next = forever;
    for (const auto& rule : rules_)
        if (rule.when == When::time && rule.from > day) next = std::min(next, rule.from);
    return next;
}

}  // namespace abscopal
