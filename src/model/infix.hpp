// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "abscopal/expression.hpp"
#include "model/lexer.hpp"

/// Infix formulas as Antimony writes them. Operators, from tight to loose: `^` (to the right), unary `-` and
/// `!`,
/// `* / %`, `+ -`, relations (`a < b < c` chains), `&&` and `||` (equally tight, to the left, as libSBML has
/// it).
namespace abscopal {

/// Moves over tokens. Newlines are tokens: whoever parses decides whether they matter.
class TokenCursor {
  public:
    TokenCursor(std::span<const Token> tokens, std::string file) : tokens_(tokens), file_(std::move(file)) {}

    const Token& peek(std::size_t ahead = 0) const;
    const Token& next();
    bool take(std::string_view sign);  ///< consumes the next token if it is this sign
    std::size_t position() const { return at_; }
    void go_to(std::size_t position) { at_ = position; }
    Place place(const Token& token) const { return {file_, token.line, token.column, token.length}; }

    /// Throws InputError ("syntax") at the next token: "unexpected 'x'; expected …", or what a bad token
    /// says.
    [[noreturn]] void fail_expected(std::string_view expected) const;

  private:
    std::span<const Token> tokens_;
    std::string file_;
    std::size_t at_ = 0;
};

/// Parses the longest formula at the cursor and leaves it behind the formula. Names with dots ("A.x") become
/// one symbol. Calls of functions that are not built in become Op::call, whether defined or not. Throws
/// InputError.
Expression parse_infix(TokenCursor& cursor);

/// Parses all of `text`. `place` is where its first character stands, for messages.
Expression parse_infix(std::string_view text, const Place& place = {"<formula>", 1, 1, 0});

/// Words that a name may not be: keywords, built-in functions, and constants of Antimony.
bool is_antimony_keyword(std::string_view word);
bool is_builtin_function(std::string_view word);
bool is_builtin_constant(std::string_view word);

std::vector<std::string> antimony_keywords();
/// All names of built-in functions.
std::vector<std::string> builtin_functions();

}  // namespace abscopal
