// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <memory>
#include <vector>

#include "abscopal/state.hpp"
#include "ode/stepper.hpp"

namespace abscopal {

/// The reference for models with a mass matrix, M · dy/dt = f: variable-order BDF for implicit equations, IDA
/// of SUNDIALS (Hindmarsh et al. 2005, doi 10.1145/1089014.1089020) with KLU. Every stretch begins at a point
/// that Workbench::make_consistent made, with the slopes that belong to it.
class Dae : public Stepper {
  public:
    Dae(Workbench& bench, const Numerics& numerics);
    ~Dae() override;
    Dae(const Dae&) = delete;
    Dae& operator=(const Dae&) = delete;

    void forget() override;
    void begin(const Stretch& stretch, const std::vector<double>& y,
               const std::vector<double>& input) override;
    Status step() override;
    double time() const override;
    double step_begin() const override;
    double last_step() const override;
    void interpolate(double time, std::vector<double>& y) const override;
    const std::vector<double>& solution() const override;
    std::size_t worst() const override;
    bool is_reference() const override { return true; }
    std::int64_t rhs_calls() const override;
    std::int64_t rejected() const override;

  private:
    struct Memory;
    std::unique_ptr<Memory> memory_;
};

}  // namespace abscopal
