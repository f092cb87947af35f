// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace abscopal {

/// A paragraph that holds plain text in XHTML notes.
inline constexpr std::string_view paragraph_open = "<p xmlns=\"http://www.w3.org/1999/xhtml\">";
inline constexpr std::string_view paragraph_close = "</p>";

std::string escaped(std::string_view text);  ///< for text and quoted attributes of XML
std::string unescaped(
    std::string_view text);  ///< the five predefined entities; character references are left

/// XML text, indented by two spaces a level.
class XmlText {
  public:
    struct Attribute {
        std::string_view name;
        std::string value;
    };
    /// An attribute whose value is empty is left out.
    using Attributes = std::vector<Attribute>;

    void open(std::string_view element, const Attributes& attributes = {});
    void close();
    void empty(std::string_view element, const Attributes& attributes = {});
    void leaf(std::string_view element, std::string_view text, const Attributes& attributes = {});
    void raw(std::string_view xml);  ///< taken as it is, on a line of its own
    std::string take() { return std::move(text_); }

  private:
    void tag(std::string_view element, const Attributes& attributes, std::string_view end);
    std::string text_;
    std::vector<std::string> open_;
};

}  // namespace abscopal
