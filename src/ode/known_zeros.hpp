// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <cstdint>
#include <vector>

#include "lanes/program.hpp"

namespace abscopal {

/// Which rows of a workspace are known to be zero in all lanes, followed through programs. What is computed
/// with finite numbers keeps its bits (but the sign of a zero): a·0 is 0, a + 0 is a.
class KnownZeros {
  public:
    /// `zero` is a row that always is.
    KnownZeros(std::size_t n_rows, std::uint32_t zero) : is_zero_(n_rows, 0), zero_(zero) { mark(zero); }

    void mark(std::uint32_t row) { is_zero_[row] = 1; }
    bool has(std::uint32_t row) const { return is_zero_[row] != 0; }

    /// The program without what works on zeros. Rows that it leaves zero are not written.
    lanes::Program simplify(const lanes::Program& program);

  private:
    lanes::Instruction simplify(const lanes::Instruction& instruction) const;

    std::vector<char> is_zero_;
    std::uint32_t zero_;
};

/// The part of a program that the rows of its results need.
lanes::Program needed_for(const lanes::Program& program, const std::vector<std::uint32_t>& results);

/// Rows a program reads before it writes them, ascending.
std::vector<std::uint32_t> rows_taken(const lanes::Program& program);

}  // namespace abscopal
