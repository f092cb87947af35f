// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "model/sbml_math.hpp"

#include <sbml/math/ASTNode.h>

#include <algorithm>
#include <limits>
#include <numbers>

#include "base/text.hpp"

namespace abscopal {
namespace {

constexpr unsigned any = std::numeric_limits<unsigned>::max();

struct Operation {
    ASTNodeType_t type;
    Op op;
    unsigned fewest, most;
};

/// Operations whose arguments are taken over one by one.
constexpr Operation operations[] = {
    {AST_PLUS, Op::plus, 0, any},
    {AST_TIMES, Op::times, 0, any},
    {AST_DIVIDE, Op::divide, 2, 2},
    {AST_POWER, Op::power, 2, 2},
    {AST_FUNCTION_POWER, Op::power, 2, 2},
    {AST_FUNCTION_QUOTIENT, Op::quotient, 2, 2},
    {AST_FUNCTION_REM, Op::rem, 2, 2},
    {AST_FUNCTION_MIN, Op::min, 0, any},
    {AST_FUNCTION_MAX, Op::max, 0, any},
    {AST_FUNCTION_ABS, Op::abs, 1, 1},
    {AST_FUNCTION_EXP, Op::exp, 1, 1},
    {AST_FUNCTION_LN, Op::ln, 1, 1},
    {AST_FUNCTION_FLOOR, Op::floor, 1, 1},
    {AST_FUNCTION_CEILING, Op::ceil, 1, 1},
    {AST_FUNCTION_FACTORIAL, Op::factorial, 1, 1},
    {AST_FUNCTION_SIN, Op::sin, 1, 1},
    {AST_FUNCTION_COS, Op::cos, 1, 1},
    {AST_FUNCTION_TAN, Op::tan, 1, 1},
    {AST_FUNCTION_SEC, Op::sec, 1, 1},
    {AST_FUNCTION_CSC, Op::csc, 1, 1},
    {AST_FUNCTION_COT, Op::cot, 1, 1},
    {AST_FUNCTION_SINH, Op::sinh, 1, 1},
    {AST_FUNCTION_COSH, Op::cosh, 1, 1},
    {AST_FUNCTION_TANH, Op::tanh, 1, 1},
    {AST_FUNCTION_SECH, Op::sech, 1, 1},
    {AST_FUNCTION_CSCH, Op::csch, 1, 1},
    {AST_FUNCTION_COTH, Op::coth, 1, 1},
    {AST_FUNCTION_ARCSIN, Op::asin, 1, 1},
    {AST_FUNCTION_ARCCOS, Op::acos, 1, 1},
    {AST_FUNCTION_ARCTAN, Op::atan, 1, 1},
    {AST_FUNCTION_ARCSEC, Op::asec, 1, 1},
    {AST_FUNCTION_ARCCSC, Op::acsc, 1, 1},
    {AST_FUNCTION_ARCCOT, Op::acot, 1, 1},
    {AST_FUNCTION_ARCSINH, Op::asinh, 1, 1},
    {AST_FUNCTION_ARCCOSH, Op::acosh, 1, 1},
    {AST_FUNCTION_ARCTANH, Op::atanh, 1, 1},
    {AST_FUNCTION_ARCSECH, Op::asech, 1, 1},
    {AST_FUNCTION_ARCCSCH, Op::acsch, 1, 1},
    {AST_FUNCTION_ARCCOTH, Op::acoth, 1, 1},
    {AST_RELATIONAL_EQ, Op::eq, 0, any},
    {AST_RELATIONAL_NEQ, Op::ne, 2, 2},
    {AST_RELATIONAL_LT, Op::lt, 0, any},
    {AST_RELATIONAL_LEQ, Op::le, 0, any},
    {AST_RELATIONAL_GT, Op::gt, 0, any},
    {AST_RELATIONAL_GEQ, Op::ge, 0, any},
    {AST_LOGICAL_AND, Op::and_, 0, any},
    {AST_LOGICAL_OR, Op::or_, 0, any},
    {AST_LOGICAL_XOR, Op::xor_, 0, any},
    {AST_LOGICAL_NOT, Op::not_, 1, 1},
    {AST_LOGICAL_IMPLIES, Op::implies, 2, 2},
    {AST_FUNCTION_PIECEWISE, Op::piecewise, 0, any},
    {AST_FUNCTION_DELAY, Op::delay, 2, 2},
    {AST_FUNCTION_RATE_OF, Op::rate_of, 1, 1},
};

const Operation* find_operation(ASTNodeType_t type) {
    const auto found = std::find_if(std::begin(operations), std::end(operations),
                                    [&](const Operation& operation) { return operation.type == type; });
    return found == std::end(operations) ? nullptr : found;
}

/// Mantissa and exponent are joined as text, so that "1.1e-7" has the bits of 1.1e-7.
double e_notation(const ASTNode& node) {
    const auto joined = to_double(to_text(node.getMantissa()) + "e" + std::to_string(node.getExponent()));
    return joined.value_or(node.getReal());
}

std::string text_or_empty(const char* text) {
    return text == nullptr ? std::string() : std::string(text);
}

/// One pass over a tree; `failed_` once a fault was added.
class Translation {
  public:
    explicit Translation(const MathReading& reading) : reading_(reading) {}

    Expression of(const ASTNode& node) {
        const Expression leaf = constant_leaf(node);
        if (leaf) return leaf;
        switch (node.getType()) {
            case AST_NAME:
                return named(node) ? symbol(node.getName(), reading_.place) : nullptr;
            case AST_MINUS:
                return minus(node);
            case AST_FUNCTION_ROOT:
                return root(node);
            case AST_FUNCTION_LOG:
                return logarithm(node);
            case AST_FUNCTION:
                return named(node) ? called(node.getName(), arguments(node)) : nullptr;
            default:
                return operation(node);
        }
    }

    bool failed() const { return failed_; }

  private:
    Expression constant_leaf(const ASTNode& node) const {
        switch (node.getType()) {
            case AST_INTEGER:
                return literal(node, static_cast<double>(node.getInteger()));
            case AST_REAL:
                return literal(node, node.getReal());
            case AST_REAL_E:
                return literal(node, e_notation(node));
            case AST_RATIONAL:
                return literal(node, node.getReal());
            case AST_CONSTANT_E:
                return number(std::numbers::e, {}, reading_.place);
            case AST_CONSTANT_PI:
                return number(std::numbers::pi, {}, reading_.place);
            case AST_CONSTANT_TRUE:
                return number(1.0, {}, reading_.place);
            case AST_CONSTANT_FALSE:
                return number(0.0, {}, reading_.place);
            case AST_NAME_TIME:
                return make(Op::time, {}, reading_.place);
            case AST_NAME_AVOGADRO:
                return make(Op::avogadro, {}, reading_.place);
            default:
                return nullptr;
        }
    }

    Expression literal(const ASTNode& node, double value) const {
        return number(value, reading_.unit ? reading_.unit(node.getUnits()) : node.getUnits(),
                      reading_.place);
    }

    bool named(const ASTNode& node) {
        if (!text_or_empty(node.getName()).empty()) return true;
        fault("missing-name", "a name is missing in the mathematics");
        return false;
    }

    std::vector<Expression> arguments(const ASTNode& node) {
        std::vector<Expression> args;
        for (unsigned i = 0; i < node.getNumChildren(); ++i) args.push_back(of(*node.getChild(i)));
        return args;
    }

    /// Infinity is written as <infinity/>, so its negative comes as a negation; it is one number here.
    Expression minus(const ASTNode& node) {
        if (!expect_arguments(node, "minus", 1, 2)) return nullptr;
        auto args = arguments(node);
        const bool infinite = args.size() == 1 && args[0] && args[0]->op == Op::number &&
                              args[0]->value == std::numeric_limits<double>::infinity();
        if (infinite) return number(-args[0]->value, args[0]->unit, reading_.place);
        // Chosen before the arguments are moved away: the order of evaluation is open.
        const Op op = args.size() == 1 ? Op::negate : Op::minus;
        return make(op, std::move(args), reading_.place);
    }

    Expression root(const ASTNode& node) {
        if (!expect_arguments(node, "root", 1, 2)) return nullptr;
        auto args = arguments(node);
        const bool square =
            args.size() == 1 || (args[0] && args[0]->op == Op::number && args[0]->value == 2.0);
        if (square) return make(Op::sqrt, {args.back()}, reading_.place);
        return make(Op::root, std::move(args), reading_.place);
    }

    Expression logarithm(const ASTNode& node) {
        if (!expect_arguments(node, "log", 1, 2)) return nullptr;
        auto args = arguments(node);
        if (args.size() == 1) args.insert(args.begin(), number(10.0, {}, reading_.place));
        return make(Op::log, std::move(args), reading_.place);
    }

    /// SimBiology writes calls of MATLAB functions that SBML does not have as if the file defined them.
    Expression called(const std::string& name, std::vector<Expression> args) const {
        const bool defined = !reading_.is_defined || reading_.is_defined(name);
        const auto with_base = [&](double base) {
            return make(Op::log, {number(base, {}, reading_.place), args[0]}, reading_.place);
        };
        if (defined || args.empty() || args.size() > 2) return call(name, std::move(args), reading_.place);
        if (args.size() == 1 && name == "log2") return with_base(2.0);
        if (args.size() == 1 && name == "log10") return with_base(10.0);
        if (name == "max" || name == "min")
            return make(name == "max" ? Op::max : Op::min, std::move(args), reading_.place);
        if (args.size() == 2 && name == "nthroot") return make(Op::root, {args[1], args[0]}, reading_.place);
        if (args.size() == 2 && name == "power") return make(Op::power, std::move(args), reading_.place);
        if (args.size() == 2 && name == "rem") return make(Op::rem, std::move(args), reading_.place);
        return call(name, std::move(args), reading_.place);
    }

    Expression operation(const ASTNode& node) {
        const Operation* found = find_operation(node.getType());
        if (found == nullptr) return refuse(node);
        const std::string name{name_of(found->op)};
        if (!expect_arguments(node, name, found->fewest, found->most)) return nullptr;
        if (found->op == Op::rate_of && node.getChild(0)->getType() != AST_NAME) {
            fault("math-arguments", "rateOf takes the id of a variable, not an expression");
            return nullptr;
        }
        return make(found->op, arguments(node), reading_.place);
    }

    bool expect_arguments(const ASTNode& node, const std::string& name, unsigned fewest, unsigned most) {
        const unsigned count = node.getNumChildren();
        if (count >= fewest && count <= most) return true;
        const std::string wanted =
            std::to_string(fewest) + (fewest == most ? "" : " or " + std::to_string(most));
        fault("math-arguments",
              "'" + name + "' has " + std::to_string(count) + " arguments, expected " + wanted);
        return false;
    }

    Expression refuse(const ASTNode& node) {
        const std::string name = text_or_empty(node.getName());
        fault("unsupported-math", name.empty()
                                      ? "mathematics that Level 3 Version 2 core does not have"
                                      : "'" + name + "' is not in the mathematics of Level 3 Version 2 core");
        return nullptr;
    }

    void fault(const std::string& code, const std::string& message) {
        failed_ = true;
        reading_.faults->add(code, message, reading_.place);
    }

    const MathReading& reading_;
    bool failed_ = false;
};

}  // namespace

Expression from_ast(const ASTNode* node, const MathReading& reading) {
    if (node == nullptr) return nullptr;
    Translation translation(reading);
    Expression expression = translation.of(*node);
    return translation.failed() ? nullptr : expression;
}

}  // namespace abscopal
