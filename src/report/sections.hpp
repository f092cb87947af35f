// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <string>
#include <vector>

#include "abscopal/result.hpp"

/// The parts of the page, in order: each a named function of the Result that returns HTML. To add a section,
/// write a function and list it in page.cpp.
namespace abscopal::report {

/// What every section sees: the Result and what several of them count.
struct Findings {
    const Result& result;
    std::vector<ArmSummary> arms;
};

std::string headline_section(const Findings& findings);
std::string simulated_section(const Findings& findings);
std::string flow_section(const Findings& findings);
std::string response_section(const Findings& findings);
std::string survival_section(const Findings& findings);
std::string time_course_section(const Findings& findings);
std::string why_section(const Findings& findings);
std::string failures_section(const Findings& findings);
std::string provenance_section(const Findings& findings);

/// The head of a page: title, policy (nothing is loaded), styles.
std::string head(const std::string& title);

/// The numbers behind the figures as JSON, `{name: {columns, rows}}`, safe inside a <script> element. At most
/// `max_data_bytes`; a table that is too large is left out and named in the page.
inline constexpr std::size_t max_data_bytes = 5'000'000;
std::string data_json(const Result& result);

/// "0.42 (0.35–0.49)" and the like; "not reached" where `value` is NaN.
std::string with_interval(double value, double lower, double upper, int digits);

/// <figure> with an id for links and exported files. `caption` is HTML.
std::string figure(const std::string& id, const std::string& svg, const std::string& caption);

}  // namespace abscopal::report
