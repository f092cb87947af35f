// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "lanes/kernels.hpp"
#include "lanes/program.hpp"

namespace abscopal {

/// A program to be compiled, and the rows of its results. What it computes on the way stays in registers.
struct LaneSource {
    const lanes::Program* program;
    std::vector<std::uint32_t> results;
    std::uint32_t first = 0;  ///< row of the program whose result goes to where run() is told
};

/// Straight-line lane programs as machine code for one target, made by LLVM. Each does the same operations in
/// the same order as the interpreter, so its results have the same bits.
class LaneCode {
  public:
    /// `cache` is a folder for object code by content, or empty. Nothing where the project was built without
    /// LLVM, or a program is larger than `max_operations` (compile time grows faster than length): then the
    /// interpreter serves.
    /// Asks `go_on` now and then while it makes code; where that says no there is none.
    static std::shared_ptr<const LaneCode> compile(const std::vector<LaneSource>& sources,
                                                   const lanes::Kernels& kernels, const std::string& cache,
                                                   const std::function<bool()>& go_on = {});
    static constexpr std::size_t max_operations = 60'000;

    /// Runs the i-th program on a workspace of rows of `group_lanes`. Results go to `results`, which stands
    /// for the program's row `first`; the same workspace where that is 0.
    void run(std::size_t i, double* workspace, double* results) const;

    LaneCode();
    ~LaneCode();

  private:
    struct Memory;
    std::unique_ptr<Memory> memory_;
};

}  // namespace abscopal
