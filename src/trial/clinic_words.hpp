// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "abscopal/trial.hpp"

/// Words of the trial file for treatment rules, and rules in words.
namespace abscopal {

std::optional<When> when_named(std::string_view name);
std::optional<Act> act_named(std::string_view name);
std::string_view name_of(When when);
std::string_view name_of(Act act);
std::vector<std::string> act_names();

/// "stop at progression: when progression is seen, stop pembrolizumab for good".
std::string rule_in_words(const TreatmentRule& rule);
/// "Pneumonitis: by intensity ae_pneumonitis, grades 1 to 4 of 50, 30, 15, 5 %, …".
std::string toxicity_in_words(const Toxicity& toxicity);
/// How a patient may die, line by line.
std::vector<std::string> death_in_words(const Death& death);

}  // namespace abscopal
