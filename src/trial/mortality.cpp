// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "trial/mortality.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/random.hpp"
#include "trial/life_table.hpp"

namespace abscopal {
namespace {

/// Time until a hazard that goes from `from` to `to` within `span` has integrated to `amount`.
double time_to_reach(double amount, double from, double to, double span) {
    const double slope = (to - from) / span;
    if (std::fabs(slope) * span < 1e-12 * (from + to)) return std::min(span, amount / from);
    // The root of from·t + slope·t²/2 = amount in the form that does not cancel.
    const double root = std::sqrt(std::max(0.0, from * from + 2.0 * slope * amount));
    return std::min(span, 2.0 * amount / (from + root));
}

}  // namespace

Mortality::Mortality(const Protocol& protocol, const Candidate& patient, std::uint32_t period)
    : protocol_(protocol), death_(protocol.trial->death), patient_(patient) {
    limit_ = -std::log(uniform(protocol.trial->seed, Purpose::death, patient.index, period, 0));
}

double Mortality::growth_rate(double day, double burden, double window) const {
    const auto before = std::upper_bound(burdens_.begin(), burdens_.end(), day - window,
                                         [](double limit, const auto& entry) { return limit < entry.first; });
    const auto& [then, size] = before == burdens_.begin() ? burdens_.front() : *(before - 1);
    return day > then && size > 0.0 && burden > 0.0 ? std::log(burden / size) / (day - then) : 0.0;
}

double Mortality::covariate(std::size_t i, const Look& now, const Simulation& simulation) const {
    const auto& name = death_->terms[i].covariate;
    const double burden = burdens_.back().second;
    if (name == "burden") return burden;
    if (name == "relative_burden")
        return burdens_.front().second > 0.0 ? burden / burdens_.front().second : 1.0;
    if (name == "growth_rate") return growth_rate(now.day, burden, death_->terms[i].window);
    if (name == "new_lesions") return static_cast<double>(now.n_new);
    if (name == "age") return protocol_.clinic.age.of(patient_.parameters, simulation);
    return protocol_.clinic.terms[i].of(patient_.parameters, simulation);
}

Mortality::Hazards Mortality::hazards(const Look& now, const Simulation& simulation) {
    const Clinic& clinic = protocol_.clinic;
    burdens_.emplace_back(now.day, std::accumulate(now.diameters.begin(), now.diameters.end(), 0.0));
    Hazards h;
    h.day = now.day;
    if (clinic.hazard) h.model = std::max(0.0, simulation.value(*clinic.hazard) * death_->hazard_scale);
    if (clinic.cumulative_hazard) h.cumulative = simulation.value(*clinic.cumulative_hazard);
    double logarithm = 0.0;
    for (std::size_t i = 0; i < death_->terms.size(); ++i) {
        const auto& term = death_->terms[i];
        const double x = std::max(covariate(i, now, simulation), term.is_logarithmic ? term.least : -1e300);
        logarithm += term.coefficient * ((term.is_logarithmic ? std::log(x) : x) - term.centre);
    }
    h.relative = death_->baseline > 0.0 ? std::exp(logarithm) : 0.0;
    if (!death_->life_table.empty())
        h.background = death_->mortality_ratio *
                       life_table_hazard(death_->life_table,
                                         clinic.age.of(patient_.parameters, simulation) + now.day / 365.25,
                                         clinic.male.of(patient_.parameters, simulation));
    return h;
}

std::optional<double> Mortality::look(const Look& now, const Simulation& simulation) {
    if (!death_ || cause_ != CauseOfDeath::none) return std::nullopt;
    const Hazards after = hazards(now, simulation);
    const Hazards before = last_.value_or(after);
    last_ = after;
    const double span = after.day - before.day;
    if (!(span > 0.0)) return std::nullopt;
    // What comes integrated counts as constant between two looks: the Weibull baseline, the model's own.
    const auto weibull = [&](double day) { return std::pow(death_->baseline * day, death_->shape); };
    const double baseline = (weibull(after.day) - weibull(before.day)) / span;
    const double constant = std::max(0.0, after.cumulative - before.cumulative) / span;
    const double from = before.model + before.relative * baseline + before.background + constant;
    const double to = after.model + after.relative * baseline + after.background + constant;
    const double amount = 0.5 * (from + to) * span;
    if (sum_ + amount < limit_ || !(amount > 0.0)) {
        sum_ += amount;
        return std::nullopt;
    }
    const double share = (before.background + after.background) / (from + to);
    const bool is_other = uniform(protocol_.trial->seed, Purpose::death, patient_.index, 0, 1) < share;
    cause_ = is_other ? CauseOfDeath::background : CauseOfDeath::disease;
    return before.day + time_to_reach(limit_ - sum_, from, to, span);
}

}  // namespace abscopal
