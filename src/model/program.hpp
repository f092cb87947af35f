// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <initializer_list>
#include "abscopal/model.hpp"

/// The operations of straight-line programs. Conditions are doubles: 1 for true, 0 for false; any value other
/// than 0 is true.
namespace abscopal {

enum class Instruction::Code : std::uint8_t {
    constant,  ///< only in graphs: a number
    leaf,      ///< only in graphs: time, a state or a parameter
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
    rem,  ///< truncated division and what it leaves, with the sign of a
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
    select,  ///< a ≠ 0 ? b : c
    finite,  ///< a, or 0 where a is infinite or NaN: guards slopes at singular points
    // Fused forms, rounded twice as their parts would be. Only in programs.
    mul_add,  ///< a·b + c
    mul_sub,  ///< a·b − c
    sub_mul,  ///< c − a·b
    add3,     ///< (a + b) + c
    mul3      ///< (a·b)·c
};

using Code = Instruction::Code;

/// Number of arguments an operation reads (a; a, b; a, b, c).
int arity(Code code);
std::string_view name_of(Code code);

/// What the interpreter computes for one operation, to the bit.
double evaluate(Code code, double a, double b, double c);

/// The part of a program that the number in `slot` needs, with that slot as its only output.
Program slice(const Program& program, Slot slot);
/// The part that these need, with them as outputs.
Program slice(const Program& program, const std::vector<Slot>& slots);

/// States a program reads, as indices in Model::states, ascending.
std::vector<std::size_t> states_read(const Model& model, std::initializer_list<const Program*> programs);

}  // namespace abscopal
