// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "base/csv.hpp"
#include "base/text.hpp"
#include "tissue/population.hpp"

/// Cells and fields as CSV.
namespace abscopal::tissue {

std::string cells_csv(const Project& project, const State& state) {
    const Cells& cells = state.cells;
    std::string text = "id,type,x,y,z,dead,phase,volume,radius,pressure,damage\n";
    for (const auto i : rows_by_id(cells)) {
        text += std::to_string(cells.id[i]) + ',' + csv_cell(project.types[cells.type[i]].name);
        for (const double value : {cells.x[i], cells.y[i], cells.z[i]}) text += ',' + to_text(value);
        text += ',' + std::to_string(int{cells.death[i] != 0}) + ',' + std::to_string(int{cells.phase[i]});
        for (const double value :
             {cells.total[i], cells.radius[i], cells.pressure[i], at_or_zero(cells.damage, i)})
            text += ',' + to_text(value);
        text += '\n';
    }
    return text;
}

std::string fields_csv(const Project& project, const State& state) {
    std::string text = "x,y,z";
    for (const auto& substrate : project.substrates) text += ',' + csv_cell(substrate.name);
    text += '\n';
    for (std::size_t voxel = 0; voxel < project.grid.size(); ++voxel) {
        const auto center = project.grid.center(voxel);
        text += to_text(center[0]) + ',' + to_text(center[1]) + ',' + to_text(center[2]);
        for (const auto& field : state.fields) text += ',' + to_text(field[voxel]);
        text += '\n';
    }
    return text;
}

}  // namespace abscopal::tissue
