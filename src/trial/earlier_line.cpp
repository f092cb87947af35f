// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "trial/dose_amount.hpp"
#include "trial/mortality.hpp"
#include "trial/patient.hpp"
#include "trial/recist.hpp"

namespace abscopal {
namespace {

/// A patient's way through one earlier line: doses, scans and death as in an arm, until progression.
class LineWalk {
  public:
    LineWalk(const Protocol& protocol, Simulation& simulation, std::size_t line, const Grown& patient)
        : protocol_(protocol),
          row_(patient.candidate.parameters),
          line_(protocol.trial->earlier_lines[line]),
          settings_(protocol.line_settings[line]),
          simulation_(simulation),
          start_(simulation.state().time),
          actions_(actions_until(*protocol.trial, line_.arm, *protocol.model, patient.weight_kg,
                                 patient.area_m2, start_, line_.at_most)),
          mortality_(protocol, patient.candidate, static_cast<std::uint32_t>(line) + 1) {}

    LineEnd run() {
        baseline_ = nadir_ = look();
        if (!survives(0.0)) return end_;
        double day = 0.0;
        give(settings(), 0.0, next_scan(0.0));
        while (day < line_.at_most && !(has_progressed() && day >= line_.at_least)) {
            const double scan = next_scan(day);
            if (!live_until(day, scan)) return end_;
            read(scan);
            day = scan;
            give({}, day, has_progressed() ? day : next_scan(day));
        }
        give({}, day, day);
        if (live_until(day, day + line_.washout)) judge();
        return end_;
    }

  private:
    double model_time(double day) const { return start_ + day * protocol_.per_day; }
    double next_scan(double day) const { return std::min(day + line_.assess_every, line_.at_most); }
    bool has_progressed() const { return std::isfinite(progression_); }

    /// Sum of diameters of all lesions, mm.
    double look() const {
        double sum = 0.0;
        for (const double diameter : diameters_now(*protocol_.trial, protocol_.clinic, row_, simulation_))
            sum += seen_diameter(diameter, protocol_.trial->response);
        return sum;
    }

    std::vector<Action> settings() const {
        std::vector<Action> actions;
        for (const auto& setting : settings_) {
            const double times = setting.times ? simulation_.value(*setting.times) : 1.0;
            actions.push_back({start_, ActionKind::replace, setting.target, setting.value * times, 0.0});
        }
        return actions;
    }

    /// Hands the solver the doses of [from, to).
    void give(std::vector<Action> first, double from, double to) {
        for (const auto& action : actions_)
            if (action.time >= model_time(from) && action.time < model_time(to)) first.push_back(action);
        simulation_.start(simulation_.state(), std::move(first));
    }

    /// Whether she lives at a look; the hazard is added up from look to look.
    bool survives(double day) {
        const auto diameters = diameters_now(*protocol_.trial, protocol_.clinic, row_, simulation_);
        if (mortality_.look({day, diameters, 0}, simulation_)) end_.refused = "died on " + line_.arm.name;
        return end_.refused.empty();
    }

    /// Advances to a day, looking as often as the trial records where it says how patients die.
    bool live_until(double from, double to) {
        const double step = protocol_.trial->death ? protocol_.trial->record_every : to - from;
        double day = from;
        do {
            day = day + step < to ? day + step : to;
            if (!advance(day) || !survives(day)) return false;
        } while (day < to);
        return true;
    }

    bool advance(double day) {
        end_.outcome = simulation_.advance(model_time(day));
        end_.outcome.time /= protocol_.per_day;
        end_.outcome.step /= protocol_.per_day;
        return end_.outcome.ok();
    }

    void read(double day) {
        const LesionRead lesion{look()};
        const Response response = target_response({&lesion, 1}, baseline_, nadir_);
        nadir_ = std::min(nadir_, lesion.diameter);
        if (response == Response::progressive && !has_progressed()) progression_ = day;
        if (has_progressed()) return;
        has_responded_ |= response == Response::complete || response == Response::partial;
    }

    void judge() {
        const std::string& name = line_.arm.name;
        if (line_.keep == KeepAfter::progressed && !has_progressed())
            end_.refused = "no progression on " + name;
        else if (line_.keep == KeepAfter::progressed && progression_ > line_.within)
            end_.refused = "progression on " + name + " later than day " + to_text(line_.within);
        else if (line_.keep == KeepAfter::not_progressed && has_progressed())
            end_.refused = "progression on " + name;
        else if (line_.keep == KeepAfter::responded && !has_responded_)
            end_.refused = "no response to " + name;
    }

    const Protocol& protocol_;
    const std::vector<double>& row_;
    const EarlierLine& line_;
    const std::vector<ArmSetting>& settings_;
    Simulation& simulation_;
    double start_;  // model time
    std::vector<Action> actions_;
    Mortality mortality_;
    double baseline_ = 0.0, nadir_ = 0.0;
    double progression_ = std::numeric_limits<double>::infinity();  // day
    bool has_responded_ = false;
    LineEnd end_;
};

}  // namespace

LineEnd live_through(const Protocol& protocol, Simulation& simulation, std::size_t line,
                     const Grown& patient) {
    return LineWalk(protocol, simulation, line, patient).run();
}

}  // namespace abscopal
