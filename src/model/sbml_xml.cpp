// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "model/sbml_xml.hpp"

#include <array>
#include <utility>

namespace abscopal {
namespace {

constexpr std::array<std::pair<char, std::string_view>, 5> entities = {
    {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\'', "&apos;"}}};

}  // namespace

std::string escaped(std::string_view text) {
    std::string result;
    for (const char c : text) {
        std::string_view written(&c, 1);
        for (const auto& [plain, entity] : entities)
            if (c == plain) written = entity;
        result += written;
    }
    return result;
}

std::string unescaped(std::string_view text) {
    std::string result;
    while (!text.empty()) {
        char c = text.front();
        std::size_t length = 1;
        for (const auto& [plain, entity] : entities) {
            if (!text.starts_with(entity)) continue;
            c = plain;
            length = entity.size();
        }
        result += c;
        text.remove_prefix(length);
    }
    return result;
}

void XmlText::tag(std::string_view element, const Attributes& attributes, std::string_view end) {
    text_.append(2 * open_.size(), ' ');
    text_.append("<").append(element);
    for (const auto& [name, value] : attributes) {
        if (value.empty()) continue;
        text_.append(" ").append(name).append("=\"").append(escaped(value)).append("\"");
    }
    text_.append(end);
}

void XmlText::open(std::string_view element, const Attributes& attributes) {
    tag(element, attributes, ">\n");
    open_.emplace_back(element);
}

void XmlText::close() {
    const std::string element = std::move(open_.back());
    open_.pop_back();
    text_.append(2 * open_.size(), ' ');
    text_.append("</").append(element).append(">\n");
}

void XmlText::empty(std::string_view element, const Attributes& attributes) {
    tag(element, attributes, "/>\n");
}

void XmlText::leaf(std::string_view element, std::string_view text, const Attributes& attributes) {
    tag(element, attributes, ">");
    text_.append(escaped(text)).append("</").append(element).append(">\n");
}

void XmlText::raw(std::string_view xml) {
    text_.append(xml);
    text_ += '\n';
}

}  // namespace abscopal
