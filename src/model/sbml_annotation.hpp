// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <string>
#include <string_view>

class SBase;

namespace abscopal {

/// What an element of a file written by us carries beside SBML, in an annotation of this namespace:
/// `source` (Entity::source), `unit` (a unit that is no SBML unit) and `words` (on a unit definition: the
/// text it stands for).
inline constexpr std::string_view annotation_namespace = "urn:abscopal:annotation:1";

/// The text of `element` in our annotation, or "".
std::string annotated(const SBase& element, std::string_view item);

/// Our `source`, else the first resource of an isDescribedBy qualifier, else the text of short notes
/// (SimBiology's exports say there where a value is from), else "".
std::string source_of(const SBase& element);

/// Notes as stored in a Spec: XHTML as found, or plain text where it is a single paragraph without markup.
std::string notes_of(const SBase& element);

}  // namespace abscopal
