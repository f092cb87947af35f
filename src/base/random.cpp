// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "base/random.hpp"

namespace abscopal {
namespace {

constexpr std::uint32_t multiplier_0 = 0xD2511F53, multiplier_1 = 0xCD9E8D57;
constexpr std::uint32_t weyl_0 = 0x9E3779B9, weyl_1 = 0xBB67AE85;

PhiloxCounter round_once(const PhiloxCounter& c, const PhiloxKey& k) {
    const std::uint64_t a = std::uint64_t{multiplier_0} * c[0];
    const std::uint64_t b = std::uint64_t{multiplier_1} * c[2];
    return {static_cast<std::uint32_t>(b >> 32) ^ c[1] ^ k[0], static_cast<std::uint32_t>(b),
            static_cast<std::uint32_t>(a >> 32) ^ c[3] ^ k[1], static_cast<std::uint32_t>(a)};
}

}  // namespace

PhiloxCounter philox(PhiloxCounter counter, PhiloxKey key) {
    for (int round = 0; round < 10; ++round) {
        if (round > 0) key = {key[0] + weyl_0, key[1] + weyl_1};
        counter = round_once(counter, key);
    }
    return counter;
}

std::uint64_t random_bits(std::uint64_t seed, Purpose purpose, std::uint64_t subject, std::uint32_t step,
                          std::uint32_t draw) {
    // The purpose goes into the counter beside the draw: 8 bits for it, 24 for the draw.
    const std::uint32_t what = (static_cast<std::uint32_t>(purpose) << 24) ^ draw;
    const PhiloxCounter words =
        philox({static_cast<std::uint32_t>(subject), static_cast<std::uint32_t>(subject >> 32), step, what},
               {static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)});
    return (std::uint64_t{words[1]} << 32) | words[0];
}

double uniform(std::uint64_t seed, Purpose purpose, std::uint64_t subject, std::uint32_t step,
               std::uint32_t draw) {
    constexpr double step_size = 1.0 / 9007199254740992.0;  // 2^-53
    return (static_cast<double>(random_bits(seed, purpose, subject, step, draw) >> 11) + 0.5) * step_size;
}

}  // namespace abscopal
