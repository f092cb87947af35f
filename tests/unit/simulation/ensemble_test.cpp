// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "abscopal/ensemble.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <numeric>

#include "abscopal/spec.hpp"
#include "base/random.hpp"
#include "folder.hpp"
#include "lanes/target.hpp"

namespace abscopal {
namespace {

/// A tumour that a drug and T cells hold, with a dose, an event that resets it and a Hill term.
std::shared_ptr<const Model> tumour_model() {
    return compile(read_antimony_text(R"(
        kg = 0.1; K = 1000; kill = 0.4; h = 2.5; C50 = 3; ke = 0.2
        T = 10; D = 0; E = 1
        T' = kg*T*ln(max(K/(T + 1), 1)) - kill*E*T*D^h/(C50^h + D^h)
        D' = -ke*D
        E' = 0.05*T/(T + 50) - 0.02*E
        at (T < 0.5): T = 0.01
    )"));
}

constexpr double end_time = 120.0;
constexpr std::size_t n_patients = 50;

using Finals = std::vector<std::vector<double>>;

void treat(const Model& model, std::size_t patient, Simulation& simulation, Finals& finals) {
    const double factor = std::exp(uniform(3, Purpose::prior, patient, 0, 0) - 0.5);
    std::vector<std::pair<std::size_t, double>> settings{{*find_settable(model, "kg"), 0.1 * factor},
                                                         {*find_settable(model, "h"), 2.5 * factor}};
    if (patient == 13) settings.emplace_back(*find_settable(model, "kill"), std::nan(""));
    std::vector<Action> doses;
    for (int k = 0; k < 5; ++k)
        doses.push_back(
            {10.0 + 14.0 * k, ActionKind::add, model.states[*find_state(model, "D")].slot, 8.0, 0.0});
    simulation.start(initial_state(model, settings), doses);
    for (const double day : {7.0, 60.0, end_time}) {
        const Outcome outcome = simulation.advance(day);
        finals[patient].insert(finals[patient].end(), simulation.state().y.begin(),
                               simulation.state().y.end());
        finals[patient].push_back(outcome.ok() ? 1.0 : 0.0);
    }
}

Finals run_in_lanes(unsigned threads, const std::string& target, const std::vector<std::size_t>& order,
                    bool interpret = false) {
    const auto model = tumour_model();
    Finals finals(n_patients);
    Ensemble(model, {}, {threads, target, interpret, !interpret})
        .run(order.size(), [&](std::size_t i, Simulation& s) { treat(*model, order[i], s, finals); });
    return finals;
}

std::vector<std::size_t> in_order() {
    std::vector<std::size_t> order(n_patients);
    std::iota(order.begin(), order.end(), std::size_t{0});
    return order;
}

TEST(Ensemble, AgreesWithTheReferenceWithinTolerance) {
    const auto model = tumour_model();
    Finals reference(n_patients);
    Numerics tight;
    tight.relative_tolerance = 1e-10;
    Simulation simulation(model, tight);
    for (std::size_t i = 0; i < n_patients; ++i) treat(*model, i, simulation, reference);
    const Finals found = run_in_lanes(1, "", in_order());
    for (std::size_t i = 0; i < n_patients; ++i) {
        ASSERT_EQ(found[i].size(), reference[i].size());
        for (std::size_t k = 0; i != 13 && k < found[i].size(); ++k)
            EXPECT_NEAR(found[i][k], reference[i][k], 1e-4 * std::fabs(reference[i][k]) + 1e-6) << i;
    }
    EXPECT_EQ(found[13].back(), 0.0) << "the poisoned patient fails";
}

TEST(Ensemble, ThreadsTargetsAndOrderChangeNoBit) {
    const Finals expected = run_in_lanes(1, "scalar", in_order());
    auto reversed = in_order();
    std::reverse(reversed.begin(), reversed.end());
    for (const auto target : lanes::supported_targets()) {
        for (const unsigned threads : {1u, 2u, 3u, 8u}) {
            EXPECT_EQ(run_in_lanes(threads, std::string(lanes::name_of(target)), in_order()), expected)
                << lanes::name_of(target) << threads;
        }
        EXPECT_EQ(run_in_lanes(2, std::string(lanes::name_of(target)), reversed), expected)
            << lanes::name_of(target);
    }
}

TEST(Ensemble, AShuffledCohortAndGroupsOfAnySizeHaveTheSameBits) {
    const Finals expected = run_in_lanes(1, "scalar", in_order());
    auto shuffled = in_order();
    std::ranges::sort(shuffled, {}, [](std::size_t i) { return uniform(8, Purpose::prior, i, 0, 0); });
    EXPECT_NE(shuffled, in_order());
    EXPECT_EQ(run_in_lanes(1, "", shuffled), expected);
    for (const std::size_t n : {1, 2, 3, 5, 8, 9}) {
        const Finals found = run_in_lanes(1, "", {shuffled.begin(), shuffled.begin() + std::ptrdiff_t(n)});
        for (std::size_t k = 0; k < n; ++k) EXPECT_EQ(found[shuffled[k]], expected[shuffled[k]]) << n;
    }
}

TEST(Ensemble, AShortRunMakesNoMachineCode) {
    const test::Folder cache;
    const auto model = tumour_model();
    Finals finals(n_patients);
    EnsembleOptions options;
    options.threads = 1;
    options.code_cache = cache.path();
    Ensemble(model, {}, options).run(2, [&](std::size_t i, Simulation& s) { treat(*model, i, s, finals); });
    EXPECT_TRUE(std::filesystem::is_empty(cache.path()));
    EXPECT_EQ(finals[1], run_in_lanes(1, "", in_order())[1]);
}

TEST(Ensemble, InterpreterAndMachineCodeGiveTheSameBits) {
    for (const auto target : lanes::supported_targets()) {
        const std::string name(lanes::name_of(target));
        EXPECT_EQ(run_in_lanes(1, name, in_order(), true), run_in_lanes(1, name, in_order(), false)) << name;
    }
}

TEST(Ensemble, TheReferenceMethodRunsOnePatientAThread) {
    const auto model = tumour_model();
    Numerics numerics;
    numerics.method = Method::bdf;
    Finals alone(n_patients), threaded(n_patients);
    Simulation simulation(model, numerics);
    for (std::size_t i = 0; i < n_patients; ++i) treat(*model, i, simulation, alone);
    Ensemble(model, numerics, {3}).run(n_patients, [&](std::size_t i, Simulation& s) {
        treat(*model, i, s, threaded);
    });
    EXPECT_EQ(threaded, alone);
}

TEST(Ensemble, BeginsNobodyOnceStopped) {
    const auto model = tumour_model();
    std::atomic<int> begun{0};
    const auto task = [&](std::size_t, Simulation&) { ++begun; };
    const Ensemble ensemble(model, {}, {2});
    EXPECT_FALSE(ensemble.run(n_patients, task, [&] { return begun >= 5; }));
    EXPECT_LT(begun, 10);
    EXPECT_TRUE(ensemble.run(n_patients, task));
}

TEST(Ensemble, RefusesATargetThatIsNotHere) {
    EXPECT_THROW(Ensemble(tumour_model(), {}, {1, "avx1024"}), InputError);
}

TEST(Ensemble, RethrowsWhatATaskThrows) {
    const auto model = tumour_model();
    const auto task = [&](std::size_t i, Simulation&) {
        if (i == 7) throw std::runtime_error("seven");
    };
    EXPECT_THROW(Ensemble(model, {}, {2}).run(n_patients, task), std::runtime_error);
}

}  // namespace
}  // namespace abscopal
