// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "ode/cause.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace abscopal {
namespace {

constexpr double much_faster = 1e6;   // than where the stretch began
constexpr double by_its_size = 1e-3;  // of a state within the rounding of time

std::vector<double> rates_at(Workbench& bench, const PointInTime& point) {
    std::vector<double> rates;
    bench.set(point.time, point.y.data());
    bench.run(bench.model().rates, rates);
    return rates;
}

/// The state that blows up fastest; n_states if none does.
std::size_t blowing_up(const std::vector<double>& before, const std::vector<double>& now,
                       const PointInTime& end) {
    const double rounding = 4.0 * std::numeric_limits<double>::epsilon() * std::fabs(end.time);
    std::size_t found = now.size();
    double most = by_its_size;
    for (std::size_t i = 0; i < now.size(); ++i) {
        const double pace = now[i] / end.y[i] * rounding;
        if (!(pace > most) || !(std::fabs(now[i]) > much_faster * std::fabs(before[i]))) continue;
        most = pace;
        found = i;
    }
    return found;
}

std::size_t first_not_finite(const std::vector<double>& values) {
    const auto at = std::ranges::find_if(values, [](double value) { return !std::isfinite(value); });
    return static_cast<std::size_t>(at - values.begin());
}

}  // namespace

Cause cause_of(Status found, std::size_t worst, Workbench& bench, PointInTime begin, PointInTime end) {
    if (found == Status::step_limit || found == Status::event_limit) return {found, worst};
    const std::size_t n = bench.model().n_states();
    const std::vector<double> before = rates_at(bench, begin), now = rates_at(bench, end);
    if (const std::size_t i = blowing_up(before, now, end); i < n) return {Status::blow_up, i};
    if (const std::size_t i = first_not_finite(now); i < n) return {Status::rhs_nonfinite, i};
    if (bench.model().has_mass() && !bench.make_consistent() &&
        bench.consistency().reason() == Status::singular)
        return {Status::singular, bench.consistency().first_determined()};
    return {found, worst};
}

}  // namespace abscopal
