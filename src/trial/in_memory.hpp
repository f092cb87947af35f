// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <functional>
#include <memory>
#include <vector>

#include "abscopal/ensemble.hpp"
#include "abscopal/result.hpp"

namespace abscopal {

/// Runs variants of one trial again and again without a store: the model is compiled and its machine code
/// made once. Patients and numbers are those of run().
class TrialMachine {
  public:
    /// Throws InputError, FileError.
    TrialMachine(const Trial& trial, EnsembleOptions options);

    /// The patients of `variant`, which may differ from the trial in population and settings, in the arms
    /// marked (empty: all). Courses by candidate, then arm. `is_stopped`: ends early with complete = false.
    Result run(const Trial& variant, const std::vector<bool>& arms = {},
               const std::function<bool()>& is_stopped = {}) const;

    const Model& model() const { return *model_; }

  private:
    std::shared_ptr<const Model> model_;
    std::unique_ptr<Ensemble> ensemble_;
};

}  // namespace abscopal
