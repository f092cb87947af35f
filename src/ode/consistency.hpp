// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <vector>

#include "abscopal/model.hpp"
#include "abscopal/state.hpp"

namespace abscopal {

class Workbench;

/// Keeps states that equations and fast reactions determine where those hold, whatever a start, a dose, an
/// event or a switch made of the others: finds y with M (y − y_now) = 0 and the other residuals 0. Equations
/// alone by damped Newton iteration (Deuflhard 2011, doi 10.1007/978-3-642-23899-4); fast reactions by
/// following their own course to rest with implicit Euler steps that grow without bound (Kelley & Keyes 1998,
/// doi 10.1137/S0036142996304796), which keeps what is conserved and finds the equilibrium that the reactions
/// would.
class Consistency {
  public:
    explicit Consistency(const Model& model);

    /// Moves the states in the workspace, whose prelude has run. False if there is no such point within
    /// reach; the workspace is then as it was.
    bool settle(Workbench& bench);
    /// Why it did not: singular, rhs_nonfinite or convergence.
    Status reason() const { return reason_; }

    /// dy/dt at a consistent point under constant inputs, for methods that start with it. False if it is not
    /// unique.
    bool slopes(Workbench& bench, const std::vector<double>& input, std::vector<double>& slope);

    /// Index of the first state determined by something else than its rate; n_states if none is.
    std::size_t first_determined() const;

  private:
    struct Entry {
        std::size_t row, column;  ///< among the unknowns
        std::size_t source;       ///< index in Model::mass or in the outputs of Model::jacobian
    };

    bool evaluate(Workbench& bench, const std::vector<double>& x);
    bool factorise(Workbench& bench, double pace);
    void solve(std::vector<double>& x) const;
    std::vector<double> correction(Workbench& bench, const std::vector<double>& x) const;
    double size_of(const std::vector<double>& step, const std::vector<double>& x) const;
    bool is_acceptable(Workbench& bench, const std::vector<double>& x, const std::vector<double>& step,
                       double share);
    double cautious_pace(const std::vector<double>& x) const;
    bool iterate(Workbench& bench, std::vector<double>& x);

    const Model& model_;
    std::vector<std::size_t> unknowns_;      ///< states that may move
    std::vector<Determined> kinds_;          ///< by unknown
    std::vector<char> may_not_be_negative_;  ///< by unknown: an amount in fast reactions
    std::vector<Entry> mass_, slopes_;
    bool relaxes_ = false;  ///< some state is in equilibrium

    Status reason_ = Status::convergence;
    std::vector<double> start_, residual_, matrix_;
    std::vector<std::size_t> pivots_;
};

}  // namespace abscopal
