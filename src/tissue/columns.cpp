// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "tissue/columns.hpp"

#include "tissue/population.hpp"

namespace abscopal::tissue {

double minute_of(const Project& project, const State& state) {
    return static_cast<double>(state.step) * project.diffusion_step;
}

CellTable cell_table(const Project& project, const State& state) {
    const Cells& cells = state.cells;
    const Model model(std::make_shared<const Project>(project));
    const auto rows = rows_by_id(cells);
    CellTable table;
    for (const auto row : rows) {
        table.id.push_back(cells.id[row]);
        table.type.push_back(cells.type[row]);
        table.death.push_back(cells.death[row]);
        table.place.push_back({cells.x[row], cells.y[row], cells.z[row]});
    }
    const auto add = [&](std::string name, auto&& value) {
        CellColumn column{std::move(name), {}};
        for (const auto row : rows) column.values.push_back(static_cast<double>(value(row)));
        table.columns.push_back(std::move(column));
    };
    add("radius", [&](auto row) { return cells.radius[row]; });
    add("volume", [&](auto row) { return cells.total[row]; });
    add("nuclear volume", [&](auto row) { return cells.nuclear_fluid[row] + cells.nuclear_solid[row]; });
    add("pressure", [&](auto row) { return cells.pressure[row]; });
    add("phase", [&](auto row) { return cells.phase[row]; });
    add("time in phase", [&](auto row) { return cells.elapsed[row]; });
    add("damage", [&](auto row) { return at_or_zero(cells.damage, row); });
    for (std::size_t k = 0; k < state.fields.size(); ++k) {
        add(project.substrates[k].name, [&](auto row) {
            return state.fields[k][project.grid.voxel_at(cells.x[row], cells.y[row], cells.z[row])];
        });
    }
    for (int k = 0; k < model.at.c; ++k)
        add("custom:" + project.custom_names[static_cast<std::size_t>(k)],
            [&](auto row) { return model.value(cells, row, model.at.custom(k)); });
    return table;
}

}  // namespace abscopal::tissue
