// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <string>

#include "base/text.hpp"

/// The small model as a trial file: a drug that kills at a rate that differs between patients, and a marker
/// that goes with the rate.
namespace abscopal::test {

inline std::string toy_trial(double kill_median, double kill_sigma) {
    return R"(model = "small.xml"
seed = 3
[cohort]
patients = 200
[[cohort.parameter]]
name = "growth"
law = "lognormal"
median = 0.02
sigma = 0.3
[[cohort.parameter]]
name = "kill"
law = "lognormal"
median = )" +
           to_text(kill_median) + "\nsigma = " + to_text(kill_sigma) + R"(
[[cohort.attribute]]
name = "marker"
law = "uniform"
lower = 0
upper = 1
[[cohort.correlation]]
between = ["kill", "marker"]
rho = 0.7
[cohort.diagnosis]
observable = "diameter"
threshold = 2
within = "2000 days"
[lesion]
observable = "diameter"
unit = "cm"
[visits]
every = "6 weeks"
follow_up = "1 year"
[[arm]]
name = "observation"
[[arm]]
name = "drug"
target = "D"
amt = 8
every = "3 weeks"
)";
}

}  // namespace abscopal::test
