// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "abscopal/result.hpp"
#include "trial/protocol.hpp"

namespace abscopal {

/// A patient's adverse events, from the rates, probabilities and measures of the trial. Every draw belongs to
/// seed, patient, kind and number of the event.
class Safety {
  public:
    Safety(const Protocol& protocol, const Candidate& patient, const Simulation& at_baseline);

    /// A dose of a drug has been given.
    void dose(const std::string& drug, double day);
    /// Takes note of a look.
    void look(double day, const Simulation& simulation);

    std::vector<AdverseEvent>& events() { return events_; }
    /// Events up to `day` that were not asked for yet: indices in events().
    std::vector<std::size_t> begun_by(double day);
    /// Whether an event is at grade ≤ 1 by `day`.
    bool is_over(std::size_t event, double day) const;
    /// Day of death by a fatal event; infinity: none so far.
    double fatal_day() const { return fatal_day_; }

  private:
    /// Of one kind.
    struct Course {
        double frailty = 1.0;
        double day = 0.0, rate = 0.0, integral = 0.0;  ///< at the last look
        double sum = 0.0, limit = 0.0;                 ///< since it is at risk; exponential variate
        double at_risk_from = 0.0;
        std::uint32_t n = 0;  ///< events so far
        std::uint32_t n_doses = 0;
        double last_dose = -1.0;
        std::vector<std::pair<double, int>> due;  ///< day and grade of events by_grade that wait
        std::optional<std::size_t> open;          ///< measure: event that goes on
    };

    double draw(std::size_t kind, std::uint32_t event, std::uint32_t what) const;
    double varied(std::size_t kind, std::uint32_t event, std::uint32_t what, double median,
                  double spread) const;
    void begin(std::size_t kind, double day, int grade);
    void accrue(std::size_t kind, double day, const Simulation& simulation);
    void measure(std::size_t kind, double day, const Simulation& simulation);
    void wait(std::size_t kind, double day);
    int grade_of_rate(std::size_t kind, const Simulation& simulation) const;
    double rate_now(std::size_t kind, const Simulation& simulation) const;
    double integral_now(std::size_t kind, const Simulation& simulation) const;
    double limit(std::size_t kind, std::uint32_t event) const;

    const Protocol& protocol_;
    const std::vector<Toxicity>& kinds_;
    std::size_t candidate_;
    std::vector<Course> courses_;
    std::vector<AdverseEvent> events_;
    std::vector<char> told_;  ///< by event
    double fatal_day_ = std::numeric_limits<double>::infinity();
};

}  // namespace abscopal
