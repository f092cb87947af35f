// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "trial/allocation.hpp"

#include <algorithm>
#include <cassert>
#include <numeric>

#include "base/random.hpp"
#include "base/text.hpp"
#include "trial/design.hpp"

namespace abscopal {
namespace {

std::vector<double> ratio_of(const Design& design, std::size_t n_arms) {
    return design.ratio.empty() ? std::vector<double>(n_arms, 1.0) : design.ratio;
}

/// The part of a bar of lengths `ratio` that `place` falls in.
std::size_t arm_at(const std::vector<double>& ratio, double place) {
    for (std::size_t arm = 0; arm + 1 < ratio.size(); ++arm) {
        if (place < ratio[arm]) return arm;
        place -= ratio[arm];
    }
    return ratio.size() - 1;
}

}  // namespace

std::size_t allocated_arm(const Design& design, std::size_t n_arms, std::uint64_t seed, std::size_t stratum,
                          std::size_t ordinal) {
    assert(design.allocation != Allocation::twins);
    const auto ratio = ratio_of(design, n_arms);
    const double sum = std::accumulate(ratio.begin(), ratio.end(), 0.0);
    const auto step = static_cast<std::uint32_t>(stratum);
    if (design.allocation == Allocation::simple)
        return arm_at(ratio, sum * uniform(seed, Purpose::allocation, ordinal, step, 0));
    const std::size_t block = design.block > 0 ? design.block : 2 * static_cast<std::size_t>(sum);
    // A seed of its own for every block.
    const std::uint64_t own = random_bits(seed, Purpose::allocation, ordinal / block, step, 1);
    const std::uint64_t place = permuted(own, 0, ordinal % block, block);
    return arm_at(ratio, static_cast<double>(place) * sum / static_cast<double>(block));
}

Strata::Strata(std::span<const Split> splits, std::span<const std::string> columns) : splits_(splits) {
    for (const auto& split : splits) {
        const auto at = std::find(columns.begin(), columns.end(), split.by);
        assert(at != columns.end() && "the reader of trials has looked it up");
        columns_.push_back(static_cast<std::size_t>(at - columns.begin()));
    }
}

std::size_t Strata::of(std::span<const double> row) const {
    std::size_t stratum = 0;
    for (std::size_t k = 0; k < columns_.size(); ++k)
        stratum = stratum * n_parts(splits_[k]) + part_of(splits_[k], row[columns_[k]]);
    return stratum;
}

std::size_t Strata::count() const {
    std::size_t n = 1;
    for (const auto& split : splits_) n *= n_parts(split);
    return n;
}

std::size_t part_of(const Split& split, double value) {
    if (split.cuts.empty()) return value > 0.0 ? 1 : 0;
    return static_cast<std::size_t>(std::upper_bound(split.cuts.begin(), split.cuts.end(), value) -
                                    split.cuts.begin());
}

std::size_t n_parts(const Split& split) {
    return split.cuts.empty() ? 2 : split.cuts.size() + 1;
}

std::string part_name(const Split& split, std::size_t part) {
    if (split.cuts.empty()) return split.label + (part ? ": yes" : ": no");
    if (part == 0) return split.label + " < " + to_text(split.cuts[0]);
    if (part == split.cuts.size()) return split.label + " ≥ " + to_text(split.cuts.back());
    return split.label + " " + to_text(split.cuts[part - 1]) + " to < " + to_text(split.cuts[part]);
}

}  // namespace abscopal
