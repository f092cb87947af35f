// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <memory>
#include <vector>

#include "abscopal/model.hpp"
#include "lanes/program.hpp"
#include "ode/lane_code.hpp"

namespace abscopal {

/// A Model prepared for lanes: its programs as straight-line code over rows, the linear algebra of a
/// Rosenbrock step beside them, and where everything stands. Immutable, shared by all groups and threads.
///
/// Rows: first the model's workspace, slot by slot; then what follows, each `n` rows unless said.
struct LaneModel {
    explicit LaneModel(std::shared_ptr<const Model> model);

    std::shared_ptr<const Model> model;
    std::size_t n = 0;  ///< states

    std::uint32_t y = 0;           ///< solution at the begin of the step
    std::uint32_t y_new = 0;       ///< and at its end
    std::uint32_t stages = 0;      ///< U₁ … U₈, 8 n rows; the method's last is the error estimate
    std::uint32_t vector = 0;      ///< right-hand side and solution of the linear systems
    std::uint32_t input = 0;       ///< constant inputs (infusions)
    std::uint32_t absolute = 0;    ///< absolute tolerances
    std::uint32_t time_slope = 0;  ///< ∂f/∂t, zero where no rate depends on time
    std::uint32_t inverse = 0;     ///< 1 row: 1 / (h γ)
    std::uint32_t zero = 0;        ///< 1 row that always is zero
    std::uint32_t matrix = 0;      ///< entries of the LU
    std::uint32_t n_rows = 0;
    std::vector<std::uint32_t> pivots;  ///< rows of the reciprocal pivots of the LU, by state

    lanes::Program mass;       ///< multiplies `vector` by the mass matrix; empty: that is the identity
    lanes::Program linearise;  ///< Jacobian, then the matrix M/(hγ) − J, then its factors; and ∂f/∂t
    lanes::Program solve;      ///< the linear systems, in `vector`
    lanes::Program stage;      ///< adds the rates to `vector`, then solves in place
    bool is_timed = false;     ///< a rate depends on time
};

/// The program of a Model as lane code: row = slot.
lanes::Program to_lanes(const Program& program);

}  // namespace abscopal
