// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <map>

#include "abscopal/tissue.hpp"
#include "base/csv.hpp"
#include "base/text.hpp"
#include "support.hpp"

/// Means over seeds against PhysiCell 1.14.2's own, in compat mode. The bound is the 99 % interval of all
/// comparisons of a project together (Bonferroni over Student's t, which the table below rounds up): one
/// false alarm in a hundred for each.
namespace abscopal::tissue {
namespace {

struct Case {
    const char* project;
    double until, every;
    int replicates;
    double full_every;  ///< minutes between the reference's lines; it has four
};

void PrintTo(const Case& one, std::ostream* to) {
    *to << one.project;
}

/// The case, for whoever has the time: ABSCOPAL_FULL_ENSEMBLES=1 runs 50 replicates to the last
/// minute that the reference knows.
Case in_full(Case one) {
    const char* wish = std::getenv("ABSCOPAL_FULL_ENSEMBLES");
    if (!wish || *wish != '1') return one;
    one.replicates = 50;
    one.until = 4 * one.full_every;
    one.every = one.full_every;
    return one;
}

struct Sample {
    std::vector<double> values;
    double mean() const {
        double sum = 0;
        for (const double v : values) sum += v;
        return sum / static_cast<double>(values.size());
    }
    /// Squared standard error of the mean.
    double error() const {
        double square = 0;
        for (const double v : values) square += (v - mean()) * (v - mean());
        const double n = static_cast<double>(values.size());
        return n > 1 ? square / (n - 1) / n : 0;
    }
};

using Samples = std::map<std::string, Sample>;

Samples theirs(const Case& one) {
    Samples samples;
    const auto table = read_csv((*test::reference_dir() / "physicell/ensembles.csv").string());
    for (const auto& row : table.rows) {
        const double minute = *to_double(row[2]);
        if (row[0] != one.project || minute == 0 || minute > one.until) continue;
        for (std::size_t k = 4; k < table.columns.size(); ++k)
            samples[row[3] + "/" + to_text(minute) + "/" + table.columns[k]].values.push_back(
                *to_double(row[k]));
    }
    return samples;
}

Samples ours(const Case& one) {
    ReadOptions options;
    options.compat = true;
    const auto project = std::make_shared<const Project>(
        read_project((*test::reference_dir() / "physicell" / one.project).string(), options));
    RunPlan plan;
    plan.until = one.until;
    plan.every = one.every;
    plan.seed = 1000;
    plan.replicates = one.replicates;
    plan.options.threads = 2;
    Samples samples;
    for (const auto& replicate : run(project, plan).replicates) {
        for (const auto& line : replicate.cells) {
            const std::string key = line.type + "/" + to_text(line.minute) + "/";
            samples[key + "live"].values.push_back(static_cast<double>(line.live));
            samples[key + "dead"].values.push_back(static_cast<double>(line.dead));
            samples[key + "mean_radius"].values.push_back(line.mean_radius);
            samples[key + "mean_pressure"].values.push_back(line.mean_pressure);
            samples[key + "mean_volume"].values.push_back(line.mean_volume);
        }
    }
    return samples;
}

class PhysiCellEnsembles : public testing::TestWithParam<Case> {};

TEST_P(PhysiCellEnsembles, means_agree_within_their_law) {
    if (!test::reference_dir()) GTEST_SKIP() << "no reference folder";
    const Case one = in_full(GetParam());
    const Samples them = theirs(one), us = ours(one);
    ASSERT_FALSE(them.empty());
    // Two-sided t of about 25 degrees of freedom at 1 % over up to 150 comparisons is below 4.6.
    constexpr double bound = 4.6;
    for (const auto& [name, sample] : them) {
        ASSERT_TRUE(us.contains(name)) << name;
        const double a = sample.mean(), b = us.at(name).mean();
        // The file keeps seven digits; counts that never vary must be equal.
        const double error = std::sqrt(sample.error() + us.at(name).error()) + 1e-6 * std::abs(a) + 1e-9;
        EXPECT_LT(std::abs(a - b) / error, bound) << name << ": PhysiCell " << a << ", ours " << b;
    }
}

INSTANTIATE_TEST_SUITE_P(
    Projects, PhysiCellEnsembles,
    testing::Values(Case{"asymmetric_division", 720, 360, 20, 360}, Case{"template", 720, 360, 20, 360},
                    Case{"immune_function", 360, 360, 20, 360}, Case{"tumor_immune_base", 60, 60, 8, 60},
                    Case{"pdac_therapy", 30, 30, 8, 30}, Case{"rules_sample", 360, 360, 5, 360}),
    [](const auto& one) { return std::string(one.param.project); });

}  // namespace
}  // namespace abscopal::tissue
