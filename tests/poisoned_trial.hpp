// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "base/random.hpp"
#include "small_trial.hpp"

/// A cohort in which some patients have numbers that no solver can follow, each in one of several ways.
namespace abscopal::test {

/// A tumour that grows by Gompertz's law under a drug, beside what is quiet in healthy patients: a state that
/// squares itself, a ball that bounces ever lower, events that call each other, an equation, an oscillator.
inline constexpr const char* poisoned_model = R"(
model poisoned()
  growth = 0.02; kill = 0.1; margin = 1; squared = 0; bounce = 0; calls = 0; beat = 0;
  const scale;
  scale = 1;
  T = 0.1; T' = growth*T*ln(100/max(T, 1e-9))*sqrt(margin) - kill*D*T;
  D = 0; D' = -0.05*D;
  B = 1; B' = squared*B^2;
  H = 1; V = 0; H' = V; V' = -bounce;
  at H < 0 && V < 0: V = -0.5*V;
  Z = 0;
  at calls > 0 && time > 5 && Z < 1: Z = 2;
  at calls > 0 && time > 5 && Z > 1: Z = 0;
  X = 1; Y = 0; X' = beat*Y; Y' = -beat*X;
  W = 1; 0 = scale*(W + W^3) - T;
  diameter := 1.24*max(T, 0)^(1/3);
end
)";

struct Poison {
    const char* name;
    const char* parameter;
    double value;
    Status reason;
};

inline const std::array poisons{
    Poison{"a number that is none", "growth", std::nan(""), Status::bad_parameter},
    Poison{"rates that are no numbers", "margin", -1.0, Status::rhs_nonfinite},
    Poison{"blow-up before diagnosis", "squared", 0.05, Status::blow_up},
    Poison{"blow-up under treatment", "squared", 0.01, Status::blow_up},
    Poison{"bounces without end", "bounce", 0.5, Status::event_limit},
    Poison{"events that call each other", "calls", 1.0, Status::event_limit},
    Poison{"a singular Jacobian", "scale", 0.0, Status::singular},
    Poison{"step explosion", "beat", 1e7, Status::step_limit},
};

/// Patient `i` of those poisoned comes at this place.
inline std::size_t place_of_poisoned(std::size_t i, std::size_t n_patients, std::size_t n_poisoned) {
    return i * n_patients / n_poisoned + i % 7;
}

/// Two arms; growth to diagnosis takes some 50 to 200 days. `n_poisoned` patients have the poisons in turn.
inline Trial poisoned_trial(const ScratchFolder& folder, std::size_t n_patients, std::size_t n_poisoned) {
    Trial trial = small_trial(folder);
    trial.title = "poisoned";
    trial.model_path = folder / "poisoned.ant";
    write_file(trial.model_path, poisoned_model);
    trial.bounds.clear();
    trial.diagnosis = Diagnosis{"diameter", "", 2.0, 2000.0, {}};
    trial.population = {};
    auto& draws = trial.population.draws;
    draws.parameters = {"growth", "kill",  "margin", "squared",    "bounce",
                        "calls",  "scale", "beat",   "body_weight"};
    for (std::size_t i = 0; i < n_patients; ++i) {
        const double growth = 0.015 + 0.01 * uniform(3, Purpose::prior, i, 0, 0);
        draws.rows.push_back({growth, 0.05 + uniform(3, Purpose::prior, i, 0, 1), 1, 0, 0, 0, 1, 0, 75});
        draws.weights.push_back(1.0);
    }
    for (std::size_t i = 0; i < n_poisoned; ++i) {
        const Poison& poison = poisons[i % poisons.size()];
        const auto column = std::ranges::find(draws.parameters, poison.parameter) - draws.parameters.begin();
        draws.rows[place_of_poisoned(i, n_patients, n_poisoned)][static_cast<std::size_t>(column)] =
            poison.value;
    }
    trial.n_patients = trial.max_draws = n_patients;
    if (n_patients < 10'000) trial.numerics.max_steps = 20'000;  // a test is short
    return trial;
}

}  // namespace abscopal::test
