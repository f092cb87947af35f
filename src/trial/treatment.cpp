// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>
#include <cmath>
#include <limits>

#include "trial/dose_plan.hpp"
#include "trial/mortality.hpp"
#include "trial/next_line.hpp"
#include "trial/patient.hpp"
#include "trial/radiology.hpp"
#include "trial/rule_book.hpp"
#include "trial/safety.hpp"

namespace abscopal {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double forever = std::numeric_limits<double>::infinity();
constexpr double look_again = 7.0;  // days until a held dose is looked at again

bool has_treatment_to_stop(const Arm& arm) {
    const auto& rows = arm.regimen.rows;
    return arm.stop_at_progression &&
           std::any_of(rows.begin(), rows.end(), [](const auto& row) { return row.while_on_treatment; });
}

/// Drugs that wait for an event to resolve, or for a time.
struct Hold {
    double since = 0.0, until = 0.0;   ///< day; `until` without an event
    std::optional<std::size_t> event;  ///< index in Safety::events
    std::size_t rule = 0;
};

/// A patient's way through one arm. Time goes from look to look: the days of the record grid, where hazards
/// and rates are added up, and those on which something is decided: visits, and where the trial has rules for
/// them, dosing days. A decision looks before that day's doses are given, so a dose planned for the day that
/// shows progression is not given; what is recorded for a day is what stands after its doses.
class Walk {
  public:
    Walk(const Protocol& protocol, Simulation& simulation, const Grown& patient, std::size_t arm)
        : protocol_(protocol),
          trial_(*protocol.trial),
          simulation_(simulation),
          patient_(patient),
          start_(patient.state.time),
          arm_(arm),
          arm_now_(arm),
          plan_(protocol, patient.weight_kg, patient.area_m2, start_),
          rules_(protocol, patient.candidate.index, arm),
          mortality_(protocol, patient.candidate) {
        course_.candidate = patient.candidate.index;
        course_.arm = arm;
        const std::vector<double> nothing(protocol.record_days.size(), nan);
        course_.recorded.assign(protocol.watched.size(), nothing);
        plan_.add(arm_now().regimen.rows, 0.0, true);
        plan_.add_events(arm_now().events, 0.0);
        n_planned_ = plan_.size();
    }

    Course run() {
        simulation_.start(patient_.state);
        if (!begin()) return finish();
        look_at_rules(0.0, false);
        check_holds(0.0);
        give(0.0, settings_of(protocol_.arm_settings[arm_]));
        for (double next = next_decision(0.0); next <= trial_.follow_up; next = next_decision(next))
            if (!record_until(next) || !decide(next)) return finish();
        record_until(trial_.follow_up, true);
        return finish();
    }

  private:
    const Arm& arm_now() const { return trial_.arms[arm_now_]; }
    double model_time(double day) const { return start_ + day * protocol_.per_day; }
    const std::vector<double>& row() const { return patient_.candidate.parameters; }

    // --- Begin and end ---

    /// Baseline scans; false: a lesion has no size.
    bool begin() {
        diameters_ = diameters_now(trial_, protocol_.clinic, row(), simulation_);
        if (!are_finite()) return lose_sight();
        const auto kinds = lesion_kinds(protocol_, row(), simulation_);
        investigator_.emplace(trial_, kinds, course_.candidate, Reader::investigator);
        investigator_->baseline(diameters_);
        course_.lesions = investigator_->lesions();
        if (trial_.measurement.has_review) {
            review_.emplace(trial_, kinds, course_.candidate, Reader::review);
            review_->baseline(diameters_);
            course_.review_lesions = review_->lesions();
        }
        course_.baseline = headline().baseline_sum();
        appointments_ = appointments(trial_, course_.candidate);
        if (!trial_.toxicities.empty()) safety_.emplace(protocol_, patient_.candidate, simulation_);
        observe(0.0);
        return true;
    }

    const Radiologist& headline() const { return trial_.response.by_review ? *review_ : *investigator_; }

    bool are_finite() const {
        return std::all_of(diameters_.begin(), diameters_.end(), [](double d) { return std::isfinite(d); });
    }

    /// A lesion without a size ends the course as a failure.
    bool lose_sight() {
        const auto lost =
            std::find_if(diameters_.begin(), diameters_.end(), [](double d) { return !std::isfinite(d); });
        course_.outcome.status = Status::rhs_nonfinite;
        course_.outcome.worst =
            trial_.lesions[static_cast<std::size_t>(lost - diameters_.begin())].observable;
        course_.outcome.time = day_;
        return false;
    }

    void die(double day, CauseOfDeath cause) {
        course_.death_day = day;
        course_.cause = cause;
        is_over_ = true;
    }

    Course finish() {
        const bool has_died = !std::isnan(course_.death_day);
        course_.last_day = has_died                ? course_.death_day
                           : !course_.outcome.ok() ? std::max(0.0, course_.outcome.time)
                           : is_over_              ? day_
                                                   : trial_.follow_up;
        forget_after(course_.last_day);
        course_.investigator = judge(trial_, course_, Reader::investigator);
        if (review_) course_.review = judge(trial_, course_, Reader::review);
        const Judgement& judged = trial_.response.by_review ? course_.review : course_.investigator;
        course_.best = (trial_.response.is_confirmed ? judged.confirmed : judged.best).response;
        if (course_.best == Overall::missing) course_.best = Overall::not_evaluable;
        const auto kind =
            trial_.response.censoring == CensoringRules::ema ? EndpointKind::pfs_ema : EndpointKind::pfs;
        if (const Endpoint* pfs = judged.find(kind)) {
            course_.pfs_day = pfs->day;
            course_.progressed = pfs->is_event;
        }
        return std::move(course_);
    }

    /// What was planned or computed for days she did not live to see.
    void forget_after(double day) {
        std::erase_if(course_.doses, [&](const auto& dose) { return dose.day > day; });
        std::erase_if(course_.decisions, [&](const auto& decision) { return decision.day > day; });
        if (course_.new_therapy_day > day) course_.new_therapy_day = nan;
        if (course_.off_treatment_day > day) course_.off_treatment_day = -1.0;
        if (safety_) course_.adverse_events = std::move(safety_->events());
        std::erase_if(course_.adverse_events, [&](const auto& event) { return event.onset > day; });
        for (auto& event : course_.adverse_events)
            if (event.end > day) event.end = nan;
        std::stable_sort(course_.adverse_events.begin(), course_.adverse_events.end(),
                         [](const auto& a, const auto& b) { return a.onset < b.onset; });
        for (std::size_t i = 0; i < protocol_.record_days.size(); ++i)
            if (protocol_.record_days[i] > day)
                for (auto& series : course_.recorded) series[i] = nan;
    }

    // --- Time ---

    bool advance(double day) {
        if (!course_.outcome.ok()) return false;
        Outcome step = simulation_.advance(model_time(day));
        step.time = (step.time - start_) / protocol_.per_day;
        step.step /= protocol_.per_day;
        step.steps += course_.outcome.steps;
        step.rejected += course_.outcome.rejected;
        step.rhs_calls += course_.outcome.rhs_calls;
        step.events += course_.outcome.events;
        step.level = std::max(step.level, course_.outcome.level);
        course_.outcome = std::move(step);
        return course_.outcome.ok();
    }

    /// Adds up hazards and rates since the last look; false: she has died.
    bool observe(double day) {
        day_ = day;
        if (!trial_.death && !safety_) return true;
        if (day > 0.0) diameters_ = diameters_now(trial_, protocol_.clinic, row(), simulation_);
        const std::size_t n_new = investigator_->n_new();
        if (const auto death = mortality_.look({day, diameters_, n_new}, simulation_))
            die(*death, mortality_.cause());
        if (safety_) {
            safety_->look(day, simulation_);
            const double fatal = safety_->fatal_day();
            if (fatal <= day && !(course_.death_day <= fatal)) die(fatal, CauseOfDeath::toxicity);
        }
        return !is_over_;
    }

    /// Goes to `day`, recording the days of the grid on the way: those before it, or it too.
    bool record_until(double day, bool including = false) {
        const auto& days = protocol_.record_days;
        for (; i_record_ < days.size() && (days[i_record_] < day || (including && days[i_record_] <= day));
             ++i_record_) {
            if (!advance(days[i_record_])) return false;
            for (std::size_t i = 0; i < protocol_.watched.size(); ++i)
                course_.recorded[i][i_record_] =
                    simulation_.value(protocol_.watched[i]) * trial_.watched[i].scale;
            if (days[i_record_] > day_ && !observe(days[i_record_])) return false;
        }
        return advance(day) && (day <= day_ || observe(day));
    }

    double next_visit(double day) const {
        return i_visit_ < appointments_.size() ? std::max(appointments_[i_visit_].day, day) : forever;
    }

    /// The next day on which something is decided.
    double next_decision(double day) const {
        double next = std::min(next_visit(day), rules_.next_after(day));
        if (protocol_.clinic.looks_at_doses || !holds_.empty()) next = std::min(next, plan_.next_after(day));
        for (const auto& hold : holds_) {
            const double last = hold.since + trial_.rules[hold.rule].max_hold;
            if (last > day) next = std::min(next, last);
        }
        return next;
    }

    // --- Decisions ---

    bool decide(double day) {
        bool is_visit = false;
        while (i_visit_ < appointments_.size() && appointments_[i_visit_].day <= day) {
            const auto& visit = appointments_[i_visit_];
            if (!visit.is_missed && !scan(i_visit_, visit.planned)) return false;
            is_visit |= !visit.is_missed;
            ++i_visit_;
        }
        if (is_visit) stop_at_progression(day);
        look_at_rules(day, is_visit);
        check_holds(day);
        if (!is_over_) give(day);
        return !is_over_;
    }

    bool scan(std::size_t i_visit, double planned) {
        diameters_ = diameters_now(trial_, protocol_.clinic, row(), simulation_);
        if (!are_finite()) return lose_sight();
        Visit visit;
        visit.day = day_;
        visit.planned = planned;
        visit.investigator = investigator_->visit(i_visit, day_, diameters_);
        if (review_) visit.review = review_->visit(i_visit, day_, diameters_);
        const Read& read = trial_.response.by_review ? visit.review : visit.investigator;
        visit.sum_of_diameters = read.sum;
        visit.response = read.overall;
        course_.visits.push_back(std::move(visit));
        return true;
    }

    /// Treatment until = "progression": by RECIST 1.1, confirmed by iRECIST, or on a later line from its own
    /// nadir.
    bool progresses() {
        const Read& read = course_.visits.back().investigator;
        if (next_line_) return next_line_->progresses(read.sum, read.n_new);
        if (arm_now().stops_when_confirmed) return read.immune == Immune::confirmed;
        return read.overall == Overall::progressive;
    }

    void stop_at_progression(double day) {
        if (!progresses() || is_stopped_ || !has_treatment_to_stop(arm_now())) return;
        is_stopped_ = true;
        if (course_.off_treatment_day < 0.0) course_.off_treatment_day = day;
        course_.decisions.push_back({day, Decision::built_in});
        plan_.stop({}, day, true);
    }

    void look_at_rules(double day, bool is_visit) {
        if (trial_.rules.empty()) return;
        RuleBook::Look look{day, is_visit, &simulation_, &course_, is_off_treatment(), nullptr, {}};
        if (safety_) {
            look.events = &safety_->events();
            look.begun = safety_->begun_by(day);
        }
        for (const auto& firing : rules_.look(look)) {
            course_.decisions.push_back({day, firing.rule});
            for (const auto act : trial_.rules[firing.rule].acts) do_act(day, firing, act);
        }
    }

    bool is_off_treatment() const {
        return course_.off_treatment_day >= 0.0 || (n_planned_ > 0 && plan_.is_empty());
    }

    void do_act(double day, const Firing& firing, Act act) {
        const TreatmentRule& rule = trial_.rules[firing.rule];
        switch (act) {
            case Act::stop:
                note_action(firing, "DRUG WITHDRAWN");
                return stop(rule.drugs, day);
            case Act::hold:
                note_action(firing, "DRUG INTERRUPTED");
                return holds_.push_back({day, day + rule.hold_for,
                                         rule.hold_for > 0.0 ? std::nullopt : firing.event, firing.rule});
            case Act::reduce:
                note_action(firing, "DOSE REDUCED");
                return plan_.reduce(rule.drugs, rule.factor);
            case Act::start:
                start(rule, rule.rows, day);
                return set(firing.rule, day);
            case Act::change_arm:
                return change_arm(firing.rule, day);
            case Act::set:
                return set(firing.rule, day);
            case Act::end:
                is_over_ = true;
        }
    }

    void note_action(const Firing& firing, const char* action) {
        if (firing.event) safety_->events()[*firing.event].action = action;
    }

    void stop(const std::vector<std::string>& drugs, double day) {
        if (plan_.is_empty()) return;
        plan_.stop(drugs, day);
        if (plan_.is_empty() && course_.off_treatment_day < 0.0) course_.off_treatment_day = day;
    }

    /// New doses. They are treatment again, unless they are another line of it.
    void start(const TreatmentRule& rule, const std::vector<DoseRow>& rows, double day) {
        const double from = day + rule.delay;
        plan_.add(rows, from, false);
        if (rule.is_new_therapy && std::isnan(course_.new_therapy_day)) course_.new_therapy_day = from;
    }

    void change_arm(std::size_t i_rule, double day) {
        const TreatmentRule& rule = trial_.rules[i_rule];
        const std::size_t to = protocol_.clinic.rules[i_rule].arm.value();
        stop({}, day);
        if (course_.off_treatment_day < 0.0) course_.off_treatment_day = day;
        start(rule, trial_.arms[to].regimen.rows, day);
        plan_.add_events(trial_.arms[to].events, day + rule.delay);
        for (auto action : settings_of(protocol_.arm_settings[to])) {
            action.time = model_time(day + rule.delay);
            to_come_.push_back(action);
        }
        const Read& read = course_.visits.empty() ? Read{} : course_.visits.back().investigator;
        arm_now_ = to;
        is_stopped_ = false;
        next_line_.emplace(course_.visits.empty() ? course_.baseline : read.sum, read.n_new);
    }

    /// Parameters from a day on, or for a time and then back to what they are now.
    void set(std::size_t i_rule, double day) {
        const TreatmentRule& rule = trial_.rules[i_rule];
        for (const auto& setting : protocol_.clinic.rules[i_rule].settings) {
            const double times = setting.times ? simulation_.value(*setting.times) : 1.0;
            const double from = model_time(day + rule.delay);
            const auto running = std::find_if(to_come_.begin(), to_come_.end(), [&](const Action& action) {
                return action.target == setting.target && action.time > from;
            });
            // What is set already goes on for longer, and back to what it was.
            const double before = running != to_come_.end() ? running->value
                                  : setting.now             ? simulation_.value(*setting.now)
                                                            : 0.0;
            if (running != to_come_.end()) to_come_.erase(running);
            to_come_.push_back({from, ActionKind::replace, setting.target, setting.value * times, 0.0});
            if (rule.set_for > 0.0)
                to_come_.push_back({model_time(day + rule.delay + rule.set_for), ActionKind::replace,
                                    setting.target, before, 0.0});
        }
    }

    bool is_resolved(const Hold& hold, double day) const {
        return hold.event ? safety_->is_over(*hold.event, day) : day >= hold.until;
    }

    /// Ends holds that are resolved, stops what has waited too long, and moves or drops doses that are due.
    void check_holds(double day) {
        std::erase_if(holds_, [&](const Hold& hold) { return is_resolved(hold, day); });
        for (const auto& hold : holds_) {
            const TreatmentRule& rule = trial_.rules[hold.rule];
            if (day - hold.since >= rule.max_hold) stop(rule.drugs, day);
            for (std::size_t i = plan_.due(rule.drugs, day, 0); i < plan_.size();
                 i = plan_.due(rule.drugs, day, 0))
                rule.is_skipped ? plan_.skip(i) : plan_.delay(i, look_again);
        }
        std::erase_if(holds_,
                      [&](const Hold& hold) { return day - hold.since >= trial_.rules[hold.rule].max_hold; });
    }

    // --- Doses ---

    std::vector<Action> settings_of(const std::vector<ArmSetting>& settings) const {
        std::vector<Action> actions;
        for (const auto& setting : settings) {
            const double times = setting.times ? simulation_.value(*setting.times) : 1.0;
            actions.push_back({start_, ActionKind::replace, setting.target, setting.value * times, 0.0});
        }
        return actions;
    }

    /// Hands the solver all actions from `day` to the next decision: not those of that day, which depend on
    /// it.
    void give(double day, std::vector<Action> first = {}) {
        const double next = next_decision(day);
        const std::size_t n_given = course_.doses.size();
        const double from = model_time(day), to = model_time(next);
        std::stable_sort(to_come_.begin(), to_come_.end(),
                         [](const Action& a, const Action& b) { return a.time < b.time; });
        for (const auto& action : to_come_)
            if (action.time >= from && action.time < to) first.push_back(action);
        std::erase_if(to_come_, [&](const Action& action) { return action.time < to; });
        const auto doses = plan_.give(day, next, course_.doses);
        first.insert(first.end(), doses.begin(), doses.end());
        std::stable_sort(first.begin(), first.end(),
                         [](const Action& a, const Action& b) { return a.time < b.time; });
        if (safety_)
            for (std::size_t i = n_given; i < course_.doses.size(); ++i)
                safety_->dose(course_.doses[i].drug, course_.doses[i].day);
        simulation_.start(simulation_.state(), std::move(first));
    }

    const Protocol& protocol_;
    const Trial& trial_;
    Simulation& simulation_;
    const Grown& patient_;
    double start_;               // model time of day 0
    std::size_t arm_, arm_now_;  // assigned; whose treatment she has
    DosePlan plan_;
    RuleBook rules_;
    Mortality mortality_;
    std::optional<Radiologist> investigator_, review_;
    std::optional<Safety> safety_;
    std::optional<NextLine> next_line_;
    std::vector<Appointment> appointments_;
    std::vector<double> diameters_;
    std::vector<Action> to_come_;  // settings of rules
    std::vector<Hold> holds_;
    Course course_;
    double day_ = 0.0;
    bool is_over_ = false, is_stopped_ = false;
    std::size_t i_record_ = 0, i_visit_ = 0, n_planned_ = 0;
};

}  // namespace

Course treat(const Protocol& protocol, Simulation& simulation, const Grown& patient, std::size_t arm) {
    return Walk(protocol, simulation, patient, arm).run();
}

}  // namespace abscopal
