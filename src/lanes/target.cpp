// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "lanes/target.hpp"

#include <array>

namespace abscopal::lanes {
namespace {

constexpr std::array<std::string_view, 4> names{"scalar", "avx2", "avx512", "neon"};

bool is_supported(Target target) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    switch (target) {
        case Target::scalar:
            return true;
        case Target::avx2:
            return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
        case Target::avx512:
            return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
                   __builtin_cpu_supports("fma");
        case Target::neon:
            break;
    }
    return false;
#elif defined(__aarch64__)
    return target == Target::scalar || target == Target::neon;  // part of the architecture
#else
    return target == Target::scalar;
#endif
}

}  // namespace

std::string_view name_of(Target target) {
    return names[static_cast<std::size_t>(target)];
}

std::optional<Target> target_by_name(std::string_view name) {
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (names[i] == name) return static_cast<Target>(i);
    }
    return std::nullopt;
}

std::vector<Target> supported_targets() {
    std::vector<Target> targets;
    for (const auto target : {Target::scalar, Target::avx2, Target::avx512, Target::neon}) {
        if (is_supported(target)) targets.push_back(target);
    }
    return targets;
}

Target best_target() {
    return supported_targets().back();
}

}  // namespace abscopal::lanes
