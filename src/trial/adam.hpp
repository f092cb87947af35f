// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include "abscopal/result.hpp"
#include "trial/data_set.hpp"

/// Analysis data sets in the shape of CDISC ADaM. One subject is one patient in one arm; TWINID tells who she
/// is. Day 0 is randomisation and falls on 2020-01-01 for all, a fiction that makes dates.
namespace abscopal {

/// ADSL, ADTTE, ADRS, ADTR, ADEX.
std::vector<DataSet> adam_data_sets(const Result& result);

}  // namespace abscopal
