// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>
#include <cmath>

#include "tissue/mechanics.hpp"

namespace abscopal::tissue {

namespace {
constexpr double edge = 30;
}

OldBins::OldBins(const Grid& grid) : low_(grid.low) {
    for (std::size_t k = 0; k < 3; ++k)
        n_[k] = std::max<std::size_t>(
            1, static_cast<std::size_t>(std::ceil((grid.high[k] - grid.low[k]) / edge)));
}

std::array<std::size_t, 3> OldBins::bin(double x, double y, double z) const {
    const std::array<double, 3> p{x, y, z};
    std::array<std::size_t, 3> at;
    for (std::size_t k = 0; k < 3; ++k)
        at[k] = static_cast<std::size_t>(
            std::clamp(std::floor((p[k] - low_[k]) / edge), 0.0, static_cast<double>(n_[k] - 1)));
    return at;
}

void OldBins::note(const Model& model, State& state) const {
    const Cells& cells = state.cells;
    state.bin_reach.resize(n_[0] * n_[1] * n_[2], 0.0);
    for (std::size_t i = 0; i < cells.size(); ++i) {
        if (cells.outside[i]) continue;
        double& largest = state.bin_reach[index(bin(cells.x[i], cells.y[i], cells.z[i]))];
        largest = std::max(largest, cells.radius[i] * model.value(cells, i, model.at.reach()));
    }
}

bool OldBins::sees(const State& state, const Hot& from, const Hot& to) const {
    const auto a = bin(from.x, from.y, from.z), b = bin(to.x, to.y, to.z);
    if (a == b) return true;
    const std::array<double, 3> p{from.x, from.y, from.z};
    double distance = 0;
    for (std::size_t k = 0; k < 3; ++k) {
        if (a[k] == b[k]) continue;
        if (std::max(a[k], b[k]) - std::min(a[k], b[k]) > 1) return false;
        const double face = low_[k] + edge * static_cast<double>(std::max(a[k], b[k]));
        distance += (p[k] - face) * (p[k] - face);
    }
    const double limit = from.reach + state.bin_reach[index(b)];
    return distance <= limit * limit;
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
