// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <memory>
#include <string>

#include "abscopal/error.hpp"

class SBMLDocument;

namespace abscopal {

/// Guarded text as a libSBML document. Throws InputError (guard_xml); what libSBML objects to goes into
/// `faults`.
std::unique_ptr<SBMLDocument> read_document(const std::string& text, const std::string& name,
                                            FaultList& faults);

/// Adds errors that libSBML logged from number `first` on, with line and column.
void add_logged_errors(const SBMLDocument& document, unsigned first, const std::string& name,
                       FaultList& faults);

}  // namespace abscopal
