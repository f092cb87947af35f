// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "tissue/exchange.hpp"

namespace abscopal::tissue {
namespace {

/// One cell's part in one substrate: density → (density + gain) / divisor + given.
struct Part {
    double gain, divisor, given, amount;
    bool is_nothing() const { return gain == 0 && divisor == 1 && given == 0; }
};

Part part_of(const Model& model, const Cells& cells, std::size_t row, int substrate) {
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

void exchange_one(const Model& model, State& state, std::size_t row, std::size_t voxel, int substrate) {
    const Part part = part_of(model, state.cells, row, substrate);
    double& density = state.fields[static_cast<std::size_t>(substrate)][voxel];
    const double before = density;
    density = (before + part.gain) / part.divisor + part.given;
    if (state.cells.internal.empty()) return;
    const double w = model.project->grid.voxel_volume();
    state.cells.internal[static_cast<std::size_t>(substrate)][row] -=
        w * ((1 - part.divisor) * before + part.gain) / part.divisor + part.amount;
}

}  // namespace

void exchange_reference(const Model& model, State& state, const std::vector<std::uint32_t>& order) {
    const Cells& cells = state.cells;
    for (const auto row : order) {
        if (cells.outside[row]) continue;
        const auto voxel = model.project->grid.voxel_at(cells.x[row], cells.y[row], cells.z[row]);
        for (int k = 0; k < model.at.m; ++k) exchange_one(model, state, row, voxel, k);
    }
}

std::vector<Exchange> compose_exchange(const Model& model, const State& state,
                                       const std::vector<std::uint32_t>& order) {
    const Cells& cells = state.cells;
    const Grid& grid = model.project->grid;
    std::vector<Exchange> maps(model.n_substrates());
    std::vector<std::uint32_t> voxels(cells.size());
    for (std::size_t i = 0; i < cells.size(); ++i)
        voxels[i] = static_cast<std::uint32_t>(grid.voxel_at(cells.x[i], cells.y[i], cells.z[i]));
    std::vector<std::int32_t> entry(grid.size(), -1);
    for (int k = 0; k < model.at.m; ++k) {
        Exchange& map = maps[static_cast<std::size_t>(k)];
        std::vector<bool> exchanges(model.n_types());
        for (std::size_t t = 0; t < exchanges.size(); ++t) exchanges[t] = may_exchange(model, t, k);
        for (const auto row : order) {
            if (cells.outside[row] || !exchanges[cells.type[row]]) continue;
            const Part part = part_of(model, cells, row, k);
            if (part.is_nothing()) continue;
            std::int32_t& at = entry[voxels[row]];
            if (at < 0) {
                at = static_cast<std::int32_t>(map.voxel.size());
                map.voxel.push_back(voxels[row]);
                map.a.push_back(1);
                map.b.push_back(0);
            }
            const auto n = static_cast<std::size_t>(at);
            const double share = 1 / part.divisor;
            map.a[n] *= share;
            map.b[n] = (map.b[n] + part.gain) * share + part.given;
        }
        for (const auto voxel : map.voxel) entry[voxel] = -1;
    }
    return maps;
}

void apply_exchange(const std::vector<Exchange>& maps, State& state) {
    for (std::size_t k = 0; k < maps.size(); ++k) {
        auto& field = state.fields[k];
        const Exchange& map = maps[k];
        for (std::size_t n = 0; n < map.voxel.size(); ++n)
            field[map.voxel[n]] = map.a[n] * field[map.voxel[n]] + map.b[n];
    }
}

}  // namespace abscopal::tissue
