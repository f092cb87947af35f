// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "abscopal/result.hpp"
#include "trial/protocol.hpp"

namespace abscopal {

/// A patient's death: hazards of the trial integrated from look to look by the trapezoid, until they reach
/// her exponential variate.
class Mortality {
  public:
    /// `period` 0 is the trial, others lines before it: who lived through one faces the next with a variate
    /// of its own, as exponential waiting has no memory.
    Mortality(const Protocol& protocol, const Candidate& patient, std::uint32_t period = 0);

    /// What is known at a look.
    struct Look {
        double day = 0.0;
        std::span<const double> diameters;  ///< mm
        std::size_t n_new = 0;              ///< new lesions seen
    };
    /// Takes note of a look; the day of death, if it came since the last one.
    std::optional<double> look(const Look& now, const Simulation& simulation);
    CauseOfDeath cause() const { return cause_; }

  private:
    /// Hazards per day, and what has been integrated elsewhere.
    struct Hazards {
        double day = 0.0, model = 0.0, cumulative = 0.0, relative = 0.0, background = 0.0;
    };
    Hazards hazards(const Look& now, const Simulation& simulation);
    double covariate(std::size_t i, const Look& now, const Simulation& simulation) const;
    double growth_rate(double day, double burden, double window) const;

    const Protocol& protocol_;
    const std::optional<Death>& death_;
    const Candidate& patient_;
    double limit_ = 0.0;  ///< exponential variate
    double sum_ = 0.0;
    std::optional<Hazards> last_;
    std::vector<std::pair<double, double>> burdens_;  ///< day, mm
    CauseOfDeath cause_ = CauseOfDeath::none;
};

}  // namespace abscopal
