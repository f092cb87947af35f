// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>
#include <cmath>
#include <limits>

#include "trial/patient.hpp"
#include "trial/recist.hpp"

namespace abscopal {
namespace {

/// The arm without what is given only while on treatment, from `day` on.
Arm arm_stopped(const Arm& arm, double day, double follow_up) {
    Arm stopped = arm;
    stopped.regimen = arm.regimen.expanded(follow_up);
    std::erase_if(stopped.regimen.rows,
                  [&](const auto& dose) { return dose.while_on_treatment && dose.time >= day; });
    return stopped;
}

bool has_treatment_to_stop(const Arm& arm) {
    const auto& rows = arm.regimen.rows;
    return arm.stop_at_progression &&
           std::any_of(rows.begin(), rows.end(), [](const auto& row) { return row.while_on_treatment; });
}

/// A patient's way through one arm. A visit looks before that day's doses are given, so a dose planned for
/// the day that shows progression is not given; what is recorded for a day is what stands after its doses.
class Walk {
  public:
    Walk(const Protocol& protocol, Simulation& simulation, const Grown& patient, std::size_t arm)
        : protocol_(protocol),
          trial_(*protocol.trial),
          arm_(trial_.arms[arm]),
          simulation_(simulation),
          patient_(patient),
          start_(patient.state.time) {
        course_.candidate = patient.candidate.index;
        course_.arm = arm;
        const std::vector<double> nothing(protocol.record_days.size(),
                                          std::numeric_limits<double>::quiet_NaN());
        course_.recorded.assign(protocol.watched.size(), nothing);
        actions_ = actions_for(trial_, arm_, *protocol.model, patient.weight_kg, patient.area_m2, start_);
    }

    Course run() {
        simulation_.start(patient_.state);
        course_.baseline = nadir_ = look();
        if (!std::isfinite(course_.baseline)) {
            lose_sight();
            return finish();
        }
        give_from(0.0, settings());
        for (const double day : trial_.visits)
            if (!reach(day) || !visit(day)) return finish();
        record_until(trial_.follow_up, true);
        return finish();
    }

  private:
    double model_time(double day) const { return start_ + day * protocol_.per_day; }

    /// Sum of diameters as a radiologist would read it now, mm.
    double look() const {
        return seen_diameter(simulation_.value(protocol_.lesions[0]) * trial_.lesions[0].scale, trial_.response);
    }

    std::vector<Action> settings() const {
        std::vector<Action> actions;
        for (const auto& setting : protocol_.arm_settings[course_.arm]) {
            const double times = setting.times ? simulation_.value(*setting.times) : 1.0;
            actions.push_back({start_, ActionKind::replace, setting.target, setting.value * times, 0.0});
        }
        return actions;
    }

    /// Hands the solver all actions from `day` to the next visit: not those of that visit's day, which depend
    /// on it.
    void give_from(double day, std::vector<Action> first = {}) {
        const auto next = std::upper_bound(trial_.visits.begin(), trial_.visits.end(), day);
        const double from = model_time(day);
        const double to =
            next == trial_.visits.end() ? std::numeric_limits<double>::infinity() : model_time(*next);
        for (const auto& action : actions_)
            if (action.time >= from && action.time < to) first.push_back(action);
        simulation_.start(simulation_.state(), std::move(first));
    }

    bool advance(double day) {
        if (!course_.outcome.ok()) return false;
        Outcome step = simulation_.advance(model_time(day));
        step.time = (step.time - start_) / protocol_.per_day;
        step.steps += course_.outcome.steps;
        step.rejected += course_.outcome.rejected;
        step.rhs_calls += course_.outcome.rhs_calls;
        step.events += course_.outcome.events;
        course_.outcome = std::move(step);
        return course_.outcome.ok();
    }

    /// Records the days of the grid before `day`, or up to it.
    bool record_until(double day, bool including) {
        const auto& days = protocol_.record_days;
        for (; i_record_ < days.size() && (days[i_record_] < day || (including && days[i_record_] <= day));
             ++i_record_) {
            if (!advance(days[i_record_])) return false;
            for (std::size_t i = 0; i < protocol_.watched.size(); ++i)
                course_.recorded[i][i_record_] =
                    simulation_.value(protocol_.watched[i]) * trial_.watched[i].scale;
        }
        return !including || advance(day);
    }

    bool reach(double day) { return record_until(day, false) && advance(day); }

    bool visit(double day) {
        const double sum = look();
        if (!std::isfinite(sum)) return lose_sight();
        const LesionRead lesion{sum};
        const Response response = target_response({&lesion, 1}, course_.baseline, nadir_);
        course_.visits.push_back({day, sum, response, day, {}, {}});
        nadir_ = std::min(nadir_, sum);
        if (response == Response::progressive && course_.off_treatment_day < 0.0 &&
            has_treatment_to_stop(arm_))
            stop_treatment(day);
        give_from(day);
        return true;
    }

    /// A lesion without a size ends the course as a failure.
    bool lose_sight() {
        course_.outcome.status = Status::rhs_nonfinite;
        course_.outcome.worst = trial_.lesions[0].observable;
        return false;
    }

    void stop_treatment(double day) {
        course_.off_treatment_day = day;
        const Arm stopped = arm_stopped(arm_, day, trial_.follow_up);
        actions_ =
            actions_for(trial_, stopped, *protocol_.model, patient_.weight_kg, patient_.area_m2, start_);
    }

    Course finish() {
        course_.best = best_response(course_.visits, trial_.response.stable_from);
        const auto end = progression_free(course_.visits);
        course_.pfs_day = end.day;
        course_.progressed = end.is_event;
        return std::move(course_);
    }

    const Protocol& protocol_;
    const Trial& trial_;
    const Arm& arm_;
    Simulation& simulation_;
    const Grown& patient_;
    double start_;  // model time of day 0
    std::vector<Action> actions_;
    Course course_;
    double nadir_ = 0.0;
    std::size_t i_record_ = 0;
};

}  // namespace

Course treat(const Protocol& protocol, Simulation& simulation, const Grown& patient, std::size_t arm) {
    return Walk(protocol, simulation, patient, arm).run();
}

}  // namespace abscopal
