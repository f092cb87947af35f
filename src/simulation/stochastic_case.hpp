// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <memory>

#include "simulation/conformance.hpp"
#include "simulation/suite_files.hpp"

namespace abscopal {

/// One case of the stochastic suite with n courses. With m and s found, μ and σ expected, at every time
/// Z = √n (m − μ) / σ must lie in `meanRange` and Y = √(n/2) (s²/σ² − 1) in `sdRange`. `excess` is the
/// largest of them over its bound. A right simulator too is out of range now and then: about one Z in 400,
/// and more among Y.
void run_stochastic_case(const std::shared_ptr<const Model>& model, const suite::CaseSettings& settings,
                         const suite::Expected& expected, const ConformanceOptions& options,
                         CaseResult& result);

}  // namespace abscopal
