// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "trial/in_memory.hpp"

#include <algorithm>

#include "trial/patient.hpp"

namespace abscopal {
namespace {

/// Candidates drawn at a time: enough for those still wanted if four of five make patients.
std::size_t batch_size(std::size_t wanted, std::size_t left) {
    return std::min(left, std::clamp<std::size_t>(wanted + wanted / 4, 16, 4096));
}

std::size_t n_candidates(const Trial& trial) {
    const auto& draws = trial.population.draws;
    return draws.parameters.empty() ? trial.max_draws : std::min(trial.max_draws, draws.rows.size());
}

/// Grows candidates until enough are patients, or none is left. False: stopped.
bool find_patients(const Protocol& protocol, const Ensemble& ensemble,
                   const std::function<bool()>& is_stopped, std::vector<Grown>& everyone) {
    const Trial& trial = *protocol.trial;
    std::size_t n_treated = 0;
    while (n_treated < trial.n_patients && everyone.size() < n_candidates(trial)) {
        const auto first = everyone.size();
        const auto cohort =
            sample(trial.population, trial.seed, first,
                   batch_size(trial.n_patients - n_treated, n_candidates(trial) - first), trial.max_draws);
        std::vector<Grown> grown(cohort.rows.size());
        const bool is_done = ensemble.run(
            grown.size(),
            [&](std::size_t i, Simulation& simulation) {
                grown[i] = grow(protocol, simulation, first + i, cohort.rows[i], cohort.weights[i]);
            },
            is_stopped);
        if (!is_done) return false;
        for (auto& one : grown) {
            if (n_treated == trial.n_patients) break;
            n_treated += one.candidate.fate == Fate::treated;
            everyone.push_back(std::move(one));
        }
    }
    return true;
}

}  // namespace

TrialMachine::TrialMachine(const Trial& trial, EnsembleOptions options)
    : model_(load_model(trial)),
      ensemble_(std::make_unique<Ensemble>(model_, trial.numerics, std::move(options))) {}

Result TrialMachine::run(const Trial& variant, const std::vector<bool>& arms,
                         const std::function<bool()>& is_stopped) const {
    Result result;
    result.trial = variant;
    const Protocol protocol = resolve(result.trial, model_);
    result.parameters = protocol.parameters;
    result.record_days = protocol.record_days;
    std::vector<Grown> everyone;
    if (!find_patients(protocol, *ensemble_, is_stopped, everyone)) return result;

    std::vector<std::pair<const Grown*, std::size_t>> tasks;
    for (const auto& one : everyone)
        for (std::size_t arm = 0; one.candidate.fate == Fate::treated && arm < variant.arms.size(); ++arm)
            if (arms.empty() || arms[arm]) tasks.emplace_back(&one, arm);
    result.courses.resize(tasks.size());
    result.complete = ensemble_->run(
        tasks.size(),
        [&](std::size_t i, Simulation& simulation) {
            result.courses[i] = treat(protocol, simulation, *tasks[i].first, tasks[i].second);
        },
        is_stopped);
    for (auto& one : everyone) result.candidates.push_back(std::move(one.candidate));
    return result;
}

}  // namespace abscopal
