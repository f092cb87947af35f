// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "trial/deal.hpp"

#include <algorithm>
#include <cmath>

#include "base/text.hpp"

namespace abscopal {
namespace {

std::size_t n_candidates(const Trial& trial) {
    const auto& draws = trial.population.draws;
    return draws.parameters.empty() ? trial.max_draws : std::min(trial.max_draws, draws.rows.size());
}

std::size_t n_dealt(std::size_t n, const Shard& shard) {
    constexpr std::size_t packet = Deal::packet;
    const std::size_t round = packet * shard.of, before = packet * (shard.number - 1);
    const std::size_t rest = n % round - std::min(n % round, before);
    return n / round * packet + std::min(rest, packet);
}

}  // namespace

Deal::Deal(const Trial& trial, Shard shard)
    : trial_(trial), shard_(shard), size_(n_dealt(n_candidates(trial), shard)) {}

std::size_t Deal::index(std::size_t place) const {
    return (place / packet * shard_.of + shard_.number - 1) * packet + place % packet;
}

Cohort Deal::sample(std::size_t first, std::size_t n) const {
    const auto take = [&](std::size_t place, std::size_t count) {
        return abscopal::sample(trial_.population, trial_.seed, index(place), count, trial_.max_draws);
    };
    if (shard_.is_whole()) return take(first, n);
    Cohort all;
    for (std::size_t at = first; at < first + n;) {
        const std::size_t count = std::min(first + n - at, packet - at % packet);
        Cohort some = take(at, count);
        all.parameters = std::move(some.parameters);
        std::ranges::move(some.rows, std::back_inserter(all.rows));
        std::ranges::move(some.weights, std::back_inserter(all.weights));
        at += count;
    }
    return all;
}

bool Deal::is_enough(const Tally& tally) const {
    if (shard_.is_whole()) return tally.treated >= trial_.n_patients;
    const std::size_t part = (trial_.n_patients + shard_.of - 1) / shard_.of;
    if (tally.treated < part) return false;
    const auto treated = static_cast<double>(tally.treated), drawn = static_cast<double>(tally.drawn);
    const double spread = std::sqrt(static_cast<double>(part) * (1.0 - treated / drawn));
    return treated >= static_cast<double>(part) + 3.0 * spread;
}

std::string text_of(const Shard& shard) {
    return std::to_string(shard.number) + "/" + std::to_string(shard.of);
}

Shard shard_of(const StoreHead& head) {
    const auto at = head.manifest.find("shard");
    if (at == head.manifest.end()) return {};
    const auto parts = split(at->second, '/');
    const std::optional<double> number = to_double(parts.front()), of = to_double(parts.back());
    if (parts.size() != 2 || !number || !of || !(*number >= 1.0 && *number <= *of))
        throw FileError("the store is of an unknown shard: '" + at->second + "'");
    return {static_cast<std::size_t>(*number), static_cast<std::size_t>(*of)};
}

}  // namespace abscopal
