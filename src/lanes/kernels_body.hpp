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

/// Operations on a pack in memory, the interpreter's own.
template <Pack (*operation)(Pack)>
constexpr Kernels::Call call_of_one() {
    return {[](const double* a, double* out) { store(out, operation(load(a))); }, nullptr};
}
template <Pack (*operation)(Pack, Pack)>
constexpr Kernels::Call call_of_two() {
    return {nullptr,
            [](const double* a, const double* b, double* out) { store(out, operation(load(a), load(b))); }};
}

constexpr std::array<Kernels::Call, n_operations> all_calls() {
    std::array<Kernels::Call, n_operations> calls{};
    const auto set = [&](Operation operation, Kernels::Call call) {
        calls[static_cast<std::size_t>(operation)] = call;
    };
    set(Operation::power, call_of_two<power_by_cases>());
    set(Operation::quotient, call_of_two<quotient_of>());
    set(Operation::rem, call_of_two<remainder_of>());
    set(Operation::exp, call_of_one<exp>());
    set(Operation::ln, call_of_one<log>());
    set(Operation::log10, call_of_one<log_10>());
    set(Operation::floor, call_of_one<round_down>());
    set(Operation::ceil, call_of_one<round_up>());
    set(Operation::factorial, call_of_one<factorial_of>());
    set(Operation::sin, call_of_one<each<std::sin>>());
    set(Operation::cos, call_of_one<each<std::cos>>());
    set(Operation::tan, call_of_one<each<std::tan>>());
    set(Operation::sinh, call_of_one<each<std::sinh>>());
    set(Operation::cosh, call_of_one<each<std::cosh>>());
    set(Operation::tanh, call_of_one<each<std::tanh>>());
    set(Operation::asin, call_of_one<each<std::asin>>());
    set(Operation::acos, call_of_one<each<std::acos>>());
    set(Operation::atan, call_of_one<each<std::atan>>());
    set(Operation::asinh, call_of_one<each<std::asinh>>());
    set(Operation::acosh, call_of_one<each<std::acosh>>());
    set(Operation::atanh, call_of_one<each<std::atanh>>());
    return calls;
}

template <int n_terms>
void combine_terms(double* out, const double* base, const double* const* terms, const double* factors,
                   Kernels::Rows rows) {
    Pack factor[n_terms + 1][packs_per_row];
    for (int k = 0; k < n_terms; ++k) {
        for (int p = 0; p < packs_per_row; ++p) factor[k][p] = load(factors + k * group_lanes + p * width);
    }
    for (std::size_t i = 0; i < rows.n; ++i) {
        const std::size_t at = std::size_t{rows.index[i]} * group_lanes;
        for (int p = 0; p < packs_per_row; ++p) {
            const std::size_t place = at + static_cast<std::size_t>(p * width);
            Pack sum = load(base + place);
            for (int k = 0; k < n_terms; ++k) sum = fused(load(terms[k] + place), factor[k][p], sum);
            store(out + place, sum);
        }
    }
}

void combine_kernel(double* out, const double* base, const double* const* terms, const double* factors,
                    int n_terms, Kernels::Rows rows) {
    constexpr std::array by_count{combine_terms<0>, combine_terms<1>, combine_terms<2>, combine_terms<3>,
                                  combine_terms<4>, combine_terms<5>, combine_terms<6>, combine_terms<7>,
                                  combine_terms<8>, combine_terms<9>};
    by_count[static_cast<std::size_t>(n_terms)](out, base, terms, factors, rows);
}

template <int n_terms>
void stage_sums_of(const Kernels::StageSums& s, Kernels::Rows rows) {
    Pack a[n_terms + 1], c[n_terms + 1][packs_per_row];
    for (int k = 0; k < n_terms; ++k) {
        a[k] = splat(s.a[k]);
        for (int p = 0; p < packs_per_row; ++p) c[k][p] = load(s.c + k * group_lanes + p * width);
    }
    for (std::size_t i = 0; i < rows.n; ++i) {
        const std::size_t at = std::size_t{rows.index[i]} * group_lanes;
        for (int p = 0; p < packs_per_row; ++p) {
            const std::size_t place = at + static_cast<std::size_t>(p * width);
            Pack state = load(s.y + place), vector = load(s.input + place);
            for (int k = 0; k < n_terms; ++k) {
                const Pack term = load(s.terms[k] + place);
                state = fused(term, a[k], state);
                vector = fused(term, c[k][p], vector);
            }
            store(s.state + place, state);
            store(s.vector + place, vector);
        }
    }
}

void stage_sums_kernel(const Kernels::StageSums& sums, int n_terms, Kernels::Rows rows) {
    constexpr std::array by_count{stage_sums_of<0>, stage_sums_of<1>, stage_sums_of<2>, stage_sums_of<3>,
                                  stage_sums_of<4>, stage_sums_of<5>, stage_sums_of<6>, stage_sums_of<7>};
    by_count[static_cast<std::size_t>(n_terms)](sums, rows);
}

void accept_kernel(double* y, const double* y_new, double* absolute_rows, const double* accepts,
                   const double* factor, Kernels::Rows rows) {
    for (std::size_t i = 0; i < rows.n; ++i) {
        const std::size_t at = std::size_t{rows.index[i]} * group_lanes;
        for (int p = 0; p < group_lanes; p += width) {
            const std::size_t place = at + static_cast<std::size_t>(p);
            const Mask accepted = load(accepts + p) != 0.0;
            const Pack next = load(y_new + place), tolerance = load(absolute_rows + place);
            const Pack wanted = load(factor + p) * absolute(next);
            store(y + place, choose(accepted, next, load(y + place)));
            store(absolute_rows + place, choose(accepted & (wanted > tolerance), wanted, tolerance));
        }
    }
}

void any_outside_kernel(double* out, const double* base, const double* limit, Kernels::Rows rows) {
    for (int p = 0; p < group_lanes; p += width) {
        const Pack upper = load(limit + p);
        Mask outside{};
        for (std::size_t i = 0; i < rows.n; ++i) {
            const Pack number =
                load(base + std::size_t{rows.index[i]} * group_lanes + static_cast<std::size_t>(p));
            outside |= (number < Pack{}) | (number > upper);
        }
        store(out + p, truth(outside));
    }
}

void error_square_kernel(double* out, const double* error, const double* y, const double* y_new,
                         const double* absolute, const double* relative, Kernels::Rows rows) {
    for (int p = 0; p < group_lanes; p += width) {
        Pack sum{};
        for (std::size_t i = 0; i < rows.n; ++i) {
            const std::size_t at = std::size_t{rows.index[i]} * group_lanes + static_cast<std::size_t>(p);
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
                    all_calls(),
                    run,
                    combine_kernel,
                    stage_sums_kernel,
                    accept_kernel,
                    any_outside_kernel,
                    error_square_kernel};

}  // namespace abscopal::lanes::ABSCOPAL_LANES_TARGET
