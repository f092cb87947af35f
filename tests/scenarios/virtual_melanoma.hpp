// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <cmath>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "abscopal/result.hpp"
#include "small_trial.hpp"
#include "support.hpp"

/// Trials on models/immunotherapy and what their facts are counted with. All arms of a trial treat the same
/// patients with the same draws, so a difference between two arms is an effect.
namespace abscopal::test {

inline constexpr double month = 30.4375;  // days

/// A trial file in pieces.
struct TrialText {
    std::string cancer = "melanoma";
    std::size_t patients = 80;
    std::string every = "6 weeks", follow_up = "48 months", record_every = "6 weeks";
    std::string cohort;  ///< of tables [[cohort.parameter]]
    std::vector<std::string> watched;
    std::string arms, rules;

    TrialText& arm(const std::string& name, const std::string& treatments, const std::string& keys = "") {
        arms += "[[arm]]\nname = \"" + name + "\"\n" + keys + treatments + "\n";
        return *this;
    }
    std::string text() const {
        const std::string models = (source_dir() / "models/immunotherapy").string();
        std::string all = "model = \"" + models + "/immunotherapy.ant\"\ninclude = [\"" + models +
                          "/drugs.toml\", \"" + models + "/endpoints.toml\", \"" + models + "/populations/" +
                          cancer +
                          ".toml\"]\nseed = 5\n[numerics]\nrelative_tolerance = 1e-4\n[cohort]\npatients = " +
                          std::to_string(patients) + "\nmax_draws = " + std::to_string(20 * patients) + "\n" +
                          cohort + "[visits]\nevery = \"" + every + "\"\nfollow_up = \"" + follow_up +
                          "\"\nrecord_every = \"" + record_every + "\"\n";
        for (const auto& id : watched) all += "[[watch]]\nobservable = \"" + id + "\"\n";
        return all + arms + rules;
    }
};

/// A treatment; `rest` holds further keys, one a line.
inline std::string give(const std::string& drug, const std::string& dose, const std::string& rest) {
    return "[[arm.treatment]]\ndrug = \"" + drug + "\"\n" +
           (dose.empty() ? "" : "dose = \"" + dose + "\"\n") + rest;
}
inline const std::string until_progression = "until = \"progression\"\n";
inline const std::string nivolumab =
    give("nivolumab", "3 mg/kg", "every = \"2 weeks\"\n" + until_progression);
inline const std::string ipilimumab = give("ipilimumab", "3 mg/kg", "every = \"3 weeks\"\ndoses = 4\n");

inline Result run_of(const TrialText& trial, const std::string& name) {
    const ScratchFolder folder(name);
    write_file(folder / "trial.toml", trial.text());
    RunOptions options;
    options.code_cache = (std::filesystem::temp_directory_path() / "abscopal-code-of-tests").string();
    run(read_trial(folder / "trial.toml"), folder / "out", options);
    return load_result(folder / "out");
}

/// The patients of one arm, in the same order in every arm.
inline std::vector<const Course*> courses_of(const Result& result, const std::string& arm) {
    std::vector<const Course*> found;
    for (const Course& course : result.courses)
        if (result.trial.arms[course.arm].name == arm) found.push_back(&course);
    if (found.empty()) throw std::runtime_error("no arm " + arm);
    return found;
}

using Judge = std::function<bool(const Course&)>;

/// Share of the patients of an arm for whom `is` holds, among those for whom `among` does.
inline double share(const Result& result, const std::string& arm, const Judge& is, const Judge& among = {}) {
    double n = 0.0, yes = 0.0;
    for (const Course* course : courses_of(result, arm))
        if (!among || among(*course)) n += 1.0, yes += is(*course);
    return yes / n;
}

inline bool responds(const Course& course) {
    return is_response(course.best);
}
inline bool is_complete(const Course& course) {
    return course.best == Overall::complete;
}
inline Judge alive_at(double months) {
    return [=](const Course& course) { return !(course.death_day <= months * month); };
}
/// Alive and not progressed.
inline Judge free_at(double months) {
    return [=](const Course& course) { return !course.progressed || course.pfs_day > months * month; };
}

inline double response_rate(const Result& result, const std::string& arm) {
    return share(result, arm, responds);
}

/// Day of first response; NaN: none.
inline double response_day(const Course& course) {
    return responds(course) ? course.investigator.best.response_day : std::nan("");
}

/// Index of a watched observable.
inline std::size_t watched(const Result& result, const std::string& id) {
    for (std::size_t i = 0; i < result.trial.watched.size(); ++i)
        if (result.trial.watched[i].id == id) return i;
    throw std::runtime_error("not watched: " + id);
}

/// Events of a term for each patient, begun from `from` to before `until` (days).
inline double events_each(const Result& result, const std::string& arm, const std::string& term, double from,
                          double until) {
    const auto courses = courses_of(result, arm);
    double n = 0.0;
    for (const Course* course : courses)
        for (const AdverseEvent& event : course->adverse_events)
            n += result.trial.toxicities[event.toxicity].term == term && event.onset >= from &&
                 event.onset < until;
    return n / static_cast<double>(courses.size());
}

inline Judge has_grade(int grade) {
    return [=](const Course& course) {
        for (const AdverseEvent& event : course.adverse_events)
            if (event.grade >= grade) return true;
        return false;
    };
}

}  // namespace abscopal::test
