// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "simulation/stochastic_case.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/text.hpp"
#include "simulation/replicates.hpp"

namespace abscopal {
namespace {

using Range = std::pair<double, double>;

/// A column of results: mean or standard deviation of a variable.
struct Target {
    std::size_t column;    ///< of the expected ones
    std::size_t variable;  ///< of the request's columns
    bool is_mean;
};

std::vector<Target> targets_of(const Model& model, const suite::CaseSettings& settings,
                               const suite::Expected& expected, TimeCourseRequest& request) {
    std::vector<std::string> variables;
    std::vector<Target> targets;
    for (std::size_t i = 0; i < expected.columns.size(); ++i) {
        const std::string& name = expected.columns[i];
        const bool is_mean = name.ends_with("-mean");
        if (!is_mean && !name.ends_with("-sd"))
            throw suite::Failure{"no mean and no sd: column '" + name + "'"};
        const std::string id = name.substr(0, name.rfind('-'));
        const auto at = std::ranges::find(variables, id);
        targets.push_back({i, static_cast<std::size_t>(at - variables.begin()), is_mean});
        if (at != variables.end()) continue;
        variables.push_back(id);
        request.columns.push_back(suite::column_of(model, settings, id));
    }
    return targets;
}

// Where nothing is left to chance, what is found must be what is expected.
double deviation(double found, double expected, double sd, double n, bool is_mean) {
    if (sd == 0.0) {
        const double slack = 1e-6 * std::max(1.0, std::fabs(expected));
        return std::fabs(found - expected) <= slack ? 0.0 : std::numeric_limits<double>::infinity();
    }
    return is_mean ? std::sqrt(n) * (found - expected) / sd
                   : std::sqrt(n / 2.0) * (found * found / (sd * sd) - 1.0);
}

double over_bound(double value, const Range& range) {
    const double bound = value < 0.0 ? range.first : range.second;
    return value == 0.0 ? 0.0 : value / bound;
}

// The expected standard deviation beside a column.
double sd_of(const suite::Expected& expected, const std::vector<Target>& targets, const Target& target,
             std::size_t row) {
    for (const Target& other : targets)
        if (other.variable == target.variable && !other.is_mean) return expected.rows[row][other.column];
    throw suite::Failure{"no standard deviation for column '" + expected.columns[target.column] + "'"};
}

}  // namespace

void run_stochastic_case(const std::shared_ptr<const Model>& model, const suite::CaseSettings& settings,
                         const suite::Expected& expected, const ConformanceOptions& options,
                         CaseResult& result) {
    TimeCourseRequest request;
    request.from = std::min(0.0, expected.times.front());
    request.times = expected.times;
    const auto targets = targets_of(*model, settings, expected, request);
    const Replicates found = run_replicates(model, request, options.stochastic, options.replicates, 1);
    if (!found.outcome.ok())
        throw suite::Failure{"simulation: " + std::string(name_of(found.outcome.status)) + " at time " +
                             to_text(found.outcome.time) + " in " + found.outcome.worst};
    std::size_t n_out = 0;
    for (std::size_t row = 0; row < expected.rows.size(); ++row) {
        for (const Target& target : targets) {
            const double value = (target.is_mean ? found.mean : found.sd)[row][target.variable];
            const double wanted = expected.rows[row][target.column];
            const double off = deviation(value, wanted, sd_of(expected, targets, target, row),
                                         static_cast<double>(options.replicates), target.is_mean);
            const double excess = over_bound(off, target.is_mean ? *settings.mean_range : *settings.sd_range);
            n_out += excess >= 1.0;
            if (!(excess > result.excess)) continue;
            result.excess = excess;
            result.worst = expected.columns[target.column];
            if (excess >= 1.0)
                result.reason = result.worst + " at time " + to_text(expected.times[row]) + ": " +
                                to_text(value) + ", expected " + to_text(wanted);
        }
    }
    result.verdict = n_out == 0 ? Verdict::passed : Verdict::failed;
    if (n_out > 0)
        result.reason += "; " + std::to_string(n_out) + " of " +
                         std::to_string(expected.rows.size() * targets.size()) + " out of range";
}

}  // namespace abscopal
