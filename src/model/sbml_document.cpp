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

/// What is no fault here: packages that must be understood are refused by name later, and the encoding is
/// known.
bool is_ours(const SBMLError& error) {
    return error.getErrorId() == RequiredPackagePresent || error.getErrorId() == MissingXMLEncoding;
}

/// libSBML would put a declaration on a line of its own before a text without one, and so move every line
/// number.
std::string declared(const std::string& text) {
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    const std::string bare = text.starts_with(byte_order_mark) ? text.substr(byte_order_mark.size()) : text;
    return bare.starts_with("<?xml") ? bare : "<?xml version=\"1.0\" encoding=\"UTF-8\"?>" + bare;
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
    if (trim(text).empty()) throw InputError(Fault{"empty", "the document is empty", {name, 1, 1, 0}, {}});
    guard_xml(text, name);
    std::unique_ptr<SBMLDocument> document(readSBMLFromString(declared(text).c_str()));
    if (document)
        add_logged_errors(*document, 0, name, faults);
    else
        faults.add("not-sbml", "this is not an SBML document", {name});
    return document;
}

}  // namespace abscopal
