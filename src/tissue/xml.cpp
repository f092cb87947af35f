// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "tissue/xml.hpp"

#include <algorithm>
#include <cmath>

#include "base/text.hpp"

namespace abscopal::tissue {
namespace {

constexpr int max_depth = 64;

/// Nesting by counting, before anything recurses over the tree.
bool is_deep(const pugi::xml_node& root) {
    int depth = 0;
    for (auto node = root.first_child(); node;) {
        if (depth > max_depth) return true;
        if (node.first_child()) {
            node = node.first_child();
            ++depth;
            continue;
        }
        while (node && node != root && !node.next_sibling()) {
            node = node.parent();
            --depth;
        }
        if (!node || node == root) return false;
        node = node.next_sibling();
    }
    return false;
}

int index_in(const std::vector<std::string>& names, const std::string& name) {
    const auto at = std::find(names.begin(), names.end(), name);
    return at == names.end() ? -1 : static_cast<int>(at - names.begin());
}

}  // namespace

bool truth_of(const std::string& text) {
    const auto word = trim(text);
    return !word.empty() && std::string_view("1tTyY").find(word.front()) != std::string_view::npos;
}

XmlFile::XmlFile(std::string file, std::string text) : file_(std::move(file)), text_(std::move(text)) {
    line_starts_.push_back(0);
    for (std::size_t i = 0; i < text_.size(); ++i) {
        if (text_[i] == '\n') line_starts_.push_back(i + 1);
    }
    const auto result =
        document_.load_buffer(text_.data(), text_.size(), pugi::parse_default | pugi::parse_doctype);
    const auto line =
        std::upper_bound(line_starts_.begin(), line_starts_.end(), static_cast<std::size_t>(result.offset));
    const Place at{file_, static_cast<int>(line - line_starts_.begin()), 0};
    if (!result)
        throw InputError({"xml-syntax", std::string("not well-formed XML: ") + result.description(), at, {}});
    for (const auto node : document_.children()) {
        if (node.type() == pugi::node_doctype)
            throw InputError({"xml-doctype", "document types are not accepted", place(node), {}});
    }
    if (is_deep(document_))
        throw InputError(
            {"xml-depth", "elements nest deeper than " + std::to_string(max_depth), {file_}, {}});
}

Place XmlFile::place(const pugi::xml_node& node) const {
    const auto offset = node.offset_debug();
    if (offset < 0) return {file_};
    const auto line =
        std::upper_bound(line_starts_.begin(), line_starts_.end(), static_cast<std::size_t>(offset)) - 1;
    // The offset points at the name, behind the bracket.
    const auto column = static_cast<int>(static_cast<std::size_t>(offset) - *line);
    return {file_, static_cast<int>(line - line_starts_.begin()) + 1, std::max(1, column),
            static_cast<int>(std::string_view(node.name()).size()) + 1};
}

Element XmlFile::root(const std::string& name) {
    const auto node = document_.child(name.c_str());
    if (node.empty())
        throw InputError({"xml-root",
                          "there is no element <" + name + "> at the top: not a PhysiCell settings file",
                          {file_, 1, 1},
                          {}});
    seen_.insert(node.hash_value());
    return {this, node};
}

void XmlFile::warn(std::string code, std::string message, const Place& place) {
    warnings.push_back({std::move(code), std::move(message), place, {}});
}

void XmlFile::fault(std::string code, std::string message, const Place& place) {
    faults.add(std::move(code), std::move(message), place);
}

void XmlFile::warn_of_unread() {
    warn_of_unread(document_);
}

void XmlFile::warn_of_unread(const pugi::xml_node& node) {
    for (const auto inner : node.children()) {
        if (inner.type() != pugi::node_element) continue;
        if (seen_.contains(inner.hash_value())) {
            if (!open_.contains(inner.hash_value())) warn_of_unread(inner);
            continue;
        }
        const std::string name = inner.name();
        warn("unknown-element",
             "<" + name + "> in <" + node.name() + "> is not read" +
                 did_you_mean(name, wanted_[node.hash_value()]),
             place(inner));
    }
}

Element Element::child(const std::string& name) const {
    if (node_.empty()) return *this;
    file_->wanted_[node_.hash_value()].push_back(name);
    const auto inner = node_.child(name.c_str());
    if (!inner.empty()) file_->seen_.insert(inner.hash_value());
    return {file_, inner};
}

Element Element::expected(const std::string& name) const {
    const Element inner = child(name);
    if (!inner && *this)
        warn("missing-element", "<" + this->name() + "> has no <" + name + ">; the defaults are taken");
    return inner;
}

std::vector<Element> Element::children(const std::string& name) const {
    std::vector<Element> found;
    if (node_.empty()) return found;
    file_->wanted_[node_.hash_value()].push_back(name);
    for (const auto inner : node_.children(name.c_str())) {
        file_->seen_.insert(inner.hash_value());
        found.emplace_back(file_, inner);
    }
    return found;
}

std::vector<Element> Element::all_children() const {
    std::vector<Element> found;
    for (const auto inner : node_.children()) {
        if (inner.type() != pugi::node_element) continue;
        file_->seen_.insert(inner.hash_value());
        found.emplace_back(file_, inner);
    }
    return found;
}

void Element::leave_unread() const {
    if (!node_.empty()) file_->open_.insert(node_.hash_value());
}

std::string Element::text() const {
    return std::string(trim(node_.child_value()));
}

std::string Element::attribute(const std::string& name, const std::string& fallback) const {
    const auto found = node_.attribute(name.c_str());
    return found.empty() ? fallback : found.value();
}

bool Element::flag(const std::string& attribute, bool fallback) const {
    return has_attribute(attribute) ? truth_of(this->attribute(attribute)) : fallback;
}

bool Element::is_true(bool fallback) const {
    return *this ? truth_of(text()) : fallback;
}

double Element::value() const {
    const std::string written = text();
    if (written.empty()) {
        warn("empty-element", "<" + name() + "> is empty; 0 is taken");
        return 0;
    }
    const auto number = to_double(written);
    if (!number)
        fault("bad-number", "<" + name() + "> is '" + written.substr(0, 40) + "', expected a number");
    if (number && !std::isfinite(*number))
        fault("bad-number", "<" + name() + "> is " + written.substr(0, 40) + ", expected a finite number");
    return number && std::isfinite(*number) ? *number : 0;
}

double Element::number(const std::string& name, double fallback) const {
    const Element inner = child(name);
    if (inner) return inner.value();
    if (*this)
        warn("missing-element",
             "<" + this->name() + "> has no <" + name + ">; " + to_text(fallback) + " is taken");
    return fallback;
}

double Element::optional_number(const std::string& name, double fallback) const {
    const Element inner = child(name);
    return inner ? inner.value() : fallback;
}

double Element::rate(const std::string& name, double fallback) const {
    const Element inner = child(name);
    return inner ? inner.non_negative() : fallback;
}

double Element::non_negative() const {
    const double number = value();
    if (number < 0)
        fault("negative-value", "<" + name() + "> is " + to_text(number) + ", expected 0 or more");
    return std::max(number, 0.0);
}

double Element::non_negative_or_empty() const {
    return text().empty() ? 0 : non_negative();
}

std::string Element::word(const std::string& name, const std::string& fallback) const {
    const Element inner = child(name);
    return inner ? inner.text() : fallback;
}

bool Element::truth(const std::string& name, bool fallback) const {
    return child(name).is_true(fallback);
}

int Element::index_of(const std::string& attribute, const std::vector<std::string>& names,
                      const std::string& what) const {
    const std::string wanted = this->attribute(attribute);
    const int index = index_in(names, wanted);
    if (index < 0)
        fault("unknown-name", "<" + name() + "> names the unknown " + what + " '" + wanted + "'" +
                                  did_you_mean(wanted, names));
    return index;
}

int Element::index_of_text(const std::vector<std::string>& names, const std::string& what) const {
    const int index = index_in(names, text());
    if (index < 0)
        fault("unknown-name", "<" + name() + "> names the unknown " + what + " '" + text() + "'" +
                                  did_you_mean(text(), names));
    return index;
}

}  // namespace abscopal::tissue
