// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <string>
#include <vector>

#include "abscopal/result.hpp"

namespace abscopal {

/// Makes one run in `folder` of all shards of a trial: to the bit what one run of the whole would have made.
/// Patients that chance left missing at the end are run here. False: it was told to stop; resume() goes on.
/// Throws InputError with all that is wrong with the shards (missing, double, of another trial or deal,
/// unfinished), FileError.
bool merge(const std::vector<std::string>& shards, const std::string& folder, const RunOptions& options = {});

}  // namespace abscopal
