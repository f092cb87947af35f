// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "abscopal/error.hpp"

/// Text of models and formulas, cut into tokens. Never fails: what cannot be read becomes a token of kind
/// `bad`.
namespace abscopal {

struct Token {
    enum class Kind {
        word,
        number,
        text,  ///< "quoted" or ```block```; `text` is what stands between
        sign,  ///< operators, brackets, arrows
        newline,
        end,
        bad  ///< `text` says what is wrong
    };
    Kind kind = Kind::end;
    std::string text;
    double value = 0.0;        ///< of a number
    int line = 1, column = 1;  ///< from 1
    int length = 1;
    bool spaced = false;  ///< white space stands before it

    bool is(std::string_view sign) const { return kind == Kind::sign && text == sign; }
};

/// A comment of the form `// source: …` or `# source: …`: where the numbers of its line come from.
struct SourceComment {
    int line = 0;
    std::string text;
};

struct TokenList {
    std::vector<Token> tokens;  ///< ends with one of kind `end`
    std::vector<SourceComment> sources;
};

/// Comments (`#`, `//`, `/* */`) and continued lines (`\` at their end) leave no token.
/// The first character stands at `line` and `column` of the file.
TokenList tokenize(std::string_view text, int line = 1, int column = 1);

/// A token as a message shows it: "'k1'", "end of line".
std::string shown(const Token& token);

}  // namespace abscopal
