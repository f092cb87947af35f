// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>
#include <cmath>

#include "abscopal/tissue.hpp"

namespace abscopal::tissue {

std::size_t Grid::size() const {
    return static_cast<std::size_t>(voxels[0]) * static_cast<std::size_t>(voxels[1]) *
           static_cast<std::size_t>(voxels[2]);
}

std::array<double, 3> Grid::center(std::size_t voxel) const {
    const auto nx = static_cast<std::size_t>(voxels[0]), ny = static_cast<std::size_t>(voxels[1]);
    const std::array<std::size_t, 3> at{voxel % nx, voxel / nx % ny, voxel / nx / ny};
    const std::array<double, 3> edge{spacing, spacing, thickness};
    std::array<double, 3> point;
    for (std::size_t k = 0; k < 3; ++k) point[k] = low[k] + (static_cast<double>(at[k]) + 0.5) * edge[k];
    return point;
}

std::size_t Grid::voxel_at(double x, double y, double z) const {
    const std::array<double, 3> edge{spacing, spacing, thickness}, point{x, y, z};
    std::array<std::size_t, 3> at;
    for (std::size_t k = 0; k < 3; ++k) {
        const double place = std::floor((point[k] - low[k]) / edge[k]);
        at[k] = static_cast<std::size_t>(std::clamp(place, 0.0, static_cast<double>(voxels[k] - 1)));
    }
    return (at[2] * static_cast<std::size_t>(voxels[1]) + at[1]) * static_cast<std::size_t>(voxels[0]) +
           at[0];
}

bool Grid::contains(double x, double y, double z) const {
    return x >= low[0] && x <= high[0] && y >= low[1] && y <= high[1] && z >= low[2] && z <= high[2];
}

}  // namespace abscopal::tissue
