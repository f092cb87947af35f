// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <string>
#include <vector>

#include "abscopal/result.hpp"
#include "trial/follow_up.hpp"

/// The parts of the page, in order: each a named function of the Result that returns HTML. To add a section,
/// write a function and list it in page.cpp.
namespace abscopal::report {

/// What every section sees: the Result and what several of them count.
struct Findings {
    const Result& result;
    std::vector<ArmSummary> arms;
    FollowUp data;  ///< at the cut-off
    FollowUp
        individuals;  ///< the same of the patients that Result::courses holds: all, unless they are too many
};

/// A note that what follows is of the first patients alone, where Result::courses does not hold all.
std::string sample_note(const Findings& findings);

std::string headline_section(const Findings& findings);
std::string simulated_section(const Findings& findings);
std::string flow_section(const Findings& findings);
std::string response_section(const Findings& findings);
std::string survival_section(const Findings& findings);
std::string safety_section(const Findings& findings);
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

/// A table that scrolls on its own where the page is narrow. `label` names it for screen readers; cells are
/// HTML. The first cell of a row heads it; a row of one cell heads those below.
std::string table(const std::string& label, const std::vector<std::string>& columns,
                  const std::vector<std::vector<std::string>>& rows);
std::string p_value(double p);

/// "37.0 %" of the patients of an arm had an adverse event of grade 3 or more.
std::string severe_share(const Findings& findings, std::size_t arm);

// --- Trials of prevention (prevention.cpp) ---
bool is_prevention(const Trial& trial);  ///< it has outcomes to count and no lesion
std::string prevention_cards(const Findings& findings);
std::string outcome_section(const Findings& findings);  ///< empty without outcomes

// --- Parts of survival_section (efficacy.cpp) ---
std::string efficacy_table(const Findings& findings);
std::string comparison_part(const Findings& findings, EndpointKind kind);
std::string subgroup_part(const Findings& findings);
std::string look_part(const Result& result);

/// <figure> with an id for links and exported files. `caption` is HTML.
std::string figure(const std::string& id, const std::string& svg, const std::string& caption);
/// The same for pictures that need the width of the page: on a phone they scroll.
std::string wide_figure(const std::string& id, const std::string& svg, const std::string& caption);

}  // namespace abscopal::report
