// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
// Included by one source for each target, which defines ABSCOPAL_LANES_TARGET first.
#include <algorithm>
#include <cstring>

#include "lanes/pack.hpp"
#include "lanes/tissue_kernels.hpp"

namespace abscopal::lanes::ABSCOPAL_LANES_TARGET {
namespace {

constexpr std::size_t lanes = 8;  // of every sum, whatever the width of a pack
constexpr double least_distance = 1e-5;

/// The numbers of `width` cells as columns.
struct Columns {
    Pack x, y, z, radius, reach, repulsion, adhesion;
};

#if defined(__AVX512F__)
/// Eight cache lines turned over in registers: three rounds of exchange, over 1, 2 and 4 neighbours.
inline Columns columns_of(const PairCell* cells, const std::uint32_t* list) {
    __m512d line[8], pair[8], four[8];
    for (int i = 0; i < 8; ++i) line[i] = _mm512_load_pd(&cells[list[i]].x);
    for (int i = 0; i < 8; i += 2) {
        pair[i] = _mm512_maskz_unpacklo_pd(0xFF, line[i], line[i + 1]);
        pair[i + 1] = _mm512_maskz_unpackhi_pd(0xFF, line[i], line[i + 1]);
    }
    const __m512i low = _mm512_setr_epi64(0, 1, 8, 9, 4, 5, 12, 13),
                  high = _mm512_setr_epi64(2, 3, 10, 11, 6, 7, 14, 15);
    for (int i = 0; i < 8; i += 4) {
        for (int k = 0; k < 2; ++k) {
            four[i + k] = _mm512_permutex2var_pd(pair[i + k], low, pair[i + k + 2]);
            four[i + k + 2] = _mm512_permutex2var_pd(pair[i + k], high, pair[i + k + 2]);
        }
    }
    const __m512i left = _mm512_setr_epi64(0, 1, 2, 3, 8, 9, 10, 11),
                  right = _mm512_setr_epi64(4, 5, 6, 7, 12, 13, 14, 15);
    const auto first = [&](int k) { return _mm512_permutex2var_pd(four[k], left, four[k + 4]); };
    const auto second = [&](int k) { return _mm512_permutex2var_pd(four[k], right, four[k + 4]); };
    return {first(0), first(1), first(2), first(3), second(0), second(1), second(2)};
}
#else
inline Columns columns_of(const PairCell* cells, const std::uint32_t* list) {
    Columns c{};
    for (int k = 0; k < width; ++k) {
        const PairCell& b = cells[list[k]];
        c.x[k] = b.x, c.y[k] = b.y, c.z[k] = b.z, c.radius[k] = b.radius, c.reach[k] = b.reach;
        c.repulsion[k] = b.root_repulsion, c.adhesion[k] = b.root_adhesion;
    }
    return c;
}
#endif

/// Adds `width` neighbours to the sums of their lanes; those from `count` on count for nothing.
[[gnu::always_inline]] inline void add_pack(const PairCell* cells, const PairCell& a,
                                            const std::uint32_t* list, std::size_t count,
                                            const double* affinity, Pack* sums) {
    const Pack one = splat(1.0), none = splat(0.0), least = splat(least_distance);
    Columns b = columns_of(cells, list);
    if (affinity) {
        double root[width];
        for (int k = 0; k < width; ++k) root[k] = affinity[cells[list[k]].type];
        b.adhesion *= load(root);
    }
    const Pack dx = splat(a.x) - b.x, dy = splat(a.y) - b.y, dz = splat(a.z) - b.z;
    const Pack length = square_root(dx * dx + dy * dy + dz * dz);
    const Pack distance = choose(length > least, length, least);
    const Pack touch = splat(a.radius) + b.radius, reach = splat(a.reach) + b.reach;
    // One division serves all three quotients.
    const Pack both = touch * reach, inverse = one / (both * distance), square = distance * distance;
    const Pack near = one - square * reach * inverse, far = one - square * touch * inverse;
    Pack overlap = choose(distance <= touch, near * near, none);
    Pack hold = choose(distance < reach, far * far, none);
    if (count < static_cast<std::size_t>(width)) {
        Bits rank;
        for (int k = 0; k < width; ++k) rank[k] = k;
        const Mask counts = rank < splat_bits(static_cast<std::int64_t>(count));
        overlap = choose(counts, overlap, none), hold = choose(counts, hold, none);
    }
    const Pack push =
        (overlap * (splat(a.root_repulsion) * b.repulsion) - hold * (splat(a.root_adhesion) * b.adhesion)) *
        (both * inverse);
    sums[0] += push * dx;
    sums[1] += push * dy;
    sums[2] += push * dz;
    sums[3] += overlap;
}

void pair_sum_kernel(const PairCell* cells, std::uint32_t self, const std::uint32_t* list, std::size_t count,
                     const double* affinity, double* out) {
    constexpr std::size_t packs = lanes / width;
    Pack sums[packs][4] = {};
    const PairCell& a = cells[self];
    const auto add_eight = [&](const std::uint32_t* eight, std::size_t n) __attribute__((always_inline)) {
        for (std::size_t p = 0; p < packs; ++p)
            add_pack(cells, a, eight + p * width, n - std::min(n, p * width), affinity, sums[p]);
    };
    std::size_t k = 0;
    for (; k + lanes <= count; k += lanes) add_eight(list + k, lanes);
    if (k < count) {
        std::uint32_t rest[lanes];
        for (std::size_t n = 0; n < lanes; ++n) rest[n] = k + n < count ? list[k + n] : self;
        add_eight(rest, count - k);
    }
    alignas(64) double part[lanes];
    for (std::size_t q = 0; q < 4; ++q) {
        for (std::size_t p = 0; p < packs; ++p) store(part + p * width, sums[p][q]);
        out[q] = ((part[0] + part[1]) + (part[2] + part[3])) + ((part[4] + part[5]) + (part[6] + part[7]));
    }
}

/// As many bytes as a Pack, of doubles or floats.
template <class Real>
struct Vector {
    typedef Real Type __attribute__((vector_size(width * 8)));
    static constexpr std::size_t size = width * 8 / sizeof(Real);
    static Type all(Real value) { return Type{} + value; }
    static Type load(const Real* from) {
        Type pack;
        std::memcpy(&pack, from, sizeof pack);
        return pack;
    }
    static void store(Real* to, Type pack) { std::memcpy(to, &pack, sizeof pack); }
};

/// Rows that are turned over together: one cache line of numbers.
template <class Real>
constexpr std::size_t tile_rows = 64 / sizeof(Real);

/// Lines side by side in `packs` packs: what the last element came to stays in registers.
template <std::size_t packs, class Real>
inline void sweep_packs(Real r, const Real* q, const Real* c, std::size_t n, std::size_t stride, Real* u) {
    using V = Vector<Real>;
    typename V::Type last[packs];
    for (std::size_t p = 0; p < packs; ++p) {
        last[p] = V::load(u + p * V::size) * V::all(q[0]);
        V::store(u + p * V::size, last[p]);
    }
    for (std::size_t i = 1; i < n; ++i) {
        Real* now = u + i * stride;
        for (std::size_t p = 0; p < packs; ++p) {
            last[p] = (V::load(now + p * V::size) + V::all(r) * last[p]) * V::all(q[i]);
            V::store(now + p * V::size, last[p]);
        }
    }
    for (std::size_t i = n - 1; i-- > 0;) {
        Real* now = u + i * stride;
        for (std::size_t p = 0; p < packs; ++p) {
            last[p] = V::load(now + p * V::size) + V::all(c[i]) * last[p];
            V::store(now + p * V::size, last[p]);
        }
    }
}

template <class Real>
inline void sweep_line(Real r, const Real* q, const Real* c, std::size_t n, std::size_t stride, Real* u) {
    u[0] *= q[0];
    for (std::size_t i = 1; i < n; ++i) u[i * stride] = (u[i * stride] + r * u[(i - 1) * stride]) * q[i];
    for (std::size_t i = n - 1; i-- > 0;) u[i * stride] += c[i] * u[(i + 1) * stride];
}

template <class Real>
void sweep_kernel(Real r, const Real* q, const Real* c, std::size_t n, std::size_t stride, std::size_t wide,
                  Real* u) {
    constexpr std::size_t step = Vector<Real>::size;
    std::size_t w = 0;
    for (; w + 4 * step <= wide; w += 4 * step) sweep_packs<4>(r, q, c, n, stride, u + w);
    for (; w + step <= wide; w += step) sweep_packs<1>(r, q, c, n, stride, u + w);
    for (; w < wide; ++w) sweep_line(r, q, c, n, stride, u + w);
}

template <class Real>
inline void turn_block_plain(const Real* from, std::size_t from_stride, Real* to, std::size_t to_stride) {
    for (std::size_t i = 0; i < 4; ++i) {
        for (std::size_t j = 0; j < 4; ++j) to[j * to_stride + i] = from[i * from_stride + j];
    }
}

/// A block of 4 x 4 numbers turned over: rows of `from` become columns of `to`.
inline void turn_block(const double* from, std::size_t from_stride, double* to, std::size_t to_stride) {
#if defined(__AVX2__)
    const __m256d a = _mm256_loadu_pd(from), b = _mm256_loadu_pd(from + from_stride);
    const __m256d c = _mm256_loadu_pd(from + 2 * from_stride), d = _mm256_loadu_pd(from + 3 * from_stride);
    const __m256d ab_low = _mm256_unpacklo_pd(a, b), ab_high = _mm256_unpackhi_pd(a, b);
    const __m256d cd_low = _mm256_unpacklo_pd(c, d), cd_high = _mm256_unpackhi_pd(c, d);
    _mm256_storeu_pd(to, _mm256_permute2f128_pd(ab_low, cd_low, 0x20));
    _mm256_storeu_pd(to + to_stride, _mm256_permute2f128_pd(ab_high, cd_high, 0x20));
    _mm256_storeu_pd(to + 2 * to_stride, _mm256_permute2f128_pd(ab_low, cd_low, 0x31));
    _mm256_storeu_pd(to + 3 * to_stride, _mm256_permute2f128_pd(ab_high, cd_high, 0x31));
#else
    turn_block_plain(from, from_stride, to, to_stride);
#endif
}

inline void turn_block(const float* from, std::size_t from_stride, float* to, std::size_t to_stride) {
#if defined(__AVX2__)
    const __m128 a = _mm_loadu_ps(from), b = _mm_loadu_ps(from + from_stride);
    const __m128 c = _mm_loadu_ps(from + 2 * from_stride), d = _mm_loadu_ps(from + 3 * from_stride);
    const __m128 ab_low = _mm_unpacklo_ps(a, b), ab_high = _mm_unpackhi_ps(a, b);
    const __m128 cd_low = _mm_unpacklo_ps(c, d), cd_high = _mm_unpackhi_ps(c, d);
    _mm_storeu_ps(to, _mm_movelh_ps(ab_low, cd_low));
    _mm_storeu_ps(to + to_stride, _mm_movehl_ps(cd_low, ab_low));
    _mm_storeu_ps(to + 2 * to_stride, _mm_movelh_ps(ab_high, cd_high));
    _mm_storeu_ps(to + 3 * to_stride, _mm_movehl_ps(cd_high, ab_high));
#else
    turn_block_plain(from, from_stride, to, to_stride);
#endif
}

/// Rows of n to n rows, `to_stride` apart, or back.
template <class Real>
inline void turn_rows(const Real* rows, std::size_t n, Real* tile, std::size_t tile_stride) {
    std::size_t i = 0;
    for (; i + 4 <= n; i += 4) {
        for (std::size_t k = 0; k < tile_rows<Real>; k += 4)
            turn_block(rows + k * n + i, n, tile + i * tile_stride + k, tile_stride);
    }
    for (; i < n; ++i) {
        for (std::size_t k = 0; k < tile_rows<Real>; ++k) tile[i * tile_stride + k] = rows[k * n + i];
    }
}

template <class Real>
inline void turn_back(const Real* tile, std::size_t tile_stride, std::size_t n, Real* rows) {
    std::size_t i = 0;
    for (; i + 4 <= n; i += 4) {
        for (std::size_t k = 0; k < tile_rows<Real>; k += 4)
            turn_block(tile + i * tile_stride + k, tile_stride, rows + k * n + i, n);
    }
    for (; i < n; ++i) {
        for (std::size_t k = 0; k < tile_rows<Real>; ++k) rows[k * n + i] = tile[i * tile_stride + k];
    }
}

/// `tiles` times some rows turned over, swept as lines side by side, and turned back.
template <std::size_t tiles, class Real>
inline void sweep_tiles(Real r, const Real* q, const Real* c, std::size_t n, Real* u, Real* tile) {
    constexpr std::size_t rows = tile_rows<Real>, stride = tiles * rows;
    for (std::size_t t = 0; t < tiles; ++t) turn_rows(u + t * rows * n, n, tile + t * rows, stride);
    sweep_packs<stride / Vector<Real>::size>(r, q, c, n, stride, tile);
    for (std::size_t t = 0; t < tiles; ++t) turn_back(tile + t * rows, stride, n, u + t * rows * n);
}

template <class Real>
void sweep_rows_kernel(Real r, const Real* q, const Real* c, std::size_t n, std::size_t rows, Real* u,
                       Real* tile) {
    constexpr std::size_t step = tile_rows<Real>;
    std::size_t row = 0;
    for (; row + 2 * step <= rows; row += 2 * step) sweep_tiles<2>(r, q, c, n, u + row * n, tile);
    for (; row + step <= rows; row += step) sweep_tiles<1>(r, q, c, n, u + row * n, tile);
    for (; row < rows; ++row) sweep_line(r, q, c, n, 1, u + row * n);
}

}  // namespace

extern const TissueKernels tissue_table{pair_sum_kernel,
                                        {sweep_kernel<double>, sweep_rows_kernel<double>},
                                        {sweep_kernel<float>, sweep_rows_kernel<float>}};

}  // namespace abscopal::lanes::ABSCOPAL_LANES_TARGET
