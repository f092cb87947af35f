// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "model/infix.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "model/infix_functions.hpp"

namespace abscopal {
namespace {

// Deeper nesting than any model needs, and far from the end of the stack.
constexpr int max_nesting = 200;
constexpr int max_depth = 2000;
constexpr std::size_t max_remainder = 10'000;  // nodes of both sides of a %

constexpr std::array<std::string_view, 28> keywords{
    "module",   "model",         "end",         "species",    "formula",  "reaction", "DNA",
    "gene",     "operator",      "compartment", "has",        "in",       "is",       "var",
    "const",    "substanceOnly", "ext",         "import",     "event",    "at",       "after",
    "function", "unit",          "delete",      "constraint", "maximize", "minimize", "sbo"};

struct Constant {
    std::string_view name;
    double value;
};

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double pi = 3.141592653589793238462643383279502884;
constexpr double euler = 2.718281828459045235360287471352662498;

constexpr std::array<Constant, 16> constants{{{"true", 1.0},
                                              {"True", 1.0},
                                              {"TRUE", 1.0},
                                              {"false", 0.0},
                                              {"False", 0.0},
                                              {"FALSE", 0.0},
                                              {"pi", pi},
                                              {"exponentiale", euler},
                                              {"exponentialE", euler},
                                              {"inf", infinity},
                                              {"INF", infinity},
                                              {"infinity", infinity},
                                              {"NaN", not_a_number},
                                              {"nan", not_a_number},
                                              {"NAN", not_a_number},
                                              {"notanumber", not_a_number}}};

struct Operator {
    std::string_view sign;
    int binding;
    Op op;
};

// `%` stands as rem here and is spelled out by remainder().
constexpr std::array<Operator, 15> operators{{{"&&", 1, Op::and_},
                                              {"||", 1, Op::or_},
                                              {"==", 2, Op::eq},
                                              {"!=", 2, Op::ne},
                                              {"<>", 2, Op::ne},
                                              {"<=", 2, Op::le},
                                              {">=", 2, Op::ge},
                                              {"<", 2, Op::lt},
                                              {">", 2, Op::gt},
                                              {"+", 3, Op::plus},
                                              {"-", 3, Op::minus},
                                              {"*", 4, Op::times},
                                              {"/", 4, Op::divide},
                                              {"%", 4, Op::rem},
                                              {"^", 6, Op::power}}};
constexpr int binds_sign = 5;
constexpr int binds_power = 6;

const Operator* operator_at(const Token& token) {
    if (token.kind != Token::Kind::sign) return nullptr;
    const auto found = std::ranges::find(operators, std::string_view(token.text), &Operator::sign);
    return found == operators.end() ? nullptr : &*found;
}

/// a + b + c is one sum, a < b < c one chain, as in libSBML.
bool joins(Op op) {
    return op == Op::plus || op == Op::times || op == Op::and_ || op == Op::or_ || op == Op::eq ||
           op == Op::lt || op == Op::le || op == Op::gt || op == Op::ge;
}

/// a % b with the sign of a, spelled as libAntimony spells it.
Expression remainder(const Expression& a, const Expression& b) {
    const auto less = [&](const Expression& x) { return make(Op::lt, {x, number(0.0)}); };
    const auto rest = [&](Op rounding) {
        return make(Op::minus, {a, make(Op::times, {b, make(rounding, {make(Op::divide, {a, b})})})});
    };
    return make(Op::piecewise, {rest(Op::ceil), make(Op::xor_, {less(a), less(b)}), rest(Op::floor)});
}

std::size_t n_nodes(const Expression& expression) {
    std::size_t n = 0;
    for_each_node(expression, [&](const Node&) { ++n; });
    return n;
}

class Parser {
  public:
    explicit Parser(TokenCursor& cursor) : cursor_(cursor) {}

    Expression formula() { return built(binary(1)).tree; }

  private:
    struct Part {
        Expression tree;
        int depth = 1;
    };

    [[noreturn]] void too_deep() const {
        throw InputError(Fault{"too-deep",
                               "this formula is nested too deeply; split it into named parts",
                               cursor_.place(cursor_.peek()),
                               {}});
    }

    Part built(Part part) const {
        if (part.depth > max_depth) too_deep();
        return part;
    }

    Part nested(int least) {
        if (++nesting_ > max_nesting) too_deep();
        Part part = binary(least);
        --nesting_;
        return part;
    }

    Part binary(int least) {
        Part left = prefix();
        for (const Operator* found; (found = operator_at(cursor_.peek())) && found->binding >= least;)
            left = built(joins(found->op) ? chain(*found, std::move(left)) : pair(*found, std::move(left)));
        return left;
    }

    Part pair(const Operator& found, const Part& left) {
        const Place place = cursor_.place(cursor_.next());
        const bool to_right = found.binding == binds_power;
        const Part right = nested(found.binding + (to_right ? 0 : 1));
        const int depth = std::max(left.depth, right.depth) + 1;
        if (found.op == Op::rem) return spelled_out(left.tree, right.tree, depth);
        return {make(found.op, {left.tree, right.tree}, place), depth};
    }

    /// Spelling `%` out repeats its operands five times, so that a chain of them would grow beyond all
    /// bounds.
    Part spelled_out(const Expression& left, const Expression& right, int depth) const {
        if (n_nodes(left) + n_nodes(right) > max_remainder) too_deep();
        return {remainder(left, right), depth + 4};
    }

    /// Operands of one operator as long as it repeats.
    Part chain(const Operator& found, const Part& left) {
        const Place place = cursor_.place(cursor_.peek());
        std::vector<Expression> args{left.tree};
        int depth = left.depth;
        for (const Operator* next = &found; next && next->op == found.op;
             next = operator_at(cursor_.peek())) {
            cursor_.next();
            const Part right = nested(found.binding + 1);
            depth = std::max(depth, right.depth);
            args.push_back(right.tree);
        }
        return {make(found.op, std::move(args), place), depth + 1};
    }

    Part prefix() {
        const Token& token = cursor_.peek();
        if (!token.is("-") && !token.is("!") && !token.is("+")) return primary();
        const Place place = cursor_.place(cursor_.next());
        Part inner = nested(binds_sign);
        if (token.is("+")) return inner;
        if (token.is("!")) return {make(Op::not_, {inner.tree}, place), inner.depth + 1};
        return negated(std::move(inner), place);
    }

    /// −5 is a number and −(−x) is x, as in libAntimony.
    static Part negated(Part inner, const Place& place) {
        const Node& node = *inner.tree;
        if (node.op == Op::number) return {number(-node.value, node.unit, place), 1};
        if (node.op == Op::negate) return {node.args.front(), inner.depth - 1};
        return {make(Op::negate, {inner.tree}, place), inner.depth + 1};
    }

    Part primary() {
        const Token& token = cursor_.peek();
        if (token.kind == Token::Kind::number) return number_with_unit();
        if (token.kind == Token::Kind::word && !is_antimony_keyword(token.text)) return name_or_call();
        if (!cursor_.take("(")) cursor_.fail_expected("a number, a name or '('");
        const Part inner = nested(1);
        if (!cursor_.take(")")) cursor_.fail_expected("an operator or ')'");
        return inner;
    }

    Part number_with_unit() {
        const Token& token = cursor_.next();
        const Token& unit = cursor_.peek();
        const bool has_unit = unit.kind == Token::Kind::word && !is_antimony_keyword(unit.text) &&
                              !is_builtin_constant(unit.text) && !is_builtin_function(unit.text) &&
                              !cursor_.peek(1).is("(");
        if (has_unit) cursor_.next();
        return {number(token.value, has_unit ? unit.text : "", cursor_.place(token))};
    }

    Part name_or_call() {
        const Token& token = cursor_.next();
        const Place place = cursor_.place(token);
        if (cursor_.peek().is("(")) return called(token.text, place);
        if (const auto constant = std::ranges::find(constants, std::string_view(token.text), &Constant::name);
            constant != constants.end())
            return {number(constant->value, {}, place)};
        if (token.text == "time") return {make(Op::time, {}, place)};
        if (token.text == "avogadro") return {make(Op::avogadro, {}, place)};
        return {symbol(dotted(token.text), place)};
    }

    std::string dotted(std::string name) {
        while (cursor_.peek().is(".") && cursor_.peek(1).kind == Token::Kind::word) {
            cursor_.next();
            name += "." + cursor_.next().text;
        }
        return name;
    }

    Part called(const std::string& function, const Place& place) {
        cursor_.next();
        std::vector<Expression> args;
        int depth = 0;
        while (!cursor_.peek().is(")")) {
            Part arg = nested(1);
            depth = std::max(depth, arg.depth);
            args.push_back(std::move(arg.tree));
            if (!cursor_.take(",") && !cursor_.peek().is(")"))
                cursor_.fail_expected("an operator, ',' or ')'");
        }
        cursor_.next();
        return {apply_function(function, std::move(args), place), depth + 3};
    }

    TokenCursor& cursor_;
    int nesting_ = 0;
};

}  // namespace

const Token& TokenCursor::peek(std::size_t ahead) const {
    return tokens_[std::min(at_ + ahead, tokens_.size() - 1)];
}

const Token& TokenCursor::next() {
    const Token& token = peek();
    if (at_ + 1 < tokens_.size()) ++at_;
    return token;
}

bool TokenCursor::take(std::string_view sign) {
    if (!peek().is(sign)) return false;
    next();
    return true;
}

void TokenCursor::fail_expected(std::string_view expected) const {
    const Token& token = peek();
    const std::string message = token.kind == Token::Kind::bad
                                    ? token.text
                                    : "unexpected " + shown(token) + "; expected " + std::string(expected);
    throw InputError(Fault{"syntax", message, place(token), {}});
}

Expression parse_infix(TokenCursor& cursor) {
    return Parser(cursor).formula();
}

Expression parse_infix(std::string_view text, const Place& place) {
    auto list = tokenize(text, std::max(place.line, 1), std::max(place.column, 1));
    std::erase_if(list.tokens, [](const Token& token) { return token.kind == Token::Kind::newline; });
    TokenCursor cursor(list.tokens, place.file);
    auto expression = parse_infix(cursor);
    if (cursor.peek().kind != Token::Kind::end) cursor.fail_expected("an operator or the end of the formula");
    return expression;
}

bool is_antimony_keyword(std::string_view word) {
    return std::ranges::find(keywords, word) != keywords.end();
}

std::vector<std::string> antimony_keywords() {
    return {keywords.begin(), keywords.end()};
}

bool is_builtin_constant(std::string_view word) {
    return word == "time" || word == "avogadro" ||
           std::ranges::find(constants, word, &Constant::name) != constants.end();
}

}  // namespace abscopal
