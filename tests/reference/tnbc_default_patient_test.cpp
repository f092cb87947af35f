// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <cmath>

#include "base/csv.hpp"
#include "base/text.hpp"
#include "tnbc_patient.hpp"

/// The published default patient (models/tnbc/expected, ORIGIN.md).
namespace abscopal::test {
namespace {

/// Column `name` of row `row`.
std::string cell(const CsvTable& table, std::size_t row, const std::string& name) {
    const auto column = std::find(table.columns.begin(), table.columns.end(), name);
    return table.rows.at(row).at(static_cast<std::size_t>(column - table.columns.begin()));
}

double number_in(const CsvTable& table, std::size_t row, const std::string& name) {
    return std::stod(cell(table, row, name));
}

/// Half a unit of the last digit printed, relative to the number.
double printed_precision(const std::string& text) {
    const auto mantissa = text.substr(0, text.find_first_of("eE"));
    const auto point = mantissa.find('.');
    const double step =
        std::pow(10.0, point == std::string::npos ? 0.0 : -double(mantissa.size() - point - 1));
    return 0.5 * step / std::abs(std::stod(mantissa));
}

class TnbcDefaultPatient : public testing::Test {
  protected:
    TnbcDefaultPatient() : patient_(shipped_model("tnbc/tnbc.ant")) { EXPECT_TRUE(patient_.grow(2.5)); }

    void expect_changes(const std::string& arm) {
        const auto table = read_csv(model_file("tnbc/expected/diameter_change.csv"));
        for (std::size_t row = 0; row < table.rows.size(); ++row) {
            if (cell(table, row, "arm") != arm) continue;
            ASSERT_TRUE(patient_.advance(number_in(table, row, "day")).ok());
            EXPECT_NEAR(patient_.diameter_change(), number_in(table, row, "percent"), 6e-5)
                << cell(table, row, "day");
        }
    }

    Patient patient_;
};

TEST_F(TnbcDefaultPatient, is_diagnosed_in_the_published_state) {
    const auto table = read_csv(model_file("tnbc/expected/diagnosis.csv"));
    EXPECT_NEAR(patient_.diagnosed(), 340.0161, 1e-4);
    for (std::size_t row = 1; row < table.rows.size(); ++row) {
        const double expected = number_in(table, row, "value");
        const double bound = std::max(1e-6, printed_precision(cell(table, row, "value")));
        EXPECT_NEAR(patient_.value(cell(table, row, "id")) / expected, 1.0, bound) << cell(table, row, "id");
    }
}

TEST_F(TnbcDefaultPatient, progresses_untreated_as_published) {
    expect_changes("none");
    EXPECT_NEAR(patient_.diameter_change(), 52.3988, 6e-5);
}

TEST_F(TnbcDefaultPatient, passes_twenty_per_cent_near_day_96) {
    ASSERT_TRUE(patient_.advance(95.0).ok());
    EXPECT_LT(patient_.diameter_change(), 20.0);
    ASSERT_TRUE(patient_.advance(97.0).ok());
    EXPECT_GT(patient_.diameter_change(), 20.0);
}

TEST_F(TnbcDefaultPatient, answers_to_pembrolizumab_as_published) {
    patient_.give("aPD1[C]", pembrolizumab_200_mg, every(21.0, 200.0));
    patient_.treat();
    expect_changes("pembrolizumab 200 mg every 21 days");
    EXPECT_NEAR(patient_.concentration("aPD1_C"), 179.941, 1e-3);
    EXPECT_NEAR(patient_.value("C1_T") / 8.2164365e8, 1.0, 1e-6);
    EXPECT_NEAR(patient_.value("T1_T") / 6.4572053e8, 1.0, 1e-6);
}

TEST_F(TnbcDefaultPatient, antibody_occupies_pd1) {
    EXPECT_DOUBLE_EQ(patient_.value("PD1_occupancy"), 0.0);
    patient_.give("aPD1_C", pembrolizumab_200_mg, {0.0});
    patient_.treat();
    ASSERT_TRUE(patient_.advance(7.0).ok());
    EXPECT_GT(patient_.value("PD1_occupancy"), 0.5);
    EXPECT_LT(patient_.value("PD1_occupancy"), 1.0);
}

}  // namespace
}  // namespace abscopal::test
