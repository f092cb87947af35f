// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
//
// Prints the bits of the lane kernels of the best target, for tools/check_neon.sh to compare between
// architectures.
#include <bit>
#include <cinttypes>
#include <cmath>
#include <cstdio>
#include <vector>

#include "lanes/kernels.hpp"

using namespace abscopal::lanes;

namespace {

/// Rows of numbers over many decades, and a program that works on them.
std::vector<double> numbers(std::uint64_t seed) {
    std::vector<double> result(16 * group_lanes);
    for (double& x : result) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        x = std::ldexp(static_cast<double>(seed >> 11), static_cast<int>(seed % 40) - 70);
    }
    return result;
}

Program program() {
    Program result;
    for (const auto operation : {Operation::exp, Operation::ln, Operation::power, Operation::sqrt,
                                 Operation::floor, Operation::mul_add, Operation::mul_sub, Operation::sub_mul,
                                 Operation::div, Operation::reciprocal, Operation::log10})
        result.push_back({operation, static_cast<std::uint32_t>(5 + result.size()), 0, 1, 2});
    return result;
}

}  // namespace

int main() {
    const Kernels& table = kernels(best_target());
    const Program code = program();
    for (std::uint64_t seed = 0; seed < 500; ++seed) {
        auto workspace = numbers(seed);
        table.run(code.data(), code.data() + code.size(), workspace.data());
        std::uint64_t bits = 0;
        for (const double x : workspace) bits = (bits ^ std::bit_cast<std::uint64_t>(x)) * 1099511628211u;
        std::printf("%016" PRIx64 "\n", bits);
    }
}
