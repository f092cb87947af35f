// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "model/sbml_document.hpp"

#include <sbml/SBMLTypes.h>

#include "base/text.hpp"
#include "model/sbml_guard.hpp"

namespace abscopal {
namespace {

constexpr std::size_t max_message = 240;

/// libSBML's messages cite the specification over several lines; the last part says what was found.
std::string one_line(std::string_view message) {
    std::string line;
    for (const char c : message) {
        const bool space = c == '\n' || c == '\r' || c == '\t' || c == ' ';
        if (!space)
            line += c;
        else if (!line.empty() && line.back() != ' ')
            line += ' ';
    }
    while (!line.empty() && (line.back() == ' ' || line.back() == '.')) line.pop_back();
    if (line.size() <= max_message) return line;
    std::size_t start = line.size() - max_message;
    while (start < line.size() && line[start] != ' ') ++start;
    return "…" + line.substr(start);
}

bool is_fault(const SBMLError& error) {
    return error.getSeverity() == LIBSBML_SEV_ERROR || error.getSeverity() == LIBSBML_SEV_FATAL;
}

/// What the reader decides itself: packages that must be understood are refused by name later.
bool is_ours(const SBMLError& error) {
    return error.getErrorId() == RequiredPackagePresent;
}

}  // namespace

void add_logged_errors(const SBMLDocument& document, unsigned first, const std::string& name,
                       FaultList& faults) {
    for (unsigned i = first; i < document.getNumErrors(); ++i) {
        const SBMLError& error = *document.getError(i);
        if (!is_fault(error) || is_ours(error)) continue;
        const std::string title = error.getShortMessage();
        const std::string detail = one_line(error.getMessage());
        faults.add("sbml-" + std::to_string(error.getErrorId()),
                   title.empty() ? detail : title + ": " + detail,
                   {name, static_cast<int>(error.getLine()), static_cast<int>(error.getColumn()), 0});
    }
}

std::unique_ptr<SBMLDocument> read_document(const std::string& text, const std::string& name,
                                            FaultList& faults) {
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    guard_xml(text, name);
    const bool marked = text.starts_with(byte_order_mark);
    std::unique_ptr<SBMLDocument> document(
        readSBMLFromString(marked ? text.c_str() + byte_order_mark.size() : text.c_str()));
    if (document)
        add_logged_errors(*document, 0, name, faults);
    else
        faults.add("not-sbml", "this is not an SBML document", {name});
    return document;
}

}  // namespace abscopal
