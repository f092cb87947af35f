// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <cassert>
#include <cmath>

#include "abscopal/statistics.hpp"
#include "trial/ties.hpp"

namespace abscopal {
namespace {

/// Derivatives of every state with respect to the weight of each subject: [subject][0 event-free, 1 …
/// causes].
using Influence = std::vector<std::vector<double>>;

struct Hazards {
    double at_risk = 0.0;
    std::vector<double> of_cause;  ///< from 1; 0 is their sum
};

/// One step of dF_k = S h_k, dS = −S h, for the states and their derivatives. `is_at_risk`, `cause_now`: of
/// the subject the derivative belongs to; she raises her own cause's events and the number at risk.
void advance(std::vector<double>& influence, const Hazards& hazards, double event_free, bool is_at_risk,
             std::size_t cause_now) {
    const double before = influence[0];
    for (std::size_t k = 0; k < influence.size(); ++k) {
        const double h = hazards.of_cause[k];
        const bool is_hers = cause_now > 0 && (k == 0 || k == cause_now);
        const double own = is_at_risk ? ((is_hers ? 1.0 : 0.0) - h) / hazards.at_risk : 0.0;
        const double flow = before * h + event_free * own;
        influence[k] += k == 0 ? -flow : flow;
    }
}

std::vector<double> standard_errors(const EventTimes& sample, const Influence& influence,
                                    std::size_t n_causes) {
    std::vector<double> variance(n_causes, 0.0);
    for (std::size_t i = 0; i < influence.size(); ++i)
        for (std::size_t k = 0; k < n_causes; ++k)
            variance[k] += std::pow(weight_of(sample, i) * influence[i][k + 1], 2);
    for (double& v : variance) v = std::sqrt(v);
    return variance;
}

}  // namespace

std::vector<IncidenceStep> aalen_johansen(std::span<const double> times, std::span<const std::size_t> cause,
                                          std::size_t n_causes, std::span<const double> weights) {
    assert(times.size() == cause.size());
    std::vector<char> is_event;
    for (const auto c : cause) is_event.push_back(c > 0);
    const EventTimes sample{times, is_event, weights};
    const auto order = by_time(sample);
    Influence influence(times.size(), std::vector<double>(n_causes + 1, 0.0));
    std::vector<double> incidence(n_causes, 0.0);
    double event_free = 1.0;
    std::vector<IncidenceStep> steps;
    for (const auto& tie : ties_of(sample)) {
        Hazards hazards{tie.at_risk_weight, std::vector<double>(n_causes + 1, 0.0)};
        hazards.of_cause[0] = tie.event_weight / tie.at_risk_weight;
        for (std::size_t i = tie.begin; i < tie.end; ++i)
            if (const auto k = cause[order[i]])
                hazards.of_cause[k] += weight_of(sample, order[i]) / tie.at_risk_weight;
        if (tie.events > 0)
            for (std::size_t i = 0; i < order.size(); ++i)
                advance(influence[order[i]], hazards, event_free, i >= tie.begin,
                        i >= tie.begin && i < tie.end ? cause[order[i]] : 0);
        for (std::size_t k = 0; k < n_causes; ++k) incidence[k] += event_free * hazards.of_cause[k + 1];
        event_free *= 1.0 - hazards.of_cause[0];
        steps.push_back({tie.time, incidence, standard_errors(sample, influence, n_causes), event_free});
    }
    return steps;
}

}  // namespace abscopal
