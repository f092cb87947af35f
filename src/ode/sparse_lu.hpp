// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <cstdint>
#include <vector>

#include "abscopal/model.hpp"
#include "lanes/program.hpp"

namespace abscopal {

/// LU of matrices with one fixed pattern, for lanes: the elimination is planned once and written as
/// straight-line code, so every lane does the same operations. Pivots stay on the diagonal, in an order of
/// least fill (Markowitz 1957, doi 10.1287/mnsc.3.3.255): I/(hγ) − J is near diagonally dominant for small h,
/// and a pivot that fails shows as a result that is not finite.
class SparseLu {
  public:
    /// Indices marked in `last` (empty: none) are eliminated after all others: the rows of a
    /// differential-algebraic system without a rate, whose own diagonal may be zero until the others are
    /// eliminated.
    SparseLu(const Sparsity& pattern, std::size_t n, const std::vector<char>& last = {});

    /// Entries of the filled matrix; each takes one row of the workspace.
    std::size_t n_entries() const { return n_entries_; }
    std::uint32_t diagonal(std::size_t i) const { return position(i, i); }
    /// Place of entry (row, column) among the entries; `absent` if it is structurally zero.
    static constexpr std::uint32_t absent = ~std::uint32_t{0};
    std::uint32_t position(std::size_t row, std::size_t column) const {
        return positions_[row * n_ + column];
    }

    /// Factorises in place the entries that stand from row `matrix` on. Pivots become their reciprocals.
    lanes::Program factor(std::uint32_t matrix) const;
    /// Solves in place for the right-hand side that stands from row `vector` on.
    lanes::Program solve(std::uint32_t matrix, std::uint32_t vector) const;

  private:
    void choose_order(std::vector<char> filled, const std::vector<char>& last);

    std::size_t n_;
    std::size_t n_entries_ = 0;
    std::vector<std::uint32_t> order_;      ///< index eliminated k-th
    std::vector<std::uint32_t> rank_;       ///< when an index is eliminated
    std::vector<std::uint32_t> positions_;  ///< n × n
    std::vector<std::vector<std::uint32_t>> rows_below_,
        columns_right_;  ///< of the k-th pivot, in order of elimination
};

}  // namespace abscopal
