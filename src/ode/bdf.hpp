// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <memory>
#include <vector>

#include "abscopal/state.hpp"
#include "ode/workbench.hpp"

namespace abscopal {

/// Variable-order BDF with Newton iteration and sparse direct solves, one smooth stretch at a time: CVODE
/// (Cohen & Hindmarsh 1996, doi 10.1063/1.4822377) with KLU (Davis & Palamadai Natarajan 2010,
/// doi 10.1145/1824801.1824814), fed by the Model's rates and analytic Jacobian. The reference of the
/// project: clear before fast.
class Bdf {
  public:
    Bdf(Workbench& bench, const Numerics& numerics);
    ~Bdf();
    Bdf(const Bdf&) = delete;
    Bdf& operator=(const Bdf&) = delete;

    /// Forgets whatever an earlier patient left: scales of the states, pivots of the factorisation.
    void forget();

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
    void begin(const Stretch& stretch, const std::vector<double>& y, const std::vector<double>& input);

    /// One accepted step, or the reason why there is none.
    Status step();

    double time() const;        ///< reached by the last step
    double step_begin() const;  ///< where the last step began
    double last_step() const;
    /// The solution anywhere within the last step.
    void interpolate(double time, std::vector<double>& y) const;
    /// The solution at time().
    const std::vector<double>& solution() const;
    /// Index of the component that stopped the last failed step; n_states if unknown.
    std::size_t worst() const;

    std::int64_t rhs_calls() const;
    std::int64_t rejected() const;

  private:
    struct Memory;
    std::unique_ptr<Memory> memory_;
};

}  // namespace abscopal
