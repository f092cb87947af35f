// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

/// Straight-line code over rows of lanes. A workspace is an array of rows; a row holds one number of each
/// lane of a group, [row][lane]. Conditions are numbers: 1 for true, 0 for false; whatever is not 0 is true.
namespace abscopal::lanes {

enum class Operation : std::uint8_t {
    copy,
    add,
    sub,
    mul,
    div,
    negate,
    power,
    sqrt,
    abs,
    exp,
    ln,
    log10,
    floor,
    ceil,
    factorial,
    sin,
    cos,
    tan,
    sinh,
    cosh,
    tanh,
    asin,
    acos,
    atan,
    asinh,
    acosh,
    atanh,
    quotient,
    rem,
    min,
    max,
    lt,
    le,
    eq,
    ne,
    and_,
    or_,
    xor_,
    not_,
    select,     ///< a ≠ 0 ? b : c
    finite,     ///< a, or 0 where a is infinite or NaN
    mul_add,    ///< a·b + c, rounded once
    mul_sub,    ///< a·b − c, rounded once
    sub_mul,    ///< c − a·b, rounded once
    add3,       ///< (a + b) + c
    mul3,       ///< (a·b)·c
    reciprocal  ///< 1 / a
};

inline constexpr int n_operations = static_cast<int>(Operation::reciprocal) + 1;

/// Number of arguments an operation reads (a; a, b; a, b, c).
constexpr int arity(Operation operation) {
    using enum Operation;
    switch (operation) {
        case select:
        case mul_add:
        case mul_sub:
        case sub_mul:
        case add3:
        case mul3:
            return 3;
        case add:
        case sub:
        case mul:
        case div:
        case power:
        case quotient:
        case rem:
        case min:
        case max:
        case lt:
        case le:
        case eq:
        case ne:
        case and_:
        case or_:
        case xor_:
            return 2;
        default:
            return 1;
    }
}

/// Row `out` from rows `a`, `b`, `c`.
struct Instruction {
    Operation operation;
    std::uint32_t out = 0, a = 0, b = 0, c = 0;
};

using Program = std::vector<Instruction>;

/// Lanes of a group: what one thread advances together.
inline constexpr int group_lanes = 8;

}  // namespace abscopal::lanes
