// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "simulation/time_course.hpp"

namespace abscopal {

/// What many stochastic courses of one patient have in common.
struct Replicates {
    std::size_t n = 0;
    Outcome outcome;                        ///< of the first course that failed, else of the last
    std::vector<double> times;              ///< of the rows; none after a failure
    std::vector<std::vector<double>> mean;  ///< [time][column]
    std::vector<std::vector<double>> sd;    ///< with n − 1; 0 for one course
};

/// `n` courses, numbered from how.subject on. The same bits for any number of threads.
Replicates run_replicates(const std::shared_ptr<const Model>& model, const TimeCourseRequest& request,
                          const Stochastic& how, std::size_t n, unsigned threads);

/// RFC 4180: `time`, then for each column `id-mean` and for each `id-sd`, as the stochastic suite writes
/// them.
std::string to_csv(const Model& model, const std::vector<Column>& columns, const Replicates& replicates);

}  // namespace abscopal
