// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <string>

#include "abscopal/result.hpp"

/// Plans of comparisons: from a trial's [design], with the patients of a run, and what simulated trials of
/// them came to.
namespace abscopal {

/// All of the design but the arms' laws. The share is that of the second arm named against both.
ComparisonPlan plan_of(const Trial& trial, std::size_t control = 0, std::size_t experimental = 1);

/// Times to the primary endpoint of the virtual patients of a run in an arm, followed to the end, to be drawn
/// from.
ArmTimes times_in_arm(const Result& result, std::size_t arm);

/// Least number of events, with patients in proportion, at which this share of simulated trials succeeds; the
/// plan with both. Starts from Schoenfeld's number where both arms have one hazard. Gives up at 100 000
/// events: then 0.
ComparisonPlan sized_for(ComparisonPlan plan, double power, std::size_t n_trials, std::uint64_t seed);

/// A table for people; times in months.
std::string operating_text(const ComparisonPlan& plan, const Operating& operating);
std::string operating_json(const ComparisonPlan& plan, const Operating& operating);

/// "lan_demets_obrien_fleming" and the like, as trial files have them.
Spending spending_named(const std::string& name);
std::string name_of(Spending spending);

}  // namespace abscopal
