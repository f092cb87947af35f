// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
// Included by one source for each target, which defines ABSCOPAL_LANES_TARGET first.
#include <algorithm>

#include "lanes/pack.hpp"
#include "lanes/tissue_kernels.hpp"

namespace abscopal::lanes::ABSCOPAL_LANES_TARGET {
namespace {

constexpr std::size_t lanes = 8;   // of every sum, whatever the width of a pack
constexpr std::size_t chunk = 64;  // neighbours copied together
constexpr double least_distance = 1e-5;

/// Neighbours of one cell as columns, padded with cells too far away to matter.
struct Columns {
    alignas(64) double dx[chunk], dy[chunk], dz[chunk], touch[chunk], reach[chunk], repulsion[chunk],
        adhesion[chunk];
};

std::size_t copy_columns(const PairCell* cells, const PairCell& a, const std::uint32_t* list,
                         std::size_t count, const double* affinity, Columns& to) {
    for (std::size_t k = 0; k < count; ++k) {
        const PairCell& b = cells[list[k]];
        to.dx[k] = a.x - b.x;
        to.dy[k] = a.y - b.y;
        to.dz[k] = a.z - b.z;
        to.touch[k] = a.radius + b.radius;
        to.reach[k] = a.reach + b.reach;
        to.repulsion[k] = a.root_repulsion * b.root_repulsion;
        to.adhesion[k] = a.root_adhesion * b.root_adhesion;
    }
    if (affinity) {
        for (std::size_t k = 0; k < count; ++k) to.adhesion[k] *= affinity[cells[list[k]].type];
    }
    const std::size_t padded = (count + lanes - 1) / lanes * lanes;
    for (std::size_t k = count; k < padded; ++k) {
        to.dx[k] = 1e9;
        to.dy[k] = to.dz[k] = to.repulsion[k] = to.adhesion[k] = 0;
        to.touch[k] = to.reach[k] = 1;
    }
    return padded;
}

/// Adds one pack of neighbours to the sums of its lanes.
inline void add_pack(const Columns& c, std::size_t k, Pack* sums) {
    const Pack one = splat(1.0), none = splat(0.0), least = splat(least_distance);
    const Pack dx = load(c.dx + k), dy = load(c.dy + k), dz = load(c.dz + k);
    const Pack length = square_root(dx * dx + dy * dy + dz * dz);
    const Pack distance = choose(length > least, length, least);
    const Pack touch = load(c.touch + k), reach = load(c.reach + k);
    const Pack near = one - distance / touch, far = one - distance / reach;
    const Pack overlap = choose(distance <= touch, near * near, none);
    const Pack hold = choose(distance < reach, far * far, none);
    const Pack push = (overlap * load(c.repulsion + k) - hold * load(c.adhesion + k)) / distance;
    sums[0] += push * dx;
    sums[1] += push * dy;
    sums[2] += push * dz;
    sums[3] += overlap;
}

void pair_sum_kernel(const PairCell* cells, std::uint32_t self, const std::uint32_t* list, std::size_t count,
                     const double* affinity, double* out) {
    constexpr std::size_t packs = lanes / width;
    Pack sums[packs][4] = {};
    Columns columns;
    const PairCell& a = cells[self];
    for (std::size_t begin = 0; begin < count; begin += chunk) {
        const std::size_t padded =
            copy_columns(cells, a, list + begin, std::min(chunk, count - begin), affinity, columns);
        for (std::size_t k = 0; k < padded; k += lanes) {
            for (std::size_t p = 0; p < packs; ++p) add_pack(columns, k + p * width, sums[p]);
        }
    }
    alignas(64) double part[lanes];
    for (std::size_t q = 0; q < 4; ++q) {
        for (std::size_t p = 0; p < packs; ++p) store(part + p * width, sums[p][q]);
        out[q] = ((part[0] + part[1]) + (part[2] + part[3])) + ((part[4] + part[5]) + (part[6] + part[7]));
    }
}

void sweep_kernel(double r, const double* q, const double* c, std::size_t n, std::size_t stride,
                  std::size_t wide, double* u) {
    const std::size_t whole = wide / width * width;
    const auto scale = [&](double* now, double factor) {
        for (std::size_t w = 0; w < whole; w += width) store(now + w, load(now + w) * splat(factor));
        for (std::size_t w = whole; w < wide; ++w) now[w] *= factor;
    };
    scale(u, q[0]);
    for (std::size_t i = 1; i < n; ++i) {
        double* now = u + i * stride;
        const double* last = now - stride;
        for (std::size_t w = 0; w < whole; w += width)
            store(now + w, (load(now + w) + splat(r) * load(last + w)) * splat(q[i]));
        for (std::size_t w = whole; w < wide; ++w) now[w] = (now[w] + r * last[w]) * q[i];
    }
    for (std::size_t i = n - 1; i-- > 0;) {
        double* now = u + i * stride;
        const double* next = now + stride;
        for (std::size_t w = 0; w < whole; w += width)
            store(now + w, load(now + w) + splat(c[i]) * load(next + w));
        for (std::size_t w = whole; w < wide; ++w) now[w] += c[i] * next[w];
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
    for (std::size_t i = 0; i < 4; ++i) {
        for (std::size_t j = 0; j < 4; ++j) to[j * to_stride + i] = from[i * from_stride + j];
    }
#endif
}

/// Eight rows of n to n rows of eight, or back.
inline void turn_rows(const double* rows, std::size_t n, double* tile) {
    std::size_t i = 0;
    for (; i + 4 <= n; i += 4) {
        turn_block(rows + i, n, tile + i * lanes, lanes);
        turn_block(rows + 4 * n + i, n, tile + i * lanes + 4, lanes);
    }
    for (; i < n; ++i) {
        for (std::size_t k = 0; k < lanes; ++k) tile[i * lanes + k] = rows[k * n + i];
    }
}

inline void turn_back(const double* tile, std::size_t n, double* rows) {
    std::size_t i = 0;
    for (; i + 4 <= n; i += 4) {
        turn_block(tile + i * lanes, lanes, rows + i, n);
        turn_block(tile + i * lanes + 4, lanes, rows + 4 * n + i, n);
    }
    for (; i < n; ++i) {
        for (std::size_t k = 0; k < lanes; ++k) rows[k * n + i] = tile[i * lanes + k];
    }
}

/// Eight lines in registers: each element is read and written once a sweep.
inline void sweep_tile(double r, const double* q, const double* c, std::size_t n, double* tile) {
    constexpr std::size_t packs = lanes / width;
    for (std::size_t p = 0; p < packs; ++p) {
        double* u = tile + p * width;
        Pack last = load(u) * splat(q[0]);
        store(u, last);
        for (std::size_t i = 1; i < n; ++i) {
            last = (load(u + i * lanes) + splat(r) * last) * splat(q[i]);
            store(u + i * lanes, last);
        }
        for (std::size_t i = n - 1; i-- > 0;) {
            last = load(u + i * lanes) + splat(c[i]) * last;
            store(u + i * lanes, last);
        }
    }
}

void sweep_rows_kernel(double r, const double* q, const double* c, std::size_t n, std::size_t rows, double* u,
                       double* tile) {
    std::size_t row = 0;
    for (; row + lanes <= rows; row += lanes) {
        turn_rows(u + row * n, n, tile);
        sweep_tile(r, q, c, n, tile);
        turn_back(tile, n, u + row * n);
    }
    for (; row < rows; ++row) {
        double* line = u + row * n;
        line[0] *= q[0];
        for (std::size_t i = 1; i < n; ++i) line[i] = (line[i] + r * line[i - 1]) * q[i];
        for (std::size_t i = n - 1; i-- > 0;) line[i] += c[i] * line[i + 1];
    }
}

}  // namespace

extern const TissueKernels tissue_table{pair_sum_kernel, sweep_kernel, sweep_rows_kernel};

}  // namespace abscopal::lanes::ABSCOPAL_LANES_TARGET
