// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <string>
#include <vector>

#include "abscopal/tissue.hpp"

/// What other tools get to see of the cells and fields.
namespace abscopal::tissue {

/// One number of every cell.
struct CellColumn {
    std::string name;
    std::vector<double> values;
};

/// The cells in the order of their ids, numbers with names: radius, volumes, pressure, phase, damage, custom
/// variables, and the density of each substrate where the cell is. Units as in Cells.
struct CellTable {
    std::vector<std::uint64_t> id;
    std::vector<std::uint16_t> type;
    std::vector<std::uint8_t> death;
    std::vector<std::array<double, 3>> place;
    std::vector<CellColumn> columns;
};
CellTable cell_table(const Project& project, const State& state);

double minute_of(const Project& project, const State& state);

/// VTK XML of the cells (points) and of the fields (image data), for ParaView and the like.
std::string cells_vtp(const Project& project, const State& state);
std::string fields_vti(const Project& project, const State& state);
/// A .pvd file: which file holds which minute.
std::string vtk_collection(const std::vector<std::pair<double, std::string>>& files);

/// Cells as AnnData (.h5ad, anndata 0.1.0 on HDF5): X holds the numbers, obs id, type and way of death,
/// obsm["spatial"] the places. Throws InputError where the program was built without HDF5.
void write_anndata(const Project& project, const State& state, const std::string& path);

/// Adds one time to an OME-Zarr image (0.4, axes t c z y x, one chunk a substrate and time) in `folder`;
/// `index` counts from 0.
void add_to_zarr(const Project& project, const State& state, const std::string& folder,
                 const std::vector<double>& minutes);

}  // namespace abscopal::tissue
