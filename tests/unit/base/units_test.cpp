// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "base/units.hpp"

#include <gtest/gtest.h>

namespace abscopal {
namespace {

double ratio(const char* from, const char* to) {
    const auto a = parse_unit(from), b = parse_unit(to);
    EXPECT_TRUE(a && b) << from << " " << to;
    EXPECT_TRUE(same_dimensions(*a, *b)) << from << " " << to;
    return a->factor / b->factor;
}

TEST(Units, ReadsClinicalAndSimBiologyUnits) {
    EXPECT_DOUBLE_EQ(ratio("mg/m2", "kg/m^2"), 1e-6);
    EXPECT_DOUBLE_EQ(ratio("mg/m\u00b2", "kg/m^2"), 1e-6);
    EXPECT_DOUBLE_EQ(ratio("nanomolarity", "nmol/L"), 1.0);
    EXPECT_DOUBLE_EQ(ratio("1/(nM*day)", "1/nM/d"), 1.0);
    EXPECT_DOUBLE_EQ(ratio("cell/milliliter", "cell*mL^-1"), 1.0);
    EXPECT_DOUBLE_EQ(ratio("micrometer^2", "um2"), 1.0);
    EXPECT_DOUBLE_EQ(ratio("\u00b5M", "uM"), 1.0);
    EXPECT_DOUBLE_EQ(ratio("liters", "L"), 1.0);
    EXPECT_DOUBLE_EQ(ratio("mcg/kg", "ug/kg"), 1.0);
    EXPECT_NEAR(ratio("cell", "mole"), 1.0 / 6.02214076e23, 1e-39);
    EXPECT_NEAR(ratio("kDa/molecule", "g/mol"), 1000.0, 1e-9);
    EXPECT_DOUBLE_EQ(ratio("min", "s"), 60.0);
    EXPECT_DOUBLE_EQ(ratio("mmHg", "Pa"), 133.322387415);
}

TEST(Units, RefusesWhatIsNotAUnit) {
    for (const char* text : {"", "parsec", "mg//kg", "mg/", "(mg", "mg)", "^2", "m^", "mg kg^(2", "kkg"}) {
        EXPECT_FALSE(parse_unit(text)) << text;
    }
    EXPECT_FALSE(parse_unit(std::string(10000, '(')));
}

TEST(Units, WrittenDurationsBecomeDays) {
    EXPECT_EQ(parse_days("3 weeks"), 21.0);
    EXPECT_EQ(parse_days("12 h"), 0.5);
    EXPECT_EQ(parse_days("2 months"), 60.875);
    EXPECT_DOUBLE_EQ(*parse_days("30 min"), 30.0 / 1440.0);
    EXPECT_FALSE(parse_days("3 mg"));
    EXPECT_FALSE(parse_days("3"));
    EXPECT_FALSE(parse_days("weeks"));
}

TEST(Units, QuantitySplitsNumberAndUnit) {
    const auto dose = parse_quantity(" 2 mg/kg ");
    ASSERT_TRUE(dose);
    EXPECT_EQ(dose->value, 2.0);
    EXPECT_EQ(dose->unit, "mg/kg");
    EXPECT_EQ(parse_quantity("-1e-3")->value, -1e-3);
    EXPECT_FALSE(parse_quantity("mg"));
}

TEST(Unit, names_given_by_the_caller_come_first_and_may_hold_digits) {
    const UnitLookup known = [](std::string_view name) -> std::optional<Unit> {
        if (name == "um2_per_cell") return Unit{4.0, {}};
        if (name == "M") return Unit{7.0, {}};
        return std::nullopt;
    };
    EXPECT_EQ(parse_unit("um2_per_cell*M", known)->factor, 28.0);
    EXPECT_EQ(parse_unit("1/M^2", known)->factor, 1.0 / 49.0);
    EXPECT_EQ(parse_unit("um2", known)->factor, parse_unit("um2")->factor);
    EXPECT_FALSE(parse_unit("um2_per_cell"));
}

}  // namespace
}  // namespace abscopal
