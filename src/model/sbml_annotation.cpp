// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "model/sbml_annotation.hpp"

#include <sbml/SBMLTypes.h>

#include "base/text.hpp"
#include "model/sbml_xml.hpp"

namespace abscopal {
namespace {

/// Longer notes are prose, not the origin of a value.
constexpr std::size_t max_remark = 400;

const XMLNode* our_annotation(const SBase& element) {
    if (!element.isSetAnnotation()) return nullptr;
    const XMLNode* annotation = const_cast<SBase&>(element).getAnnotation();  // builds the node on first use
    for (unsigned i = 0; annotation != nullptr && i < annotation->getNumChildren(); ++i) {
        const XMLNode& child = annotation->getChild(i);
        if (child.getURI() == annotation_namespace) return &child;
    }
    return nullptr;
}

std::string described_by(const SBase& element) {
    auto& terms = const_cast<SBase&>(element);
    for (unsigned i = 0; i < terms.getNumCVTerms(); ++i) {
        CVTerm* term = terms.getCVTerm(i);
        const bool biology = term->getQualifierType() == BIOLOGICAL_QUALIFIER;
        const bool describes = biology ? term->getBiologicalQualifierType() == BQB_IS_DESCRIBED_BY
                                       : term->getModelQualifierType() == BQM_IS_DESCRIBED_BY;
        if (describes && term->getNumResources() > 0) return term->getResourceURI(0);
    }
    return {};
}

/// The text of XHTML on one line.
std::string without_tags(std::string_view xhtml) {
    std::string text;
    bool in_tag = false;
    for (const char c : xhtml) {
        in_tag = in_tag ? c != '>' : c == '<';
        const bool space = in_tag || c == '>' || c == ' ' || c == '\n' || c == '\r' || c == '\t';
        if (!space)
            text += c;
        else if (!text.empty() && text.back() != ' ')
            text += ' ';
    }
    return unescaped(trim(text));
}

}  // namespace

std::string annotated(const SBase& element, std::string_view item) {
    const XMLNode* ours = our_annotation(element);
    for (unsigned i = 0; ours != nullptr && i < ours->getNumChildren(); ++i) {
        const XMLNode& child = ours->getChild(i);
        if (child.getName() == item && child.getNumChildren() > 0)
            return unescaped(child.getChild(0).getCharacters());
    }
    return {};
}

std::string source_of(const SBase& element) {
    for (const auto& found : {annotated(element, "source"), described_by(element)})
        if (!found.empty()) return found;
    const std::string remark = without_tags(notes_of(element));
    return remark.size() <= max_remark ? remark : "";
}

std::string notes_of(const SBase& element) {
    if (!element.isSetNotes()) return {};
    const std::string all = const_cast<SBase&>(element).getNotesString();
    const auto begin = all.find('>');
    const auto end = all.rfind("</notes>");
    if (begin == std::string::npos || end == std::string::npos || end <= begin) return {};
    const std::string inner{trim(std::string_view(all).substr(begin + 1, end - begin - 1))};
    if (!inner.starts_with(paragraph_open) || !inner.ends_with(paragraph_close)) return inner;
    const std::string text =
        inner.substr(paragraph_open.size(), inner.size() - paragraph_open.size() - paragraph_close.size());
    return text.find('<') == std::string::npos ? unescaped(text) : inner;
}

}  // namespace abscopal
