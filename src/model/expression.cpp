// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "abscopal/expression.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#include "base/text.hpp"

namespace abscopal {
namespace {

// In the order of Op.
constexpr std::array<std::string_view, static_cast<std::size_t>(Op::call) + 1> op_names{
    "number", "symbol",   "time",      "avogadro", "+",         "-",     "-",      "*",     "/",
    "^",      "quotient", "rem",       "min",      "max",       "abs",   "exp",    "ln",    "sqrt",
    "floor",  "ceil",     "factorial", "sin",      "cos",       "tan",   "sec",    "csc",   "cot",
    "sinh",   "cosh",     "tanh",      "sech",     "csch",      "coth",  "asin",   "acos",  "atan",
    "asec",   "acsc",     "acot",      "asinh",    "acosh",     "atanh", "asech",  "acsch", "acoth",
    "log",    "root",     "==",        "!=",       "<",         "<=",    ">",      ">=",    "&&",
    "||",     "xor",      "!",         "implies",  "piecewise", "delay", "rateOf", "call"};

/// How tightly an operator binds; calls and leaves bind tightest.
enum Binding : int {
    binds_or = 1,
    binds_and,
    binds_relation,
    binds_sum,
    binds_product,
    binds_sign,
    binds_power,
    binds_leaf
};

int binding(const Node& node) {
    switch (node.op) {
        case Op::or_:
            return node.args.size() > 1 ? binds_or : binds_leaf;
        case Op::and_:
            return node.args.size() > 1 ? binds_and : binds_leaf;
        case Op::eq:
        case Op::ne:
        case Op::lt:
        case Op::le:
        case Op::gt:
        case Op::ge:
            return node.args.size() == 2 ? binds_relation : binds_leaf;
        case Op::plus:
            return node.args.size() > 1 ? binds_sum : binds_leaf;
        case Op::minus:
            return binds_sum;
        case Op::times:
            return node.args.size() > 1 ? binds_product : binds_leaf;
        case Op::divide:
            return binds_product;
        case Op::negate:
        case Op::not_:
            return binds_sign;
        case Op::power:
            return binds_power;
        case Op::number:
            return std::signbit(node.value) ? binds_sign : binds_leaf;
        default:
            return binds_leaf;
    }
}

std::string text_at_least(const Expression& expression, int least) {
    const std::string text = to_text(expression);
    return binding(*expression) < least ? "(" + text + ")" : text;
}

std::string infix(const Node& node, int left, int right) {
    const bool tight = node.op == Op::power || node.op == Op::times || node.op == Op::divide;
    const std::string op = tight ? std::string(name_of(node.op)) : " " + std::string(name_of(node.op)) + " ";
    std::string text = text_at_least(node.args.front(), left);
    for (std::size_t i = 1; i < node.args.size(); ++i) text += op + text_at_least(node.args[i], right);
    return text;
}

std::string call_text(std::string_view function, const std::vector<Expression>& args) {
    std::string text(function);
    text += "(";
    for (std::size_t i = 0; i < args.size(); ++i) text += (i ? ", " : "") + to_text(args[i]);
    return text + ")";
}

/// Antimony's words for operators used as functions, for forms that infix cannot say (no argument, chains).
std::string_view function_word(Op op) {
    switch (op) {
        case Op::plus:
            return "plus";
        case Op::times:
            return "times";
        case Op::eq:
            return "eq";
        case Op::ne:
            return "neq";
        case Op::lt:
            return "lt";
        case Op::le:
            return "leq";
        case Op::gt:
            return "gt";
        case Op::ge:
            return "geq";
        case Op::and_:
            return "and";
        case Op::or_:
            return "or";
        default:
            return name_of(op);
    }
}

std::string leaf_text(const Node& node) {
    if (node.op == Op::symbol) return node.name;
    if (node.op != Op::number) return std::string(name_of(node.op));
    return to_text(node.value) + (node.unit.empty() ? "" : " " + node.unit);
}

std::string operator_text(const Node& node) {
    switch (binding(node)) {
        case binds_or:
        case binds_and:  // Antimony reads both equally tight, from left to right: parentheses make it plain
            return infix(node, binds_relation, binds_relation);
        case binds_relation:
            return infix(node, binds_relation + 1, binds_relation + 1);
        case binds_sum:
            return infix(node, binds_sum, binds_sum + 1);
        case binds_product:
            return infix(node, binds_product, binds_product + 1);
        case binds_power:
            return infix(node, binds_power + 1, binds_power + 1);
        default:
            return std::string(name_of(node.op)) + text_at_least(node.args.front(), binds_power);
    }
}

bool is_leaf(Op op) {
    return op == Op::number || op == Op::symbol || op == Op::time || op == Op::avogadro;
}

}  // namespace

Expression number(double value, std::string unit, Place place) {
    return std::make_shared<const Node>(Node{Op::number, value, {}, std::move(unit), {}, std::move(place)});
}

Expression symbol(std::string name, Place place) {
    return std::make_shared<const Node>(Node{Op::symbol, 0.0, std::move(name), {}, {}, std::move(place)});
}

Expression make(Op op, std::vector<Expression> args, Place place) {
    return std::make_shared<const Node>(Node{op, 0.0, {}, {}, std::move(args), std::move(place)});
}

Expression call(std::string function, std::vector<Expression> args, Place place) {
    return std::make_shared<const Node>(
        Node{Op::call, 0.0, std::move(function), {}, std::move(args), std::move(place)});
}

std::string_view name_of(Op op) {
    return op_names[static_cast<std::size_t>(op)];
}

std::string to_text(const Expression& expression) {
    const Node& node = *expression;
    if (is_leaf(node.op)) return leaf_text(node);
    if (node.op == Op::call) return call_text(node.name, node.args);
    return binding(node) < binds_leaf ? operator_text(node) : call_text(function_word(node.op), node.args);
}

Expression transform(const Expression& expression,
                     const std::function<Expression(const Expression&)>& change) {
    std::vector<Expression> args;
    args.reserve(expression->args.size());
    for (const auto& arg : expression->args) args.push_back(transform(arg, change));
    if (args == expression->args) return change(expression);
    Node copy = *expression;
    copy.args = std::move(args);
    return change(std::make_shared<const Node>(std::move(copy)));
}

void for_each_node(const Expression& expression, const std::function<void(const Node&)>& visit) {
    visit(*expression);
    for (const auto& arg : expression->args) for_each_node(arg, visit);
}

bool same(const Expression& a, const Expression& b) {
    if (a == b) return true;
    if (!a || !b || a->op != b->op || a->name != b->name) return false;
    const bool both_nan = std::isnan(a->value) && std::isnan(b->value);
    const bool equal_numbers =
        both_nan || std::bit_cast<std::uint64_t>(a->value) == std::bit_cast<std::uint64_t>(b->value);
    return equal_numbers && std::equal(a->args.begin(), a->args.end(), b->args.begin(), b->args.end(), same);
}

}  // namespace abscopal
