// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <map>
#include <optional>
#include <pugixml.hpp>
#include <set>
#include <string>
#include <vector>

#include "abscopal/error.hpp"

/// XML with places: every look-up is remembered, so what nobody asked for can be reported.
namespace abscopal::tissue {

class Element;

/// A parsed file, the faults and warnings found in it, and what has been looked at.
class XmlFile {
  public:
    /// Throws InputError where the text is not XML, has a document type, or nests deeper than 64.
    XmlFile(std::string file, std::string text);
    XmlFile(const XmlFile&) = delete;
    XmlFile& operator=(const XmlFile&) = delete;

    Element root(const std::string& name);
    pugi::xml_document& document() { return document_; }
    Place place(const pugi::xml_node& node) const;
    void warn(std::string code, std::string message, const Place& place);
    void fault(std::string code, std::string message, const Place& place);
    /// Warns of each element inside a visited one that nothing asked for, with the nearest name that was
    /// asked for.
    void warn_of_unread();

    FaultList faults;
    std::vector<Fault> warnings;

  private:
    friend class Element;
    void warn_of_unread(const pugi::xml_node& node);

    std::string file_, text_;
    std::vector<std::size_t> line_starts_;
    pugi::xml_document document_;
    std::set<std::size_t> seen_;                              ///< by hash of the node
    std::set<std::size_t> open_;                              ///< nodes whose children are free
    std::map<std::size_t, std::vector<std::string>> wanted_;  ///< names asked for inside a node
};

/// A node or nothing. Reading from nothing gives the fallback, silently: its absence was reported where it
/// was looked up.
class Element {
  public:
    Element(XmlFile* file, pugi::xml_node node) : file_(file), node_(node) {}
    explicit operator bool() const { return !node_.empty(); }

    Element child(const std::string& name) const;     ///< silent where missing
    Element expected(const std::string& name) const;  ///< warns where missing
    std::vector<Element> children(const std::string& name) const;
    std::vector<Element> all_children() const;  ///< of any name; none is then unread
    void leave_unread() const;                  ///< everything inside is accepted as it is

    std::string name() const { return node_.name(); }
    std::string text() const;
    std::string attribute(const std::string& name, const std::string& fallback = "") const;
    bool has_attribute(const std::string& name) const { return !node_.attribute(name.c_str()).empty(); }
    bool flag(const std::string& attribute, bool fallback) const;
    bool is_true(bool fallback) const;  ///< the text: true for 1 t T y Y
    Place place() const { return file_->place(node_); }
    XmlFile& file() const { return *file_; }

    /// The text as a finite number, 0 with a warning where it is empty, a fault where it is no number.
    double value() const;
    /// The child's value; `fallback` with a warning where it is missing.
    double number(const std::string& name, double fallback) const;
    /// The same without a warning.
    double optional_number(const std::string& name, double fallback) const;
    /// As optional_number; a fault below zero.
    double rate(const std::string& name, double fallback) const;
    double non_negative() const;
    double non_negative_or_empty() const;  ///< 0 where empty, silently
    std::string word(const std::string& name, const std::string& fallback) const;
    bool truth(const std::string& name, bool fallback) const;
    /// Index of attribute `attribute` in `names`; a fault with the nearest name where it is not there.
    int index_of(const std::string& attribute, const std::vector<std::string>& names,
                 const std::string& what) const;
    int index_of_text(const std::vector<std::string>& names, const std::string& what) const;

    void warn(const std::string& code, const std::string& message) const {
        file_->warn(code, message, place());
    }
    void fault(const std::string& code, const std::string& message) const {
        file_->fault(code, message, place());
    }

  private:
    XmlFile* file_;
    pugi::xml_node node_;
};

/// True for a text that begins with 1, t, T, y or Y.
bool truth_of(const std::string& text);

}  // namespace abscopal::tissue
