// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once

namespace abscopal {

/// Quantile of the standard normal law at `u` in (0, 1), and its distribution function.
double normal_score(double u);
double normal_probability(double score);

}  // namespace abscopal
