// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "model/program.hpp"

#include <array>
#include <cmath>

namespace abscopal {
namespace {

struct CodeInfo {
    std::string_view name;
    int arity;
};

constexpr std::array<CodeInfo, static_cast<std::size_t>(Code::mul3) + 1> infos = {{
    {"constant", 0}, {"leaf", 0},    {"add", 2},     {"sub", 2},       {"mul", 2},      {"div", 2},
    {"negate", 1},   {"power", 2},   {"sqrt", 1},    {"abs", 1},       {"exp", 1},      {"ln", 1},
    {"log10", 1},    {"floor", 1},   {"ceil", 1},    {"factorial", 1}, {"sin", 1},      {"cos", 1},
    {"tan", 1},      {"sinh", 1},    {"cosh", 1},    {"tanh", 1},      {"asin", 1},     {"acos", 1},
    {"atan", 1},     {"asinh", 1},   {"acosh", 1},   {"atanh", 1},     {"quotient", 2}, {"rem", 2},
    {"min", 2},      {"max", 2},     {"lt", 2},      {"le", 2},        {"eq", 2},       {"ne", 2},
    {"and", 2},      {"or", 2},      {"xor", 2},     {"not", 1},       {"select", 3},   {"finite", 1},
    {"mul_add", 3},  {"mul_sub", 3}, {"sub_mul", 3}, {"add3", 3},      {"mul3", 3},
}};

// Exponents met in Hill terms are small integers held in parameters: spare them the general function.
double power(double x, double n) {
    if (n == 2.0) return x * x;
    if (n == 1.0) return x;
    if (n == 3.0) return x * x * x;
    if (n == 4.0) return (x * x) * (x * x);
    if (n == 0.5 && x >= 0.0) return std::sqrt(x);
    return std::pow(x, n);
}

double factorial(double x) {
    return x == std::floor(x) ? std::round(std::tgamma(x + 1.0)) : std::tgamma(x + 1.0);
}

double truth(bool value) {
    return value ? 1.0 : 0.0;
}

// Runs all neighbours of one operation in a tight loop; programs are scheduled so that such runs are long.
template <class Operation>
const Instruction* run_batch(const Instruction* at, const Instruction* end, Operation operation) {
    const Code code = at->code;
    do {
        operation(*at);
        ++at;
    } while (at != end && at->code == code);
    return at;
}

}  // namespace

int arity(Code code) {
    return infos[static_cast<std::size_t>(code)].arity;
}

std::string_view name_of(Code code) {
    return infos[static_cast<std::size_t>(code)].name;
}

void Program::run(double* w) const {
    const Instruction* at = instructions.data();
    const Instruction* const end = at + instructions.size();
    const auto unary = [&](auto function) {
        return run_batch(at, end, [=](const Instruction& i) { w[i.out] = function(w[i.a]); });
    };
    const auto binary = [&](auto function) {
        return run_batch(at, end, [=](const Instruction& i) { w[i.out] = function(w[i.a], w[i.b]); });
    };
    const auto ternary = [&](auto function) {
        return run_batch(at, end, [=](const Instruction& i) { w[i.out] = function(w[i.a], w[i.b], w[i.c]); });
    };
    while (at != end) {
        switch (at->code) {
            case Code::constant:
            case Code::leaf:
                ++at;
                break;
            case Code::add:
                at = binary([](double a, double b) { return a + b; });
                break;
            case Code::sub:
                at = binary([](double a, double b) { return a - b; });
                break;
            case Code::mul:
                at = binary([](double a, double b) { return a * b; });
                break;
            case Code::div:
                at = binary([](double a, double b) { return a / b; });
                break;
            case Code::negate:
                at = unary([](double a) { return -a; });
                break;
            case Code::power:
                at = binary([](double a, double b) { return power(a, b); });
                break;
            case Code::sqrt:
                at = unary([](double a) { return std::sqrt(a); });
                break;
            case Code::abs:
                at = unary([](double a) { return std::fabs(a); });
                break;
            case Code::exp:
                at = unary([](double a) { return std::exp(a); });
                break;
            case Code::ln:
                at = unary([](double a) { return std::log(a); });
                break;
            case Code::log10:
                at = unary([](double a) { return std::log10(a); });
                break;
            case Code::floor:
                at = unary([](double a) { return std::floor(a); });
                break;
            case Code::ceil:
                at = unary([](double a) { return std::ceil(a); });
                break;
            case Code::factorial:
                at = unary([](double a) { return factorial(a); });
                break;
            case Code::sin:
                at = unary([](double a) { return std::sin(a); });
                break;
            case Code::cos:
                at = unary([](double a) { return std::cos(a); });
                break;
            case Code::tan:
                at = unary([](double a) { return std::tan(a); });
                break;
            case Code::sinh:
                at = unary([](double a) { return std::sinh(a); });
                break;
            case Code::cosh:
                at = unary([](double a) { return std::cosh(a); });
                break;
            case Code::tanh:
                at = unary([](double a) { return std::tanh(a); });
                break;
            case Code::asin:
                at = unary([](double a) { return std::asin(a); });
                break;
            case Code::acos:
                at = unary([](double a) { return std::acos(a); });
                break;
            case Code::atan:
                at = unary([](double a) { return std::atan(a); });
                break;
            case Code::asinh:
                at = unary([](double a) { return std::asinh(a); });
                break;
            case Code::acosh:
                at = unary([](double a) { return std::acosh(a); });
                break;
            case Code::atanh:
                at = unary([](double a) { return std::atanh(a); });
                break;
            case Code::quotient:
                at = binary([](double a, double b) { return std::trunc(a / b); });
                break;
            case Code::rem:
                at = binary([](double a, double b) { return std::fmod(a, b); });
                break;
            case Code::min:
                at = binary([](double a, double b) { return a < b ? a : b; });
                break;
            case Code::max:
                at = binary([](double a, double b) { return a > b ? a : b; });
                break;
            case Code::lt:
                at = binary([](double a, double b) { return truth(a < b); });
                break;
            case Code::le:
                at = binary([](double a, double b) { return truth(a <= b); });
                break;
            case Code::eq:
                at = binary([](double a, double b) { return truth(a == b); });
                break;
            case Code::ne:
                at = binary([](double a, double b) { return truth(a != b); });
                break;
            case Code::and_:
                at = binary([](double a, double b) { return truth(a != 0.0 && b != 0.0); });
                break;
            case Code::or_:
                at = binary([](double a, double b) { return truth(a != 0.0 || b != 0.0); });
                break;
            case Code::xor_:
                at = binary([](double a, double b) { return truth((a != 0.0) != (b != 0.0)); });
                break;
            case Code::not_:
                at = unary([](double a) { return truth(a == 0.0); });
                break;
            case Code::select:
                at = ternary([](double a, double b, double c) { return a != 0.0 ? b : c; });
                break;
            case Code::finite:
                at = unary([](double a) { return std::isfinite(a) ? a : 0.0; });
                break;
            case Code::mul_add:
                at = ternary([](double a, double b, double c) { return a * b + c; });
                break;
            case Code::mul_sub:
                at = ternary([](double a, double b, double c) { return a * b - c; });
                break;
            case Code::sub_mul:
                at = ternary([](double a, double b, double c) { return c - a * b; });
                break;
            case Code::add3:
                at = ternary([](double a, double b, double c) { return (a + b) + c; });
                break;
            case Code::mul3:
                at = ternary([](double a, double b, double c) { return (a * b) * c; });
                break;
        }
    }
}

double evaluate(Code code, double a, double b, double c) {
    std::array<double, 4> workspace = {a, b, c, 0.0};
    Program program;
    program.instructions = {{code, 3, 0, 1, 2}};
    program.run(workspace.data());
    return workspace[3];
}

}  // namespace abscopal
