// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <limits>

#include "lanes/pack.hpp"

/// exp, log and pow over packs: the same operations in the same order for every target, so the same bits.
/// Range reductions after Tang 1989 (doi 10.1145/63522.214389) and the log kernel after fdlibm's remainder
/// polynomial; errors below are measured by tests/unit/lanes against the C library in long double.
namespace abscopal::lanes::ABSCOPAL_LANES_TARGET {

inline constexpr double infinity = std::numeric_limits<double>::infinity();
inline constexpr double ln2_high = 6.93147180369123816490e-01, ln2_low = 1.90821492927058770002e-10;

/// x · 2^k for integral k in [-2200, 2200], in two steps so that neither factor overflows before the product
/// does.
inline Pack scale_by_power_of_two(Pack x, Pack k) {
    const Pack half = round_down(k * 0.5);
    constexpr double shift = 6755399441055744.0;  // 1.5 · 2^52: an integer's bits end up in the low mantissa
    const auto power = [](Pack n) {
        const Bits exponent = (bits_of(n + shift) - bits_of(splat(shift))) + splat_bits(1023);
        return from_bits(exponent << 52);
    };
    return x * power(half) * power(k - half);
}

/// exp(high + low) where |low| is tiny against high. Below 1 ulp for low = 0.
inline Pack exp_of_sum(Pack high, Pack low) {
    const Pack x = choose(high > 710.0, splat(710.0), choose(high < -746.0, splat(-746.0), high));
    const Pack k = round_down(fused(x, splat(1.44269504088896338700), splat(0.5)));
    const Pack r = fused(k, splat(-ln2_low), fused(k, splat(-ln2_high), x)) + low;
    constexpr double c[] = {1.0 / 6227020800.0, 1.0 / 479001600.0, 1.0 / 39916800.0, 1.0 / 3628800.0,
                            1.0 / 362880.0,     1.0 / 40320.0,     1.0 / 5040.0,     1.0 / 720.0,
                            1.0 / 120.0,        1.0 / 24.0,        1.0 / 6.0,        0.5};
    Pack p = splat(c[0]);
    for (int i = 1; i < 12; ++i) p = fused(p, r, splat(c[i]));
    const Pack e = fused(r * r, p, r) + 1.0;
    const Pack result = scale_by_power_of_two(e, k);
    return choose(
        is_nan(high), high,
        choose(high > 709.782712893384, splat(infinity), choose(high < -745.2, splat(0.0), result)));
}

inline Pack exp(Pack x) {
    return exp_of_sum(x, Pack{});
}

/// x = m · 2^k with m in [sqrt(1/2), sqrt(2)); x positive and finite, also subnormal.
struct Split {
    Pack mantissa, exponent;
};
inline Split split(Pack x) {
    const Mask subnormal = x < 2.2250738585072014e-308;
    const Pack normal = choose(subnormal, x * 18014398509481984.0, x);  // 2^54
    const Bits raw = bits_of(normal);
    Pack mantissa = from_bits((raw & splat_bits(0x000FFFFFFFFFFFFF)) | splat_bits(0x3FF0000000000000));
    // The biased exponent as a double: its bits put into the mantissa of 2^52.
    Pack exponent = from_bits(((raw >> 52) & splat_bits(0x7FF)) | splat_bits(0x4330000000000000)) -
                    (4503599627370496.0 + 1023.0);
    const Mask upper = mantissa >= 1.41421356237309504880;
    mantissa = choose(upper, mantissa * 0.5, mantissa);
    exponent = choose(upper, exponent + 1.0, exponent);
    return {mantissa, choose(subnormal, exponent - 54.0, exponent)};
}

inline Pack log_special(Pack x, Pack result) {
    const Pack at_edges = choose(x == 0.0, splat(-infinity), choose(x == infinity, splat(infinity), result));
    return choose((x < 0.0) | is_nan(x), splat(std::numeric_limits<double>::quiet_NaN()), at_edges);
}

/// Remainder polynomial of log((1+s)/(1−s)) = 2s + s·R(s²).
inline Pack log_remainder(Pack z) {
    constexpr double c[] = {1.479819860511658591e-01, 1.531383769920937332e-01, 1.818357216161805012e-01,
                            2.222219843214978396e-01, 2.857142874366239149e-01, 3.999999999940941908e-01,
                            6.666666666666735130e-01};
    Pack r = splat(c[0]);
    for (int i = 1; i < 7; ++i) r = fused(r, z, splat(c[i]));
    return r * z;
}

inline Pack log(Pack x) {
    const auto [m, k] = split(x);
    const Pack f = m - 1.0, s = f / (f + 2.0), z = s * s, half_square = f * f * 0.5;
    const Pack tail = fused(s, half_square + log_remainder(z), k * ln2_low);
    return log_special(x, fused(k, splat(ln2_high), -((half_square - tail) - f)));
}

/// log(x) as an unevaluated sum, error about 2^-68 relative.
struct DoubleDouble {
    Pack high, low;
};
inline DoubleDouble log_precise(Pack x) {
    const auto [m, k] = split(x);
    // s = (m − 1) / (m + 1) with its rounding error.
    const Pack f = m - 1.0, d = m + 1.0, d_error = m - (d - 1.0);
    const Pack s = f / d;
    const Pack s_error = (fused(-s, d, f) - s * d_error) / d;
    const Pack z = s * s, z_error = fused(s, s, -z) + 2.0 * s * s_error;
    // log m = 2s + s·z·(2/3 + z·(2/5 + …)), the first two terms with their errors kept.
    constexpr double c[] = {2.0 / 25, 2.0 / 23, 2.0 / 21, 2.0 / 19, 2.0 / 17, 2.0 / 15,
                            2.0 / 13, 2.0 / 11, 2.0 / 9,  2.0 / 7,  2.0 / 5};
    Pack q = splat(c[0]);
    for (int i = 1; i < 11; ++i) q = fused(q, z, splat(c[i]));
    constexpr double third = 2.0 / 3.0, third_error = 3.700743415417188e-17;
    const Pack u = q * z;  // the rest after 2/3
    const Pack t = u + third, t_error = (third - t + u) + third_error;
    const Pack w = z * t, w_error = fused(z, t, -w) + z * t_error + z_error * t;
    const Pack v = s * w, v_error = fused(s, w, -v) + s * w_error + s_error * w;
    const Pack h = 2.0 * s + v, h_error = (2.0 * s - h + v) + (2.0 * s_error + v_error);
    const Pack base = k * ln2_high;  // exact: ln2_high has 20 trailing zero bits
    const Pack sum = base + h, sum_error = (base - sum + h);
    // |base| ≥ |h| or base = 0, so the two-term sums above are exact.
    return {sum, sum_error + h_error + k * ln2_low};
}

/// x^y as C defines it: negative x with integral y, zeros, infinities. About 1 ulp.
inline Pack pow(Pack x, Pack y) {
    const Pack a = absolute(x);
    const Mask ordinary = (a > 0.0) & (a < infinity);
    const auto [high, low] = log_precise(choose(ordinary, a, splat(1.0)));
    const Pack product = y * high, product_error = fused(y, high, -product) + y * low;
    const Mask finite_product = absolute(product) < infinity;
    Pack result = exp_of_sum(product, choose(finite_product, product_error, Pack{}));

    const Mask integral = (round_down(y) == y) & (absolute(y) < infinity);
    const Pack half = y * 0.5;
    const Mask odd = integral & (round_down(half) != half) & (absolute(y) < 9007199254740992.0);
    const Mask negative = bits_of(x) < 0;
    const Pack zero_or_infinite = choose((a == 0.0) == (y < 0.0), splat(infinity), splat(0.0));
    result = choose((a == 0.0) | (a == infinity), zero_or_infinite, result);
    // |y| infinite: 0, 1 or infinity as |x| stands to 1.
    const Pack at_infinite_y =
        choose(a == 1.0, splat(1.0), choose((a > 1.0) == (y > 0.0), splat(infinity), splat(0.0)));
    result = choose(absolute(y) == infinity, at_infinite_y, result);
    result = choose(negative & odd, -result, result);
    result = choose(negative & (a > 0.0) & (a < infinity) & ~integral & (absolute(y) < infinity),
                    splat(std::numeric_limits<double>::quiet_NaN()), result);
    result = choose(is_nan(x) | is_nan(y), x + y, result);
    return choose((y == 0.0) | (x == 1.0), splat(1.0), result);
}

}  // namespace abscopal::lanes::ABSCOPAL_LANES_TARGET
