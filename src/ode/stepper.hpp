// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "abscopal/state.hpp"
#include "ode/workbench.hpp"

namespace abscopal {

/// A method that integrates one smooth stretch at a time. Trajectory joins stretches; what happens between
/// them (doses, events) is the same for every method.
class Stepper {
  public:
    virtual ~Stepper() = default;

    /// Forgets whatever an earlier patient left.
    virtual void forget() = 0;

    /// Begins a stretch at (t, y) with constant inputs. Rates are never evaluated at times outside [earliest,
    /// latest], so that the last step before a time switch does not see beyond it. `first_step` 0: chosen;
    /// `tightening` ≤ 1 scales both tolerances.
    struct Stretch {
        double time = 0.0;
        double stop = 0.0;  ///< hit exactly; may be infinite
        double earliest = 0.0, latest = 0.0;
        double first_step = 0.0;
        double tightening = 1.0;
    };
    virtual void begin(const Stretch& stretch, const std::vector<double>& y,
                       const std::vector<double>& input) = 0;

    /// One accepted step, or the reason why there is none.
    virtual Status step() = 0;

    virtual double time() const = 0;        ///< reached by the last step
    virtual double step_begin() const = 0;  ///< where the last step began
    virtual double last_step() const = 0;
    /// The solution anywhere within the last step.
    virtual void interpolate(double time, std::vector<double>& y) const = 0;
    /// The same for who looks from outside: no less accurate than the steps themselves. May use the
    /// workspace.
    virtual void look_at(double time, std::vector<double>& y) { interpolate(time, y); }
    /// The same for some states only: `values[k]` of state `states[k]`.
    virtual void interpolate_some(double time, std::span<const std::size_t> states,
                                  std::vector<double>& values) const;
    /// The solution at time().
    virtual const std::vector<double>& solution() const = 0;
    /// Index of the component that stopped the last failed step; n_states if unknown.
    virtual std::size_t worst() const = 0;

    /// Whether this is the method of last resort.
    virtual bool is_reference() const { return false; }

    virtual std::int64_t rhs_calls() const = 0;
    virtual std::int64_t rejected() const = 0;
};

using MakeStepper = std::function<std::unique_ptr<Stepper>(Workbench&, const Numerics&)>;

/// Share of a state's largest size that its absolute tolerance follows where none was given (0: it follows
/// nothing).
double tolerance_tracking(const Numerics& numerics);
/// Absolute tolerance of state `i`, whose largest size so far is `largest`, before any tightening.
double absolute_tolerance(const Numerics& numerics, std::size_t i, double largest);

/// Weights of an error norm, 1 / (relative · |y| + absolute), at y. `largest` follows the sizes of the
/// states; `guess` is what those that were zero so far may rise to.
void error_weights(const Numerics& numerics, double tightening, std::span<const double> guess,
                   const double* y, std::span<double> largest, double* weight);

}  // namespace abscopal
