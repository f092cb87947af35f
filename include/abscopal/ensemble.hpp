// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "abscopal/simulation.hpp"

namespace abscopal {

/// What is done with one patient: start the Simulation from her state, advance it, look. Patients of a group
/// take turns inside advance(): a task must not hold a lock or what it read of thread-local storage across an
/// advance. It stores results by patient index.
using EnsembleTask = std::function<void(std::size_t patient, Simulation& simulation)>;

/// Can change no bit of a result.
struct EnsembleOptions {
    unsigned threads = 0;         ///< 0: all cores
    std::string target = {};      ///< "scalar", "avx2", "avx512"; empty: the best this machine has
    bool interpret = false;       ///< run programs by the interpreter although machine code could be made
    bool compile_first = false;   ///< machine code is made before patients begin, not beside them
    std::string code_cache = {};  ///< folder for machine code, by content; empty: none is kept
};

/// Trial steps of a run in lanes: of groups, and of lanes that had a patient.
struct EnsembleUse {
    std::int64_t group_steps = 0, lane_steps = 0;
};

/// Takes patients through tasks: with Method::rosenbrock many at a time in SIMD lanes, each with its own
/// steps, doses and events; with Method::bdf one on each thread. A patient's numbers are a function of the
/// patient alone.
class Ensemble {
  public:
    /// Throws InputError for a target that is unknown or that this machine has not.
    Ensemble(std::shared_ptr<const Model> model, Numerics numerics, EnsembleOptions options = {});
    ~Ensemble();
    Ensemble(const Ensemble&) = delete;
    Ensemble& operator=(const Ensemble&) = delete;

    /// Runs `task` for patients 0 … n − 1. Begins no further patient once `is_stopped()`, and returns false
    /// if that kept one from being begun. Rethrows the first exception of a task. Adds to `use`, if given.
    bool run(std::size_t n, const EnsembleTask& task, const std::function<bool()>& is_stopped = {},
             EnsembleUse* use = nullptr) const;

  private:
    struct Lanes;
    std::shared_ptr<const Model> model_;
    Numerics numerics_;
    unsigned n_threads_;
    std::unique_ptr<Lanes> lanes_;  ///< of rosenbrock; null for bdf
};

}  // namespace abscopal
