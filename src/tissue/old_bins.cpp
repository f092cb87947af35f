// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>
#include <cmath>

#include "tissue/mechanics.hpp"

namespace abscopal::tissue {

namespace {

constexpr double edge = 30;
constexpr std::uint32_t own_bin = 13;  // among the 27 around it

/// Where a bin lies among the 27 around another, or 27 where it is further off.
std::uint32_t offset_of(const OldBins::Bin& a, const OldBins::Bin& b) {
    const auto x = static_cast<std::uint32_t>(b[0] - a[0] + 1),
               y = static_cast<std::uint32_t>(b[1] - a[1] + 1),
               z = static_cast<std::uint32_t>(b[2] - a[2] + 1);
    return std::max({x, y, z}) > 2 ? 27 : x + 3 * y + 9 * z;
}

}  // namespace

OldBins::OldBins(const Grid& grid) : low_(grid.low) {
    for (std::size_t k = 0; k < 3; ++k)
        n_[k] = std::max<std::size_t>(
            1, static_cast<std::size_t>(std::ceil((grid.high[k] - grid.low[k]) / edge)));
}

OldBins::Bin OldBins::bin(double x, double y, double z) const {
    const std::array<double, 3> p{x, y, z};
    Bin at;
    for (std::size_t k = 0; k < 3; ++k)
        at[k] = static_cast<std::int32_t>(
            std::clamp((p[k] - low_[k]) / edge, 0.0, static_cast<double>(n_[k] - 1)));
    return at;
}

void OldBins::note_one(const Model& model, State& state, std::size_t row, double scale) const {
    const Cells& cells = state.cells;
    if (cells.outside[row]) return;
    double& largest = state.bin_reach[index(bin(cells.x[row], cells.y[row], cells.z[row]))];
    largest = std::max(largest, scale * cells.radius[row] * model.value(cells, row, model.at.reach()));
}

void OldBins::note(const Model& model, State& state) const {
    state.bin_reach.resize(n_[0] * n_[1] * n_[2], 0.0);
    for (std::size_t row = 0; row < state.cells.size(); ++row) note_one(model, state, row, 1);
}

void OldBins::note_daughters(const Model& model, State& state, std::uint64_t first) const {
    const double halved = std::cbrt(2.0);
    for (std::size_t row = 0; row < state.cells.size(); ++row) {
        if (state.cells.id[row] >= first) note_one(model, state, row, halved);
    }
}

bool OldBins::sees(const State& state, const Hot& from, const Hot& to) const {
    const Bin a = bin(from.x, from.y, from.z), b = bin(to.x, to.y, to.z);
    if (a == b) return true;
    if (offset_of(a, b) == 27) return false;
    const std::array<double, 3> p{from.x, from.y, from.z};
    double distance = 0;
    for (std::size_t k = 0; k < 3; ++k) {
        if (a[k] == b[k]) continue;
        const double face = low_[k] + edge * std::max(a[k], b[k]);
        distance += (p[k] - face) * (p[k] - face);
    }
    const double limit = from.reach + state.bin_reach[index(b)];
    return distance <= limit * limit;
}

/// One bit for each of the 27 bins around `a`: the same as `sees`, for all of them at once.
std::uint32_t OldBins::seen_bins(const State& state, const Hot& from, const Bin& a) const {
    const std::array<double, 3> p{from.x, from.y, from.z};
    double square[3][3];
    std::int32_t first[3], last[3];
    for (std::size_t k = 0; k < 3; ++k) {
        const double below = p[k] - (low_[k] + edge * a[k]), above = p[k] - (low_[k] + edge * (a[k] + 1));
        square[k][0] = below * below, square[k][1] = 0, square[k][2] = above * above;
        first[k] = a[k] == 0 ? 1 : 0;
        last[k] = a[k] + 1 == static_cast<std::int32_t>(n_[k]) ? 1 : 2;
    }
    std::uint32_t seen = 1u << own_bin;
    for (std::int32_t z = first[2]; z <= last[2]; ++z) {
        for (std::int32_t y = first[1]; y <= last[1]; ++y) {
            const std::size_t row = index({a[0], a[1] + y - 1, a[2] + z - 1});
            for (std::int32_t x = first[0]; x <= last[0]; ++x) {
                const double limit = from.reach + state.bin_reach[row + static_cast<std::size_t>(x) - 1];
                const bool sees = square[0][x] + square[1][y] + square[2][z] <= limit * limit;
                seen |= static_cast<std::uint32_t>(sees) << (x + 3 * y + 9 * z);
            }
        }
    }
    return seen;
}

std::vector<OldBins::Bin> OldBins::bins_of(const std::vector<Hot>& hot) const {
    std::vector<Bin> bins(hot.size());
    for (std::size_t i = 0; i < hot.size(); ++i) bins[i] = bin(hot[i].x, hot[i].y, hot[i].z);
    return bins;
}

std::span<const std::uint32_t> OldBins::keep_seen(const State& state, const Hot& hot,
                                                  const std::vector<Bin>& bins, std::uint32_t row,
                                                  std::span<const std::uint32_t> near,
                                                  Neighbours::Rows& scratch) const {
    const std::uint32_t seen = seen_bins(state, hot, bins[row]);
    std::size_t kept = 0;
    for (const auto other : near) {
        scratch[kept] = other;
        kept += seen >> offset_of(bins[row], bins[other]) & 1;
    }
    return {scratch.data(), kept};
}

Neighbours drop_unseen(const OldBins& bins, const State& state, const std::vector<Hot>& hot,
                       const Neighbours& near) {
    Neighbours seen;
    Neighbours::Rows scratch;
    seen.reset(hot.size());
    for (std::size_t b = 0; b < seen.blocks(); ++b) {
        seen.fill(b, [&](std::uint32_t i, Neighbours::Rows& found) {
            for (const auto j : near.of(i, scratch)) {
                if (bins.sees(state, hot[i], hot[j])) found.push_back(j);
            }
        });
    }
    return seen;
}

}  // namespace abscopal::tissue
