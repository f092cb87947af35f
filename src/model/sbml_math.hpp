// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <functional>
#include <string>

#include "abscopal/expression.hpp"

class ASTNode;

namespace abscopal {

struct MathReading {
    Place place;                                          ///< of the element that holds the mathematics
    std::function<std::string(const std::string&)> unit;  ///< the Spec's word for a unit id of the file
    std::function<bool(const std::string&)> is_defined;   ///< whether the file defines a function of this id
    FaultList* faults = nullptr;
};

/// The Expression of a libSBML tree; null for a null tree, or after a fault was added to `reading.faults`.
Expression from_ast(const ASTNode* node, const MathReading& reading);

}  // namespace abscopal
