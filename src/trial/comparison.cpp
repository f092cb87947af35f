// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "trial/comparison.hpp"

#include "trial/ties.hpp"

namespace abscopal {
namespace {

struct Columns {
    std::vector<double> days;
    std::vector<char> progressed;

    EventTimes times() const { return {days, progressed}; }
};

Columns columns_of(const Result& result, std::size_t arm) {
    Columns columns;
    for (const auto& course : result.courses) {
        if (course.arm != arm) continue;
        columns.days.push_back(course.pfs_day);
        columns.progressed.push_back(course.progressed);
    }
    return columns;
}

ArmComparison compare(const Columns& first, const Columns& other, std::size_t arm) {
    Columns pooled = first;
    pooled.days.insert(pooled.days.end(), other.days.begin(), other.days.end());
    pooled.progressed.insert(pooled.progressed.end(), other.progressed.begin(), other.progressed.end());
    std::vector<std::size_t> group(first.days.size(), 0);
    group.resize(pooled.days.size(), 1);
    const GroupedTimes data{pooled.times(), group};
    const std::vector<std::vector<double>> covariate{{group.begin(), group.end()}};
    const double horizon = common_horizon(std::vector{first.times(), other.times()});
    const Estimate mean = restricted_mean(other.times(), horizon);
    return {arm,
            log_rank(data),
            max_combo(data).p_two_sided,
            hazard_ratio(data),
            chi_square_p(cox(data, covariate).proportional_global, 1.0),
            horizon,
            mean,
            difference(mean, restricted_mean(first.times(), horizon))};
}

}  // namespace

std::vector<ArmComparison> compare_with_first(const Result& result) {
    std::vector<ArmComparison> comparisons;
    if (result.trial.arms.empty()) return comparisons;
    const Columns first = columns_of(result, 0);
    for (std::size_t arm = 1; arm < result.trial.arms.size(); ++arm)
        comparisons.push_back(compare(first, columns_of(result, arm), arm));
    return comparisons;
}

}  // namespace abscopal
