// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
// Included by one source for each target, which defines ABSCOPAL_LANES_TARGET first.
#include "lanes/kernels.hpp"
#include "lanes/run.hpp"

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

void combine_kernel(double* out, const double* base, const double* const* terms, const double* factors,
                    int n_terms, std::size_t n_rows) {
    for (int p = 0; p < group_lanes; p += width) {
        Pack factor[8];
        for (int k = 0; k < n_terms; ++k) factor[k] = load(factors + k * group_lanes + p);
        for (std::size_t at = static_cast<std::size_t>(p); at < n_rows * group_lanes; at += group_lanes) {
            Pack sum = load(base + at);
            for (int k = 0; k < n_terms; ++k) sum = fused(load(terms[k] + at), factor[k], sum);
            store(out + at, sum);
        }
    }
}

void gather_add_kernel(double* out, const double* workspace, const std::uint32_t* slots, std::size_t n_rows) {
    for (std::size_t i = 0; i < n_rows; ++i) {
        const double* const from = workspace + std::size_t{slots[i]} * group_lanes;
        double* const to = out + i * group_lanes;
        for (int p = 0; p < group_lanes; p += width) store(to + p, load(from + p) + load(to + p));
    }
}

void error_square_kernel(double* out, const double* error, const double* y, const double* y_new,
                         const double* absolute, const double* relative, std::size_t n_rows) {
    for (int p = 0; p < group_lanes; p += width) {
        Pack sum{};
        for (std::size_t at = static_cast<std::size_t>(p); at < n_rows * group_lanes; at += group_lanes) {
            const Pack old_size = ABSCOPAL_LANES_TARGET::absolute(load(y + at)),
                       new_size = ABSCOPAL_LANES_TARGET::absolute(load(y_new + at));
            const Pack scale = fused(load(relative + p), choose(old_size > new_size, old_size, new_size),
                                     load(absolute + at));
            const Pack ratio = load(error + at) / scale;
            sum = fused(ratio, ratio, sum);
        }
        store(out + p, sum);
    }
}

}  // namespace

extern const Kernels table;
const Kernels table{Target::ABSCOPAL_LANES_TARGET,
                    width,
                    exp_kernel,
                    log_kernel,
                    pow_kernel,
                    run,
                    combine_kernel,
                    gather_add_kernel,
                    error_square_kernel};

}  // namespace abscopal::lanes::ABSCOPAL_LANES_TARGET
