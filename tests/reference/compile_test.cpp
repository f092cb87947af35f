// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
// Compiled programs against the slow reference, on every model at hand.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "abscopal/state.hpp"
#include "dual.hpp"
#include "model/evaluate.hpp"
#include "support.hpp"

namespace abscopal::test {
namespace {

std::vector<std::string> files_in(const std::filesystem::path& folder) {
    std::vector<std::string> result;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (entry.path().extension() == ".xml") result.push_back(entry.path().string());
    }
    std::sort(result.begin(), result.end());
    return result;
}

// Every seventh case of the suite.
std::vector<std::string> suite_files(const std::filesystem::path& folder) {
    std::vector<std::string> cases;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (entry.is_directory()) cases.push_back(entry.path().string());
    }
    std::sort(cases.begin(), cases.end());
    std::vector<std::string> result;
    for (std::size_t i = 0; i < cases.size(); i += 7) {
        const std::vector<std::string> files = files_in(cases[i]);
        if (!files.empty()) result.push_back(files.back());
    }
    return result;
}

// A workspace near the start of the model: values scattered by a third, zeros made small.
std::vector<double> scattered(const Model& model, std::mt19937& random) {
    std::vector<double> w = model.workspace;
    const State start = initial_state(model);
    std::uniform_real_distribution<double> factor(0.7, 1.3), small(0.0, 0.1);
    w[model.time] = small(random);
    for (std::size_t i = 0; i < start.y.size(); ++i) {
        w[model.first_state + i] = start.y[i] == 0.0 ? small(random) : start.y[i] * factor(random);
    }
    for (std::size_t i = 0; i < start.p.size(); ++i) w[model.first_parameter + i] = start.p[i];
    model.prelude.run(w.data());
    return w;
}

std::map<std::string, double> carried(const Model& model, const std::vector<double>& w) {
    std::map<std::string, double> result;
    for (const StateInfo& state : model.states) result[state.id] = w[state.slot];
    for (const ParameterInfo& parameter : model.parameters) result[parameter.id] = w[parameter.slot];
    return result;
}

struct Worst {
    double error = 0.0;
    std::string where;
    void take(double value, double reference, double scale, const std::string& what) {
        if (!std::isfinite(reference) || !std::isfinite(value)) return;
        const double relative = std::fabs(value - reference) / std::max(std::fabs(reference), scale);
        if (relative > error) {
            error = relative;
            where = what + ": " + std::to_string(value) + " instead of " + std::to_string(reference);
        }
    }
};

// Cancellation leaves an error relative to the flows, not to their sum.
double flow_scale(const Spec& spec, const TreeModel& tree) {
    double scale = 0.0;
    for (const Reaction& reaction : spec.reactions) {
        const double flow = std::fabs(tree.value(reaction.id));
        if (std::isfinite(flow)) scale = std::max(scale, flow);
    }
    return scale;
}

Worst compare_rates(const Spec& spec, const Model& model, std::vector<double>& w) {
    model.rates.run(w.data());
    const TreeModel tree(spec, w[model.time], carried(model, w));
    const double scale = flow_scale(spec, tree);
    Worst worst;
    for (std::size_t i = 0; i < model.n_states(); ++i) {
        const double reference = tree.rate(model.states[i].id);
        worst.take(w[model.rates.outputs[i]], reference, scale + 1e-300, "rate of " + model.states[i].id);
    }
    return worst;
}

Worst compare_observables(const Spec& spec, const Model& model, std::vector<double>& w) {
    model.observe.run(w.data());
    const TreeModel tree(spec, w[model.time], carried(model, w));
    Worst worst;
    for (const ObservableInfo& info : model.observables) {
        worst.take(w[info.slot], tree.value(info.id), 1e-300, "value of " + info.id);
    }
    return worst;
}

// Saturated Hill terms cancel in any formula for their slope: the bound is for wrong slopes, not for
// rounding.
Worst compare_jacobian(const Model& model, std::vector<double>& w) {
    model.jacobian.run(w.data());
    Worst worst;
    for (std::size_t column = 0; column < model.n_states(); ++column) {
        std::vector<double> analytic(model.n_states(), 0.0);
        for (auto k = model.sparsity.column_start[column]; k < model.sparsity.column_start[column + 1]; ++k) {
            const auto entry = static_cast<std::size_t>(k);
            analytic[static_cast<std::size_t>(model.sparsity.row[entry])] = w[model.jacobian.outputs[entry]];
        }
        const std::vector<double> exact = derivative_along(model.rates, w, model.states[column].slot);
        double scale = 1e-300;
        for (const double element : exact)
            scale = std::isfinite(element) ? std::max(scale, std::fabs(element)) : scale;
        for (std::size_t row = 0; row < exact.size(); ++row) {
            worst.take(analytic[row], exact[row], scale,
                       "d " + model.states[row].id + "' / d " + model.states[column].id);
        }
    }
    return worst;
}

bool has_algebraic_rule(const Spec& spec) {
    return std::any_of(spec.rules.begin(), spec.rules.end(),
                       [](const Rule& rule) { return rule.kind == RuleKind::algebraic; });
}

// Returns whether the model could be compared.
bool compare(const std::string& file) {
    std::optional<Spec> spec;
    std::shared_ptr<const Model> model;
    try {
        spec = read_spec(file);
        model = compile(*spec);
    } catch (const InputError&) {
        return false;  // refused by name: other tests count these
    }
    if (has_algebraic_rule(*spec) || model->has_mass()) return false;  // trees know no M in M·dy/dt
    std::mt19937 random(7);
    for (int repeat = 0; repeat < 3; ++repeat) {
        std::vector<double> w = scattered(*model, random);
        const Worst rates = compare_rates(*spec, *model, w);
        EXPECT_LT(rates.error, 1e-13) << file << " " << rates.where;
        const Worst values = compare_observables(*spec, *model, w);
        EXPECT_LT(values.error, 1e-12) << file << " " << values.where;
        const Worst slopes = compare_jacobian(*model, w);
        EXPECT_LT(slopes.error, 1e-4) << file << " " << slopes.where;
    }
    return true;
}

int compare_all(const std::vector<std::string>& files) {
    return static_cast<int>(std::count_if(files.begin(), files.end(), compare));
}

TEST(CompiledAgainstTrees, biomodels_have_the_rates_values_and_jacobian_of_their_trees) {
    const auto folder = reference_dir();
    if (!folder) GTEST_SKIP() << "no reference folder";
    const auto files = files_in(*folder / "biomodels");
    EXPECT_EQ(compare_all(files), static_cast<int>(files.size()));
}

TEST(CompiledAgainstTrees, suite_cases_have_the_rates_values_and_jacobian_of_their_trees) {
    const auto folder = reference_dir();
    if (!folder) GTEST_SKIP() << "no reference folder";
    EXPECT_GT(compare_all(suite_files(*folder / "sbml-semantic")), 140);
}

TEST(CompiledAgainstTrees, large_models_have_the_rates_values_and_jacobian_of_their_trees) {
    const auto folder = reference_dir();
    if (!folder) GTEST_SKIP() << "no reference folder";
    EXPECT_GE(compare_all({(*folder / "benchmark_models/BIOMD0000000667.xml").string(),
                           (*folder / "benchmark_models/BIOMD0000000559.xml").string()}),
              2);
}

}  // namespace
}  // namespace abscopal::test
