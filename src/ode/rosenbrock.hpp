// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <array>

namespace abscopal {

/// Coefficients of a stiffly accurate Rosenbrock method in the form that needs no product with the Jacobian
/// (Hairer & Wanner, Solving Ordinary Differential Equations II, 2nd ed., eq. IV.7.25): stage k solves
/// (I/(hγ) − J) U_k = f(t + α_k h, y + Σ a_kj U_j) + Σ (c_kj / h) U_j + d_k h ∂f/∂t. The last stages add to
/// the solution as they are, and the very last one is also the error estimate.
struct Rosenbrock {
    static constexpr int most_stages = 8;
    using Row = std::array<double, most_stages>;

    int n_stages = 0;
    int order = 0;        ///< of the solution; the estimate is one lower
    int first_added = 0;  ///< from this stage on, stage k begins where stage k − 1 ended
    /// Share of the estimate that the error test takes for the error: the solution is an order nearer.
    double error_share = 1.0;
    double gamma = 0.0;
    Row alpha{}, slope_share{};
    std::array<Row, most_stages> a{}, c{};
    std::array<Row, 3> dense{};  ///< y(θ) = (1 − θ) y + θ (y_new + (1 − θ) (D₁ + θ (D₂ + θ D₃))), D_i = Σ
                                 ///< dense_ij U_j
};

/// Order 4, six stages: code RODAS of Hairer & Wanner, section IV.7.
extern const Rosenbrock order_four;
/// Order 5, eight stages, little loss of order in stiff components: Steinebach 2023, doi
/// 10.1007/s10543-023-00967-x.
extern const Rosenbrock order_five;

/// The cheapest of them for a tolerance.
const Rosenbrock& rosenbrock_for(double relative_tolerance);

}  // namespace abscopal
