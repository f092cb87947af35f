// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <span>
#include <vector>

#include "abscopal/state.hpp"
#include "ode/consistency.hpp"

namespace abscopal {

/// The workspace of one patient together with the Model whose programs run in it. Scratch only: everything
/// that matters is in a State, which `load` writes into the workspace.
class Workbench {
  public:
    explicit Workbench(const Model& model) : model_(model), numbers_(model.workspace), consistency_(model) {}

    /// Parameters, then the parameter-only work, then time and states.
    void load(const State& state);
    void load_parameters(const State& state);
    void set(double time, const double* y);
    void set_time(double time) { numbers_[model_.time] = time; }
    /// Back from the workspace after assignments.
    void store(State& state) const;

    /// Moves the states to where the equations hold (consistency.hpp), at the time and parameters in the
    /// workspace, whose prelude has run. False if there is no such point within reach.
    bool make_consistent() { return consistency_.settle(*this); }
    Consistency& consistency() { return consistency_; }

    void run_prelude() { model_.prelude.run(numbers_.data()); }
    double run_scalar(const Program& program);
    void run(const Program& program) { program.run(numbers_.data()); }
    void run(const Program& program, std::vector<double>& outputs);
    double at(Slot slot) const { return numbers_[slot]; }
    double& at(Slot slot) { return numbers_[slot]; }
    const Model& model() const { return model_; }

  private:
    const Model& model_;
    std::vector<double> numbers_;
    Consistency consistency_;
};

}  // namespace abscopal
