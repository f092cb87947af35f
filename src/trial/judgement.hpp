// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include "abscopal/endpoints.hpp"
#include "abscopal/trial.hpp"

namespace abscopal {

/// The rules of a best response as a trial declares them. Visits behind `until` (day) do not count.
BestRules best_rules(const ResponseCriteria& response, bool is_confirmed, double until);

}  // namespace abscopal
