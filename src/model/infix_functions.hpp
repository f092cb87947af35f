// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <string>
#include <vector>

#include "abscopal/expression.hpp"

namespace abscopal {

/// `function(args)`: a built-in operation, or else a call. Throws InputError where the number of arguments
/// does not fit
/// ("argument-count") or the function is one that cannot be computed ("unsupported-function": random draws).
Expression apply_function(const std::string& function, std::vector<Expression> args, const Place& place);

}  // namespace abscopal
