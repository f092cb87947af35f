// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <algorithm>
#include <span>
#include <vector>

namespace abscopal {

/// Ranks from 1; equal numbers share the mean of theirs.
inline std::vector<double> mid_ranks(std::span<const double> x) {
    std::vector<std::size_t> order(x.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return x[a] < x[b]; });
    std::vector<double> ranks(x.size());
    for (std::size_t first = 0; first < order.size();) {
        std::size_t last = first;
        while (last + 1 < order.size() && x[order[last + 1]] == x[order[first]]) ++last;
        for (std::size_t i = first; i <= last; ++i)
            ranks[order[i]] = 1.0 + static_cast<double>(first + last) / 2;
        first = last + 1;
    }
    return ranks;
}

}  // namespace abscopal
