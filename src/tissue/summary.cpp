// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>
#include <cmath>

#include "tissue/columns.hpp"
#include "tissue/population.hpp"

namespace abscopal::tissue {
namespace {

/// Centre of all cells, dead ones too.
std::array<double, 3> centroid(const Cells& cells, const std::vector<std::uint32_t>& rows) {
    std::array<double, 3> sum{};
    double count = 0;
    for (const auto row : rows) {
        sum[0] += cells.x[row], sum[1] += cells.y[row], sum[2] += cells.z[row];
        ++count;
    }
    for (auto& part : sum) part = count > 0 ? part / count : 0;
    return sum;
}

void add_cells(const Project& project, const State& state, Summary& summary) {
    const Cells& cells = state.cells;
    const auto rows = rows_by_id(cells);
    const auto center = centroid(cells, rows);
    std::vector<CellSummary> by_type(project.types.size());
    for (std::size_t t = 0; t < by_type.size(); ++t)
        by_type[t] = {minute_of(project, state), project.types[t].name};
    for (const auto row : rows) {
        CellSummary& line = by_type[cells.type[row]];
        if (is_dead(cells, row)) {
            ++line.dead;
            continue;
        }
        ++line.live;
        line.mean_radius +=
            std::hypot(cells.x[row] - center[0], cells.y[row] - center[1], cells.z[row] - center[2]);
        line.mean_pressure += cells.pressure[row];
        line.mean_volume += cells.total[row];
    }
    for (auto& line : by_type) {
        const double n = std::max<double>(1, static_cast<double>(line.live));
        line.mean_radius /= n, line.mean_pressure /= n, line.mean_volume /= n;
    }
    summary.cells.insert(summary.cells.end(), by_type.begin(), by_type.end());
}

void add_fields(const Project& project, const State& state, Summary& summary) {
    for (std::size_t k = 0; k < state.fields.size(); ++k) {
        const auto& field = state.fields[k];
        FieldSummary line{minute_of(project, state), project.substrates[k].name, 0, field[0], field[0]};
        for (const double density : field) {
            line.mean += density;
            line.min = std::min(line.min, density);
            line.max = std::max(line.max, density);
        }
        line.mean /= static_cast<double>(field.size());
        summary.fields.push_back(line);
    }
}

}  // namespace

void summarise(const Project& project, const State& state, Summary& summary) {
    add_cells(project, state, summary);
    add_fields(project, state, summary);
}

}  // namespace abscopal::tissue
