// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>
#include <cmath>
#include <filesystem>

#include "base/csv.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "trial/calibration.hpp"
#include "trial/calibration_files.hpp"
#include "trial/calibration_fit.hpp"
#include "trial/population.hpp"
#include "trial/row_formulas.hpp"

namespace abscopal {
namespace {

/// A column of the patients of a result, those treated, in order.
std::vector<double> column_of(const Result& result, const std::string& name) {
    const auto at =
        std::find(result.parameters.begin(), result.parameters.end(), name) - result.parameters.begin();
    std::vector<double> values;
    for (const auto& candidate : result.candidates)
        if (candidate.fate == Fate::treated)
            values.push_back(candidate.parameters[static_cast<std::size_t>(at)]);
    return values;
}

double normal_score_of(const Prior& law, double x) {
    if (law.law == Law::normal) return (x - law.centre) / law.spread;
    const auto scale = [&](double v) {
        return law.law == Law::lognormal ? std::log(v) : std::log(v / (1 - v));
    };
    const double z = (scale(x) - scale(law.centre)) / law.spread;
    // Zeros and ones have no logarithm; they stand far out.
    return std::clamp(std::isnan(z) ? -9.0 : z, -9.0, 9.0);
}

/// Which of the patients follow the laws asked for.
Acceptance accepted_of(const Problem& problem, const Result& result) {
    const auto n =
        static_cast<std::size_t>(std::count_if(result.candidates.begin(), result.candidates.end(),
                                               [](const auto& c) { return c.fate == Fate::treated; }));
    if (problem.marginals.empty())
        return {std::vector<double>(n, 1.0), std::vector<bool>(n, true), n, 1.0, 0.0};
    std::vector<std::vector<double>> scores;
    for (const auto& marginal : problem.marginals) {
        auto& z = scores.emplace_back(column_of(result, marginal.column));
        for (auto& x : z) x = normal_score_of(marginal.law, x);
    }
    return accept(scores, problem.marginal_correlation, problem.seed, std::min(n, problem.accept_at_least));
}

/// Keeps the entries of those accepted.
std::vector<double> kept(const std::vector<double>& values, const std::vector<bool>& accepted) {
    std::vector<double> result;
    for (std::size_t i = 0; i < values.size(); ++i)
        if (accepted[i]) result.push_back(values[i]);
    return result;
}

Seen kept(const Seen& seen, const std::vector<bool>& accepted) {
    return {kept(seen.feature, accepted), kept(seen.member, accepted),
            seen.time.empty() ? std::vector<double>{} : kept(seen.time, accepted)};
}

/// The tolerances of docs/guide/calibration.md.
bool meets(const Target& target, double value) {
    const auto& observed = target.observed;
    if (value >= observed.lower && value <= observed.upper) return true;
    const double off = std::fabs(value - observed.value);
    switch (target.measure.measure) {
        case Measure::pfs_median:
        case Measure::os_median:
            return off <= 0.25 * observed.value;
        case Measure::pfs_at:
        case Measure::os_at:
            return off <= 0.08;
        case Measure::adverse_event:
            return off <= (target.grade >= 3 ? 0.08 : 0.10);
        default:
            return false;
    }
}

/// One calibration from problem to files.
class Calibration {
  public:
    Calibration(const std::string& file, const std::string& folder, const CalibrationOptions& options)
        : problem_(options.only_evaluate ? as_it_stands(read_problem(file)) : read_problem(file)),
          folder_(folder),
          evaluate_(problem_, made(folder), options) {}

    std::optional<Calibrated> run() {
        const auto u = fit(problem_, evaluate_);
        if (!u) return std::nullopt;
        best_ = *u;
        if (!begin_result() || !add_populations() || !add_identifiability() || !add_sobol())
            return std::nullopt;
        if (!is_fitted()) result_.misfit_at_start = result_.misfit = misfit(problem_, features_);
        write_calibration(result_, problem_, folder_);
        return result_;
    }

  private:
    /// Without fit, selection, weights and sensitivities.
    static Problem as_it_stands(Problem problem) {
        problem.max_evaluations = problem.sobol = 0;
        problem.is_weighted = problem.has_identifiability = problem.has_prcc = false;
        problem.marginals.clear();
        problem.marginal_correlation.clear();
        return problem;
    }

    static const std::string& made(const std::string& folder) {
        std::error_code error;
        std::filesystem::create_directories(folder, error);
        if (error) throw FileError(folder + ": cannot create the folder: " + error.message());
        return folder;
    }

    /// What nothing is fitted to is run once, as the population.
    bool is_fitted() const { return problem_.max_evaluations > 0 && !problem_.varied.empty(); }

    bool begin_result() {
        std::vector<double> start;
        for (const auto& varied : problem_.varied) start.push_back(scale_of(varied, varied.start));
        const auto before = is_fitted() ? evaluate_(start) : std::vector<double>(),
                   after = is_fitted() ? evaluate_(best_) : std::vector<double>();
        if (!before || !after) return false;
        features_.resize(problem_.targets.size());
        result_.title = problem_.title, result_.digest = problem_.digest,
        result_.problem_file = problem_.file;
        result_.seed = problem_.seed;
        if (is_fitted())
            result_.misfit_at_start = misfit(problem_, *before), result_.misfit = misfit(problem_, *after);
        for (std::size_t i = 0; i < best_.size(); ++i) {
            const auto& varied = problem_.varied[i];
            result_.numbers.push_back({varied.label(), varied.start, number_at(varied, best_[i]),
                                       varied.lower, varied.upper, std::nan("")});
        }
        return true;
    }

    bool add_populations() {
        result_.targets.resize(problem_.targets.size());
        std::string correlations = "trial,arm,measure,event,where,column,prcc,lower,upper,p\n";
        for (std::size_t trial = 0; trial < problem_.trials.size(); ++trial) {
            evaluate_.say("population: " + problem_.trials[trial].name);
            const auto run = evaluate_.run(trial, best_, problem_.pool_patients);
            if (!run) return false;
            add_population(trial, *run, correlations);
            write_fitted(problem_, trial, evaluate_.variant(trial, best_), folder_);
        }
        if (problem_.has_prcc)
            write_file((std::filesystem::path(folder_) / "prcc.csv").string(), correlations);
        return true;
    }

    void add_population(std::size_t trial, const Result& run, std::string& correlations) {
        const auto accepted = accepted_of(problem_, run);
        std::vector<std::size_t> own;
        std::vector<Seen> seen;
        std::vector<Moment> moments;
        std::vector<std::size_t> moment_of;
        for (std::size_t k = 0; k < problem_.targets.size(); ++k) {
            const auto& target = problem_.targets[k];
            if (target.trial != trial) continue;
            const auto all = see(target, run);
            if (problem_.has_prcc) add_prcc(target, run, all, correlations);
            own.push_back(k);
            seen.push_back(kept(all, accepted.accepted));
            const bool anyone = std::any_of(seen.back().member.begin(), seen.back().member.end(),
                                            [](double m) { return m > 0; });
            if (target.is_held_out || !problem_.is_weighted || !anyone) continue;
            moments.push_back({seen.back().feature, seen.back().member, aim(target), target.observed.error});
            moment_of.push_back(k);
        }
        const auto prevalence = maximum_entropy(moments, accepted.n_accepted);
        for (std::size_t i = 0; i < own.size(); ++i) set_target(own[i], seen[i], prevalence.weights);
        for (std::size_t m = 0; m < moment_of.size(); ++m)
            result_.targets[moment_of[m]].is_supported = prevalence.supported[m];
        result_.populations.push_back({problem_.trials[trial].name, accepted.accepted.size(),
                                       accepted.n_accepted, prevalence.effective_size, accepted.distance,
                                       prevalence.converged});
        write_population(problem_, trial, run, accepted.accepted, prevalence.weights, folder_);
    }

    static void add_prcc(const Target& target, const Result& run, const Seen& seen, std::string& text) {
        std::vector<std::vector<double>> inputs;
        std::vector<std::string> names;
        for (const auto& name : run.parameters) {
            auto values = column_of(run, name);
            if (std::any_of(values.begin(), values.end(), [](double x) { return !std::isfinite(x); }))
                continue;
            inputs.push_back(std::move(values)), names.push_back(name);
        }
        const auto result = prcc(inputs, seen.time.empty() ? seen.feature : seen.time);
        const std::string head = csv_cell(target.name) + "," + csv_cell(run.trial.arms[target.arm].name) +
                                 "," + target.measure_text + "," + csv_cell(target.event) + "," +
                                 csv_cell(target.where) + ",";
        for (std::size_t i = 0; i < names.size(); ++i)
            if (!std::isnan(result[i].value))
                text += head + csv_cell(names[i]) + "," + significant(result[i].value, 4) + "," +
                        significant(result[i].lower, 4) + "," + significant(result[i].upper, 4) + "," +
                        significant(result[i].p, 3) + "\n";
    }

    void set_target(std::size_t k, const Seen& seen, const std::vector<double>& weights) {
        const auto& target = problem_.targets[k];
        auto& row = result_.targets[k];
        const auto& trial = problem_.trials[target.trial];
        row.trial = trial.name, row.arm = trial.trial.arms[target.arm].name,
        row.measure = target.measure_text;
        row.event = target.event, row.where = target.where, row.source = target.observed.source;
        row.observed = target.observed.value, row.lower = target.observed.lower,
        row.upper = target.observed.upper;
        const auto alike = modelled(seen, std::vector<double>(weights.size(), 1.0)),
                   weighted = modelled(seen, weights);
        features_[k] = alike.feature;
        row.fitted = alike.value, row.fitted_error = alike.error;
        row.weighted = weighted.value, row.weighted_error = weighted.error;
        row.is_held_out = target.is_held_out, row.is_supported = true, row.is_share = seen.time.empty();
        row.meets = meets(target, weighted.value);
    }

    bool add_identifiability() {
        result_.n_evaluations = evaluate_.n_known();
        if (!problem_.has_identifiability || problem_.varied.empty()) return true;
        const auto found = identifiability(problem_, evaluate_, best_);
        if (!found) return false;
        for (std::size_t i = 0; i < best_.size(); ++i) result_.numbers[i].error = found->errors[i];
        result_.correlation = found->correlation;
        return true;
    }

    bool add_sobol() {
        const auto d = problem_.varied.size();
        if (problem_.sobol == 0 || d == 0) return true;
        std::size_t n_done = 0;
        const auto indices =
            sobol_indices(d, problem_.sobol, problem_.seed, [&](const std::vector<double>& u) {
                evaluate_.say("sensitivity: run " + std::to_string(++n_done) + " of " +
                              std::to_string(problem_.sobol * (d + 2)));
                auto values = evaluate_.is_stopped() ? std::nullopt : evaluate_(u);
                if (!values) return std::vector<double>(problem_.targets.size() + 1, 0.0);
                values->push_back(misfit(problem_, *values));
                return *values;
            });
        if (evaluate_.is_stopped()) return false;
        write_sobol(problem_, indices, folder_);
        return true;
    }

    Problem problem_;
    std::string folder_;
    Evaluator evaluate_;
    std::vector<double> best_;
    std::vector<double> features_;  ///< of the targets in the population, all patients alike
    Calibrated result_;
};

}  // namespace

std::optional<Calibrated> calibrate(const std::string& problem_file, const std::string& folder,
                                    const CalibrationOptions& options) {
    auto result = Calibration(problem_file, folder, options).run();
    if (result && !options.card.empty()) renew_card(*result, options.card);
    return result;
}

}  // namespace abscopal
