// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
// From expression trees to nodes of the graph: names resolved, functions expanded.
#include <limits>

#include "model/network.hpp"

namespace abscopal {
namespace {

constexpr double avogadro = 6.02214179e23;  // CODATA 2006, as SBML Level 3 fixes it
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

Code code_of(Op op) {
    switch (op) {
        case Op::exp:
            return Code::exp;
        case Op::ln:
            return Code::ln;
        case Op::sqrt:
            return Code::sqrt;
        case Op::abs:
            return Code::abs;
        case Op::floor:
            return Code::floor;
        case Op::ceil:
            return Code::ceil;
        case Op::factorial:
            return Code::factorial;
        case Op::sin:
        case Op::csc:
            return Code::sin;
        case Op::cos:
        case Op::sec:
            return Code::cos;
        case Op::tan:
        case Op::cot:
            return Code::tan;
        case Op::sinh:
        case Op::csch:
            return Code::sinh;
        case Op::cosh:
        case Op::sech:
            return Code::cosh;
        case Op::tanh:
        case Op::coth:
            return Code::tanh;
        case Op::asin:
        case Op::acsc:
            return Code::asin;
        case Op::acos:
        case Op::asec:
            return Code::acos;
        case Op::atan:
        case Op::acot:
            return Code::atan;
        case Op::asinh:
        case Op::acsch:
            return Code::asinh;
        case Op::acosh:
        case Op::asech:
            return Code::acosh;
        case Op::atanh:
        case Op::acoth:
            return Code::atanh;
        default:
            return Code::not_;
    }
}

bool is_reciprocal_function(Op op) {
    switch (op) {
        case Op::sec:
        case Op::csc:
        case Op::cot:
        case Op::sech:
        case Op::csch:
        case Op::coth:
            return true;
        default:
            return false;
    }
}

// arcsec(x) = arccos(1/x), and so on.
bool is_function_of_reciprocal(Op op) {
    switch (op) {
        case Op::asec:
        case Op::acsc:
        case Op::acot:
        case Op::asech:
        case Op::acsch:
        case Op::acoth:
            return true;
        default:
            return false;
    }
}

}  // namespace

NodeId Network::lower(const Expression& expression, const Scope& scope) {
    const Node& node = *expression;
    switch (node.op) {
        case Op::number:
            return graph_.constant(node.value);
        case Op::symbol:
            return lower_symbol(node, scope);
        case Op::time:
            return graph_.leaf(time_leaf, on_time);
        case Op::avogadro:
            return graph_.constant(avogadro);
        case Op::call:
            return lower_call(node, scope);
        case Op::plus:
            return lower_fold(Code::add, 0.0, node, scope);
        case Op::times:
            return lower_fold(Code::mul, 1.0, node, scope);
        case Op::min:
            return lower_fold(Code::min, nan, node, scope);
        case Op::max:
            return lower_fold(Code::max, nan, node, scope);
        case Op::and_:
            return lower_fold(Code::and_, 1.0, node, scope);
        case Op::or_:
            return lower_fold(Code::or_, 0.0, node, scope);
        case Op::xor_:
            return lower_fold(Code::xor_, 0.0, node, scope);
        case Op::eq:
        case Op::ne:
        case Op::lt:
        case Op::le:
        case Op::gt:
        case Op::ge:
            return lower_relation(node, scope);
        case Op::piecewise:
            return lower_piecewise(node, scope);
        case Op::rate_of:
            return time_derivative(lower(node.args[0], scope));
        case Op::delay:
            return graph_.constant(nan);  // refused by check()
        default:
            break;
    }
    std::vector<NodeId> arguments;
    for (const Expression& argument : node.args) arguments.push_back(lower(argument, scope));
    return lower_function(node.op, arguments);
}

NodeId Network::lower_symbol(const Node& node, const Scope& scope) {
    if (scope.arguments) {
        const auto argument = scope.arguments->find(node.name);
        if (argument != scope.arguments->end()) return argument->second;
    }
    if (scope.reaction) {
        for (const Parameter& local : scope.reaction->local_parameters) {
            if (local.id == node.name) return value(*find(local_id(*scope.reaction, local.id)));
        }
    }
    return value(*find(node.name));
}

NodeId Network::lower_call(const Node& node, const Scope& scope) {
    const FunctionDefinition& function = *find_function(node.name);
    std::map<std::string, NodeId> arguments;
    for (std::size_t i = 0; i < node.args.size(); ++i)
        arguments[function.arguments[i]] = lower(node.args[i], scope);
    return function.body ? lower(function.body, {nullptr, &arguments}) : graph_.constant(nan);
}

NodeId Network::lower_fold(Code code, double empty, const Node& node, const Scope& scope) {
    if (node.args.empty()) return graph_.constant(empty);
    const bool is_logic = code == Code::and_ || code == Code::or_ || code == Code::xor_;
    NodeId result = lower(node.args[0], scope);
    if (is_logic && node.args.size() == 1) return graph_.make(Code::ne, result, graph_.constant(0.0));
    for (std::size_t i = 1; i < node.args.size(); ++i)
        result = graph_.make(code, result, lower(node.args[i], scope));
    return result;
}

// Relations may chain: a < b < c means a < b and b < c.
NodeId Network::lower_relation(const Node& node, const Scope& scope) {
    std::vector<NodeId> sides;
    for (const Expression& argument : node.args) sides.push_back(lower(argument, scope));
    const auto relation = [&](NodeId left, NodeId right) {
        switch (node.op) {
            case Op::eq:
                return graph_.make(Code::eq, left, right);
            case Op::ne:
                return graph_.make(Code::ne, left, right);
            case Op::lt:
                return graph_.make(Code::lt, left, right);
            case Op::le:
                return graph_.make(Code::le, left, right);
            case Op::gt:
                return graph_.make(Code::lt, right, left);
            default:
                return graph_.make(Code::le, right, left);
        }
    };
    NodeId result = graph_.constant(1.0);
    for (std::size_t i = 1; i < sides.size(); ++i) {
        const NodeId link = relation(sides[i - 1], sides[i]);
        result = i == 1 ? link : graph_.make(Code::and_, result, link);
    }
    return result;
}

NodeId Network::lower_piecewise(const Node& node, const Scope& scope) {
    const std::size_t n = node.args.size();
    NodeId result = n % 2 == 1 ? lower(node.args[n - 1], scope) : graph_.constant(nan);
    for (std::size_t i = n / 2; i-- > 0;) {
        const NodeId condition = lower(node.args[2 * i + 1], scope);
        result = graph_.select(condition, lower(node.args[2 * i], scope), result);
    }
    return result;
}

NodeId Network::lower_function(Op op, const std::vector<NodeId>& x) {
    const auto one = [&] { return graph_.constant(1.0); };
    switch (op) {
        case Op::minus:
            return x.size() == 1 ? graph_.negate(x[0]) : graph_.sub(x[0], x[1]);
        case Op::negate:
            return graph_.negate(x[0]);
        case Op::divide:
            return graph_.div(x[0], x[1]);
        case Op::power:
            return graph_.make(Code::power, x[0], x[1]);
        case Op::quotient:
            return graph_.make(Code::quotient, x[0], x[1]);
        case Op::rem:
            return graph_.make(Code::rem, x[0], x[1]);
        case Op::implies:
            return graph_.make(Code::or_, graph_.make(Code::not_, x[0]), x[1]);
        case Op::root:
            return graph_.make(Code::power, x[1], graph_.div(one(), x[0]));
        case Op::log:
            if (graph_.is_constant(x[0], 10.0)) return graph_.make(Code::log10, x[1]);
            return graph_.div(graph_.make(Code::ln, x[1]), graph_.make(Code::ln, x[0]));
        default:
            break;
    }
    const NodeId argument = is_function_of_reciprocal(op) ? graph_.div(one(), x[0]) : x[0];
    const NodeId result = graph_.make(code_of(op), argument);
    return is_reciprocal_function(op) ? graph_.div(one(), result) : result;
}

}  // namespace abscopal
