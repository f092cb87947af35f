// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "trial/life_table.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace abscopal {
namespace {

// Hazards per year at ages 20, 25, … 105, −log(1 − q).
constexpr double first_age = 20.0, step = 5.0, days_in_a_year = 365.2425;
constexpr std::array men{0.001032512, 0.001347880, 0.001504100, 0.001711429, 0.002140245, 0.003097730,
                         0.005041584, 0.007836465, 0.011437932, 0.015718574, 0.022958071, 0.035950844,
                         0.059217083, 0.101407360, 0.177130995, 0.292028199, 0.447849794, 0.676400041};
constexpr std::array women{0.000377063, 0.000523126, 0.000678216, 0.000925409, 0.001349883, 0.002003966,
                           0.003220113, 0.004785334, 0.006739522, 0.009771386, 0.015254451, 0.024885595,
                           0.043039194, 0.075483062, 0.137073138, 0.236620414, 0.381733904, 0.606840430};

double between(const std::array<double, 18>& hazards, double age) {
    const double at = std::clamp((age - first_age) / step, 0.0, 17.0);
    const auto i = std::min<std::size_t>(static_cast<std::size_t>(at), 16);
    const double share = at - static_cast<double>(i);
    return hazards[i] * std::pow(hazards[i + 1] / hazards[i], share);
}

}  // namespace

double life_table_hazard(std::string_view name, double age, double male) {
    if (name != "us_2014") return 0.0;
    return (male * between(men, age) + (1.0 - male) * between(women, age)) / days_in_a_year;
}

}  // namespace abscopal
