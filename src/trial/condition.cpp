// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "trial/condition.hpp"

#include <algorithm>
#include <cmath>
#include <span>

#include "model/evaluate.hpp"
#include "model/infix.hpp"

namespace abscopal {
namespace {

using Tokens = std::span<const Token>;

bool is_word(const Token& token, std::string_view word, std::string_view sign) {
    return (token.kind == Token::Kind::word && token.text == word) || token.is(sign);
}

/// Change of bracket depth behind a token.
int depth_of(const Token& token) {
    if (token.is("(") || token.is("[") || token.is("{")) return 1;
    return token.is(")") || token.is("]") || token.is("}") ? -1 : 0;
}

/// The pieces between separators that stand outside brackets.
std::vector<Tokens> pieces(Tokens tokens, std::string_view word, std::string_view sign) {
    std::vector<Tokens> found;
    std::size_t begin = 0;
    int depth = 0;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        depth += depth_of(tokens[i]);
        if (depth != 0 || !is_word(tokens[i], word, sign)) continue;
        found.push_back(tokens.subspan(begin, i - begin));
        begin = i + 1;
    }
    found.push_back(tokens.subspan(begin));
    return found;
}

/// Whether the first bracket closes with the last token.
bool is_bracketed(Tokens tokens) {
    if (tokens.size() < 2 || !tokens.front().is("(")) return false;
    int depth = 0;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        depth += depth_of(tokens[i]);
        if (depth == 0) return i + 1 == tokens.size();
    }
    return false;
}

class ConditionParser {
  public:
    explicit ConditionParser(std::string file) : file_(std::move(file)) {}

    /// `behind`: the token after the range, where a fault of an empty range stands.
    Expression parse(Tokens tokens, const Token& behind) const {
        return joined(Op::or_, pieces(tokens, "or", "||"), behind, [&](Tokens part, const Token& next) {
            return joined(Op::and_, pieces(part, "and", "&&"), next,
                          [&](Tokens one, const Token& last) { return single(one, last); });
        });
    }

  private:
    template <class Parse>
    Expression joined(Op op, const std::vector<Tokens>& parts, const Token& behind,
                      const Parse& parse_part) const {
        std::vector<Expression> args;
        for (std::size_t i = 0; i < parts.size(); ++i) {
            const Token& next = i + 1 < parts.size() ? *(parts[i].data() + parts[i].size()) : behind;
            args.push_back(parse_part(parts[i], next));
        }
        if (args.size() == 1) return args.front();
        const Place first = args.front()->place;
        return make(op, std::move(args), first);
    }

    Expression single(Tokens tokens, const Token& behind) const {
        if (!tokens.empty() && is_word(tokens.front(), "not", "!"))
            return make(Op::not_, {single(tokens.subspan(1), behind)}, place(tokens.front()));
        if (is_bracketed(tokens)) return parse(tokens.subspan(1, tokens.size() - 2), tokens.back());
        std::vector<Token> own(tokens.begin(), tokens.end());
        own.push_back(behind);
        own.back().kind = behind.kind == Token::Kind::bad ? behind.kind : Token::Kind::end;
        own.push_back(own.back());
        TokenCursor cursor(own, file_);
        Expression expression = parse_infix(cursor);
        if (cursor.position() != tokens.size()) cursor.fail_expected("'and', 'or' or the end");
        return expression;
    }

    Place place(const Token& token) const { return {file_, token.line, token.column, token.length}; }

    std::string file_;
};

std::string worded(const Expression& condition, bool is_inner) {
    const Node& node = *condition;
    if (node.op == Op::not_) return "not " + worded(node.args.front(), true);
    if (node.op != Op::and_ && node.op != Op::or_) return to_text(condition);
    std::string text;
    for (const auto& arg : node.args) {
        if (!text.empty()) text += node.op == Op::and_ ? " and " : " or ";
        text += worded(arg, true);
    }
    return is_inner ? "(" + text + ")" : text;
}

}  // namespace

Expression parse_condition(std::string_view text, const Place& place) {
    const TokenList list = tokenize(text, std::max(1, place.line), std::max(1, place.column));
    std::vector<Token> tokens;
    for (const auto& token : list.tokens)
        if (token.kind != Token::Kind::newline) tokens.push_back(token);
    return ConditionParser(place.file).parse(Tokens(tokens).first(tokens.size() - 1), tokens.back());
}

std::vector<Expression> conjuncts(const Expression& condition) {
    if (condition->op != Op::and_) return {condition};
    std::vector<Expression> parts;
    for (const auto& arg : condition->args) {
        const auto more = conjuncts(arg);
        parts.insert(parts.end(), more.begin(), more.end());
    }
    return parts;
}

std::vector<std::string> names_in(const Expression& expression) {
    std::vector<std::string> names;
    for_each_node(expression, [&](const Node& node) {
        if (node.op == Op::symbol && std::find(names.begin(), names.end(), node.name) == names.end())
            names.push_back(node.name);
    });
    return names;
}

std::string condition_text(const Expression& condition) {
    return worded(condition, false);
}

void RowNames::add_column(const std::string& name, std::size_t column) {
    columns_.emplace(name, column);
}

void RowNames::add_number(const std::string& name, double value) {
    numbers_.emplace(name, value);
}

bool RowNames::knows(const std::string& name) const {
    return columns_.contains(name) || numbers_.contains(name);
}

std::vector<std::string> RowNames::all() const {
    std::vector<std::string> names;
    for (const auto& [name, column] : columns_) names.push_back(name);
    for (const auto& [name, value] : numbers_) names.push_back(name);
    std::sort(names.begin(), names.end());
    return names;
}

double RowNames::evaluate(const Expression& expression, const std::vector<double>& row) const {
    TreeContext context;
    context.value = [&](const std::string& name) {
        if (const auto column = columns_.find(name); column != columns_.end()) return row[column->second];
        const auto value = numbers_.find(name);
        return value == numbers_.end() ? std::nan("") : value->second;
    };
    context.rate_of = [](const Expression&) { return std::nan(""); };
    context.function = [](const std::string&) -> const FunctionDefinition* { return nullptr; };
    return abscopal::evaluate(expression, context);
}

}  // namespace abscopal
