// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

#include "trial/calibration_measures.hpp"
#include "trial/why.hpp"

namespace abscopal {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// Numbers of the patients of one arm under one name.
struct Input {
    std::string name, label, unit;
    std::vector<double> values;
};

/// The patients of an arm whose course can be judged, and whether they have the outcome.
struct ArmPatients {
    std::vector<const Course*> courses;
    std::vector<const Candidate*> candidates;
    std::vector<char> has_outcome;
};

Target target_of(const std::string& outcome, std::size_t arm) {
    const auto measure = parse_measure(outcome);
    const bool is_share = measure && measure->measure != Measure::pfs_median &&
                          measure->measure != Measure::os_median &&
                          measure->measure != Measure::adverse_event;
    if (!is_share)
        throw InputError({"unknown-measure",
                          "'" + outcome + "' is no outcome a patient has or has not" +
                              did_you_mean(outcome, measure_names()),
                          {},
                          {"outcomes: orr, cr, dcr, pfs_12m, os_12m (any month)"}});
    Target target;
    target.arm = arm;
    target.measure = *measure;
    return target;
}

ArmPatients patients_of(const Result& result, const std::string& outcome, std::size_t arm) {
    std::map<std::size_t, const Candidate*> by_index;
    for (const auto& candidate : result.candidates) by_index[candidate.index] = &candidate;
    const auto seen = see(target_of(outcome, arm), result);
    ArmPatients patients;
    std::size_t i = 0;
    for (const auto& course : result.courses) {
        if (course.arm != arm) continue;
        const auto k = i++;
        if (seen.member[k] == 0.0) continue;
        patients.courses.push_back(&course);
        patients.candidates.push_back(by_index.at(course.candidate));
        patients.has_outcome.push_back(seen.feature[k] != 0.0);
    }
    return patients;
}

std::vector<Input> inputs_of(const Result& result, const ArmPatients& patients) {
    std::vector<Input> inputs;
    for (std::size_t c = 0; c < result.parameters.size(); ++c) {
        Input input{result.parameters[c], "", "", {}};
        for (const auto& prior : result.trial.population.priors)
            if (prior.parameter == input.name) input.label = prior.label, input.unit = prior.unit;
        for (const auto* candidate : patients.candidates)
            input.values.push_back(c < candidate->parameters.size() ? candidate->parameters[c] : nan);
        inputs.push_back(std::move(input));
    }
    Input burden{"baseline_sum_of_diameters", "sum of diameters at baseline", "mm", {}};
    for (const auto* course : patients.courses) burden.values.push_back(course->baseline);
    inputs.push_back(std::move(burden));
    for (std::size_t w = 0; w < result.trial.watched.size(); ++w) {
        const auto& watched = result.trial.watched[w];
        Input input{watched.id + "_at_baseline", watched.label + " at baseline", watched.unit, {}};
        for (const auto* course : patients.courses)
            input.values.push_back(
                w >= course->recorded.size() || course->recorded[w].empty() ? nan : course->recorded[w][0]);
        inputs.push_back(std::move(input));
    }
    std::erase_if(inputs, [](const Input& input) {
        const auto first = input.values.empty() ? nan : input.values.front();
        return std::all_of(input.values.begin(), input.values.end(),
                           [&](double x) { return x == first || std::isnan(x); });
    });
    return inputs;
}

double median_of(const Input& input, const std::vector<char>& has_outcome, bool with) {
    std::vector<double> values;
    for (std::size_t i = 0; i < has_outcome.size(); ++i)
        if ((has_outcome[i] != 0) == with && !std::isnan(input.values[i])) values.push_back(input.values[i]);
    if (values.empty()) return nan;
    std::sort(values.begin(), values.end());
    const auto n = values.size();
    return 0.5 * (values[(n - 1) / 2] + values[n / 2]);
}

double distance(const Discrimination& d) {
    return std::isnan(d.auc) ? -1.0 : std::fabs(d.auc - 0.5);
}

/// False discovery rates of p values, in place of `q`.
void set_discovery_rates(std::vector<Factor>& factors) {
    std::vector<std::size_t> order(factors.size());
    std::iota(order.begin(), order.end(), 0U);
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return factors[a].discrimination.p < factors[b].discrimination.p;
    });
    double least = 1.0;
    for (std::size_t k = order.size(); k-- > 0;) {
        auto& factor = factors[order[k]];
        const double scaled =
            factor.discrimination.p * static_cast<double>(order.size()) / static_cast<double>(k + 1);
        factor.q = least = std::min(least, scaled);
    }
}

std::vector<Factor> factors_of(const std::vector<Input>& inputs, const std::vector<char>& has_outcome) {
    std::vector<Factor> factors;
    for (const auto& input : inputs) {
        const auto d = discriminate(input.values, has_outcome);
        if (std::isnan(d.auc)) continue;
        factors.push_back({input.name,
                           input.label,
                           input.unit,
                           median_of(input, has_outcome, true),
                           median_of(input, has_outcome, false),
                           2 * d.auc - 1,
                           d,
                           1.0,
                           {}});
    }
    set_discovery_rates(factors);
    std::stable_sort(factors.begin(), factors.end(), [](const Factor& a, const Factor& b) {
        return distance(a.discrimination) > distance(b.discrimination);
    });
    for (std::size_t i = 0; i < std::min<std::size_t>(3, factors.size()); ++i) {
        const auto input = std::find_if(inputs.begin(), inputs.end(),
                                        [&](const Input& one) { return one.name == factors[i].name; });
        factors[i].curve = roc_curve(input->values, has_outcome);
    }
    return factors;
}

// --- The best few together ---

using Table = std::vector<std::vector<double>>;  // [input][subject]

Table some(const Table& inputs, const std::vector<std::size_t>& chosen,
           const std::vector<std::size_t>& subjects) {
    Table result;
    for (const auto k : chosen) {
        auto& column = result.emplace_back();
        for (const auto i : subjects) column.push_back(inputs[k][i]);
    }
    return result;
}

std::vector<double> scores(const LogisticFit& fit, const Table& inputs) {
    std::vector<double> result;
    for (std::size_t i = 0; i < inputs.front().size(); ++i) {
        std::vector<double> row;
        for (const auto& column : inputs) row.push_back(column[i]);
        result.push_back(fit.score(row));
    }
    return result;
}

/// Chooses up to four inputs one after the other, each for what it adds to the AUC; of the eight best alone.
std::vector<std::size_t> best_few(const Table& inputs, const std::vector<char>& positive,
                                  const std::vector<std::size_t>& subjects) {
    constexpr std::size_t at_most = 4, n_candidates = 8;
    std::vector<char> own;
    for (const auto i : subjects) own.push_back(positive[i]);
    std::vector<std::pair<double, std::size_t>> alone;
    for (std::size_t k = 0; k < inputs.size(); ++k)
        alone.emplace_back(-distance(discriminate(some(inputs, {k}, subjects)[0], own)), k);
    std::sort(alone.begin(), alone.end());
    alone.resize(std::min(alone.size(), n_candidates));
    std::vector<std::size_t> chosen;
    double reached = 0.0;
    while (chosen.size() < at_most) {
        double best = reached + 0.01;
        std::size_t next = inputs.size();
        for (const auto& [rank, k] : alone) {
            if (std::find(chosen.begin(), chosen.end(), k) != chosen.end()) continue;
            auto tried = chosen;
            tried.push_back(k);
            const auto table = some(inputs, tried, subjects);
            const double auc = discriminate(scores(logistic(table, own), table), own).auc;
            if (auc > best) best = auc, next = k;
        }
        if (next == inputs.size()) break;
        chosen.push_back(next);
        reached = best;
    }
    return chosen;
}

/// Scores of every patient by inputs chosen and fitted without her.
std::vector<double> honest_scores(const Table& inputs, const std::vector<char>& positive) {
    constexpr std::size_t folds = 10;
    std::vector<double> result(positive.size(), nan);
    for (std::size_t fold = 0; fold < folds; ++fold) {
        std::vector<std::size_t> inside, outside;
        for (std::size_t i = 0; i < positive.size(); ++i) (i % folds == fold ? outside : inside).push_back(i);
        const auto chosen = best_few(inputs, positive, inside);
        if (chosen.empty() || outside.empty()) continue;
        std::vector<char> own;
        for (const auto i : inside) own.push_back(positive[i]);
        const auto judged =
            scores(logistic(some(inputs, chosen, inside), own), some(inputs, chosen, outside));
        for (std::size_t k = 0; k < outside.size(); ++k) result[outside[k]] = judged[k];
    }
    return result;
}

void add_best_few(Why& why, const std::vector<Input>& inputs, const std::vector<char>& has_outcome) {
    Table table;
    std::vector<const Input*> used;
    for (const auto& input : inputs) {
        if (std::any_of(input.values.begin(), input.values.end(), [](double x) { return !std::isfinite(x); }))
            continue;
        table.push_back(input.values), used.push_back(&input);
    }
    why.together = {nan, nan, nan, nan, why.n_with, why.n - why.n_with};
    if (table.empty() || why.n_with < 5 || why.n - why.n_with < 5) return;
    std::vector<std::size_t> everyone(has_outcome.size());
    std::iota(everyone.begin(), everyone.end(), 0U);
    for (const auto k : best_few(table, has_outcome, everyone)) why.best_few.push_back(used[k]->name);
    const auto judged = honest_scores(table, has_outcome);
    why.together = discriminate(judged, has_outcome);
    why.curve = roc_curve(judged, has_outcome);
}

// --- Which step failed, and what would have helped ---

/// Mean of a step's observable over its span, as far as it was recorded.
double standing_at(const CycleStep& step, const Result& result, const Course& course) {
    double sum = 0.0, n = 0.0;
    if (step.watched >= course.recorded.size()) return nan;
    const auto& series = course.recorded[step.watched];
    for (std::size_t i = 0; i < series.size(); ++i) {
        const double day = result.record_days[i];
        if (day < step.from || day > step.until || std::isnan(series[i])) continue;
        sum += series[i], n += 1;
    }
    return n > 0 ? sum / n : nan;
}

/// What those with the outcome reach at a step, ascending.
std::vector<double> reference_of(const CycleStep& step, const Result& result, const std::string& outcome,
                                 std::size_t arm) {
    std::vector<double> values, elsewhere;
    for (std::size_t a = 0; a < result.trial.arms.size(); ++a) {
        const auto patients = patients_of(result, outcome, a);
        for (std::size_t i = 0; i < patients.courses.size(); ++i) {
            const double value = standing_at(step, result, *patients.courses[i]);
            if (patients.has_outcome[i] && !std::isnan(value))
                (a == arm ? values : elsewhere).push_back(value);
        }
    }
    auto& reference =
        values.size() < 5 ? elsewhere : values;  // an arm without responders is held to the others
    if (&reference == &elsewhere) elsewhere.insert(elsewhere.end(), values.begin(), values.end());
    std::sort(reference.begin(), reference.end());
    return reference;
}

/// How a patient stands among those with the outcome: the share that is lower, and for those below all of
/// them how far below.
struct Standing {
    double share = 1.0, ratio = 1.0;
    bool operator<(const Standing& other) const {
        return share != other.share ? share < other.share : ratio < other.ratio;
    }
};

Standing standing_among(const std::vector<double>& reference, double value) {
    if (reference.empty() || std::isnan(value)) return {};
    const auto below = std::lower_bound(reference.begin(), reference.end(), value) - reference.begin();
    const double middle = reference[reference.size() / 2];
    return {static_cast<double>(below) / static_cast<double>(reference.size()),
            middle > 0 ? value / middle : 1.0};
}

/// The first step below its threshold, or else the one at which she stands lowest.
Failure failure_of(const Result& result, const Course& course,
                   const std::vector<std::vector<double>>& references) {
    const auto& steps = result.trial.steps;
    Failure failure{course.candidate, steps.size(), 1.0, {}};
    Standing least;
    for (std::size_t s = 0; s < steps.size(); ++s) {
        const double value = standing_at(steps[s], result, course);
        const auto standing = standing_among(references[s], value);
        if (steps[s].threshold && value < *steps[s].threshold)
            return {course.candidate, s, standing.share, {}};
        if (failure.step < steps.size() && !(standing < least)) continue;
        least = standing;
        failure.step = s, failure.standing = standing.share;
    }
    return failure;
}

void add_failures(Why& why, const Result& result, const std::string& outcome, std::size_t arm,
                  const ArmPatients& patients) {
    std::vector<std::vector<double>> references;
    for (const auto& step : result.trial.steps)
        references.push_back(reference_of(step, result, outcome, arm));
    std::map<std::size_t, std::vector<std::size_t>> helped;  // arms with the outcome, by candidate
    for (std::size_t a = 0; a < result.trial.arms.size(); ++a) {
        if (a == arm) continue;
        const auto others = patients_of(result, outcome, a);
        for (std::size_t i = 0; i < others.courses.size(); ++i)
            if (others.has_outcome[i]) helped[others.courses[i]->candidate].push_back(a);
    }
    why.failed_at.assign(result.trial.steps.size(), 0);
    for (std::size_t i = 0; i < patients.courses.size(); ++i) {
        if (patients.has_outcome[i]) continue;
        auto failure = failure_of(result, *patients.courses[i], references);
        failure.rescued = helped[failure.candidate];
        if (failure.step < why.failed_at.size()) ++why.failed_at[failure.step];
        why.failures.push_back(std::move(failure));
    }
}

}  // namespace

std::vector<Why> explain_outcomes(const Result& result, const std::string& outcome) {
    std::vector<Why> arms;
    for (std::size_t arm = 0; arm < result.trial.arms.size(); ++arm) {
        const auto patients = patients_of(result, outcome, arm);
        const auto inputs = inputs_of(result, patients);
        Why why;
        why.arm = result.trial.arms[arm].name, why.outcome = outcome;
        why.n = patients.courses.size();
        why.n_with =
            static_cast<std::size_t>(std::count(patients.has_outcome.begin(), patients.has_outcome.end(), 1));
        why.factors = factors_of(inputs, patients.has_outcome);
        add_best_few(why, inputs, patients.has_outcome);
        add_failures(why, result, outcome, arm, patients);
        arms.push_back(std::move(why));
    }
    return arms;
}

}  // namespace abscopal
