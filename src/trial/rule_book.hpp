// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <optional>
#include <vector>

#include "trial/protocol.hpp"
#include "trial/radiology.hpp"
#include "trial/safety.hpp"

namespace abscopal {

/// A rule that fires, and the adverse event that made it.
struct Firing {
    std::size_t rule = 0;
    std::optional<std::size_t> event;  ///< index in Safety::events
};

/// The treatment rules of one patient: which fire, how often they have.
class RuleBook {
  public:
    RuleBook(const Protocol& protocol, std::size_t candidate, std::size_t arm);

    /// What is known when rules are looked at.
    struct Look {
        double day = 0.0;
        bool is_visit = false;
        const Simulation* simulation = nullptr;
        const Course* course = nullptr;  ///< visits so far, today's included
        bool is_off_treatment = false;
        const std::vector<AdverseEvent>* events = nullptr;
        std::vector<std::size_t> begun;  ///< events since the last look
    };
    std::vector<Firing> look(const Look& now);

    /// First day after `day` on which a rule on time comes into force; infinity: none.
    double next_after(double day) const;

  private:
    struct OfRule {
        int n_fired = 0, n_asked = 0;
        double holds_since = -1.0;  ///< −1: it does not hold
    };
    bool holds(std::size_t i, const Look& now) const;
    bool is_in_force(std::size_t i, const Look& now) const;
    bool may_fire(std::size_t i) const;
    bool follows(std::size_t i);
    void look_at_events(std::size_t i, const Look& now, std::vector<Firing>& firings);

    const Protocol& protocol_;
    const std::vector<TreatmentRule>& rules_;
    std::size_t candidate_, arm_;
    std::vector<OfRule> states_;
};

}  // namespace abscopal
