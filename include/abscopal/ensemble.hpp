// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "abscopal/simulation.hpp"

namespace abscopal {

/// What is done with one patient: start the Simulation from her state, advance it, look. Runs on one thread,
/// which takes turns between the patients of a group inside advance(): it must not block, and must not keep
/// what it reads of thread-local storage across an advance. Must store results by patient index.
using EnsembleTask = std::function<void(std::size_t patient, Simulation& simulation)>;

struct EnsembleOptions {
    unsigned threads = 0;         ///< 0: all cores
    std::string target;           ///< "scalar", "avx2", "avx512"; empty: the best this machine has
    bool interpret = false;       ///< run programs by the interpreter although machine code could be made
    std::string code_cache = {};  ///< folder for machine code, by content; empty: none is kept
};

/// Takes patients 0 … n − 1 through `task`, many at a time in SIMD lanes, each with its own steps, doses and
/// events. A patient's numbers are a function of the patient alone: not of threads, target or neighbours.
/// Rethrows the first exception of a course.
void run_ensemble(const std::shared_ptr<const Model>& model, const Numerics& numerics, std::size_t n,
                  const EnsembleOptions& options, const EnsembleTask& task);

}  // namespace abscopal
