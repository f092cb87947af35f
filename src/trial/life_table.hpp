// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <string_view>

namespace abscopal {

/// Hazard of death per day in the general population at an age in years; `male` is 1, 0, or the share of men.
/// "us_2014": Arias, Heron & Xu, United States Life Tables, 2014, National Vital Statistics Reports 66(4),
/// 2017, every fifth year of age from 20 on, log-linear between; flat outside. Other names: 0.
double life_table_hazard(std::string_view name, double age, double male);

}  // namespace abscopal
