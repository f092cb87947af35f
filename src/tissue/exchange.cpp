// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "tissue/exchange.hpp"

#include <algorithm>

namespace abscopal::tissue {
namespace {

ExchangePart part_of(const Model& model, const Cells& cells, std::size_t row, int substrate) {
    const Project& project = *model.project;
    const double dt = project.diffusion_step, w = project.grid.voxel_volume();
    const double f = dt * cells.total[row] / w;
    const double s = model.value(cells, row, model.at.secretion(substrate));
    const double u = model.value(cells, row, model.at.uptake(substrate));
    const double e = dt * model.value(cells, row, model.at.net_export(substrate));
    return {s == 0 ? 0 : f * s * model.value(cells, row, model.at.target(substrate)), 1 + f * s + f * u,
            e / w, e};
}

bool may_exchange(const Model& model, std::size_t type, int substrate) {
    const BehaviourLayout& at = model.at;
    return model.may_be_nonzero(type, at.secretion(substrate)) ||
           model.may_be_nonzero(type, at.uptake(substrate)) ||
           model.may_be_nonzero(type, at.net_export(substrate));
}

/// Changes a density by one cell; returns the amount that came out of the cell.
double exchange_one(const ExchangePart& part, double voxel_volume, double& density) {
    const double before = density;
    density = (before + part.gain) / part.divisor + part.given;
    return voxel_volume * ((1 - part.divisor) * before + part.gain) / part.divisor + part.amount;
}

}  // namespace

void exchange_reference(const Model& model, State& state, const std::vector<std::uint32_t>& order) {
    Cells& cells = state.cells;
    const Grid& grid = model.project->grid;
    for (const auto row : order) {
        if (cells.outside[row]) continue;
        const auto voxel = grid.voxel_at(cells.x[row], cells.y[row], cells.z[row]);
        for (std::size_t k = 0; k < state.fields.size(); ++k) {
            const double out = exchange_one(part_of(model, cells, row, static_cast<int>(k)),
                                            grid.voxel_volume(), state.fields[k][voxel]);
            if (!cells.internal.empty()) cells.internal[k][row] -= out;
        }
    }
}

ExchangeParts exchange_parts(const Model& model, const Cells& cells, int substrate) {
    ExchangeParts found;
    std::vector<bool> exchanges(model.n_types());
    for (std::size_t t = 0; t < exchanges.size(); ++t) exchanges[t] = may_exchange(model, t, substrate);
    for (std::uint32_t row = 0; row < cells.size(); ++row) {
        if (cells.outside[row] || !exchanges[cells.type[row]]) continue;
        const ExchangePart part = part_of(model, cells, row, substrate);
        if (part.is_nothing()) continue;
        found.rows.push_back(row);
        found.parts.push_back(part);
    }
    return found;
}

void compose_exchange(const ExchangeParts& parts, const std::vector<std::uint32_t>& voxel_of,
                      std::vector<std::int32_t>& entry, Exchange& map) {
    map.voxel.clear(), map.a.clear(), map.b.clear();
    for (std::size_t k = 0; k < parts.rows.size(); ++k) {
        const auto voxel = voxel_of[parts.rows[k]];
        if (entry[voxel] < 0) {
            entry[voxel] = static_cast<std::int32_t>(map.voxel.size());
            map.voxel.push_back(voxel);
            map.a.push_back(1);
            map.b.push_back(0);
        }
        const auto n = static_cast<std::size_t>(entry[voxel]);
        const ExchangePart& part = parts.parts[k];
        const double share = 1 / part.divisor;
        map.a[n] *= share;
        map.b[n] = (map.b[n] + part.gain) * share + part.given;
    }
    for (const auto voxel : map.voxel) entry[voxel] = -1;
    map.adds = std::any_of(map.b.begin(), map.b.end(), [](double b) { return b != 0; });
}

void apply_exchange(const Exchange& map, std::vector<double>& field) {
    for (std::size_t n = 0; n < map.voxel.size(); ++n)
        field[map.voxel[n]] = map.a[n] * field[map.voxel[n]] + map.b[n];
}

void apply_parts(const ExchangeParts& parts, const std::vector<std::uint32_t>& voxel_of, double voxel_volume,
                 std::vector<double>& field, std::vector<double>& internal) {
    for (std::size_t k = 0; k < parts.rows.size(); ++k) {
        internal[parts.rows[k]] -= exchange_one(parts.parts[k], voxel_volume, field[voxel_of[parts.rows[k]]]);
    }
}

}  // namespace abscopal::tissue
