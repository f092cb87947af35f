// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "trial/risk_table.hpp"

#include <algorithm>
#include <cassert>
#include <map>
#include <numeric>

#include "trial/ties.hpp"

namespace abscopal {
namespace {

void add_stratum(const GroupedTimes& data, std::vector<std::size_t> subjects, std::size_t index,
                 std::size_t groups, std::vector<RiskSet>& sets) {
    const auto& times = data.sample.times;
    std::stable_sort(subjects.begin(), subjects.end(),
                     [&](std::size_t a, std::size_t b) { return times[a] > times[b]; });
    const std::size_t first = sets.size();
    std::vector<double> at_risk(groups, 0.0);
    std::vector<std::size_t> n_at_risk(groups, 0);
    // Backwards in time the sets at risk only grow.
    for (std::size_t i = 0; i < subjects.size();) {
        const double time = times[subjects[i]];
        RiskSet set{
            {}, std::vector<double>(groups, 0.0), {}, std::vector<std::size_t>(groups, 0), 1.0, index, time};
        for (; i < subjects.size() && times[subjects[i]] == time; ++i) {
            const std::size_t subject = subjects[i], group = data.group[subject];
            at_risk[group] += weight_of(data.sample, subject);
            ++n_at_risk[group];
            if (!data.sample.is_event[subject]) continue;
            set.events[group] += weight_of(data.sample, subject);
            ++set.n_events[group];
        }
        set.at_risk = at_risk;
        set.n_at_risk = n_at_risk;
        if (std::accumulate(set.n_events.begin(), set.n_events.end(), std::size_t{0}) > 0)
            sets.push_back(std::move(set));
    }
    std::reverse(sets.begin() + static_cast<std::ptrdiff_t>(first), sets.end());
    double survival = 1.0;
    for (std::size_t j = first; j < sets.size(); ++j) {
        sets[j].survival_before = survival;
        const double n = std::accumulate(sets[j].at_risk.begin(), sets[j].at_risk.end(), 0.0);
        const double d = std::accumulate(sets[j].events.begin(), sets[j].events.end(), 0.0);
        survival *= std::max(0.0, (n - d) / n);
    }
}

}  // namespace

std::size_t n_groups(const GroupedTimes& data) {
    assert(data.group.size() == data.sample.times.size());
    const auto largest = std::max_element(data.group.begin(), data.group.end());
    return largest == data.group.end() ? 0 : *largest + 1;
}

std::vector<std::vector<std::size_t>> strata(const GroupedTimes& data) {
    assert(data.stratum.empty() || data.stratum.size() == data.sample.times.size());
    std::map<std::size_t, std::vector<std::size_t>> by_stratum;
    for (std::size_t i = 0; i < data.sample.times.size(); ++i)
        by_stratum[data.stratum.empty() ? 0 : data.stratum[i]].push_back(i);
    std::vector<std::vector<std::size_t>> result;
    for (auto& [stratum, subjects] : by_stratum) result.push_back(std::move(subjects));
    return result;
}

std::vector<RiskSet> risk_sets(const GroupedTimes& data) {
    std::vector<RiskSet> sets;
    const std::size_t groups = n_groups(data);
    const auto by_stratum = strata(data);
    for (std::size_t s = 0; s < by_stratum.size(); ++s) add_stratum(data, by_stratum[s], s, groups, sets);
    return sets;
}

}  // namespace abscopal
