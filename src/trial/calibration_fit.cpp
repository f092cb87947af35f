// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "trial/calibration_fit.hpp"

#include <nlopt.h>

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <filesystem>

#include "base/file.hpp"
#include "base/text.hpp"

namespace abscopal {
namespace {

Eigen::Index at(std::size_t i) {
    return static_cast<Eigen::Index>(i);
}

std::string key_of(const std::vector<double>& u) {
    std::vector<std::string> parts;
    for (const double x : u) parts.push_back(to_text(x));
    return join(parts, " ");
}

EnsembleOptions ensemble_options(const CalibrationOptions& options) {
    EnsembleOptions result;
    result.threads = options.threads;
    result.code_cache = options.code_cache;
    return result;
}

/// Arms of a trial that have targets.
std::vector<bool> arms_wanted(const Problem& problem, std::size_t trial) {
    std::vector<bool> wanted(problem.trials[trial].trial.arms.size(), false);
    for (const auto& target : problem.targets)
        if (target.trial == trial) wanted[target.arm] = true;
    return wanted;
}

nlopt_algorithm algorithm(const std::string& method, std::size_t n) {
    if (method == "crs") return NLOPT_GN_CRS2_LM;
    if (method == "direct") return NLOPT_GN_DIRECT_L;
    if (method == "cobyla") return NLOPT_LN_COBYLA;
    // BOBYQA's quadratic model needs two numbers.
    return method == "sbplx" || n < 2 ? NLOPT_LN_SBPLX : NLOPT_LN_BOBYQA;
}

/// What the optimiser calls back.
struct Search {
    const Problem& problem;
    Evaluator& evaluate;
    nlopt_opt optimiser;
    double least = std::numeric_limits<double>::infinity();
    std::vector<double> best;
    std::size_t n_calls = 0;

    double at_point(std::vector<double> u) {
        for (auto& x : u) x = std::clamp(x, 0.0, 1.0);
        const auto values = evaluate(u);
        if (!values) {
            nlopt_force_stop(optimiser);
            return std::numeric_limits<double>::max();
        }
        const double now = misfit(problem, *values);
        if (now < least) least = now, best = u;
        evaluate.say("fit: run " + std::to_string(++n_calls) + " of at most " +
                     std::to_string(problem.max_evaluations) + ", misfit " + fixed(now, 3) + ", least " +
                     fixed(least, 3));
        return now;
    }
};

double call_back(unsigned n, const double* u, double*, void* data) {
    return static_cast<Search*>(data)->at_point(std::vector<double>(u, u + n));
}

/// One search from the best point so far with the runs that are left.
void run_search(Search& search, nlopt_algorithm method) {
    const auto n = static_cast<unsigned>(search.best.size());
    const std::unique_ptr<nlopt_opt_s, decltype(&nlopt_destroy)> optimiser(nlopt_create(method, n),
                                                                           &nlopt_destroy);
    search.optimiser = optimiser.get();
    nlopt_set_lower_bounds1(optimiser.get(), 0.0);
    nlopt_set_upper_bounds1(optimiser.get(), 1.0);
    nlopt_set_initial_step1(optimiser.get(), 0.15);
    nlopt_set_min_objective(optimiser.get(), call_back, &search);
    nlopt_set_maxeval(optimiser.get(), static_cast<int>(search.problem.max_evaluations - search.n_calls));
    nlopt_set_xtol_abs1(optimiser.get(), 2e-3);
    std::vector<double> u = search.best;
    double least = 0.0;
    static_cast<void>(nlopt_optimize(optimiser.get(), u.data(), &least));
}

/// d(feature / error) / du over targets that are fitted; nothing if it was stopped.
std::optional<Eigen::MatrixXd> slopes(const Problem& problem, Evaluator& evaluate,
                                      const std::vector<double>& u) {
    constexpr double step = 0.08;
    std::vector<std::size_t> fitted;
    for (std::size_t k = 0; k < problem.targets.size(); ++k)
        if (!problem.targets[k].is_held_out) fitted.push_back(k);
    Eigen::MatrixXd j(at(fitted.size()), at(u.size()));
    for (std::size_t i = 0; i < u.size(); ++i) {
        auto up = u, down = u;
        up[i] = std::min(1.0, u[i] + step), down[i] = std::max(0.0, u[i] - step);
        evaluate.say("identifiability: " + problem.varied[i].label());
        const auto high = evaluate(up), low = evaluate(down);
        if (!high || !low) return std::nullopt;
        for (std::size_t k = 0; k < fitted.size(); ++k) {
            const auto& target = problem.targets[fitted[k]];
            const double rise = ((*high)[fitted[k]] - (*low)[fitted[k]]) / (up[i] - down[i]);
            j(at(k), at(i)) =
                std::isfinite(rise) ? std::sqrt(target.weight) * rise / target.observed.error : 0.0;
        }
    }
    return j;
}

}  // namespace

Evaluator::Evaluator(const Problem& problem, const std::string& folder, const CalibrationOptions& options)
    : problem_(problem),
      options_(options),
      path_((std::filesystem::path(folder) / ("evaluations_" + problem.digest.substr(0, 12) + ".csv"))
                .string()) {
    for (const auto& trial : problem.trials)
        machines_.push_back(std::make_unique<TrialMachine>(trial.trial, ensemble_options(options)));
    read_known();
}

bool Evaluator::is_stopped() const {
    return options_.stop && options_.stop->load() > 0;
}

void Evaluator::say(const std::string& text) const {
    if (options_.tell) options_.tell(text);
}

/// Lines "u1 u2 …,value1 value2 …"; one that was cut off is not known.
void Evaluator::read_known() {
    if (!std::filesystem::exists(path_)) return;
    for (const auto& line : split(read_file(path_), '\n')) {
        const auto comma = line.find(',');
        if (comma == std::string::npos || line.starts_with('#')) continue;
        std::vector<double> values;
        for (const auto& part : split(line.substr(comma + 1), ' '))
            if (const auto value = to_double(part)) values.push_back(*value);
        if (values.size() == problem_.targets.size()) known_[line.substr(0, comma)] = values;
    }
}

void Evaluator::write_down(const std::string& key, const std::vector<double>& values) {
    known_[key] = values;
    std::string text = "# points on the unit scale of each varied number, and the targets' features there\n";
    for (const auto& [point, features] : known_) text += point + "," + key_of(features) + "\n";
    write_file(path_, text);
}

Trial Evaluator::variant(std::size_t trial, const std::vector<double>& u) const {
    Trial varied = problem_.trials[trial].trial;
    for (std::size_t i = 0; i < u.size(); ++i)
        if (problem_.varied[i].trials[trial])
            apply(problem_.varied[i], number_at(problem_.varied[i], u[i]), varied);
    return varied;
}

std::optional<Result> Evaluator::run(std::size_t trial, const std::vector<double>& u,
                                     std::size_t n_patients) const {
    Trial varied = with_patients(variant(trial, u), n_patients);
    auto result =
        machines_[trial]->run(varied, arms_wanted(problem_, trial), [this] { return is_stopped(); });
    return result.complete ? std::optional(std::move(result)) : std::nullopt;
}

std::optional<std::vector<double>> Evaluator::operator()(const std::vector<double>& u) {
    const auto key = key_of(u);
    if (const auto known = known_.find(key); known != known_.end()) return known->second;
    std::vector<double> values(problem_.targets.size());
    for (std::size_t trial = 0; trial < problem_.trials.size(); ++trial) {
        const auto result = run(trial, u, problem_.fit_patients);
        if (!result) return std::nullopt;
        for (std::size_t k = 0; k < values.size(); ++k) {
            if (problem_.targets[k].trial != trial) continue;
            const auto seen = see(problem_.targets[k], *result);
            values[k] = modelled(seen, std::vector<double>(seen.feature.size(), 1.0)).feature;
        }
    }
    write_down(key, values);
    return values;
}

double number_at(const Varied& varied, double u) {
    if (!varied.is_logarithmic) return varied.lower + u * (varied.upper - varied.lower);
    return varied.lower * std::pow(varied.upper / varied.lower, u);
}

double scale_of(const Varied& varied, double x) {
    if (!varied.is_logarithmic) return (x - varied.lower) / (varied.upper - varied.lower);
    return std::log(x / varied.lower) / std::log(varied.upper / varied.lower);
}

double misfit(const Problem& problem, const std::vector<double>& values) {
    double sum = 0.0, weights = 0.0;
    for (std::size_t k = 0; k < values.size(); ++k) {
        const auto& target = problem.targets[k];
        if (target.is_held_out) continue;
        const double deviation = (values[k] - aim(target)) / target.observed.error;
        sum += target.weight * (std::isfinite(deviation) ? deviation * deviation : 25.0);
        weights += target.weight;
    }
    return weights > 0 ? sum / weights : 0.0;
}

std::optional<std::vector<double>> fit(const Problem& problem, Evaluator& evaluate) {
    const auto n = problem.varied.size();
    std::vector<double> u;
    for (const auto& varied : problem.varied) u.push_back(scale_of(varied, varied.start));
    if (n == 0 || problem.max_evaluations == 0) return u;

    Search search{problem, evaluate, nullptr, std::numeric_limits<double>::infinity(), u, 0};
    nlopt_srand(static_cast<unsigned long>(problem.seed));
    // A local search may end in a fold of the misfit, whose steps are whole patients: it is taken up again
    // from the best point, by two methods in turn, until neither gains.
    const bool is_global = problem.method == "crs" || problem.method == "direct";
    for (int round = 0, n_idle = 0; n_idle < 2; ++round) {
        const double before = search.least;
        run_search(search, algorithm(round % 2 == 0 ? problem.method : "sbplx", n));
        if (evaluate.is_stopped()) return std::nullopt;
        if (is_global || search.n_calls >= problem.max_evaluations) break;
        n_idle = search.least < 0.99 * before ? 0 : n_idle + 1;
    }
    return search.best;
}

std::optional<Identifiability> identifiability(const Problem& problem, Evaluator& evaluate,
                                               const std::vector<double>& u) {
    const auto j = slopes(problem, evaluate, u);
    if (!j) return std::nullopt;
    const auto n = u.size();
    const Eigen::MatrixXd information = j->transpose() * *j;
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(information);
    // Directions the targets do not see leave the numbers in them undetermined.
    constexpr double blind = 1e-6;
    Identifiability result;
    Eigen::MatrixXd covariance = Eigen::MatrixXd::Zero(at(n), at(n));
    std::vector<bool> is_lost(n, false);
    for (Eigen::Index k = 0; k < at(n); ++k) {
        const double value = solver.eigenvalues()(k);
        const Eigen::VectorXd direction = solver.eigenvectors().col(k);
        if (value > blind) {
            covariance += direction * direction.transpose() / value;
            continue;
        }
        for (std::size_t i = 0; i < n; ++i)
            if (std::fabs(direction(at(i))) > 0.05) is_lost[i] = true;
    }
    for (std::size_t i = 0; i < n; ++i) {
        result.errors.push_back(is_lost[i] ? std::nan("") : std::sqrt(covariance(at(i), at(i))));
        auto& row = result.correlation.emplace_back();
        for (std::size_t m = 0; m < n; ++m)
            row.push_back(covariance(at(i), at(m)) /
                          std::sqrt(covariance(at(i), at(i)) * covariance(at(m), at(m))));
    }
    return result;
}

}  // namespace abscopal
