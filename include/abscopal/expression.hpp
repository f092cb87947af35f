// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "abscopal/error.hpp"

/// Mathematics as written in a model file: an immutable tree. The set of operations is that of SBML
/// Level 3 Version 2 MathML; Antimony and trial files use the same.
namespace abscopal {

enum class Op : std::uint8_t {
    // Leaves.
    number,    ///< `value`; a unit may stand in `unit`
    symbol,    ///< `name`: an id of the model or a function argument
    time,      ///< the time of the simulation, in the model's time unit
    avogadro,  ///< Avogadro's constant, 6.02214179e23 as SBML Level 3 fixes it (CODATA 2006)
    // Arithmetic. plus, times, min, max, and_, or_, xor_ take any number of arguments, also none.
    plus, minus, negate, times, divide, power,
    quotient, rem,
    min, max,
    // One argument.
    abs, exp, ln, sqrt, floor, ceil, factorial,
    sin, cos, tan, sec, csc, cot, sinh, cosh, tanh, sech, csch, coth,
    asin, acos, atan, asec, acsc, acot, asinh, acosh, atanh, asech, acsch, acoth,
    // Two arguments: log(base, x), root(degree, x).
    log, root,
    // Conditions give 1 or 0. eq, lt, le, gt, ge may chain (a < b < c); ne takes two.
    eq, ne, lt, le, gt, ge,
    and_, or_, xor_, not_, implies,
    piecewise,  ///< value, condition, value, condition, …, [otherwise]
    // Of the simulation.
    delay,    ///< delay(x, tau): x a time tau ago
    rate_of,  ///< rateOf(symbol): time derivative of a variable
    call      ///< `name`(args): a function definition of the model
};

struct Node;
using Expression = std::shared_ptr<const Node>;

struct Node {
    Op op = Op::number;
    double value = 0.0;              ///< of `number`
    std::string name;                ///< of `symbol` and `call`
    std::string unit;                ///< of `number`: unit as written, or empty
    std::vector<Expression> args;
    Place place;                     ///< where it was read, if known
};

Expression number(double value, std::string unit = {}, Place place = {});
Expression symbol(std::string name, Place place = {});
Expression make(Op op, std::vector<Expression> args = {}, Place place = {});
Expression call(std::string function, std::vector<Expression> args, Place place = {});

/// The name of an operation as Antimony infix writes it ("exp", "+", "piecewise").
std::string_view name_of(Op op);

/// Antimony infix text, with the fewest parentheses that keep the meaning; numbers in the shortest form
/// that reads back to the same bits.
std::string to_text(const Expression& expression);

/// A copy in which every node was passed through `change`, children first. `change` returns its argument
/// to keep it.
Expression transform(const Expression& expression, const std::function<Expression(const Expression&)>& change);

/// Calls `visit` on every node, parents first.
void for_each_node(const Expression& expression, const std::function<void(const Node&)>& visit);

/// Structural equality: same operations, names and numbers (bit for bit; NaN equals NaN). Units and places are ignored.
bool same(const Expression& a, const Expression& b);

}  // namespace abscopal
