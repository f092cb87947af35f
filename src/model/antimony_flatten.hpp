// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include "abscopal/spec.hpp"
#include "model/antimony_draft.hpp"

namespace abscopal::antimony {

/// The Spec of a finished model: paths become ids joined by "__", things joined become one, defaults are
/// spelled out. Throws InputError where two things get one id or a formula needs what was deleted.
Spec flatten(const Draft& draft, const std::vector<FunctionDefinition>& functions);

}  // namespace abscopal::antimony
