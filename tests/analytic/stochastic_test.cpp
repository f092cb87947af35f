// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
// Single firings against closed forms and master equations, judged as the stochastic suite does (Evans,
// Gillespie & Wilkinson 2008, doi 10.1093/bioinformatics/btm566): Z in (−3, 3), Y in (−5, 5). Seeds are
// fixed.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <functional>

#include "abscopal/error.hpp"
#include "abscopal/simulation.hpp"
#include "abscopal/spec.hpp"
#include "simulation/replicates.hpp"

namespace abscopal {
namespace {

constexpr std::size_t n_courses = 4000;

struct Law {
    double mean, variance;
};

std::string in_cell(const std::string& text) {
    return "compartment c = 1; " + text;
}

Replicates run(const std::string& text, const std::string& id, std::vector<double> times, Stochastic how,
               std::size_t n = n_courses, unsigned threads = 2, double dose_at = NAN) {
    const auto model = compile(read_antimony_text(in_cell(text)));
    TimeCourseRequest request;
    request.times = std::move(times);
    request.columns.push_back({find_observable(*model, id).value(), Column::Quantity::amount});
    if (!std::isnan(dose_at))
        request.actions.push_back(
            {dose_at, ActionKind::add, model->states[find_state(*model, id).value()].slot, 30.0});
    return run_replicates(model, request, how, n, threads);
}

void expect_law(const Replicates& found, const std::function<Law(double)>& law) {
    ASSERT_TRUE(found.outcome.ok());
    const auto n = static_cast<double>(found.n);
    for (std::size_t i = 0; i < found.times.size(); ++i) {
        const auto [mean, variance] = law(found.times[i]);
        const double z = std::sqrt(n) * (found.mean[i][0] - mean) / std::sqrt(variance);
        const double y = std::sqrt(n / 2) * (found.sd[i][0] * found.sd[i][0] / variance - 1);
        EXPECT_LT(std::fabs(z), 3) << "mean at " << found.times[i];
        EXPECT_LT(std::fabs(y), 5) << "sd at " << found.times[i];
    }
}

class SingleFirings : public testing::TestWithParam<Stochastic::Method> {
  protected:
    Stochastic how(std::uint64_t seed) const { return {GetParam(), seed, 0, 0.03}; }
};

TEST_P(SingleFirings, birth_and_death) {
    constexpr double birth = 0.1, death = 0.11;
    const auto found = run("species X in c; X = 100; b: X -> 2 X; 0.1*X; d: X -> ; 0.11*X;", "X",
                           {1, 5, 10, 25, 50}, how(1));
    expect_law(found, [](double t) {
        const double grown = std::exp((birth - death) * t);
        return Law{100 * grown, 100 * (birth + death) / (birth - death) * grown * (grown - 1)};
    });
}

TEST_P(SingleFirings, immigration_and_death_with_a_dose_and_an_event) {
    const auto found = run("species X in c; X = 0; i: -> X; 1; d: X -> ; 0.1*X; at time >= 25: X = 50;", "X",
                           {1, 5, 9, 10, 12, 24, 26, 30, 50}, how(2), n_courses, 2, 10.0);
    expect_law(found, [](double t) {
        const double s = t < 10 ? t : t < 25 ? t - 10 : t - 25, start = t < 10 ? 0 : t < 25 ? 30 : 50;
        const double before = t < 10 || t >= 25 ? 0 : 10 * (1 - std::exp(-1.0));
        const double left = std::exp(-0.1 * s), mean = 10 * (1 - left);
        return Law{(start + before) * left + mean, start * left * (1 - left) + before * left + mean};
    });
}

TEST_P(SingleFirings, immigration_in_batches) {
    const auto found =
        run("species X in c; X = 0; i: -> 5 X; 1; d: X -> ; 0.1*X;", "X", {1, 5, 10, 50}, how(3));
    expect_law(found, [](double t) {
        const double gone = 1 - std::exp(-0.1 * t);
        return Law{50 * gone, 25 * (5 * (1 - std::exp(-0.2 * t)) + gone * gone)};
    });
}

// 2 P ⇌ D from 100 P: the master equation of 51 states, by Runge-Kutta.
Law dimers(double until) {
    constexpr int n = 51;
    constexpr double bind = 0.001, part = 0.01, h = 0.005;
    using Vector = std::array<double, n>;
    const auto rate = [](const Vector& p) {
        Vector d{};
        for (int k = 0; k < n; ++k) {
            const double monomers = 100 - 2 * k, up = bind * monomers * (monomers - 1) / 2, down = part * k;
            d[k] -= (up + down) * p[k];
            if (k + 1 < n) d[k + 1] += up * p[k];
            if (k > 0) d[k - 1] += down * p[k];
        }
        return d;
    };
    const auto along = [](Vector p, const Vector& d, double step) {
        for (int k = 0; k < n; ++k) p[k] += step * d[k];
        return p;
    };
    Vector p{};
    p[0] = 1;
    for (double t = 0; t < until - h / 2; t += h) {
        const Vector a = rate(p), b = rate(along(p, a, h / 2)), c = rate(along(p, b, h / 2)),
                     d = rate(along(p, c, h));
        for (int k = 0; k < n; ++k) p[k] += h / 6 * (a[k] + 2 * b[k] + 2 * c[k] + d[k]);
    }
    double mean = 0, square = 0;
    for (int k = 0; k < n; ++k) mean += k * p[k], square += k * k * p[k];
    return {mean, square - mean * mean};
}

TEST_P(SingleFirings, dimerisation_as_two_reactions_and_as_one_reversible) {
    const std::string species = "species P in c, D in c; P = 100; D = 0; ";
    for (const char* reactions : {"f: 2 P => D; 0.001*P*(P - 1)/2; r: D => 2 P; 0.01*D;",
                                  "f: 2 P -> D; 0.001*P*(P - 1)/2 - 0.01*D;"}) {
        expect_law(run(species + reactions, "D", {1, 5, 10, 50}, how(4)), dimers);
    }
}

INSTANTIATE_TEST_SUITE_P(Methods, SingleFirings,
                         testing::Values(Stochastic::Method::exact, Stochastic::Method::tau_leaping),
                         [](const auto& method) {
                             return method.param == Stochastic::Method::exact ? "exact" : "tau_leaping";
                         });

TEST(TauLeaping, many_molecules_take_few_steps_and_keep_mean_and_spread) {
    const std::string text = "species X in c; X = 20000; i: -> X; 1000; d: X -> ; 0.1*X;";
    const auto found = run(text, "X", {3, 10, 40}, {Stochastic::Method::tau_leaping, 5}, 500);
    ASSERT_TRUE(found.outcome.ok());
    EXPECT_LT(found.outcome.steps, 1000);  // of 60,000 firings
    for (std::size_t i = 0; i < found.times.size(); ++i) {
        const double left = std::exp(-0.1 * found.times[i]), mean = 10000 * (1 - left);
        EXPECT_NEAR(found.mean[i][0], 20000 * left + mean, 0.003 * 15000);
        EXPECT_NEAR(found.sd[i][0], std::sqrt(20000 * left * (1 - left) + mean), 10);
    }
}

TEST(Replicates, are_the_same_bits_for_any_number_of_threads) {
    const std::string text = "species X in c; X = 10; b: X -> 2 X; X; d: X -> ; X;";
    for (const auto method : {Stochastic::Method::exact, Stochastic::Method::tau_leaping}) {
        const auto one = run(text, "X", {0.5, 2}, {method, 7}, 300, 1),
                   three = run(text, "X", {0.5, 2}, {method, 7}, 300, 3);
        EXPECT_EQ(one.mean, three.mean);
        EXPECT_EQ(one.sd, three.sd);
        EXPECT_NE(one.mean, run(text, "X", {0.5, 2}, {method, 8}, 300, 3).mean);
    }
}

// Looking more often changes nothing that is seen later.
TEST(Replicates, do_not_depend_on_when_somebody_looks) {
    const std::string text = "species X in c; X = 5000; b: X -> 2 X; X; d: X -> ; X;";
    for (const auto method : {Stochastic::Method::exact, Stochastic::Method::tau_leaping}) {
        const auto rare = run(text, "X", {0.2}, {method, 9}, 3),
                   often = run(text, "X", {0.01, 0.05, 0.11, 0.2}, {method, 9}, 3);
        EXPECT_EQ(rare.mean[0], often.mean[3]);
    }
}

// The last cells die out, and nothing comes back: extinct by t with (μt / (1 + μt))^n at equal rates.
TEST(Replicates, extinction_is_for_good) {
    const auto found =
        run("species X in c; X = 3; b: X -> 2 X; X; d: X -> ; X; y := piecewise(1, X < 0.5, 0);", "X", {2.0},
            {Stochastic::Method::exact, 11}, 2000);
    const auto model =
        compile(read_antimony_text(in_cell("species X in c; X = 3; b: X -> 2 X; X; d: X -> ; X;")));
    const std::size_t x = find_observable(*model, "X").value();
    int extinct = 0;
    for (std::uint64_t i = 0; i < 2000; ++i) {
        Simulation simulation(model, Stochastic{Stochastic::Method::exact, 11, i});
        simulation.start(initial_state(*model));
        ASSERT_TRUE(simulation.advance(2.0).ok());
        const bool is_gone = simulation.value(x) == 0.0;
        extinct += is_gone;
        ASSERT_TRUE(simulation.advance(4.0).ok());
        if (is_gone) {
            ASSERT_EQ(simulation.value(x), 0.0);
        }
    }
    EXPECT_NEAR(extinct / 2000.0, std::pow(2.0 / 3.0, 3), 0.033);
    EXPECT_NEAR(found.mean[0][0], 3.0, 0.25);
}

TEST(Replicates, what_has_no_single_firings_is_refused_by_name) {
    const auto refused = [](const std::string& text) {
        try {
            Simulation(compile(read_antimony_text(in_cell(text))), Stochastic{});
        } catch (const InputError& error) {
            return error.faults().front().message;
        }
        return std::string();
    };
    EXPECT_NE(refused("x = 1; x' = -x;").find("rate rule of 'x'"), std::string::npos);
    EXPECT_NE(refused("species X in c = 0; i: -> X; 1 + sin(time);").find("kinetic law of 'i'"), std::string::npos);
    EXPECT_EQ(refused("species X in c = 0; i: -> X; piecewise(1, time < 3, 2);"), "");
}

}  // namespace
}  // namespace abscopal
