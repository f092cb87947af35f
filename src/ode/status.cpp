// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <array>
#include <string_view>

#include "abscopal/state.hpp"

namespace abscopal {

std::string_view name_of(Status status) {
    static constexpr std::array<std::string_view, 14> names{
        "OK",        "STEP_LIMIT",         "ACCURACY",       "ERR_TEST",    "CONVERGENCE",
        "SINGULAR",  "RHS_NONFINITE",      "NEGATIVE_STATE", "EVENT_LIMIT", "BAD_PARAMETER",
        "TOO_CLOSE", "NOT_DIFFERENTIABLE", "BLOW_UP",        "NOT_RUN"};
    return names[static_cast<std::size_t>(status)];
}

}  // namespace abscopal
