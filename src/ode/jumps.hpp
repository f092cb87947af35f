// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <cstdint>
#include <vector>

#include "ode/chance.hpp"
#include "ode/stepper.hpp"

namespace abscopal {

/// The same Model as a Markov process of single firings: every reaction fires as often, on average, as its
/// kinetic law says, and changes amounts by its stoichiometry. Doses, infusions (as single arrivals), events
/// and switches are Trajectory's.
///
/// Exact: the direct method (Gillespie 1977, doi 10.1021/j100540a008). Tau-leaping: many firings at a time
/// while no law changes by more than a share (Cao, Gillespie & Petzold 2006, doi 10.1063/1.2159468), with
/// reactions short of reactants fired one by one. Within a leap, firings lie evenly: who looks sees a course,
/// not a chord.
class Jumps : public Stepper {
  public:
    /// Throws InputError with every construct that stands against single firings.
    Jumps(Workbench& bench, const Stochastic& how);

    void forget() override;
    void begin(const Stretch& stretch, const std::vector<double>& y,
               const std::vector<double>& input) override;
    Status step() override;
    double time() const override { return end_; }
    double step_begin() const override { return begin_; }
    double last_step() const override { return end_ - begin_; }
    void interpolate(double time, std::vector<double>& y) const override;
    const std::vector<double>& solution() const override { return y_; }
    std::size_t worst() const override { return worst_; }
    bool is_reference() const override { return true; }
    std::int64_t rhs_calls() const override { return rhs_calls_; }
    std::int64_t rejected() const override { return rejected_; }

  private:
    struct Change {
        std::size_t state;
        double by;
    };
    /// What limits a leap through one state: laws of this order read it, and one firing takes so much of it.
    struct Limit {
        std::size_t state;
        double order, taken;
    };

    void take_channels(const std::vector<double>& input);
    void plan_updates();
    void plan_limits();
    std::size_t update();
    double available(std::size_t channel) const;
    Status rest();
    Status fire_one();
    Status leap();
    std::vector<double> often_midway(double length, const std::vector<char>& is_scarce);
    double leap_length(const std::vector<char>& is_scarce) const;
    bool draw_leap(double length, const std::vector<char>& is_scarce, bool fires_scarce, double scarce_sum);
    Status invalid(std::size_t channel);
    std::size_t chosen(double sum, const std::vector<char>* only);
    void apply(std::size_t channel, double times);

    Workbench& bench_;
    Stochastic how_;
    Chance chance_;
    std::vector<std::vector<Change>> changes_;  ///< by channel; those of infusions come last
    std::size_t n_reactions_ = 0;               ///< channels that have a law
    std::vector<Program> updates_;              ///< by channel: the laws that its firing changes
    std::vector<Limit> limits_;
    std::vector<double> often_;  ///< by channel: firings per time

    Stretch stretch_;
    double begin_ = 0.0, end_ = 0.0;
    std::vector<double> y_, before_;   ///< at the end and at the begin of the last step
    std::vector<std::int64_t> fired_;  ///< by channel, within the last leap; empty after a single firing
    static constexpr std::size_t nobody = ~std::size_t{0};
    std::size_t last_ = nobody;  ///< the channel that alone fired since the laws were evaluated
    std::uint64_t leap_key_ = 0;
    bool is_midway_ = false;  ///< the laws were last evaluated elsewhere than at y_
    int singles_left_ = 0;    ///< leaps too short to pay: so many single firings first
    std::size_t worst_ = 0;
    std::int64_t rhs_calls_ = 0, rejected_ = 0;
};

}  // namespace abscopal
