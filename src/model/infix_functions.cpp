// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "model/infix_functions.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>

#include "model/infix.hpp"

namespace abscopal {
namespace {

constexpr std::size_t any = std::numeric_limits<std::size_t>::max();

struct Function {
    std::string_view name;
    Op op;
    std::size_t least, most;
};

// The names of libSBML's L3 formulas; some operations have several.
constexpr std::array<Function, 73> functions{{
    {"abs", Op::abs, 1, 1},
    {"exp", Op::exp, 1, 1},
    {"ln", Op::ln, 1, 1},
    {"floor", Op::floor, 1, 1},
    {"ceil", Op::ceil, 1, 1},
    {"ceiling", Op::ceil, 1, 1},
    {"factorial", Op::factorial, 1, 1},
    {"sin", Op::sin, 1, 1},
    {"cos", Op::cos, 1, 1},
    {"tan", Op::tan, 1, 1},
    {"sec", Op::sec, 1, 1},
    {"csc", Op::csc, 1, 1},
    {"cot", Op::cot, 1, 1},
    {"sinh", Op::sinh, 1, 1},
    {"cosh", Op::cosh, 1, 1},
    {"tanh", Op::tanh, 1, 1},
    {"sech", Op::sech, 1, 1},
    {"csch", Op::csch, 1, 1},
    {"coth", Op::coth, 1, 1},
    {"asin", Op::asin, 1, 1},
    {"acos", Op::acos, 1, 1},
    {"atan", Op::atan, 1, 1},
    {"asec", Op::asec, 1, 1},
    {"acsc", Op::acsc, 1, 1},
    {"acot", Op::acot, 1, 1},
    {"asinh", Op::asinh, 1, 1},
    {"acosh", Op::acosh, 1, 1},
    {"atanh", Op::atanh, 1, 1},
    {"asech", Op::asech, 1, 1},
    {"acsch", Op::acsch, 1, 1},
    {"acoth", Op::acoth, 1, 1},
    {"arcsin", Op::asin, 1, 1},
    {"arccos", Op::acos, 1, 1},
    {"arctan", Op::atan, 1, 1},
    {"arcsec", Op::asec, 1, 1},
    {"arccsc", Op::acsc, 1, 1},
    {"arccot", Op::acot, 1, 1},
    {"arcsinh", Op::asinh, 1, 1},
    {"arccosh", Op::acosh, 1, 1},
    {"arctanh", Op::atanh, 1, 1},
    {"arcsech", Op::asech, 1, 1},
    {"arccsch", Op::acsch, 1, 1},
    {"arccoth", Op::acoth, 1, 1},
    {"not", Op::not_, 1, 1},
    {"rateOf", Op::rate_of, 1, 1},
    {"delay", Op::delay, 2, 2},
    {"and", Op::and_, 0, any},
    {"or", Op::or_, 0, any},
    {"xor", Op::xor_, 0, any},
    {"implies", Op::implies, 2, 2},
    {"eq", Op::eq, 2, any},
    {"equals", Op::eq, 2, any},
    {"geq", Op::ge, 2, any},
    {"gt", Op::gt, 2, any},
    {"leq", Op::le, 2, any},
    {"lt", Op::lt, 2, any},
    {"neq", Op::ne, 2, 2},
    {"plus", Op::plus, 0, any},
    {"times", Op::times, 0, any},
    {"minus", Op::minus, 1, 2},
    {"divide", Op::divide, 2, 2},
    {"power", Op::power, 2, 2},
    {"pow", Op::power, 2, 2},
    {"quotient", Op::quotient, 2, 2},
    {"rem", Op::rem, 2, 2},
    {"max", Op::max, 1, any},
    {"min", Op::min, 1, any},
    {"piecewise", Op::piecewise, 1, any},
    {"log", Op::log, 1, 2},
    {"log10", Op::log, 1, 1},
    {"sqr", Op::power, 1, 1},
    {"sqrt", Op::sqrt, 1, 1},
    {"root", Op::root, 1, 2},
}};

// Random draws have no place in a model that is integrated.
constexpr std::array<std::string_view, 16> random_functions{
    "normal",   "truncatedNormal", "uniform",   "exponential",      "truncatedExponential",
    "gamma",    "truncatedGamma",  "poisson",   "truncatedPoisson", "bernoulli",
    "binomial", "cauchy",          "chisquare", "laplace",          "lognormal",
    "rayleigh"};

const Function* find_function(std::string_view name) {
    const auto found = std::ranges::find(functions, name, &Function::name);
    return found == functions.end() ? nullptr : &*found;
}

std::string expected_count(const Function& function) {
    if (function.most == any) return "at least " + std::to_string(function.least);
    if (function.least == function.most) return std::to_string(function.least);
    return std::to_string(function.least) + " or " + std::to_string(function.most);
}

void check_count(const Function& function, std::size_t n, const Place& place) {
    if (n >= function.least && n <= function.most) return;
    throw InputError(Fault{"argument-count",
                           "function '" + std::string(function.name) + "' takes " + expected_count(function) +
                               " argument" + (function.most == 1 ? "" : "s") + "; found " + std::to_string(n),
                           place,
                           {}});
}

void check_known(const std::string& function, const Place& place) {
    if (std::ranges::find(random_functions, function) == random_functions.end()) return;
    throw InputError(Fault{
        "unsupported-function",
        "function '" + function + "' draws random numbers (SBML package distrib), which is not supported",
        place,
        {"vary a parameter over the cohort instead"}});
}

/// Operations whose written form has fewer arguments than their tree: log(x), log10(x), sqr(x), root(x), −x.
Expression built(const Function& function, std::vector<Expression> args, const Place& place) {
    const bool alone = args.size() == 1;
    if (function.name == "sqr") return make(Op::power, {args[0], number(2.0)}, place);
    if (function.name == "log10") return make(Op::log, {number(10.0), args[0]}, place);
    if (function.op == Op::log && alone) return make(Op::ln, std::move(args), place);
    if (function.op == Op::root && alone) return make(Op::sqrt, std::move(args), place);
    if (function.op == Op::minus && alone) return make(Op::negate, std::move(args), place);
    return make(function.op, std::move(args), place);
}

}  // namespace

Expression apply_function(const std::string& function, std::vector<Expression> args, const Place& place) {
    const Function* found = find_function(function);
    if (!found) {
        check_known(function, place);
        return call(function, std::move(args), place);
    }
    check_count(*found, args.size(), place);
    return built(*found, std::move(args), place);
}

bool is_builtin_function(std::string_view word) {
    return find_function(word) || std::ranges::find(random_functions, word) != random_functions.end();
}

std::vector<std::string> builtin_functions() {
    std::vector<std::string> names;
    for (const auto& function : functions) names.emplace_back(function.name);
    return names;
}

}  // namespace abscopal
