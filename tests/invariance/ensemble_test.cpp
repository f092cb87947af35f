// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "abscopal/ensemble.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "abscopal/spec.hpp"
#include "base/random.hpp"
#include "lanes/target.hpp"
#include "support.hpp"

/// A patient's numbers are a function of the patient: large published models, bit by bit.
namespace abscopal {
namespace {

constexpr std::size_t n_patients = 12;
using Finals = std::vector<std::vector<double>>;
using Order = std::vector<std::size_t>;

struct Case {
    std::string name;
    std::shared_ptr<const Model> model;
    double until;
};

std::vector<Case> cases() {
    std::vector<Case> result{
        {"tnbc", compile(read_spec((test::source_dir() / "models/tnbc/tnbc.ant").string())), 30.0}};
    const auto reference = test::reference_dir();
    for (const auto* name : {"BIOMD0000000474", "BIOMD0000000559", "BIOMD0000000667"}) {
        if (reference)
            result.push_back(
                {name, compile(read_spec((*reference / "benchmark_models" / name).string() + ".xml")), 20.0});
    }
    return result;
}

constexpr std::size_t nobody = ~std::size_t{0};

/// Every parameter of a patient is drawn; those of `poisoned` are not numbers.
Finals run(const Case& what, const Order& order, const EnsembleOptions& options,
           std::size_t poisoned = nobody) {
    const Model& model = *what.model;
    Finals finals(n_patients);
    Ensemble(what.model, {}, options).run(order.size(), [&](std::size_t place, Simulation& simulation) {
        const std::size_t i = order[place];
        std::vector<std::pair<std::size_t, double>> settings;
        for (std::uint32_t k = 0; k < model.parameters.size(); ++k) {
            const auto settable = find_settable(model, model.parameters[k].id);
            if (!settable || !model.parameters[k].is_constant) continue;
            const double factor = 0.8 + 0.4 * uniform(5, Purpose::prior, i, 0, k);
            settings.emplace_back(*settable,
                                  i == poisoned ? std::nan("") : model.parameters[k].value * factor);
        }
        simulation.start(initial_state(model, settings));
        const Outcome outcome = simulation.advance(what.until);
        EXPECT_EQ(outcome.ok(), i != poisoned) << what.name << " patient " << i;
        if (i != poisoned) finals[i] = simulation.state().y;
    });
    return finals;
}

Order in_order() {
    Order order(n_patients);
    std::iota(order.begin(), order.end(), std::size_t{0});
    return order;
}

EnsembleOptions options_of(unsigned threads, std::string target = {}, bool interpret = true) {
    EnsembleOptions options;
    options.threads = threads;
    options.target = std::move(target);
    options.interpret = interpret;
    options.compile_first = !interpret;
    return options;
}

TEST(Invariance, a_patient_of_a_published_model_has_the_same_bits_on_every_target_by_every_means) {
    for (const auto& what : cases()) {
        const Finals expected = run(what, in_order(), options_of(1, "scalar"));
        Order reversed = in_order();
        std::ranges::reverse(reversed);
        for (const auto target : lanes::supported_targets()) {
            const std::string name(lanes::name_of(target));
            EXPECT_EQ(run(what, reversed, options_of(3, name)), expected) << what.name << ' ' << name;
        }
        EXPECT_EQ(run(what, in_order(), options_of(8, {}, false)), expected) << what.name << " machine code";
    }
}

TEST(Invariance, a_poisoned_patient_in_any_lane_changes_no_bit_of_the_others) {
    const Case what = cases().front();
    const Finals expected = run(what, in_order(), options_of(1));
    for (std::size_t poisoned = 0; poisoned < 8; ++poisoned) {
        Finals found = run(what, in_order(), options_of(1), poisoned);
        found[poisoned] = expected[poisoned];
        EXPECT_EQ(found, expected) << "poisoned " << poisoned;
    }
}

}  // namespace
}  // namespace abscopal
