// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "abscopal/tissue.hpp"

namespace abscopal::tissue {
namespace {

using Json = nlohmann::ordered_json;

Json line_of(const CellSummary& line) {
    return {{"minute", line.minute},
            {"cell_type", line.type},
            {"live", line.live},
            {"dead", line.dead},
            {"mean_radius", line.mean_radius},
            {"mean_pressure", line.mean_pressure},
            {"mean_volume", line.mean_volume}};
}

Json line_of(const FieldSummary& line) {
    return {{"minute", line.minute},
            {"substrate", line.substrate},
            {"mean", line.mean},
            {"min", line.min},
            {"max", line.max}};
}

/// Quantile by linear interpolation between order statistics (Hyndman and Fan's type 7).
double quantile(const std::vector<double>& sorted, double p) {
    const double at = p * static_cast<double>(sorted.size() - 1);
    const auto low = static_cast<std::size_t>(at);
    const auto high = std::min(low + 1, sorted.size() - 1);
    return sorted[low] + (at - static_cast<double>(low)) * (sorted[high] - sorted[low]);
}

Json spread_of(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    double mean = 0, square = 0;
    for (const double v : values) mean += v / static_cast<double>(values.size());
    for (const double v : values) square += (v - mean) * (v - mean);
    const double sd = values.size() > 1 ? std::sqrt(square / static_cast<double>(values.size() - 1)) : 0;
    return {{"mean", mean},
            {"sd", sd},
            {"q05", quantile(values, 0.05)},
            {"median", quantile(values, 0.5)},
            {"q95", quantile(values, 0.95)}};
}

/// Spreads over replicates of the numeric entries of a line, keyed as in the line.
template <class Lines>
Json spread_over(const RunResult& result, Lines lines, std::size_t n_keys) {
    Json table = Json::array();
    const std::size_t count = lines(result.replicates[0]).size();
    for (std::size_t k = 0; k < count; ++k) {
        const Json first = line_of(lines(result.replicates[0])[k]);
        Json row;
        std::size_t position = 0;
        for (const auto& [key, value] : first.items()) {
            if (position++ < n_keys) {
                row[key] = value;
                continue;
            }
            std::vector<double> values;
            for (const auto& replicate : result.replicates) {
                if (k < lines(replicate).size())
                    values.push_back(line_of(lines(replicate)[k])[key].template get<double>());
            }
            row[key] = spread_of(std::move(values));
        }
        table.push_back(std::move(row));
    }
    return table;
}

Json lines_of(const Summary& summary) {
    Json out{{"cells", Json::array()}, {"fields", Json::array()}};
    for (const auto& line : summary.cells) out["cells"].push_back(line_of(line));
    for (const auto& line : summary.fields) out["fields"].push_back(line_of(line));
    return out;
}

Json shortcuts_of(const Shortcuts& shortcuts) {
    Json steps = Json::object();
    for (const auto& [substrate, minutes] : shortcuts.field_steps) steps[substrate] = minutes;
    return {{"single_precision", shortcuts.single_precision},
            {"field_steps", steps},
            {"steady", shortcuts.steady}};
}

}  // namespace

std::string summary_json(const Project& project, const RunPlan& plan, const RunResult& result) {
    Json out{{"format", "abscopal tissue summary"},
             {"version", 1},
             {"project", project.file},
             {"until", plan.until},
             {"seed", plan.seed},
             {"replicates", plan.replicates},
             {"compat", project.compat ? "1.14.2" : ""},
             {"complete", result.complete}};
    if (plan.options.shortcuts.any()) out["shortcuts"] = shortcuts_of(plan.options.shortcuts);
    const Json first = lines_of(result.replicates[0]);
    out["cells"] = first["cells"];
    out["fields"] = first["fields"];
    if (plan.replicates > 1) {
        out["over_replicates"] = {
            {"cells", spread_over(
                          result, [](const Summary& s) -> const auto& { return s.cells; }, 2)},
            {"fields", spread_over(
                           result, [](const Summary& s) -> const auto& { return s.fields; }, 2)}};
        out["each"] = Json::array();
        for (const auto& replicate : result.replicates) out["each"].push_back(lines_of(replicate));
    }
    return out.dump(1) + "\n";
}

}  // namespace abscopal::tissue
