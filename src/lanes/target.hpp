// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <optional>
#include <string_view>
#include <vector>

/// Instruction sets that lane kernels are compiled for. A lane is one patient; a group of `width` lanes
/// shares vector instructions.
namespace abscopal::lanes {

enum class Target { scalar, avx2, avx512, neon };

std::string_view name_of(Target target);  ///< "scalar", "avx2", "avx512", "neon"
std::optional<Target> target_by_name(std::string_view name);

/// What this machine can run, slowest first. AVX2 means AVX2 with FMA.
std::vector<Target> supported_targets();
Target best_target();

}  // namespace abscopal::lanes
