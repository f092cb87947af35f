// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
// Golden values: rpact 3.3.4 (getDesignGroupSequential), R 4.2.2 (prop.test), where a test names no other
// truth.
#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "abscopal/statistics.hpp"

namespace abscopal {
namespace {

constexpr std::array thirds{1.0 / 3.0, 2.0 / 3.0, 1.0};
constexpr double infinity = std::numeric_limits<double>::infinity();

double sum(const std::vector<double>& values) {
    double total = 0.0;
    for (const double value : values) total += value;
    return total;
}

TEST(GroupSequential, three_looks_agree_with_rpact) {
    const auto obrien_fleming = group_sequential(thirds, 0.025, Spending::obrien_fleming);
    EXPECT_NEAR(obrien_fleming.critical[0], 3.47109144465, 1e-9);
    EXPECT_NEAR(obrien_fleming.critical[1], 2.45443229863, 1e-9);
    EXPECT_NEAR(obrien_fleming.critical[2], 2.00403557995, 1e-9);
    const auto lan_demets = group_sequential(thirds, 0.025, Spending::lan_demets_obrien_fleming);
    EXPECT_NEAR(lan_demets.critical[0], 3.71030287326, 1e-8);
    EXPECT_NEAR(lan_demets.critical[1], 2.51142748445, 1e-8);
    EXPECT_NEAR(lan_demets.critical[2], 1.99304748327, 1e-8);
}

TEST(GroupSequential, pocock_constants_of_the_book) {
    // Jennison & Turnbull 2000, table 2.1, two-sided 0.05 (three decimals).
    EXPECT_NEAR(group_sequential(std::array{0.5, 1.0}, 0.025, Spending::pocock).critical[0], 2.178, 6e-4);
    EXPECT_NEAR(group_sequential(thirds, 0.025, Spending::pocock).critical[2], 2.289, 6e-4);
    EXPECT_NEAR(group_sequential(std::array{0.2, 0.4, 0.6, 0.8, 1.0}, 0.025, Spending::pocock).critical[0],
                2.413, 6e-4);
}

TEST(GroupSequential, every_kind_spends_exactly_alpha) {
    constexpr std::array uneven{0.2, 0.25, 0.7, 0.71, 1.0};
    for (const auto kind : {Spending::obrien_fleming, Spending::pocock, Spending::lan_demets_obrien_fleming,
                            Spending::lan_demets_pocock, Spending::power, Spending::gamma}) {
        const auto design = group_sequential(uneven, 0.025, kind, 2.0);
        const std::vector<double> never(5, -infinity);
        const auto paths = crossing(uneven, design.critical, never, 0.0);
        EXPECT_NEAR(sum(paths.upper), 0.025, 1e-10);
        EXPECT_NEAR(design.spent.back(), 0.025, 1e-12);
        double spent = 0.0;
        for (std::size_t i = 0; i < 5; ++i) EXPECT_NEAR(spent += paths.upper[i], design.spent[i], 1e-10);
    }
}

TEST(GroupSequential, one_look_is_the_normal_quantile) {
    for (const auto kind : {Spending::obrien_fleming, Spending::lan_demets_pocock})
        EXPECT_NEAR(group_sequential(std::array{1.0}, 0.025, kind).critical[0], 1.959963984540054, 1e-10);
}

TEST(Crossing, of_one_look_is_the_power_of_the_fixed_design) {
    const auto paths =
        crossing(std::array{1.0}, std::array{1.959963984540054}, std::array{-infinity}, 3.2415);
    EXPECT_NEAR(paths.upper[0], 0.9, 1e-5);
    EXPECT_EQ(paths.lower[0], 0.0);
}

TEST(Crossing, every_path_ends_at_one_of_the_limits) {
    const auto paths = crossing(thirds, std::array{3.0, 2.5, 2.0}, std::array{-1.0, 0.5, 2.0}, 1.5);
    EXPECT_NEAR(sum(paths.upper) + sum(paths.lower), 1.0, 1e-10);
}

TEST(EventsNeeded, published_design) {
    EXPECT_NEAR(events_needed(0.7, 0.05, 0.9), 330.4, 0.05);
    EXPECT_NEAR(events_needed(0.7, 0.05, 0.9, 2.0 / 3.0), 330.38 * 0.25 / (2.0 / 9.0), 0.1);
}

TEST(Wilson, golden_values) {
    EXPECT_NEAR(wilson(5, 20).lower, 0.111861701407666, 1e-12);
    EXPECT_NEAR(wilson(5, 20).upper, 0.468700877618744, 1e-12);
    EXPECT_EQ(wilson(0, 20).lower, 0.0);
    EXPECT_EQ(wilson(20, 20).upper, 1.0);
    EXPECT_EQ(wilson(0, 0).upper, 1.0);
}

TEST(MiettinenNurminen, published_intervals) {
    // Newcombe 1998, Stat Med 17:873, table II, method of Miettinen & Nurminen.
    const auto interval = miettinen_nurminen(56, 70, 48, 80);
    EXPECT_NEAR(interval.lower, 0.0528, 5e-5);
    EXPECT_NEAR(interval.upper, 0.3382, 5e-5);
    const auto small = miettinen_nurminen(9, 10, 3, 10);
    EXPECT_NEAR(small.lower, 0.1700, 5e-5);
    EXPECT_NEAR(small.upper, 0.8406, 5e-5);
}

TEST(MiettinenNurminen, extremes_and_mirror) {
    const auto none = miettinen_nurminen(0, 10, 0, 20);
    EXPECT_NEAR(none.lower, -0.1658, 5e-5);
    EXPECT_NEAR(none.upper, 0.2844, 5e-5);
    EXPECT_EQ(miettinen_nurminen(10, 10, 0, 10).upper, 1.0);
    EXPECT_EQ(miettinen_nurminen(0, 10, 10, 10).lower, -1.0);
    EXPECT_EQ(miettinen_nurminen(0, 0, 1, 2).lower, -1.0);
    for (std::size_t x = 0; x <= 12; x += 3) {
        const auto ab = miettinen_nurminen(x, 12, 4, 30), ba = miettinen_nurminen(4, 30, x, 12);
        EXPECT_NEAR(ab.lower, -ba.upper, 1e-9);
        EXPECT_NEAR(ab.upper, -ba.lower, 1e-9);
        const double observed = static_cast<double>(x) / 12 - 4.0 / 30;
        EXPECT_TRUE(ab.lower <= observed && observed <= ab.upper);
    }
}

TEST(WeightedProportion, equal_weights_are_no_weights) {
    const std::vector<char> success{1, 0, 0, 1, 0, 0, 1, 0};
    const auto a = weighted_proportion(success, {}),
               b = weighted_proportion(success, std::vector<double>(8, 3.5));
    EXPECT_NEAR(a.estimate, 0.375, 1e-15);
    EXPECT_NEAR(b.estimate, 0.375, 1e-15);
    EXPECT_NEAR(b.n_effective, 8.0, 1e-12);
    EXPECT_NEAR(b.interval.lower, wilson(3, 8).lower, 1e-12);
    const auto uneven = weighted_proportion(std::vector<char>{1, 0}, std::vector<double>{3, 1});
    EXPECT_NEAR(uneven.estimate, 0.75, 1e-15);
    EXPECT_NEAR(uneven.n_effective, 1.6, 1e-12);
}

TEST(MantelHaenszel, agrees_with_mantelhaen_test) {
    const std::array strata{TwoByTwo{12, 32, 8, 38}, TwoByTwo{9, 13, 16, 37}, TwoByTwo{0, 3, 5, 7}};
    const auto odds = mantel_haenszel(strata);
    EXPECT_NEAR(odds.ratio, 1.76142131979695, 1e-13);
    EXPECT_NEAR(odds.interval.lower, 0.821890284489527, 1e-13);
    EXPECT_NEAR(odds.interval.upper, 3.774962576376309, 1e-13);
    EXPECT_NEAR(odds.chi_square, 2.24262689761252, 1e-13);
    EXPECT_NEAR(odds.p, 0.134252732155102, 1e-13);
}

TEST(MantelHaenszel, empty_strata_say_nothing) {
    EXPECT_TRUE(std::isnan(mantel_haenszel({}).ratio));
    const std::array both{TwoByTwo{5, 20, 3, 20}, TwoByTwo{0, 0, 3, 7}};
    EXPECT_EQ(mantel_haenszel(both).ratio, mantel_haenszel(std::array{both[0]}).ratio);
    EXPECT_NEAR(mantel_haenszel(std::array{both[0]}).ratio, 5.0 * 17.0 / (15.0 * 3.0), 1e-13);
}

}  // namespace
}  // namespace abscopal
