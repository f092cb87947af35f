// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "abscopal/statistics.hpp"
#include "base/csv.hpp"
#include "base/text.hpp"
#include "reference/antimony_oracle.hpp"

namespace abscopal {
namespace {

struct Sample {
    std::vector<double> time, x, weight;
    std::vector<char> event;
    std::vector<std::size_t> group, stratum;
    GroupedTimes grouped(bool is_stratified = false) const {
        return {{time, event},
                group,
                is_stratified ? std::span<const std::size_t>(stratum) : std::span<const std::size_t>{}};
    }
};

/// From 1 to 120 subjects, with few or many ties and from no to all censored.
Sample random_sample(unsigned seed) {
    std::mt19937 random(seed);
    const auto below = [&](unsigned n) { return random() % n; };
    Sample sample;
    const std::size_t n = seed < 4 ? seed + 1 : 5 + below(116);
    const unsigned n_times = seed % 3 == 0 ? 6 : seed % 3 == 1 ? 40 : 100000;
    const unsigned censored = seed % 10 == 9 ? 100 : 10 * (seed % 8);
    for (std::size_t i = 0; i < n; ++i) {
        sample.time.push_back(1 + below(n_times));
        sample.event.push_back(below(100) >= censored);
        sample.group.push_back(below(2));
        sample.stratum.push_back(below(3));
        sample.x.push_back(below(1000) / 250.0);
        sample.weight.push_back(0.25 * (1 + below(12)));
    }
    return sample;
}

void add_cox(const Sample& sample, const std::string& name, Ties ties,
             std::map<std::string, double>& answers) {
    const std::vector<double> group(sample.group.begin(), sample.group.end());
    const auto fit = cox(sample.grouped(true), std::vector{group, sample.x}, ties);
    for (const std::size_t k : {0, 1}) {
        answers[name + std::to_string(k + 1)] = fit.coefficients[k];
        answers[name + "_error" + std::to_string(k + 1)] = fit.standard_errors[k];
    }
    answers[name + "_loglik"] = fit.log_likelihood;
    auto weighted = sample.grouped();
    weighted.sample.weights = sample.weight;
    const auto robust = cox(weighted, std::vector<std::vector<double>>{group}, ties);
    answers[name + "_weighted"] = robust.coefficients[0];
    answers[name + "_robust"] = robust.standard_errors[0];
}

/// At the middle one of the distinct times.
void add_curves(const Sample& sample, std::map<std::string, double>& answers) {
    constexpr std::pair<const char*, SurvivalInterval> kinds[]{{"plain", SurvivalInterval::plain},
                                                               {"log", SurvivalInterval::log},
                                                               {"log-log", SurvivalInterval::log_log},
                                                               {"logit", SurvivalInterval::logit},
                                                               {"arcsin", SurvivalInterval::arcsin}};
    for (const auto& [name, kind] : kinds) {
        const auto curve = kaplan_meier({sample.time, sample.event}, kind);
        const auto& middle = curve.steps[(curve.steps.size() + 1) / 2 - 1];
        answers[std::string(name) + "_lower"] = middle.lower;
        answers[std::string(name) + "_upper"] = middle.upper;
        answers["median"] = curve.median;
        answers[std::string(name) + "_median_lower"] = curve.median_lower;
        answers[std::string(name) + "_median_upper"] = curve.median_upper;
    }
    const auto weighted = kaplan_meier({sample.time, sample.event, sample.weight});
    answers["weighted_survival"] = weighted.steps[(weighted.steps.size() + 1) / 2 - 1].survival;
    std::vector<std::size_t> cause;
    for (std::size_t i = 0; i < sample.time.size(); ++i)
        cause.push_back(sample.event[i] ? (sample.x[i] < 2.0 ? 1 : 2) : 0);
    const auto incidence = aalen_johansen(sample.time, cause, 2);
    const auto& middle = incidence[(incidence.size() + 1) / 2 - 1];
    for (const std::size_t k : {0, 1}) {
        answers["incidence" + std::to_string(k + 1)] = middle.incidence[k];
        answers["incidence_error" + std::to_string(k + 1)] = middle.standard_error[k];
    }
}

std::map<std::string, double> our_answers(const Sample& sample) {
    std::map<std::string, double> answers;
    answers["log_rank"] = log_rank(sample.grouped()).chi_square;
    answers["peto"] = log_rank(sample.grouped(), {1, 0}).chi_square;
    answers["stratified"] = log_rank(sample.grouped(true)).chi_square;
    answers["survival"] = kaplan_meier({sample.time, sample.event}).steps.back().survival;
    const auto [first, last] = std::minmax_element(sample.time.begin(), sample.time.end());
    const auto mean = restricted_mean({sample.time, sample.event}, (*first + *last) / 2);
    answers["mean"] = mean.value;
    answers["mean_error"] = mean.standard_error;
    add_curves(sample, answers);
    add_cox(sample, "efron", Ties::efron, answers);
    add_cox(sample, "breslow", Ties::breslow, answers);
    return answers;
}

TEST(RSurvival, agrees_on_random_data_sets) {
    if (std::system("Rscript -e 'library(survival)' > /dev/null 2>&1") != 0)
        GTEST_SKIP() << "R with package survival is not installed";
    constexpr unsigned n_sets = 240;
    const test::ScratchFolder folder;
    std::ofstream file(folder / "data.csv");
    file << "set,time,event,group,stratum,x,w\n";
    for (unsigned set = 0; set < n_sets; ++set) {
        const auto s = random_sample(set);
        for (std::size_t i = 0; i < s.time.size(); ++i)
            file << set << ',' << to_text(s.time[i]) << ',' << int{s.event[i]} << ',' << s.group[i] << ','
                 << s.stratum[i] << ',' << to_text(s.x[i]) << ',' << to_text(s.weight[i]) << '\n';
    }
    file.close();
    const std::string command = "Rscript '" + (test::source_dir() / "tests/reference/r_survival.R").string() +
                                "' '" + (folder / "data.csv").string() + "' '" +
                                (folder / "answers.csv").string() + "'";
    ASSERT_EQ(std::system(command.c_str()), 0);
    const auto table = read_csv((folder / "answers.csv").string());
    std::map<unsigned, std::map<std::string, double>> ours;
    std::map<std::string, std::size_t> n_compared;
    for (const auto& row : table.rows) {
        const auto set = static_cast<unsigned>(*to_integer(row[0]));
        if (!ours.count(set)) ours[set] = our_answers(random_sample(set));
        const double theirs = *to_double(row[2]), mine = ours[set].at(row[1]);
        EXPECT_NEAR(mine, theirs, 1e-9 * std::max(1.0, std::abs(theirs))) << "set " << set << ", " << row[1];
        ++n_compared[row[1]];
    }
    EXPECT_EQ(n_compared["mean"], n_sets);
    for (const auto* name : {"log_rank", "peto", "stratified", "efron1", "breslow_robust", "log-log_lower",
                             "median", "log-log_median_lower", "incidence_error1"})
        EXPECT_GE(n_compared[name], 180U) << name;
}

}  // namespace
}  // namespace abscopal
