// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "model/neutral_id.hpp"

#include <algorithm>
#include <iterator>

namespace abscopal {
namespace {

// Sorted, as std::binary_search needs it.
constexpr std::string_view reserved[] = {"DNA",         "INF",
                                         "NaN",         "abs",
                                         "acos",        "acosh",
                                         "acot",        "acoth",
                                         "acsc",        "acsch",
                                         "and",         "arccos",
                                         "arccosh",     "arccot",
                                         "arccoth",     "arccsc",
                                         "arccsch",     "arcsec",
                                         "arcsech",     "arcsin",
                                         "arcsinh",     "arctan",
                                         "arctanh",     "area",
                                         "asec",        "asech",
                                         "asin",        "at",
                                         "atan",        "atanh",
                                         "avogadro",    "bernoulli",
                                         "binomial",    "cauchy",
                                         "ceil",        "ceiling",
                                         "chisquare",   "compartment",
                                         "const",       "cos",
                                         "cosh",        "cot",
                                         "coth",        "csc",
                                         "csch",        "delay",
                                         "delete",      "divide",
                                         "end",         "eq",
                                         "event",       "exp",
                                         "exponential", "exponentiale",
                                         "ext",         "extent",
                                         "factorial",   "false",
                                         "floor",       "formula",
                                         "function",    "gamma",
                                         "gene",        "geq",
                                         "gt",          "has",
                                         "implies",     "import",
                                         "in",          "inf",
                                         "infinity",    "is",
                                         "laplace",     "length",
                                         "leq",         "ln",
                                         "log",         "log10",
                                         "lognormal",   "lt",
                                         "max",         "min",
                                         "minus",       "model",
                                         "module",      "nan",
                                         "neq",         "normal",
                                         "not",         "notanumber",
                                         "operator",    "or",
                                         "pi",          "piecewise",
                                         "plus",        "poisson",
                                         "pow",         "power",
                                         "quotient",    "rateOf",
                                         "rayleigh",    "reaction",
                                         "rem",         "root",
                                         "sec",         "sech",
                                         "sin",         "sinh",
                                         "species",     "sqr",
                                         "sqrt",        "substance",
                                         "tan",         "tanh",
                                         "time",        "times",
                                         "true",        "truncatedNormal",
                                         "uniform",     "var",
                                         "volume",      "xor"};

}  // namespace

bool is_antimony_word(std::string_view id) {
    return std::binary_search(std::begin(reserved), std::end(reserved), id);
}

std::string neutral_id(const std::string& id) {
    return is_antimony_word(id) ? id + "_" : id;
}

}  // namespace abscopal
