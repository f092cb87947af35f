// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "trial/replay.hpp"

#include <algorithm>
#include <cmath>
#include <deque>
#include <limits>

#include "abscopal/ensemble.hpp"
#include "trial/patient.hpp"
#include "trial/runner.hpp"
#include "trial/store_rows.hpp"
#include "trial/store_schema.hpp"

namespace abscopal {
namespace {

constexpr std::size_t most_last_steps = 8, most_states = 8, most_rungs = 32;

/// Listens to the steps of one part.
class Listener {
  public:
    Listener(double start, double per_day) : start_(start), per_day_(per_day) {}

    void hear(const StepTaken& model_time) {
        const StepTaken step{(model_time.time - start_) / per_day_, model_time.step / per_day_,
                             model_time.level, model_time.rejected};
        if (step.step == 0.0) {
            if (ladder_.size() < most_rungs) ladder_.push_back(step);
            return;
        }
        shortest_ = std::min(shortest_, step.step);
        longest_ = std::max(longest_, step.step);
        ++n_;
        last_.push_back(step);
        if (last_.size() > most_last_steps) last_.pop_front();
    }

    ReplayedPart part(const Outcome& outcome, const State& state, const Model& model) const {
        ReplayedPart part;
        part.outcome = outcome;
        part.n_steps = n_;
        part.shortest = n_ ? shortest_ : 0.0;
        part.longest = longest_;
        part.ladder = ladder_;
        part.last.assign(last_.begin(), last_.end());
        part.states = furthest(state, model, outcome.worst);
        return part;
    }

  private:
    using StateNow = ReplayedPart::StateNow;

    static double distance(const StateNow& state) {
        if (!std::isfinite(state.now)) return std::numeric_limits<double>::infinity();
        return std::fabs(
            std::log(std::max(std::fabs(state.now), 1e-300) / std::max(std::fabs(state.before), 1e-300)));
    }

    static std::vector<StateNow> furthest(const State& state, const Model& model, const std::string& worst) {
        std::vector<StateNow> states;
        for (std::size_t i = 0; i < state.y.size(); ++i)
            states.push_back(
                {model.states[i].id, i < state.y_start.size() ? state.y_start[i] : 0.0, state.y[i]});
        std::ranges::stable_sort(states, [&](const StateNow& a, const StateNow& b) {
            if ((a.id == worst) != (b.id == worst)) return a.id == worst;
            return distance(a) > distance(b);
        });
        states.resize(std::min(states.size(), most_states));
        return states;
    }

    double start_, per_day_;
    std::size_t n_ = 0;
    double shortest_ = std::numeric_limits<double>::infinity(), longest_ = 0.0;
    std::vector<StepTaken> ladder_;
    std::deque<StepTaken> last_;
};

/// Her life again, all arms.
struct Life {
    Block block;
    std::vector<ReplayedPart> parts;
};

Life live(const Protocol& protocol, const Cohort& cohort, std::size_t patient,
          const std::vector<std::size_t>& arms, const RunOptions& options) {
    EnsembleOptions one_thread;
    one_thread.threads = 1;
    one_thread.target = options.simd_target;
    one_thread.code_cache = options.code_cache;
    const Ensemble ensemble(protocol.model, protocol.trial->numerics, one_thread);
    Life life;
    ensemble.run(1, [&](std::size_t, Simulation& simulation) {
        Listener in_growth(0.0, protocol.per_day);
        simulation.trace([&](const StepTaken& step) { in_growth.hear(step); });
        const Grown grown = grow(protocol, simulation, patient, cohort.rows[0],
                                 cohort.weights.empty() ? 1.0 : cohort.weights[0]);
        const bool was_simulated = grown.candidate.outcome.status != Status::bad_parameter;
        life.parts.push_back(in_growth.part(grown.candidate.outcome,
                                            was_simulated ? simulation.state() : State{}, *protocol.model));
        for (const std::size_t arm : arms) {
            Listener in_arm(grown.state.time, protocol.per_day);
            simulation.trace([&](const StepTaken& step) { in_arm.hear(step); });
            life.block.courses.push_back(treat(protocol, simulation, grown, arm));
            life.parts.push_back(
                in_arm.part(life.block.courses.back().outcome, simulation.state(), *protocol.model));
            life.parts.back().arm = protocol.trial->arms[arm].name;
        }
        simulation.trace({});
        life.block.candidates.push_back(grown.candidate);
    });
    return life;
}

std::string checksum_of(const Block& block, std::size_t patient) {
    Database database(":memory:", Database::Mode::create);
    database.execute(store_schema);
    write_rows(database, block);
    return Checksums(database).of(patient);
}

[[noreturn]] void refuse(const std::string& folder, const std::string& what) {
    throw InputError({"no-such-patient", what, {folder}, {}});
}

std::string stored_checksum(Store& store, const std::string& folder, std::size_t patient) {
    auto row = store.database().prepare("SELECT checksum FROM checksums WHERE candidate = ?");
    if (!row.bind_all(patient).step())
        refuse(folder, "patient " + std::to_string(patient) + " was not drawn; " +
                           std::to_string(store.tally().drawn) + " candidates were");
    return row.text(0);
}

std::vector<std::size_t> arms_taken(Store& store, std::size_t patient) {
    std::vector<std::size_t> arms;
    auto row = store.database().prepare("SELECT arm FROM courses WHERE candidate = ? ORDER BY arm");
    for (row.bind_all(patient); row.step();) arms.push_back(static_cast<std::size_t>(row.integer(0)));
    return arms;
}

void keep_arm(std::vector<ReplayedPart>& parts, const std::string& folder, const std::string& arm) {
    std::vector<std::string> taken;
    for (const auto& part : parts)
        if (!part.arm.empty()) taken.push_back(part.arm);
    if (std::ranges::find(taken, arm) == taken.end())
        refuse(folder, "she did not take arm '" + arm + "'" + did_you_mean(arm, taken));
    std::erase_if(parts, [&](const auto& part) { return !part.arm.empty() && part.arm != arm; });
}

}  // namespace

Replayed replay(const std::string& folder, std::size_t patient, const std::string& arm,
                const RunOptions& options) {
    Store store = Store::open(folder);
    check_can_go_on(folder, store);
    const std::string stored = stored_checksum(store, folder, patient);
    const Trial& trial = store.head().trial;
    const Protocol protocol = resolve(trial, load_stored_model(folder, store.head()));
    const Cohort cohort = sample(trial.population, trial.seed, patient, 1, trial.max_draws);
    Life life = live(protocol, cohort, patient, arms_taken(store, patient), options);

    Replayed replayed;
    replayed.patient = patient;
    const Candidate& candidate = life.block.candidates.front();
    replayed.fate = candidate.fate;
    replayed.reason = candidate.reason;
    for (std::size_t i = 0; i < candidate.parameters.size(); ++i)
        replayed.row.emplace_back(protocol.parameters[i], candidate.parameters[i]);
    replayed.is_same = checksum_of(life.block, patient) == stored;
    replayed.parts = std::move(life.parts);
    if (!arm.empty()) keep_arm(replayed.parts, folder, arm);
    return replayed;
}

}  // namespace abscopal
