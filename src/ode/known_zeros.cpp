// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "ode/known_zeros.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace abscopal {
namespace {

using lanes::Instruction;
using lanes::Operation;

/// Functions that are 0 at 0.
bool keeps_zero(Operation operation) {
    using enum Operation;
    constexpr std::array functions{copy, negate, sqrt, abs,  floor, ceil,  sin,   tan,
                                   sinh, tanh,   asin, atan, asinh, atanh, finite};
    return std::ranges::find(functions, operation) != functions.end();
}

struct Facts {
    bool a, b, c;  ///< whether the arguments are zero
};

/// 0 as an instruction: a copy of the row that always is zero.
Instruction nothing(const Instruction& i, std::uint32_t zero) {
    return {Operation::copy, i.out, zero};
}

Instruction sum_of_three(const Instruction& i, Facts zero, std::uint32_t zero_row) {
    std::vector<std::uint32_t> terms;
    if (!zero.a) terms.push_back(i.a);
    if (!zero.b) terms.push_back(i.b);
    if (!zero.c) terms.push_back(i.c);
    if (terms.empty()) return nothing(i, zero_row);
    if (terms.size() == 1) return {Operation::copy, i.out, terms[0]};
    return terms.size() == 2 ? Instruction{Operation::add, i.out, terms[0], terms[1]} : i;
}

/// a·b + c and a·b − c: `alone` is what becomes of c where the product is zero.
Instruction product_and(const Instruction& i, Facts zero, Operation alone, std::uint32_t zero_row) {
    if (zero.a || zero.b) return zero.c ? nothing(i, zero_row) : Instruction{alone, i.out, i.c};
    return zero.c ? Instruction{Operation::mul, i.out, i.a, i.b} : i;
}

Instruction difference(const Instruction& i, Facts zero) {
    return zero.b   ? Instruction{Operation::copy, i.out, i.a}
           : zero.a ? Instruction{Operation::negate, i.out, i.b}
                    : i;
}

}  // namespace

Instruction KnownZeros::simplify(const Instruction& i) const {
    const int reads = lanes::arity(i.operation);
    const Facts zero{reads > 0 && has(i.a), reads > 1 && has(i.b), reads > 2 && has(i.c)};
    if (zero.a && keeps_zero(i.operation)) return nothing(i, zero_);
    switch (i.operation) {
        case Operation::add:
            return zero.a ? Instruction{Operation::copy, i.out, i.b}
                          : (zero.b ? Instruction{Operation::copy, i.out, i.a} : i);
        case Operation::sub:
            return difference(i, zero);
        case Operation::mul:
        case Operation::and_:
            return zero.a || zero.b ? nothing(i, zero_) : i;
        case Operation::mul3:
            return zero.a || zero.b || zero.c ? nothing(i, zero_) : i;
        case Operation::div:
            return zero.a && !zero.b ? nothing(i, zero_) : i;
        case Operation::mul_add:
            return product_and(i, zero, Operation::copy, zero_);
        case Operation::mul_sub:
            return product_and(i, zero, Operation::negate, zero_);
        case Operation::sub_mul:
            return zero.a || zero.b ? Instruction{Operation::copy, i.out, i.c} : i;
        case Operation::add3:
            return sum_of_three(i, zero, zero_);
        case Operation::select:
            return zero.a ? Instruction{Operation::copy, i.out, i.c}
                          : (zero.b && zero.c ? nothing(i, zero_) : i);
        case Operation::min:
        case Operation::max:
        case Operation::lt:
        case Operation::ne:
            return zero.a && zero.b ? nothing(i, zero_) : i;
        default:
            return i;
    }
}

lanes::Program KnownZeros::simplify(const lanes::Program& program) {
    lanes::Program result;
    for (const auto& instruction : program) {
        Instruction i = simplify(instruction);
        const bool stays_zero = i.operation == Operation::copy && has(i.a);
        // The row of a known zero may hold anything.
        const int reads = lanes::arity(i.operation);
        if (reads > 0 && has(i.a)) i.a = zero_;
        if (reads > 1 && has(i.b)) i.b = zero_;
        if (reads > 2 && has(i.c)) i.c = zero_;
        is_zero_[i.out] = stays_zero ? 1 : 0;
        if (stays_zero || (i.operation == Operation::copy && i.a == i.out)) continue;
        result.push_back(i);
    }
    return result;
}

lanes::Program needed_for(const lanes::Program& program, const std::vector<std::uint32_t>& results) {
    std::set<std::uint32_t> needed(results.begin(), results.end());
    lanes::Program kept;
    for (auto i = program.rbegin(); i != program.rend(); ++i) {
        if (needed.erase(i->out) == 0) continue;
        const std::array arguments{i->a, i->b, i->c};
        needed.insert(arguments.begin(), arguments.begin() + lanes::arity(i->operation));
        kept.push_back(*i);
    }
    std::ranges::reverse(kept);
    return kept;
}

std::vector<std::uint32_t> rows_taken(const lanes::Program& program) {
    std::set<std::uint32_t> taken, written;
    for (const auto& i : program) {
        const std::array arguments{i.a, i.b, i.c};
        for (int k = 0; k < lanes::arity(i.operation); ++k)
            if (const auto row = arguments[static_cast<std::size_t>(k)]; !written.contains(row))
                taken.insert(row);
        written.insert(i.out);
    }
    return {taken.begin(), taken.end()};
}

}  // namespace abscopal
