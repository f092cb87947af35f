// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "tissue/exchange.hpp"

#include <algorithm>

#include "tissue/flush_tiny.hpp"

namespace abscopal::tissue {
namespace {

ExchangeRates rates_of(const Model& model, const Cells& cells, std::size_t row, int k) {
    const auto value = [&](int behaviour) { return model.value(cells, row, behaviour); };
    return {value(model.at.secretion(k)), value(model.at.uptake(k)), value(model.at.target(k)),
            value(model.at.net_export(k))};
}

ExchangePart part_of(const ExchangeRates& rates, double dt, double cell_volume, double voxel_volume) {
    const double f = dt * cell_volume / voxel_volume, e = dt * rates.net_export;
    return {rates.secretion == 0 ? 0 : f * rates.secretion * rates.target,
            1 + f * rates.secretion + f * rates.uptake, e / voxel_volume, e};
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
            const double out =
                exchange_one(part_of(rates_of(model, cells, row, static_cast<int>(k)),
                                     model.project->diffusion_step, cells.total[row], grid.voxel_volume()),
                             grid.voxel_volume(), state.fields[k][voxel]);
            if (!cells.internal.empty()) cells.internal[k][row] -= out;
        }
    }
}

ExchangeTable::ExchangeTable(const Model& model, int k, double step)
    : step_(step), voxel_volume_(model.project->grid.voxel_volume()) {
    const BehaviourLayout& at = model.at;
    const std::array<int, 4> behaviours{at.secretion(k), at.uptake(k), at.target(k), at.net_export(k)};
    for (std::size_t n = 0; n < 4; ++n) column_[n] = model.column[static_cast<std::size_t>(behaviours[n])];
    for (std::size_t t = 0; t < model.n_types(); ++t) {
        touches_.push_back(model.may_be_nonzero(t, at.secretion(k)) ||
                           model.may_be_nonzero(t, at.uptake(k)) ||
                           model.may_be_nonzero(t, at.net_export(k)));
        const double s = model.base(t, at.secretion(k)), u = model.base(t, at.uptake(k)),
                     target = model.base(t, at.target(k)), e = model.base(t, at.net_export(k));
        rates_.push_back({s, u, target, e});
        rates_.push_back({model.dead_exchange(s, at.secretion(k)), model.dead_exchange(u, at.uptake(k)),
                          model.dead_exchange(target, at.target(k)),
                          model.dead_exchange(e, at.net_export(k))});
    }
}

bool ExchangeTable::touches_any() const {
    return std::find(touches_.begin(), touches_.end(), true) != touches_.end();
}

ExchangePart ExchangeTable::part(const Cells& cells, std::size_t row) const {
    const ExchangeRates& type = rates_[2u * cells.type[row] + (cells.death[row] != 0)];
    const auto value = [&](std::size_t n, double of_type) {
        return column_[n] < 0 ? of_type : cells.varied[static_cast<std::size_t>(column_[n])][row];
    };
    return part_of(
        {value(0, type.secretion), value(1, type.uptake), value(2, type.target), value(3, type.net_export)},
        step_, cells.total[row], voxel_volume_);
}

ExchangeParts exchange_parts(const ExchangeTable& table, const Cells& cells) {
    ExchangeParts found;
    for (std::uint32_t row = 0; row < cells.size(); ++row) {
        if (cells.outside[row] || !table.touches(cells.type[row])) continue;
        const ExchangePart part = table.part(cells, row);
        if (part.is_nothing()) continue;
        found.rows.push_back(row);
        found.parts.push_back(part);
    }
    return found;
}

void find_occupied(const Grid& grid, const Cells& cells, const std::vector<bool>& touching_types,
                   Occupied& places) {
    places.entry.resize(grid.size(), Occupied::none);
    places.voxel.clear();
    places.slot.assign(cells.size(), Occupied::none);
    for (std::size_t row = 0; row < cells.size(); ++row) {
        if (cells.outside[row] || !touching_types[cells.type[row]]) continue;
        const auto voxel = grid.voxel_at(cells.x[row], cells.y[row], cells.z[row]);
        auto& slot = places.entry[voxel];
        if (slot == Occupied::none) {
            slot = static_cast<std::uint32_t>(places.voxel.size());
            places.voxel.push_back(static_cast<std::uint32_t>(voxel));
        }
        places.slot[row] = slot;
    }
    for (const auto voxel : places.voxel) places.entry[voxel] = Occupied::none;
}

void compose_exchange(const ExchangeTable& table, const Cells& cells, const Occupied& places, Exchange& map) {
    map.adds = false;
    map.a.clear(), map.b.clear();
    if (!table.touches_any()) return;
    map.a.resize(places.voxel.size(), 1.0);
    map.b.resize(places.voxel.size(), 0.0);
    for (std::size_t row = 0; row < cells.size(); ++row) {
        const auto n = places.slot[row];
        if (n == Occupied::none || !table.touches(cells.type[row])) continue;
        const ExchangePart part = table.part(cells, row);
        const double share = 1 / part.divisor;
        map.a[n] *= share;
        map.b[n] = (map.b[n] + part.gain) * share + part.given;
    }
    map.adds = std::any_of(map.b.begin(), map.b.end(), [](double b) { return b != 0; });
}

template <class Real>
void apply_exchange(const Exchange& map, const Occupied& places, std::vector<Real>& field) {
    const FlushTiny<Real> flush;
    for (std::size_t n = 0; n < map.a.size(); ++n) {
        Real& density = field[places.voxel[n]];
        density = static_cast<Real>(map.a[n] * density + map.b[n]);
    }
}

template <class Real>
void apply_parts(const ExchangeParts& parts, const Occupied& places, double voxel_volume,
                 std::vector<Real>& field, std::vector<double>& internal) {
    for (std::size_t k = 0; k < parts.rows.size(); ++k) {
        const auto row = parts.rows[k];
        Real& place = field[places.voxel[places.slot[row]]];
        double density = place;
        internal[row] -= exchange_one(parts.parts[k], voxel_volume, density);
        place = static_cast<Real>(density);
    }
}

template void apply_exchange(const Exchange&, const Occupied&, std::vector<double>&);
template void apply_exchange(const Exchange&, const Occupied&, std::vector<float>&);
template void apply_parts(const ExchangeParts&, const Occupied&, double, std::vector<double>&,
                          std::vector<double>&);
template void apply_parts(const ExchangeParts&, const Occupied&, double, std::vector<float>&,
                          std::vector<double>&);

}  // namespace abscopal::tissue
