// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <memory>
#include <vector>

#include "abscopal/state.hpp"
#include "ode/stepper.hpp"

namespace abscopal {

/// Variable-order BDF with Newton iteration and sparse direct solves, one smooth stretch at a time: CVODE
/// (Cohen & Hindmarsh 1996, doi 10.1063/1.4822377) with KLU (Davis & Palamadai Natarajan 2010,
/// doi 10.1145/1824801.1824814), fed by the Model's rates and analytic Jacobian. The reference of the
/// project: clear before fast.
class Bdf : public Stepper {
  public:
    Bdf(Workbench& bench, const Numerics& numerics);
    ~Bdf() override;
    Bdf(const Bdf&) = delete;
    Bdf& operator=(const Bdf&) = delete;

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

std::unique_ptr<Stepper> make_bdf(Workbench& bench, const Numerics& numerics);

}  // namespace abscopal
