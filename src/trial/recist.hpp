// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <span>

#include "abscopal/endpoints.hpp"
#include "abscopal/result.hpp"

/// RECIST 1.1 on target lesions (Eisenhauer 2009, doi 10.1016/j.ejca.2008.10.026), as pure functions of what
/// was read at visits. Non-target and new lesions, confirmation and iRECIST join here: they too are functions
/// of visits.
namespace abscopal {

/// What a radiologist writes down for a modelled diameter (mm): 0 below the detection limit, never less than
/// `too_small` above it.
double seen_diameter(double modelled, const ResponseCriteria& criteria);

/// Sum of the diameters that were assessed, mm.
double sum_of_diameters(std::span<const LesionRead> targets);

bool are_all_assessed(std::span<const LesionRead> targets);

/// Response at one visit. `nadir` is the least sum before this visit, baseline included. Progression (20 %
/// and 5 mm above nadir) is looked for before partial response (30 % below baseline). With a lesion not
/// assessed, or without a baseline, only progression can be told.
Response target_response(std::span<const LesionRead> targets, double baseline, double nadir);

}  // namespace abscopal
