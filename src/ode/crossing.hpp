// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <functional>

namespace abscopal {

/// The first time in (lower, upper] at which `changed` is true, to the last bit, given that it is false at
/// `lower` and true at `upper`: bisection, because what it looks at may jump.
double first_change(double lower, double upper, const std::function<bool(double)>& changed);

}  // namespace abscopal
