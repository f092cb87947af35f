// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <string>

#include "abscopal/result.hpp"
#include "abscopal/tissue.hpp"

namespace abscopal {

/// One self-contained HTML page that opens offline: what was simulated, flow of patients, responses, waterfall, spider and
/// Kaplan–Meier plots, time courses, provenance.
std::string html_report(const Result& result);

/// The page of a tissue run: film strip, courses of live cells, final counts over replicates, warnings of the
/// project, how to repeat it.
std::string html_report(const tissue::Project& project, const tissue::RunPlan& plan,
                        const tissue::RunResult& result);

}  // namespace abscopal
