// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <Eigen/Dense>
#include <algorithm>
#include <cassert>
#include <cmath>

#include "trial/risk_table.hpp"
#include "trial/ties.hpp"

namespace abscopal {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// Sums over a set of subjects of w e^η, and of it times x and x xᵀ.
struct Sums {
    double zeroth = 0.0;
    VectorXd first;
    MatrixXd second;

    explicit Sums(Index n) : first(VectorXd::Zero(n)), second(MatrixXd::Zero(n, n)) {}
    void add(double risk, const VectorXd& x) {
        zeroth += risk;
        first += risk * x;
        second += risk * x * x.transpose();
    }
};

/// What one event time adds to the partial likelihood.
struct Term {
    std::size_t stratum;
    double time, log_likelihood = 0.0;
    VectorXd score;  ///< Schoenfeld residuals of its events, summed
    MatrixXd information;
    // For residuals of subjects: over the tied events, sums of hazard steps and of these times the mean x;
    // those of the events themselves, who under Efron leave one after the other; and the mean of the mean x.
    double step = 0.0, step_of_events = 0.0;
    VectorXd step_mean, step_mean_of_events, mean;
};

class Likelihood {
  public:
    Likelihood(const GroupedTimes& data, std::span<const std::vector<double>> covariates, Ties ties)
        : data_(data), ties_(ties), strata_(strata(data)) {
        const auto n = static_cast<Index>(data.sample.times.size());
        x_.resize(static_cast<Index>(covariates.size()), n);
        for (std::size_t k = 0; k < covariates.size(); ++k) {
            assert(covariates[k].size() == data.sample.times.size());
            const auto row = static_cast<Index>(k);
            for (Index i = 0; i < n; ++i) x_(row, i) = covariates[k][static_cast<std::size_t>(i)];
            // A shift changes nothing but keeps exponentials in range.
            if (n > 0) x_.row(row).array() -= x_.row(row).mean();
        }
        for (auto& subjects : strata_) {
            std::stable_sort(subjects.begin(), subjects.end(), [&](std::size_t a, std::size_t b) {
                return data.sample.times[a] > data.sample.times[b];
            });
        }
    }

    std::vector<Term> terms(const VectorXd& beta) const {
        std::vector<Term> result;
        for (std::size_t s = 0; s < strata_.size(); ++s) {
            Sums at_risk(x_.rows());
            const auto& subjects = strata_[s];
            for (std::size_t begin = 0, end = 0; begin < subjects.size(); begin = end) {
                const double time = time_of(subjects[begin]);
                std::vector<std::size_t> events;
                for (end = begin; end < subjects.size() && time_of(subjects[end]) == time; ++end) {
                    at_risk.add(risk(subjects[end], beta), x(subjects[end]));
                    if (data_.sample.is_event[subjects[end]]) events.push_back(subjects[end]);
                }
                if (!events.empty()) result.push_back(term(s, time, events, at_risk, beta));
            }
        }
        return result;
    }

    /// Σ w² r rᵀ of the subjects' score residuals r.
    MatrixXd score_squares(const std::vector<Term>& terms, const VectorXd& beta) const {
        MatrixXd sum = MatrixXd::Zero(x_.rows(), x_.rows());
        for (std::size_t s = 0; s < strata_.size(); ++s) {
            for (const auto subject : strata_[s]) {
                const VectorXd r = score_residual(terms, s, subject, beta);
                sum += r * r.transpose();
            }
        }
        return sum;
    }

  private:
    double time_of(std::size_t subject) const { return data_.sample.times[subject]; }
    VectorXd x(std::size_t subject) const { return x_.col(static_cast<Index>(subject)); }
    double risk(std::size_t subject, const VectorXd& beta) const {
        return weight_of(data_.sample, subject) * std::exp(x(subject).dot(beta));
    }

    Term term(std::size_t stratum, double time, const std::vector<std::size_t>& events, const Sums& at_risk,
              const VectorXd& beta) const {
        const Index p = x_.rows();
        const VectorXd zero = VectorXd::Zero(p);
        Term term{stratum, time, 0.0, zero, MatrixXd::Zero(p, p), 0.0, 0.0, zero, zero, zero};
        Sums tied(p);
        double weights = 0.0;
        for (const auto i : events) {
            const double w = weight_of(data_.sample, i);
            tied.add(risk(i, beta), x(i));
            weights += w;
            term.log_likelihood += w * x(i).dot(beta);
            term.score += w * x(i);
        }
        const auto d = static_cast<double>(events.size());
        for (std::size_t l = 0; l < events.size(); ++l) {
            const double gone = ties_ == Ties::efron ? static_cast<double>(l) / d : 0.0, w = weights / d;
            const double sum = at_risk.zeroth - gone * tied.zeroth;
            const VectorXd mean = (at_risk.first - gone * tied.first) / sum;
            term.log_likelihood -= w * std::log(sum);
            term.score -= w * mean;
            term.information += w * ((at_risk.second - gone * tied.second) / sum - mean * mean.transpose());
            term.step += w / sum;
            term.step_mean += w / sum * mean;
            term.step_of_events += (1.0 - gone) * w / sum;
            term.step_mean_of_events += (1.0 - gone) * w / sum * mean;
            term.mean += mean / d;
        }
        return term;
    }

    /// Times the subject's weight.
    VectorXd score_residual(const std::vector<Term>& terms, std::size_t stratum, std::size_t subject,
                            const VectorXd& beta) const {
        VectorXd residual = VectorXd::Zero(x_.rows());
        const double r = risk(subject, beta);
        for (const auto& term : terms) {
            if (term.stratum != stratum || term.time > time_of(subject)) continue;
            const bool is_hers = data_.sample.is_event[subject] && term.time == time_of(subject);
            if (is_hers) {
                residual += weight_of(data_.sample, subject) * (x(subject) - term.mean);
                residual -= r * (term.step_of_events * x(subject) - term.step_mean_of_events);
            } else {
                residual -= r * (term.step * x(subject) - term.step_mean);
            }
        }
        return residual;
    }

    const GroupedTimes& data_;
    Ties ties_;
    std::vector<std::vector<std::size_t>> strata_;  ///< last time first
    MatrixXd x_;                                    ///< covariate × subject, centred
};

struct Totals {
    double log_likelihood = 0.0;
    VectorXd score;
    MatrixXd information;
};

Totals totals(const std::vector<Term>& terms, Index n) {
    Totals sum{0.0, VectorXd::Zero(n), MatrixXd::Zero(n, n)};
    for (const auto& term : terms) {
        sum.log_likelihood += term.log_likelihood;
        sum.score += term.score;
        sum.information += term.information;
    }
    return sum;
}

struct Maximum {
    VectorXd beta;
    Totals at;
    bool is_found = false;
};

/// Newton's method from 0, halving steps that go down. Where the maximum lies at infinity steps never become
/// small.
Maximum maximize(const Likelihood& likelihood, Index n) {
    Maximum now{VectorXd::Zero(n), totals(likelihood.terms(VectorXd::Zero(n)), n)};
    for (int iteration = 0; iteration < 60; ++iteration) {
        const Eigen::LDLT<MatrixXd> solver(now.at.information);
        const double least = n > 0 ? solver.vectorD().minCoeff() : 1.0;
        if (solver.info() != Eigen::Success || !(least > 1e-12 * std::max(1e-30, now.at.information.trace())))
            return now;
        VectorXd step = solver.solve(now.at.score);
        Totals next = totals(likelihood.terms(now.beta + step), n);
        for (int halving = 0; halving < 40 && !(next.log_likelihood >= now.at.log_likelihood - 1e-9);
             ++halving) {
            step *= 0.5;
            next = totals(likelihood.terms(now.beta + step), n);
        }
        now.beta += step;
        now.at = std::move(next);
        if (n == 0 || step.cwiseAbs().maxCoeff() < 1e-10 * (1.0 + now.beta.cwiseAbs().maxCoeff())) {
            now.is_found = now.at.information.diagonal().minCoeff() > 1e-9;
            return now;
        }
    }
    return now;
}

/// Score test that coefficients change with g = 1 − S(t−): of each alone, then of all.
void test_proportionality(const GroupedTimes& data, const std::vector<Term>& terms, const MatrixXd& inverse,
                          CoxFit& fit) {
    const Index n = inverse.rows();
    const auto ties = ties_of(data.sample);
    const auto elapsed = [&](double time) {
        double survival = 1.0;
        for (const auto& tie : ties) {
            if (tie.time >= time) break;
            survival *= (tie.at_risk_weight - tie.event_weight) / tie.at_risk_weight;
        }
        return 1.0 - survival;
    };
    VectorXd score = VectorXd::Zero(n);
    MatrixXd crossed = MatrixXd::Zero(n, n), squared = MatrixXd::Zero(n, n);
    for (const auto& term : terms) {
        const double g = elapsed(term.time);
        score += g * term.score;
        crossed += g * term.information;
        squared += g * g * term.information;
    }
    for (Index k = 0; k < n; ++k) {
        const double variance = squared(k, k) - crossed.row(k) * inverse * crossed.col(k);
        fit.proportional_chi_square.push_back(score[k] * score[k] / variance);
    }
    const MatrixXd covariance = squared - crossed * inverse * crossed;
    fit.proportional_global = score.dot(covariance.ldlt().solve(score));
}

}  // namespace

CoxFit cox(const GroupedTimes& data, std::span<const std::vector<double>> covariates, Ties ties) {
    const auto n = static_cast<Index>(covariates.size());
    const Likelihood likelihood(data, covariates, ties);
    const auto maximum = maximize(likelihood, n);
    CoxFit fit{std::vector<double>(covariates.size(), nan),
               std::vector<double>(covariates.size(), nan),
               {},
               nan,
               nan,
               maximum.is_found,
               {},
               nan};
    fit.covariance.assign(covariates.size(), fit.coefficients);
    fit.log_likelihood_null = totals(likelihood.terms(VectorXd::Zero(n)), n).log_likelihood;
    if (!maximum.is_found) {
        fit.proportional_chi_square.assign(covariates.size(), nan);
        return fit;
    }
    fit.log_likelihood = maximum.at.log_likelihood;
    const auto terms = likelihood.terms(maximum.beta);
    const MatrixXd inverse = maximum.at.information.ldlt().solve(MatrixXd::Identity(n, n));
    const MatrixXd covariance =
        data.sample.weights.empty()
            ? inverse
            : MatrixXd(inverse * likelihood.score_squares(terms, maximum.beta) * inverse);
    for (Index k = 0; k < n; ++k) {
        fit.coefficients[static_cast<std::size_t>(k)] = maximum.beta[k];
        fit.standard_errors[static_cast<std::size_t>(k)] = std::sqrt(covariance(k, k));
        for (Index m = 0; m < n; ++m)
            fit.covariance[static_cast<std::size_t>(k)][static_cast<std::size_t>(m)] = covariance(k, m);
    }
    if (n > 0) test_proportionality(data, terms, inverse, fit);
    return fit;
}

HazardRatio hazard_ratio(const GroupedTimes& data, Ties ties, double level) {
    const std::vector<std::vector<double>> covariate{{data.group.begin(), data.group.end()}};
    const CoxFit fit = cox(data, covariate, ties);
    const Estimate log_hazard{fit.coefficients[0], fit.standard_errors[0]};
    const Interval interval = normal_interval(log_hazard, level);
    return {std::exp(log_hazard.value),
            {std::exp(interval.lower), std::exp(interval.upper)},
            two_sided_p(log_hazard),
            fit.converged};
}

Interaction interaction(const GroupedTimes& data, std::span<const std::size_t> part) {
    std::vector<std::vector<double>> covariates{{data.group.begin(), data.group.end()}}, products;
    const std::size_t n_parts = part.empty() ? 0 : 1 + *std::max_element(part.begin(), part.end());
    for (std::size_t k = 0; k < n_parts; ++k) {
        // Parts without anyone add nothing; the first of the others is what the rest are compared with.
        std::vector<double> in_part, both;
        for (std::size_t i = 0; i < part.size(); ++i) {
            in_part.push_back(part[i] == k ? 1.0 : 0.0);
            both.push_back(data.group[i] == 1 ? in_part.back() : 0.0);
        }
        if (std::find(in_part.begin(), in_part.end(), 1.0) == in_part.end()) continue;
        covariates.push_back(in_part);
        products.push_back(both);
    }
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    if (products.size() < 2) return {nan, nan, 0};
    covariates.erase(covariates.begin() + 1);
    products.erase(products.begin());
    const CoxFit without = cox(data, covariates);
    covariates.insert(covariates.end(), products.begin(), products.end());
    const CoxFit with = cox(data, covariates);
    if (!without.converged || !with.converged) return {nan, nan, products.size()};
    const double chi_square = std::max(0.0, 2.0 * (with.log_likelihood - without.log_likelihood));
    return {chi_square, chi_square_p(chi_square, static_cast<double>(products.size())), products.size()};
}

}  // namespace abscopal
