// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <cmath>
#include <stdexcept>
#include <vector>

#include "model/program.hpp"

/// Programs run on dual numbers v + d·ε: exact directional derivatives, found without the graph.
namespace abscopal::test {

struct Dual {
    double v = 0.0, d = 0.0;
};

inline Dual dual_power(Dual a, Dual b) {
    const double v = std::pow(a.v, b.v);
    double d = a.d == 0.0 ? 0.0 : b.v * std::pow(a.v, b.v - 1.0) * a.d;
    if (b.d != 0.0) d += v * std::log(a.v) * b.d;
    return {v, d};
}

inline Dual dual_function(Code code, Dual a) {
    const double x = a.v;
    const double v = evaluate(code, x, 0.0, 0.0);
    const auto with = [&](double slope) { return Dual{v, a.d == 0.0 ? 0.0 : slope * a.d}; };
    switch (code) {
        case Code::negate:
            return with(-1.0);
        case Code::sqrt:
            return with(0.5 / std::sqrt(x));
        case Code::abs:
            return with(x < 0.0 ? -1.0 : 1.0);
        case Code::exp:
            return with(v);
        case Code::ln:
            return with(1.0 / x);
        case Code::log10:
            return with(1.0 / (x * std::log(10.0)));
        case Code::sin:
            return with(std::cos(x));
        case Code::cos:
            return with(-std::sin(x));
        case Code::tan:
            return with(1.0 / (std::cos(x) * std::cos(x)));
        case Code::sinh:
            return with(std::cosh(x));
        case Code::cosh:
            return with(std::sinh(x));
        case Code::tanh:
            return with(1.0 / (std::cosh(x) * std::cosh(x)));
        case Code::asin:
            return with(1.0 / std::sqrt(1.0 - x * x));
        case Code::acos:
            return with(-1.0 / std::sqrt(1.0 - x * x));
        case Code::atan:
            return with(1.0 / (1.0 + x * x));
        case Code::asinh:
            return with(1.0 / std::sqrt(x * x + 1.0));
        case Code::acosh:
            return with(1.0 / std::sqrt(x * x - 1.0));
        case Code::atanh:
            return with(1.0 / (1.0 - x * x));
        case Code::finite:
            return with(std::isfinite(x) ? 1.0 : 0.0);
        default:
            return {v, 0.0};  // steps and conditions
    }
}

inline Dual dual_operation(Code code, Dual a, Dual b, Dual c) {
    switch (code) {
        case Code::add:
            return {a.v + b.v, a.d + b.d};
        case Code::sub:
            return {a.v - b.v, a.d - b.d};
        case Code::mul:
            return {a.v * b.v, a.d * b.v + a.v * b.d};
        case Code::div:
            return {a.v / b.v, (a.d * b.v - a.v * b.d) / (b.v * b.v)};
        case Code::power:
            return dual_power(a, b);
        case Code::rem:
            return {std::fmod(a.v, b.v), a.d - std::trunc(a.v / b.v) * b.d};
        case Code::min:
            return a.v < b.v ? a : b;
        case Code::max:
            return a.v > b.v ? a : b;
        case Code::select:
            return a.v != 0.0 ? b : c;
        case Code::mul_add:
            return {a.v * b.v + c.v, a.d * b.v + a.v * b.d + c.d};
        case Code::mul_sub:
            return {a.v * b.v - c.v, a.d * b.v + a.v * b.d - c.d};
        case Code::sub_mul:
            return {c.v - a.v * b.v, c.d - a.d * b.v - a.v * b.d};
        case Code::add3:
            return {(a.v + b.v) + c.v, a.d + b.d + c.d};
        case Code::mul3:
            return {a.v * b.v * c.v, a.d * b.v * c.v + a.v * b.d * c.v + a.v * b.v * c.d};
        default:
            break;
    }
    return arity(code) == 1 ? dual_function(code, a) : Dual{evaluate(code, a.v, b.v, c.v), 0.0};
}

/// d(outputs)/d(workspace[slot]) of a program.
inline std::vector<double> derivative_along(const Program& program, const std::vector<double>& workspace,
                                            Slot slot) {
    std::vector<Dual> w(workspace.size());
    for (std::size_t i = 0; i < w.size(); ++i) w[i].v = workspace[i];
    w[slot].d = 1.0;
    for (const Instruction& i : program.instructions)
        w[i.out] = dual_operation(i.code, w[i.a], w[i.b], w[i.c]);
    std::vector<double> result;
    for (const Slot output : program.outputs) result.push_back(w[output].d);
    return result;
}

}  // namespace abscopal::test
