// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "model/lexer.hpp"

#include <array>
#include <cmath>

#include "base/text.hpp"

namespace abscopal {
namespace {

// Longest first: the first that fits is taken.
constexpr std::array<std::string_view, 12> long_signs{
    "<==>", "...", "->", "=>", "<=", ">=", "==", "!=", "<>", "&&", "||", ":="};
constexpr std::string_view short_signs = "+-*/^%!<>=&|(){},;:.$'";

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool starts_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool in_word(char c) {
    return starts_word(c) || is_digit(c);
}

class Lexer {
  public:
    Lexer(std::string_view text, int line, int column) : text_(text), line_(line), column_(column) {}

    TokenList run() {
        while (at_ < text_.size()) step();
        start_token();
        push(Token::Kind::end, "");
        return std::move(list_);
    }

  private:
    char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
    bool looking_at(std::string_view what) const { return text_.substr(at_).starts_with(what); }

    void advance(std::size_t n = 1) {
        for (; n > 0 && at_ < text_.size(); --n, ++at_) {
            const bool new_line = text_[at_] == '\n' || (text_[at_] == '\r' && peek(1) != '\n');
            line_ += new_line ? 1 : 0;
            column_ = new_line ? 1 : column_ + 1;
        }
    }

    void start_token() { start_ = at_, start_line_ = line_, start_column_ = column_; }

    void push(Token::Kind kind, std::string text, double value = 0.0) {
        const int length = start_line_ == line_ ? std::max(1, column_ - start_column_) : 1;
        list_.tokens.push_back({kind, std::move(text), value, start_line_, start_column_, length, spaced_});
        spaced_ = false;
    }

    void step() {
        start_token();
        const char c = peek();
        if (c == ' ' || c == '\t') {
            advance();
            spaced_ = true;
        } else if (c == '\\') {
            continued_line();
        } else if (c == '#' || looking_at("//")) {
            line_comment();
        } else if (looking_at("/*")) {
            block_comment();
        } else if (c == '\n' || c == '\r') {
            advance(looking_at("\r\n") ? 2 : 1);
            push(Token::Kind::newline, "");
        } else {
            meaningful(c);
        }
    }

    void meaningful(char c) {
        if (starts_word(c)) return word();
        if (is_digit(c) || (c == '.' && is_digit(peek(1)))) return number_token();
        if (c == '"') return quoted();
        if (looking_at("``")) return block_text();
        sign();
    }

    void continued_line() {
        std::size_t n = 1;
        while (peek(n) == ' ' || peek(n) == '\t') ++n;
        const bool continued = peek(n) == '\n' || peek(n) == '\r';
        advance(continued ? n : 1);
        if (!continued) return push(Token::Kind::bad, "'\\' may only stand at the end of a line");
        advance(looking_at("\r\n") ? 2 : 1);
        spaced_ = true;
    }

    void line_comment() {
        while (at_ < text_.size() && peek() != '\n' && peek() != '\r') advance();
        std::string_view comment = text_.substr(start_, at_ - start_);
        comment.remove_prefix(comment.front() == '#' ? 1 : 2);
        comment = trim(comment);
        constexpr std::string_view mark = "source:";
        if (!comment.starts_with(mark)) return;
        list_.sources.push_back({start_line_, std::string(trim(comment.substr(mark.size())))});
    }

    void block_comment() {
        const auto end = text_.find("*/", at_ + 2);
        advance(end == std::string_view::npos ? 2 : end + 2 - at_);
        spaced_ = true;
        if (end != std::string_view::npos) return;
        push(Token::Kind::bad, "this comment is never closed; expected '*/'");
        at_ = text_.size();
    }

    void word() {
        while (in_word(peek())) advance();
        push(Token::Kind::word, std::string(text_.substr(start_, at_ - start_)));
    }

    void digits() {
        while (is_digit(peek())) advance();
    }

    void number_token() {
        digits();
        if (peek() == '.' && !looking_at("...")) advance(), digits();
        const std::size_t sign_length = peek(1) == '+' || peek(1) == '-' ? 1 : 0;
        if ((peek() == 'e' || peek() == 'E') && is_digit(peek(1 + sign_length)))
            advance(1 + sign_length), digits();
        const auto text = text_.substr(start_, at_ - start_);
        push(Token::Kind::number, std::string(text), to_double(text).value_or(std::nan("")));
    }

    void quoted() {
        const auto end = text_.find_first_of("\"\r\n", at_ + 1);
        const bool closed = end != std::string_view::npos && text_[end] == '"';
        const auto inside = text_.substr(at_ + 1, closed ? end - at_ - 1 : 0);
        advance(closed ? end + 1 - at_ : 1);
        push(closed ? Token::Kind::text : Token::Kind::bad,
             closed ? std::string(inside) : "this text is never closed; expected '\"' on the same line");
        if (!closed) skip_line();
    }

    void block_text() {
        if (!looking_at("```")) {
            advance(2);
            return push(Token::Kind::text, "");
        }
        const auto end = text_.find("```", at_ + 3);
        if (end == std::string_view::npos) {
            advance(3);
            push(Token::Kind::bad, "this text is never closed; expected '```'");
            at_ = text_.size();
            return;
        }
        const auto inside = text_.substr(at_ + 3, end - at_ - 3);
        advance(end + 3 - at_);
        push(Token::Kind::text, std::string(inside));
    }

    void skip_line() {
        while (at_ < text_.size() && peek() != '\n' && peek() != '\r') advance();
    }

    void sign() {
        for (const auto candidate : long_signs) {
            if (!looking_at(candidate)) continue;
            advance(candidate.size());
            return push(Token::Kind::sign, std::string(candidate));
        }
        const std::string character(1, peek());
        advance();
        if (short_signs.find(character) != std::string_view::npos) return push(Token::Kind::sign, character);
        while (at_ < text_.size() && (static_cast<unsigned char>(peek()) >> 6) == 2) ++at_;
        push(Token::Kind::bad,
             "unexpected character '" + std::string(text_.substr(start_, at_ - start_)) + "'");
    }

    std::string_view text_;
    int line_, column_;
    std::size_t at_ = 0, start_ = 0;
    int start_line_ = 1, start_column_ = 1;
    bool spaced_ = false;
    TokenList list_;
};

}  // namespace

TokenList tokenize(std::string_view text, int line, int column) {
    return Lexer(text, line, column).run();
}

std::string shown(const Token& token) {
    switch (token.kind) {
        case Token::Kind::newline:
            return "end of line";
        case Token::Kind::end:
            return "end of text";
        case Token::Kind::text:
            return "\"" + token.text.substr(0, 40) + "\"";
        default:
            return "'" + token.text + "'";
    }
}

}  // namespace abscopal
