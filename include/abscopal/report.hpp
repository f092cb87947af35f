// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <string>

#include "abscopal/result.hpp"

namespace abscopal {

/// One self-contained HTML page that opens offline: what was simulated, flow of patients, responses, waterfall, spider and
/// Kaplan–Meier plots, time courses, provenance.
std::string html_report(const Result& result);

}  // namespace abscopal
