// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "abscopal/simulation.hpp"
#include "virtual_melanoma.hpp"

/// What must hold without any drug, and what no drug may change: growth as measured, and balances.
namespace abscopal {
namespace {

using namespace test;

/// Volume doubling times measured in untreated patients, days: range of medians of series, and of single
/// tumours.
struct Doubling {
    const char* cancer;
    double median_from, median_until, shortest, longest;
};

class ImmunotherapyUntreated : public ::testing::TestWithParam<Doubling> {};

TEST_P(ImmunotherapyUntreated, TumoursDoubleWithinTheMeasuredRange) {
    const Doubling& measured = GetParam();
    TrialText trial;
    trial.cancer = measured.cancer, trial.patients = 60;
    trial.every = "8 weeks", trial.follow_up = "8 weeks", trial.record_every = "8 weeks";
    trial.watched = {"cancer_cells"};
    trial.arm("none", "");
    const Result result = run_of(trial, std::string("untreated-") + measured.cancer);
    std::vector<double> times;
    for (const Course& course : result.courses)
        if (const auto& cells = course.recorded.front(); !std::isnan(cells.back()))
            times.push_back(56.0 * std::log(2.0) / std::log(cells.back() / cells.front()));
    ASSERT_GE(times.size(), 40u);
    std::ranges::sort(times);
    const double median = times[times.size() / 2];
    EXPECT_GT(median, measured.median_from);
    EXPECT_LT(median, measured.median_until);
    EXPECT_GT(times[times.size() / 20], measured.shortest);
    EXPECT_LT(times[9 * times.size() / 10], measured.longest);
}

// Melanoma: Carlson 2003, metastases 33 (8 to 212), primaries 94 (50 to 377). Lung: Usuda 1994, 99 in
// advanced disease. Kidney: 667 (33 to 3321) under surveillance, faster in metastases (Gofrit 2015). Head and
// neck: Jensen 2007, 99 (15 and more).
INSTANTIATE_TEST_SUITE_P(Cancers, ImmunotherapyUntreated,
                         ::testing::Values(Doubling{"melanoma", 33.0, 150.0, 8.0, 400.0},
                                           Doubling{"nsclc", 50.0, 220.0, 15.0, 700.0},
                                           Doubling{"rcc", 60.0, 667.0, 20.0, 3321.0},
                                           Doubling{"hnscc", 19.0, 130.0, 8.0, 500.0}),
                         [](const auto& cancer) { return std::string(cancer.param.cancer); });

/// A model followed by the reference solver.
struct Followed {
    Followed(const std::string& path, const std::vector<std::pair<std::string, double>>& settings = {})
        : model(load_model(at(path))), simulation(model, numerics()) {
        std::vector<std::pair<std::size_t, double>> given;
        for (const auto& [id, value] : settings) given.emplace_back(find_settable(*model, id).value(), value);
        start = initial_state(*model, given);
    }
    static Trial at(const std::string& path) {
        Trial trial;
        trial.model_path = (source_dir() / path).string();
        return trial;
    }
    static Numerics numerics() {
        Numerics numerics;
        numerics.relative_tolerance = 1e-8;
        return numerics;
    }
    Action dose(double day, const std::string& target, double amount) const {
        return {day, ActionKind::add, model->states[find_state(*model, target).value()].slot, amount, 0.0,
                {}};
    }
    double operator[](const std::string& id) const {
        return simulation.value(find_observable(*model, id).value());
    }

    std::shared_ptr<const Model> model;
    Simulation simulation;
    State start;
};

const std::string patient = "models/immunotherapy/immunotherapy.ant";

TEST(ImmunotherapyBalance, NoStateIsEverNegativeUnderAMixtureOfDrugs) {
    Followed one(patient);
    std::vector<Action> doses;
    for (double day = 0.0; day < 120.0; day += 21.0) {
        doses.push_back(one.dose(day, "nivolumab", 240.0));
        doses.push_back(one.dose(day, "ipilimumab", 240.0));
        doses.push_back(one.dose(day, "dacarbazine", 1900.0));
        doses.push_back(one.dose(day, "aldesleukin", 3.0));
        doses.push_back(one.dose(day, "lesion_1__Gy", 8.0));
        doses.push_back(one.dose(day, "lesion_2__virus", 400.0));
        doses.push_back(one.dose(day, "prednisone", 40.0));
    }
    doses.push_back(one.dose(60.0, "lesion_3__knife", 1.0));
    std::ranges::stable_sort(doses, {}, &Action::time);
    one.simulation.start(one.start, doses);
    std::vector<double> largest(one.model->n_states(), 0.0);
    for (double day = 0.25; day <= 200.0; day += 0.25) {
        ASSERT_TRUE(one.simulation.advance(day).ok());
        const auto& y = one.simulation.state().y;
        for (std::size_t i = 0; i < y.size(); ++i) {
            largest[i] = std::max(largest[i], std::abs(y[i]));
            ASSERT_GE(y[i], -1e-7 * largest[i]) << one.model->states[i].id << " on day " << day;
        }
    }
}

TEST(ImmunotherapyBalance, AnAntibodyThatIsNotClearedStaysInTheBody) {
    Followed one(patient, {{"clearance_frailty", 0.0}});
    one.simulation.start(one.start, {one.dose(0.0, "nivolumab", 240.0), one.dose(21.0, "nivolumab", 240.0)});
    for (const double day : {1.0, 20.0, 22.0, 100.0}) {
        ASSERT_TRUE(one.simulation.advance(day).ok());
        const double given = day < 21.0 ? 240.0 : 480.0;
        EXPECT_NEAR(one["nivolumab"] + one["pk_nivolumab__P"], given, 1e-6 * given) << day;
    }
}

/// Cells are born and killed at the rates that `gain` adds up, and in no other way.
TEST(ImmunotherapyBalance, CancerCellsAreBornAndKilledAtTheRatesShown) {
    Followed one(patient);
    one.simulation.start(one.start, {one.dose(0.0, "nivolumab", 240.0), one.dose(30.0, "nivolumab", 240.0)});
    const double step = 0.125;  // days
    const auto flow = [&] { return one["net_growth"] * one["cancer_cells"]; };
    const double before = one["cancer_cells"];
    double expected = before, least = before, rate = flow();
    for (int i = 1; i * step <= 120.0; ++i) {
        ASSERT_TRUE(one.simulation.advance(i * step).ok());
        const double now = flow();
        expected += 0.5 * step * (rate + now), rate = now;
        least = std::min(least, one["cancer_cells"]);
    }
    EXPECT_NEAR(one["cancer_cells"], expected, 1e-3 * before);
    EXPECT_GT(std::abs(one["cancer_cells"] / before - 1.0), 0.05);
}

TEST(ImmunotherapyBalance, AWholeCohortStaysAWhole) {
    for (const auto& [path, shares] :
         {std::pair{"models/prevention/hpv.ant",
                    std::vector<std::string>{"susceptible", "infected", "immune", "cin2", "cin3", "cancer"}},
          std::pair{"models/prevention/hbv.ant",
                    std::vector<std::string>{"susceptible", "carriers", "immune", "cancer"}}}) {
        Followed cohort(path);
        cohort.simulation.start(cohort.start, {cohort.dose(0.0, "vaccine", 1.0)});
        for (const double day : {1.0, 365.0, 3650.0}) {
            ASSERT_TRUE(cohort.simulation.advance(day).ok());
            double all = 0.0;
            for (const auto& id : shares) all += cohort[id];
            EXPECT_NEAR(all, 1.0, 1e-7) << path << ' ' << day;
        }
    }
}

}  // namespace
}  // namespace abscopal
