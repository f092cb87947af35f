// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <limits>

#include "lanes/math.hpp"
#include "lanes/program.hpp"

/// The interpreter of straight-line code over rows of lanes.
namespace abscopal::lanes::ABSCOPAL_LANES_TARGET {

inline constexpr int packs_per_row = group_lanes / width;
static_assert(packs_per_row * width == group_lanes);

/// Exponents met in rate laws are mostly small whole numbers; those lanes get plain products, as the
/// reference does.
inline Pack power_by_cases(Pack x, Pack n) {
    const Mask is_2 = n == 2.0, is_1 = n == 1.0, is_3 = n == 3.0, is_4 = n == 4.0;
    const Mask plain = is_1 | is_2 | is_3 | is_4;
    const Pack square = x * x;
    const Pack product = choose(is_1, x, choose(is_2, square, choose(is_3, square * x, square * square)));
    return any(~plain) ? choose(plain, product, pow(x, n)) : product;
}

/// A function the C library gives, lane by lane.
template <double (*function)(double)>
Pack each(Pack x) {
    Pack result{};
    for (int i = 0; i < width; ++i) result[i] = function(x[i]);
    return result;
}

inline double factorial(double x) {
    return x == std::floor(x) ? std::round(std::tgamma(x + 1.0)) : std::tgamma(x + 1.0);
}
inline Pack factorial_of(Pack x) {
    return each<ABSCOPAL_LANES_TARGET::factorial>(x);
}
inline Pack log_10(Pack x) {
    return log(x) * 0.43429448190325182765;
}
inline Pack quotient_of(Pack a, Pack b) {
    return each<std::trunc>(a / b);
}

inline Pack remainder_of(Pack a, Pack b) {
    Pack result{};
    for (int i = 0; i < width; ++i) result[i] = std::fmod(a[i], b[i]);
    return result;
}

/// Applies `operation` to all packs of neighbouring instructions of one kind: programs are scheduled so that
/// such runs are long.
template <class OnPacks>
const Instruction* run_batch(const Instruction* at, const Instruction* end, double* w, OnPacks on_packs) {
    const Operation operation = at->operation;
    do {
        double* const out = w + std::size_t{at->out} * group_lanes;
        const double* const a = w + std::size_t{at->a} * group_lanes;
        const double* const b = w + std::size_t{at->b} * group_lanes;
        const double* const c = w + std::size_t{at->c} * group_lanes;
        for (int p = 0; p < packs_per_row; ++p)
            store(out + p * width, on_packs(a + p * width, b + p * width, c + p * width));
        ++at;
    } while (at != end && at->operation == operation);
    return at;
}

inline void run(const Instruction* at, const Instruction* end, double* w) {
    const auto unary = [&](auto f) {
        at = run_batch(at, end, w, [f](const double* a, const double*, const double*) { return f(load(a)); });
    };
    const auto binary = [&](auto f) {
        at = run_batch(at, end, w,
                       [f](const double* a, const double* b, const double*) { return f(load(a), load(b)); });
    };
    const auto ternary = [&](auto f) {
        at = run_batch(at, end, w, [f](const double* a, const double* b, const double* c) {
            return f(load(a), load(b), load(c));
        });
    };
    using enum Operation;
    while (at != end) {
        switch (at->operation) {
            case copy:
                unary([](Pack a) { return a; });
                break;
            case add:
                binary([](Pack a, Pack b) { return a + b; });
                break;
            case sub:
                binary([](Pack a, Pack b) { return a - b; });
                break;
            case mul:
                binary([](Pack a, Pack b) { return a * b; });
                break;
            case div:
                binary([](Pack a, Pack b) { return a / b; });
                break;
            case negate:
                unary([](Pack a) { return -a; });
                break;
            case power:
                binary([](Pack a, Pack b) { return power_by_cases(a, b); });
                break;
            case sqrt:
                unary([](Pack a) { return square_root(a); });
                break;
            case abs:
                unary([](Pack a) { return absolute(a); });
                break;
            case exp:
                unary([](Pack a) { return ABSCOPAL_LANES_TARGET::exp(a); });
                break;
            case ln:
                unary([](Pack a) { return ABSCOPAL_LANES_TARGET::log(a); });
                break;
            case log10:
                unary([](Pack a) { return log_10(a); });
                break;
            case floor:
                unary([](Pack a) { return round_down(a); });
                break;
            case ceil:
                unary([](Pack a) { return round_up(a); });
                break;
            case factorial:
                unary([](Pack a) { return factorial_of(a); });
                break;
            case sin:
                unary([](Pack a) { return each<std::sin>(a); });
                break;
            case cos:
                unary([](Pack a) { return each<std::cos>(a); });
                break;
            case tan:
                unary([](Pack a) { return each<std::tan>(a); });
                break;
            case sinh:
                unary([](Pack a) { return each<std::sinh>(a); });
                break;
            case cosh:
                unary([](Pack a) { return each<std::cosh>(a); });
                break;
            case tanh:
                unary([](Pack a) { return each<std::tanh>(a); });
                break;
            case asin:
                unary([](Pack a) { return each<std::asin>(a); });
                break;
            case acos:
                unary([](Pack a) { return each<std::acos>(a); });
                break;
            case atan:
                unary([](Pack a) { return each<std::atan>(a); });
                break;
            case asinh:
                unary([](Pack a) { return each<std::asinh>(a); });
                break;
            case acosh:
                unary([](Pack a) { return each<std::acosh>(a); });
                break;
            case atanh:
                unary([](Pack a) { return each<std::atanh>(a); });
                break;
            case quotient:
                binary([](Pack a, Pack b) { return quotient_of(a, b); });
                break;
            case rem:
                binary([](Pack a, Pack b) { return remainder_of(a, b); });
                break;
            case min:
                binary([](Pack a, Pack b) { return choose(a < b, a, b); });
                break;
            case max:
                binary([](Pack a, Pack b) { return choose(a > b, a, b); });
                break;
            case lt:
                binary([](Pack a, Pack b) { return truth(a < b); });
                break;
            case le:
                binary([](Pack a, Pack b) { return truth(a <= b); });
                break;
            case eq:
                binary([](Pack a, Pack b) { return truth(a == b); });
                break;
            case ne:
                binary([](Pack a, Pack b) { return truth(a != b); });
                break;
            case and_:
                binary([](Pack a, Pack b) { return truth((a != 0.0) & (b != 0.0)); });
                break;
            case or_:
                binary([](Pack a, Pack b) { return truth((a != 0.0) | (b != 0.0)); });
                break;
            case xor_:
                binary([](Pack a, Pack b) { return truth((a != 0.0) ^ (b != 0.0)); });
                break;
            case not_:
                unary([](Pack a) { return truth(a == 0.0); });
                break;
            case select:
                ternary([](Pack a, Pack b, Pack c) { return choose(a != 0.0, b, c); });
                break;
            case finite:
                unary([](Pack a) { return choose(absolute(a) < infinity, a, Pack{}); });
                break;
            case mul_add:
                ternary([](Pack a, Pack b, Pack c) { return fused(a, b, c); });
                break;
            case mul_sub:
                ternary([](Pack a, Pack b, Pack c) { return fused(a, b, -c); });
                break;
            case sub_mul:
                ternary([](Pack a, Pack b, Pack c) { return fused(-a, b, c); });
                break;
            case add3:
                ternary([](Pack a, Pack b, Pack c) { return (a + b) + c; });
                break;
            case mul3:
                ternary([](Pack a, Pack b, Pack c) { return (a * b) * c; });
                break;
            case reciprocal:
                unary([](Pack a) { return 1.0 / a; });
                break;
        }
    }
}

}  // namespace abscopal::lanes::ABSCOPAL_LANES_TARGET
