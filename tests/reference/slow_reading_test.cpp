// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "reference/slow_reading.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <string>

namespace abscopal {
namespace {

constexpr unsigned n_histories = 100'000;

/// Histories in whole millimetres that come near every limit: lesions that stay, shrink, vanish, return and
/// grow by just a fifth or just 5 mm; missed lesions, other disease of all kinds, new lesions that come and
/// go.
class Patient {
  public:
    explicit Patient(unsigned seed) : random_(seed) {
        const unsigned n_targets = below(8) == 0 ? 0 : 1 + below(3);
        for (unsigned i = 0; i < n_targets; ++i) is_nodal_.push_back(below(3) == 0);
        has_others_ = n_targets == 0 || below(2) == 0;
        rules_ = {below(2) ? 42.0 : 56.0,
                  below(2) == 1,
                  28.0,
                  below(3),
                  below(2) == 1,
                  below(4) ? std::numeric_limits<double>::infinity() : 120.0};
        all_ = {baseline()};
        const unsigned n_visits = below(9);
        for (unsigned i = 0; i < n_visits; ++i) all_.push_back(next(all_.back()));
    }

    const slow::History& all() const { return all_; }
    const BestRules& rules() const { return rules_; }
    ImmuneRules immune_rules() const { return {28.0, rules_.accept_stable}; }

  private:
    unsigned below(unsigned n) { return static_cast<unsigned>(random_() % n); }

    Assessment baseline() {
        Assessment first;
        for (const bool nodal : is_nodal_)
            first.targets.push_back({nodal ? 15.0 + below(20) : 10.0 + below(40), nodal, true});
        first.non_target = has_others_ ? NonTarget::present : NonTarget::none;
        return first;
    }

    double next_size(double size) {
        switch (below(9)) {
            case 0:
                return 0.0;
            case 1:
                return std::floor(0.7 * size);
            case 2:
                return std::ceil(1.2 * size);
            case 3:
                return size + 5.0;
            case 4:
                return size + below(5);
            case 5:
                return below(60);
            case 6:
                return below(12);
            default:
                return size;
        }
    }

    Assessment next(const Assessment& before) {
        constexpr unsigned gaps[] = {14, 27, 28, 42, 56};
        Assessment now = before;
        now.day += gaps[below(5)];
        for (auto& target : now.targets)
            target.diameter = next_size(target.diameter), target.is_assessed = below(25) > 0;
        constexpr NonTarget others[] = {NonTarget::complete, NonTarget::present, NonTarget::present,
                                        NonTarget::not_evaluable, NonTarget::progressive};
        if (has_others_) now.non_target = others[below(10) ? below(4) : 4];
        now.non_target_increased = has_others_ && below(8) == 0;
        auto& lesions = now.new_lesions;
        if (below(10) == 0) ++lesions.count, lesions.are_present = true;
        if (lesions.count > 0 && below(5) == 0) lesions.are_present = !lesions.are_present;
        lesions.sum = lesions.are_present ? lesions.sum + below(7) : 0.0;
        lesions.non_target_increased = lesions.are_present && below(12) == 0;
        return now;
    }

    std::mt19937 random_;
    std::vector<bool> is_nodal_;
    bool has_others_ = false;
    BestRules rules_;
    slow::History all_;
};

std::string text_of(const slow::History& all) {
    std::string text;
    for (const auto& visit : all) {
        text += "\n  day " + std::to_string(std::lround(visit.day)) + ":";
        for (const auto& t : visit.targets)
            text += " " + std::to_string(std::lround(t.diameter)) + (t.is_nodal ? "n" : "") +
                    (t.is_assessed ? "" : "?");
        text += " | other " + std::to_string(static_cast<int>(visit.non_target)) +
                (visit.non_target_increased ? "+" : "") + " | new " +
                std::to_string(visit.new_lesions.count) + (visit.new_lesions.are_present ? " seen " : " - ") +
                std::to_string(std::lround(visit.new_lesions.sum)) +
                (visit.new_lesions.non_target_increased ? "+" : "");
    }
    return text;
}

std::span<const Assessment> visits_of(const slow::History& all) {
    return std::span(all).subspan(1);
}

TEST(SlowReading, agrees_on_time_points_and_best_response) {
    unsigned n_different = 0;
    std::array<unsigned, 7> n_best{};
    for (unsigned seed = 0; seed < n_histories && n_different < 40; ++seed) {
        const Patient patient(seed);
        const auto& all = patient.all();
        const auto points = recist(all[0], visits_of(all));
        ASSERT_EQ(points.size() + 1, all.size());
        bool is_same = true;
        for (std::size_t i = 1; i < all.size(); ++i) {
            is_same = is_same && points[i - 1].response == slow::response(all, i);
            if (all[0].targets.empty()) continue;
            is_same = is_same && points[i - 1].target == slow::target_response(all, i) &&
                      std::lround(points[i - 1].sum) == slow::sum_of(all[i]) &&
                      std::lround(points[i - 1].nadir) == slow::nadir(all, i);
        }
        const auto best = best_overall(points, patient.rules());
        const auto expected = slow::best(all, patient.rules());
        ++n_best[static_cast<std::size_t>(expected.response)];
        is_same = is_same && best.response == expected.response &&
                  (expected.response == Overall::missing || best.day == expected.day);
        n_different += !is_same;
        EXPECT_TRUE(is_same) << seed << ": " << name_of(best.response) << " on day " << best.day << ", slow "
                             << name_of(expected.response) << " on day " << expected.day
                             << (patient.rules().is_confirmed ? ", confirmed" : "") << text_of(all);
    }
    for (const unsigned n : n_best) EXPECT_GT(n, 1000U);
}

TEST(SlowReading, agrees_on_immune_response) {
    unsigned n_different = 0;
    std::array<unsigned, 8> n_best{};
    for (unsigned seed = 0; seed < n_histories && n_different < 40; ++seed) {
        const Patient patient(seed);
        const auto& all = patient.all();
        const auto points = irecist(all[0], visits_of(all), patient.immune_rules());
        const auto expected = slow::immune(all, patient.immune_rules());
        ASSERT_EQ(points.size(), expected.size());
        std::string both;
        bool is_same = true;
        for (std::size_t i = 0; i < points.size(); ++i) {
            is_same = is_same && points[i].response == expected[i];
            both += std::string(name_of(points[i].response)) + "/" + std::string(name_of(expected[i])) + " ";
        }
        const Immune best = best_immune(points, 42.0), slow_best = slow::best_immune(all, expected, 42.0);
        ++n_best[static_cast<std::size_t>(slow_best)];
        is_same = is_same && best == slow_best;
        n_different += !is_same;
        EXPECT_TRUE(is_same) << seed << ": " << both << " best " << name_of(best) << "/" << name_of(slow_best)
                             << (patient.immune_rules().is_from_last_visit ? ", from last visit" : "")
                             << text_of(all);
    }
    for (const unsigned n : n_best) EXPECT_GT(n, 1000U);
}

}  // namespace
}  // namespace abscopal
