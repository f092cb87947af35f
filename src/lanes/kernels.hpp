// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <cstddef>

#include "lanes/target.hpp"

/// The operations a target offers, all on arrays of `width` lanes.
namespace abscopal::lanes {

struct Kernels {
    Target target;
    int width;  ///< lanes in a pack: 2, 4 or 8
    void (*exp)(const double* x, double* out);
    void (*log)(const double* x, double* out);
    void (*pow)(const double* x, const double* y, double* out);
};

/// The table of one target, which the machine must support (supported_targets).
const Kernels& kernels(Target target);

}  // namespace abscopal::lanes
