// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>

#if defined(__AVX2__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

/// Packs of doubles with elementwise arithmetic. Only the kernel sources of this folder include this header:
/// each defines ABSCOPAL_LANES_TARGET, a namespace of its own, so that code compiled for one instruction set
/// is never linked into another.
namespace abscopal::lanes::ABSCOPAL_LANES_TARGET {

#if defined(__AVX512F__)
inline constexpr int width = 8;
#elif defined(__AVX2__)
inline constexpr int width = 4;
#else
inline constexpr int width = 2;
#endif

using Pack = double __attribute__((vector_size(width * 8)));
using Mask = std::int64_t __attribute__((vector_size(width * 8)));  ///< all bits set or none
using Bits = std::int64_t __attribute__((vector_size(width * 8)));

inline Pack splat(double value) {
    return Pack{} + value;
}
inline Bits splat_bits(std::int64_t value) {
    return Bits{} + value;
}

inline Pack load(const double* from) {
    Pack pack;
    std::memcpy(&pack, from, sizeof pack);
    return pack;
}

inline void store(double* to, Pack pack) {
    std::memcpy(to, &pack, sizeof pack);
}

inline Bits bits_of(Pack pack) {
    return std::bit_cast<Bits>(pack);
}
inline Pack from_bits(Bits bits) {
    return std::bit_cast<Pack>(bits);
}

/// a·b + c, rounded once: the only fused operation, and only where it is written.
inline Pack fused(Pack a, Pack b, Pack c) {
#if defined(__AVX512F__)
    return _mm512_fmadd_pd(a, b, c);
#elif defined(__AVX2__)
    return _mm256_fmadd_pd(a, b, c);
#elif defined(__aarch64__)
    return vfmaq_f64(c, a, b);
#else
    Pack result{};
    for (int i = 0; i < width; ++i) result[i] = std::fma(a[i], b[i], c[i]);
    return result;
#endif
}

inline Pack choose(Mask mask, Pack yes, Pack no) {
    return mask ? yes : no;
}

inline Pack round_down(Pack x) {
#if defined(__AVX512F__)
    return _mm512_maskz_roundscale_pd(0xFF, x, _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC);
#elif defined(__AVX2__)
    return _mm256_floor_pd(x);
#elif defined(__aarch64__)
    return vrndmq_f64(x);
#else
    Pack result{};
    for (int i = 0; i < width; ++i) result[i] = std::floor(x[i]);
    return result;
#endif
}

inline Pack round_up(Pack x) {
    return -round_down(-x);
}

inline Pack square_root(Pack x) {
#if defined(__AVX512F__)
    return _mm512_maskz_sqrt_pd(0xFF, x);
#elif defined(__AVX2__)
    return _mm256_sqrt_pd(x);
#elif defined(__aarch64__)
    return vsqrtq_f64(x);
#else
    Pack result{};
    for (int i = 0; i < width; ++i) result[i] = std::sqrt(x[i]);
    return result;
#endif
}

inline Pack absolute(Pack x) {
    return from_bits(bits_of(x) & splat_bits(INT64_MAX));
}
inline Mask is_nan(Pack x) {
    return x != x;
}

inline bool any(Mask mask) {
    std::int64_t seen = 0;
    for (int i = 0; i < width; ++i) seen |= mask[i];
    return seen != 0;
}

/// 1 where the mask is set, else 0.
inline Pack truth(Mask mask) {
    return choose(mask, splat(1.0), splat(0.0));
}

}  // namespace abscopal::lanes::ABSCOPAL_LANES_TARGET
