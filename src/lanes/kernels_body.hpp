// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
// Included by one source for each target, which defines ABSCOPAL_LANES_TARGET first.
#include "lanes/kernels.hpp"
#include "lanes/math.hpp"

namespace abscopal::lanes::ABSCOPAL_LANES_TARGET {
namespace {

void exp_kernel(const double* x, double* out) {
    store(out, exp(load(x)));
}
void log_kernel(const double* x, double* out) {
    store(out, log(load(x)));
}
void pow_kernel(const double* x, const double* y, double* out) {
    store(out, pow(load(x), load(y)));
}

}  // namespace

extern const Kernels table;
const Kernels table{Target::ABSCOPAL_LANES_TARGET, width, exp_kernel, log_kernel, pow_kernel};

}  // namespace abscopal::lanes::ABSCOPAL_LANES_TARGET
