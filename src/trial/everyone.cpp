// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "trial/everyone.hpp"

#include <algorithm>
#include <iterator>

#include "trial/store_reader.hpp"

namespace abscopal {
namespace {

constexpr std::size_t most_failures = 1000;

/// Entries of the patients of a store, who come in order.
class Entries {
  public:
    Entries(const Trial& trial, std::size_t n_treated)
        : trial_(trial), days_(entry_days(trial, std::max(trial.n_patients, n_treated))) {}

    template <class Take>
    void each(const StoredPatient& patient, const Take& take) {
        if (patient.candidate.fate != Fate::treated) return;
        const double entry = days_[rank_++], dropout = dropout_day(trial_, patient.candidate.index);
        for (const auto& course : patient.courses) take(Entered{&course, &patient.candidate, entry, dropout});
    }

  private:
    const Trial& trial_;
    std::vector<double> days_;
    std::size_t rank_ = 0;
};

/// Calendar days of all events of the primary endpoint.
std::vector<double> all_event_days(Store& store) {
    const Trial& trial = store.head().trial;
    Entries entries(trial, store.tally().treated);
    std::vector<double> days;
    store.each([&](const StoredPatient& patient) {
        entries.each(patient, [&](const Entered& entered) {
            const double day = event_day(trial, entered);
            if (day < std::numeric_limits<double>::infinity()) days.push_back(day);
        });
    });
    return days;
}

double cut_off_of(const Design& design, std::vector<double> event_days) {
    const std::size_t n = design.cut_off_events;
    if (n == 0 || event_days.size() < n) return design.cut_off;
    std::nth_element(event_days.begin(), event_days.begin() + static_cast<std::ptrdiff_t>(n - 1),
                     event_days.end());
    return std::min(design.cut_off, event_days[n - 1]);
}

FollowUp read_on_day(const std::string& folder, double day) {
    Store store = Store::open(folder);
    const Trial& trial = store.head().trial;
    Entries entries(trial, store.tally().treated);
    Follower follower(trial, store.head().parameters, day);
    store.each([&](const StoredPatient& patient) {
        entries.each(patient, [&](const Entered& entered) { follower.add_in_brief(entered); });
    });
    return follower.end();
}

void note_failures(Everyone& everyone, const Trial& trial, const StoredPatient& patient) {
    Result one;
    one.trial.arms = trial.arms;
    one.candidates = {patient.candidate};
    one.courses = patient.courses;
    for (auto& failure : failures_of(one, "DIR")) {
        ++everyone.n_failures;
        if (everyone.failures.size() < most_failures) everyone.failures.push_back(std::move(failure));
    }
}

bool has_failed(const StoredPatient& patient) {
    return patient.candidate.fate == Fate::failed ||
           std::ranges::any_of(patient.courses, [](const auto& course) { return !course.outcome.ok(); });
}

}  // namespace

void Fates::add(const Candidate& candidate, std::span<const Course> courses) {
    ++n_drawn;
    ++n[candidate.fate];
    if (candidate.fate != Fate::treated) ++reasons[candidate.fate][candidate.reason];
    n_failed += candidate.fate == Fate::failed ||
                std::ranges::any_of(courses, [](const auto& course) { return !course.outcome.ok(); });
}

Fates fates_of(const Result& result) {
    if (result.everyone) return result.everyone->fates;
    Fates fates;
    std::span<const Course> courses = result.courses;
    for (const auto& candidate : result.candidates) {
        std::size_t n = 0;
        while (n < courses.size() && courses[n].candidate == candidate.index) ++n;
        fates.add(candidate, courses.first(n));
        courses = courses.subspan(n);
    }
    return fates;
}

void read_in_brief(const std::string& folder, Store& store, std::size_t in_full, Result& result) {
    const Trial& trial = store.head().trial;
    auto everyone = std::make_shared<Everyone>();
    const bool waits = trial.design.cut_off_events > 0 || !trial.design.looks.empty();
    if (waits) everyone->event_days = all_event_days(store);
    Entries entries(trial, store.tally().treated);
    Follower follower(trial, store.head().parameters, cut_off_of(trial.design, everyone->event_days));
    std::size_t n_treated = 0;
    result.result_digest = store.each([&](StoredPatient& patient) {
        everyone->fates.add(patient.candidate, patient.courses);
        if (has_failed(patient)) note_failures(*everyone, trial, patient);
        entries.each(patient, [&](const Entered& entered) { follower.add_in_brief(entered); });
        n_treated += patient.candidate.fate == Fate::treated;
        if (n_treated > in_full) return;
        result.candidates.push_back(std::move(patient.candidate));
        std::ranges::move(patient.courses, std::back_inserter(result.courses));
    });
    everyone->at_cut_off = follower.end();
    everyone->on_day = [folder](double day) { return read_on_day(folder, day); };
    result.everyone = std::move(everyone);
}

}  // namespace abscopal
