// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <span>
#include <string>
#include <vector>

#include "abscopal/state.hpp"
#include "ode/workbench.hpp"

namespace abscopal {

/// What happens to sensitivities S = ∂x/∂p at a moment T(p) where rates or states jump. Followed along with
/// the moving moment a state changes by M = S + f·dT/dp. Before the jump M is taken with the rates f before
/// it; what happens then acts on M (events differentiate their assignments); S is taken back with the rates
/// after it. Where no state jumps that is S⁺ = S⁻ + (f⁻ − f⁺)·dT/dp (Rozenvasser 1967; Galán, Feehery &
/// Barton 1999, doi:10.1016/S0168-9274(98)00125-1).
class Moment {
  public:
    explicit Moment(const Model& model);

    /// A smooth stretch of rates is `end` of: where it ended, just before what ended it.
    struct End {
        double time = 0.0;
        std::span<const double> y;
        std::span<const double> input;
    };
    /// It ended at state.time, because time switches, events, ends of infusions or `actions` are due.
    void end_at_stop(Workbench& bench, const State& state, const End& end, std::span<const Action> actions);
    /// It ended because `roots` changed their signs.
    void end_at_change(Workbench& bench, const End& end, std::span<const std::size_t> roots);

    void clear() { is_moving_ = false; }
    bool is_moving() const { return is_moving_; }

    /// From S to M in `state`.
    void enter(Workbench& bench, State& state);
    /// Back, with the rates at (`time`, state), which are those before whatever else happens now. Returns the
    /// k of a quantity by which what happened has no derivative, or the number of quantities.
    std::size_t leave(Workbench& bench, State& state, double time);

  private:
    void begin(Workbench& bench, const End& end);
    void take(std::span<const double> slopes);
    void take_or_stay(std::span<const double> slopes);
    std::vector<double> rates_at(Workbench& bench, const End& end) const;
    bool differ(std::span<const double> a, std::span<const double> b, const End& at) const;
    bool has_jumped(const State& state, std::span<const double> rates_before) const;

    const Model& model_;
    std::vector<double> moves_;    ///< dT/dp, by k
    std::vector<char> ambiguous_;  ///< by k: causes that coincide move differently
    std::vector<double> rates_;    ///< of the states proper, just before
    std::vector<double> y_, p_;    ///< as they entered
    bool is_moving_ = false, has_cause_ = false;
};

}  // namespace abscopal
