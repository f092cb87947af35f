// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "ode/sparse_lu.hpp"

#include <algorithm>
#include <limits>

namespace abscopal {
namespace {

using lanes::Operation;

std::vector<char> pattern_with_diagonal(const Sparsity& pattern, std::size_t n) {
    std::vector<char> filled(n * n, 0);
    for (std::size_t column = 0; column < n; ++column) {
        filled[column * n + column] = 1;
        for (auto k = pattern.column_start[column]; k < pattern.column_start[column + 1]; ++k) {
            filled[static_cast<std::size_t>(pattern.row[static_cast<std::size_t>(k)]) * n + column] = 1;
        }
    }
    return filled;
}

}  // namespace

SparseLu::SparseLu(const Sparsity& pattern, std::size_t n, const std::vector<char>& last)
    : n_(n), rank_(n, 0) {
    choose_order(pattern_with_diagonal(pattern, n), last);
}

// Eliminates on the pattern, each time the index with the fewest products; ties go to the smallest index.
void SparseLu::choose_order(std::vector<char> filled, const std::vector<char>& last) {
    std::vector<char> done(n_, 0);
    std::vector<std::uint32_t> in_row(n_, 0), in_column(n_, 0);
    std::size_t n_first = n_;
    for (const char mark : last) n_first -= mark ? 1 : 0;
    for (std::size_t i = 0; i < n_ * n_; ++i) {
        in_row[i / n_] += filled[i] ? 1u : 0u;
        in_column[i % n_] += filled[i] ? 1u : 0u;
    }
    for (std::size_t k = 0; k < n_; ++k) {
        std::size_t pivot = n_;
        std::uint64_t least = std::numeric_limits<std::uint64_t>::max();
        for (std::size_t i = 0; i < n_; ++i) {
            if (k < n_first && !last.empty() && last[i]) continue;
            const std::uint64_t products = std::uint64_t{in_row[i] - 1} * (in_column[i] - 1);
            if (!done[i] && products < least) pivot = i, least = products;
        }
        done[pivot] = 1;
        rank_[pivot] = static_cast<std::uint32_t>(k);
        order_.push_back(static_cast<std::uint32_t>(pivot));
        std::vector<std::uint32_t> below, right;
        for (std::size_t i = 0; i < n_; ++i) {
            if (done[i]) continue;
            if (filled[i * n_ + pivot]) below.push_back(static_cast<std::uint32_t>(i)), --in_row[i];
            if (filled[pivot * n_ + i]) right.push_back(static_cast<std::uint32_t>(i)), --in_column[i];
        }
        for (const auto i : below) {
            for (const auto j : right) {
                char& entry = filled[i * n_ + j];
                if (!entry) entry = 1, ++in_row[i], ++in_column[j];
            }
        }
        rows_below_.push_back(std::move(below));
        columns_right_.push_back(std::move(right));
    }
    positions_.assign(n_ * n_, absent);
    // Numbered pivot by pivot, so that what is worked on together stands together.
    for (std::size_t k = 0; k < n_; ++k) {
        const std::size_t pivot = order_[k];
        positions_[pivot * n_ + pivot] = static_cast<std::uint32_t>(n_entries_++);
        for (const auto i : rows_below_[k])
            positions_[i * n_ + pivot] = static_cast<std::uint32_t>(n_entries_++);
        for (const auto j : columns_right_[k])
            positions_[pivot * n_ + j] = static_cast<std::uint32_t>(n_entries_++);
    }
}

// Row by row: a row takes its updates from the finished rows above while it is at hand.
lanes::Program SparseLu::factor(std::uint32_t matrix) const {
    lanes::Program program;
    const auto entry = [&](std::size_t i, std::size_t j) { return matrix + position(i, j); };
    std::vector<std::vector<std::size_t>> earlier(n_);  // pivots whose columns a row has entries in
    for (std::size_t k = 0; k < n_; ++k) {
        for (const auto i : rows_below_[k]) earlier[i].push_back(k);
    }
    for (const auto i : order_) {
        for (const auto k : earlier[i]) {
            const auto pivot = order_[k];
            program.push_back({Operation::mul, entry(i, pivot), entry(i, pivot), entry(pivot, pivot)});
            for (const auto j : columns_right_[k]) {
                program.push_back(
                    {Operation::sub_mul, entry(i, j), entry(i, pivot), entry(pivot, j), entry(i, j)});
            }
        }
        program.push_back({Operation::reciprocal, entry(i, i), entry(i, i)});
    }
    return program;
}

lanes::Program SparseLu::solve(std::uint32_t matrix, std::uint32_t vector) const {
    lanes::Program program;
    const auto entry = [&](std::size_t i, std::size_t j) { return matrix + position(i, j); };
    for (std::size_t k = 0; k < n_; ++k) {
        const auto pivot = order_[k];
        for (const auto i : rows_below_[k])
            program.push_back({Operation::sub_mul, vector + i, entry(i, pivot), vector + pivot, vector + i});
    }
    // Above a pivot stand the entries of earlier pivots' rows in its column.
    std::vector<std::vector<std::uint32_t>> above(n_);
    for (std::size_t k = 0; k < n_; ++k) {
        for (const auto j : columns_right_[k]) above[j].push_back(order_[k]);
    }
    for (std::size_t k = n_; k-- > 0;) {
        const auto pivot = order_[k];
        program.push_back({Operation::mul, vector + pivot, vector + pivot, entry(pivot, pivot)});
        for (const auto i : above[pivot])
            program.push_back({Operation::sub_mul, vector + i, entry(i, pivot), vector + pivot, vector + i});
    }
    return program;
}

}  // namespace abscopal
