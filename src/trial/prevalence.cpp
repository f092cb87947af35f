// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

#include "trial/population.hpp"

namespace abscopal {
namespace {

using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;

Eigen::Index at(std::size_t i) {
    return static_cast<Eigen::Index>(i);
}

bool is_member(const Moment& moment, std::size_t i) {
    return moment.member.empty() || moment.member[i] != 0.0;
}

/// Deviations of features from their values, zero outside the stratum: their mean is to be zero.
Matrix deviations(std::span<const Moment> moments, std::size_t n) {
    Matrix d(at(moments.size()), at(n));
    for (std::size_t k = 0; k < moments.size(); ++k)
        for (std::size_t i = 0; i < n; ++i)
            d(at(k), at(i)) = is_member(moments[k], i) ? moments[k].feature[i] - moments[k].value : 0.0;
    return d;
}

/// Share of the subjects that lie in the stratum, which scales the error of its mean.
double share(const Moment& moment, std::size_t n) {
    if (moment.member.empty()) return 1.0;
    const auto count =
        std::count_if(moment.member.begin(), moment.member.end(), [](double m) { return m != 0.0; });
    return static_cast<double>(count) / static_cast<double>(n);
}

/// The dual: log Σ q exp(λ·d) + Σ (error·λ)² / 2.
class Dual {
  public:
    Dual(Matrix d, Vector log_prior, Vector variance)
        : d_(std::move(d)), log_prior_(std::move(log_prior)), variance_(std::move(variance)) {}

    /// Value at λ; leaves the weights, of sum 1.
    double value(const Vector& lambda) {
        const Vector exponent = d_.transpose() * lambda + log_prior_;
        const double top = exponent.maxCoeff();
        weights_ = (exponent.array() - top).exp().matrix();
        const double sum = weights_.sum();
        weights_ /= sum;
        return std::log(sum) + top + 0.5 * lambda.dot(variance_.cwiseProduct(lambda));
    }
    Vector slope(const Vector& lambda) const { return d_ * weights_ + variance_.cwiseProduct(lambda); }
    Matrix curvature() const {
        const Vector mean = d_ * weights_;
        Matrix h = d_ * weights_.asDiagonal() * d_.transpose() - mean * mean.transpose();
        h.diagonal() += variance_;
        return h;
    }
    const Vector& weights() const { return weights_; }

  private:
    Matrix d_;
    Vector log_prior_, variance_, weights_;
};

/// Newton with halved steps; false: no minimum was reached.
bool minimise(Dual& dual, Vector& lambda) {
    double value = dual.value(lambda);
    for (int iteration = 0; iteration < 200; ++iteration) {
        const Vector slope = dual.slope(lambda);
        if (slope.size() == 0 || slope.cwiseAbs().maxCoeff() < 1e-10) return true;
        Matrix curvature = dual.curvature();
        curvature.diagonal().array() += 1e-14 * (1.0 + curvature.diagonal().maxCoeff());
        const Vector step = -curvature.ldlt().solve(slope);
        double length = 1.0;
        double next = dual.value(lambda + step);
        while (!(next <= value + 1e-4 * length * slope.dot(step)) && length > 1e-12) {
            length /= 2;
            next = dual.value(lambda + length * step);
        }
        lambda += length * step;
        if (length <= 1e-12 || !std::isfinite(next)) break;
        value = next;
    }
    dual.value(lambda);
    return dual.slope(lambda).cwiseAbs().maxCoeff() < 1e-7;
}

double weighted_mean(const Moment& moment, const std::vector<double>& weights) {
    double sum = 0.0, total = 0.0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        if (!is_member(moment, i)) continue;
        sum += weights[i] * moment.feature[i];
        total += weights[i];
    }
    return sum / total;
}

bool is_supported(const Moment& moment, std::size_t n) {
    bool above = false, below = false;
    for (std::size_t i = 0; i < n; ++i) {
        if (!is_member(moment, i)) continue;
        above |= moment.feature[i] > moment.value;
        below |= moment.feature[i] < moment.value;
    }
    return above && below;
}

}  // namespace

Prevalence maximum_entropy(std::span<const Moment> moments, std::size_t n, std::span<const double> prior) {
    Vector log_prior(at(n)), variance(at(moments.size()));
    double total = 0.0;
    for (std::size_t i = 0; i < n; ++i) total += prior.empty() ? 1.0 : prior[i];
    for (std::size_t i = 0; i < n; ++i) log_prior(at(i)) = std::log((prior.empty() ? 1.0 : prior[i]) / total);
    for (std::size_t k = 0; k < moments.size(); ++k)
        variance(at(k)) = std::pow(moments[k].error * share(moments[k], n), 2);

    Prevalence result;
    Vector lambda = Vector::Zero(at(moments.size()));
    Dual dual(deviations(moments, n), std::move(log_prior), std::move(variance));
    result.converged = n > 0 && minimise(dual, lambda);
    result.multipliers.assign(lambda.data(), lambda.data() + lambda.size());
    double squares = 0.0;
    for (std::size_t i = 0; i < n; ++i) {
        const double weight = dual.weights()(at(i));
        result.weights.push_back(weight * static_cast<double>(n));
        squares += weight * weight;
    }
    result.effective_size = n ? 1.0 / squares : 0.0;
    for (const auto& moment : moments) {
        result.achieved.push_back(weighted_mean(moment, result.weights));
        result.supported.push_back(is_supported(moment, n));
    }
    return result;
}

}  // namespace abscopal
