// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "abscopal/regimen.hpp"

#include <gtest/gtest.h>

namespace abscopal {
namespace {

DoseRow row(double time, double amount, double interval = 0, int additional = 0) {
    DoseRow result;
    result.time = time;
    result.amount = amount;
    result.interval = interval;
    result.additional = additional;
    return result;
}

std::vector<std::pair<double, double>> doses(const Regimen& regimen) {
    std::vector<std::pair<double, double>> result;
    for (const auto& dose : regimen.rows) result.emplace_back(dose.time, dose.amount);
    return result;
}

using Doses = std::vector<std::pair<double, double>>;

TEST(Regimen, expands_to_single_doses_up_to_and_including_the_end) {
    const Regimen regimen{{row(0, 200, 21, 34)}};
    EXPECT_EQ(doses(regimen.expanded(42)), (Doses{{0, 200}, {21, 200}, {42, 200}}));
    EXPECT_EQ(regimen.expanded(1e9).rows.size(), 35u);
    for (const auto& dose : regimen.expanded(42).rows) EXPECT_EQ(dose.additional, 0);
}

TEST(Regimen, times_are_multiples_and_do_not_accumulate_rounding) {
    const Regimen regimen{{row(0.1, 1, 0.1, 1000)}};
    EXPECT_EQ(regimen.expanded(1e9).rows[1000].time, 0.1 + 1000 * 0.1);
}

TEST(Regimen, ties_keep_the_order_of_rows) {
    const Regimen regimen{{row(7, 1), row(0, 2, 7, 1), row(7, 3)}};
    EXPECT_EQ(doses(regimen.expanded(10)), (Doses{{0, 2}, {7, 1}, {7, 2}, {7, 3}}));
}

TEST(Regimen, expansion_commutes_with_its_operators) {
    const Regimen a{{row(0, 1, 2, 3), row(1, 5)}}, b{{row(0.5, 9, 3, 1)}};
    EXPECT_EQ(doses(a.shifted(10).expanded(100)), doses(a.expanded(90).shifted(10)));
    EXPECT_EQ(doses(a.then(b).expanded(100)), doses(a.expanded(100).then(b.expanded(100))));
    EXPECT_EQ(doses(a.repeated(28, 2).expanded(100)), doses(a.expanded(100).repeated(28, 2)));
    EXPECT_EQ(doses(a.shifted(0)), doses(a));
    EXPECT_EQ(doses(a.then(Regimen{})), doses(Regimen{}.then(a)));
}

}  // namespace
}  // namespace abscopal
