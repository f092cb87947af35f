// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include "lanes/tissue_kernels.hpp"
#include "tissue/dice.hpp"
#include "tissue/fields.hpp"
#include "tissue/model.hpp"
#include "tissue/team.hpp"

/// Overdamped mechanics: pair forces, wall, motility, springs (Ghaffarizadeh et al. 2018,
/// doi 10.1371/journal.pcbi.1005991).
namespace abscopal::tissue {

/// What pair forces need of a cell.
using Hot = lanes::PairCell;

/// Velocities of one mechanics step, by row, µm/min.
struct Velocities {
    std::vector<double> x, y, z;
};

/// Which pairs are near enough to look at: rows `list[start[i]] .. list[start[i+1]]` for row i.
struct Neighbours {
    std::vector<std::uint32_t> start, list;
};

constexpr double pressure_scale = 0.027288820670331;  ///< 12 (1 - sqrt(pi / (2 sqrt 3)))²
constexpr double least_distance = 1e-5;

/// PhysiCell 1.14.2 looks into a neighbouring 30 µm bin only as far as the largest reach it has noted there;
/// notes are made when a cell is placed or changes its volume, not when it moves, so neighbours can be
/// missed.
class OldBins {
  public:
    explicit OldBins(const Grid& grid);
    void note(const Model& model, State& state) const;
    bool sees(const State& state, const Hot& from, const Hot& to) const;

  private:
    std::array<std::size_t, 3> bin(double x, double y, double z) const;
    std::size_t index(const std::array<std::size_t, 3>& at) const {
        return (at[2] * n_[1] + at[1]) * n_[0] + at[0];
    }

    std::array<double, 3> low_{};
    std::array<std::size_t, 3> n_{};
};
/// Drops the pairs that PhysiCell would miss.
void drop_unseen(const OldBins& bins, const State& state, const std::vector<Hot>& hot, Neighbours& near);

std::vector<Hot> hot_cells(const Model& model, const Cells& cells);
/// Every row within reach + skin of row i, in an order that follows from places and rows alone.
Neighbours list_neighbours(const Grid& grid, const Cells& cells, const std::vector<Hot>& hot, double skin,
                           Team& team);

/// sqrt(f_ij f_ji) where neither cell has affinities of its own.
std::vector<double> affinity_roots(const Model& model);
double pair_affinity(const Model& model, const Cells& cells, const std::vector<double>& roots, std::size_t i,
                     std::size_t j);

/// Adds wall and pair forces and motility into `v` and sets pressures. Cells outside keep theirs.
void pair_forces(const Model& model, Cells& cells, const std::vector<Hot>& hot, const Neighbours& near,
                 Velocities& v, Team& team);
void wall_forces(const Model& model, const Cells& cells, Velocities& v, Team& team);
void motility(const Model& model, State& state, const Dice& dice, Velocities& v, Team& team);
/// Springs open and close, then pull.
void springs(const Model& model, State& state, const Dice& dice, Velocities& v);
/// Adams-Bashforth of second order; a cell that leaves the box is switched off for good.
void move(const Model& model, Cells& cells, const Velocities& v, Team& team);

/// Touching rows (nearer than the sum of reaches) of the rows marked in `wanted`, sorted by id, into the
/// state.
void list_contacts(State& state, const std::vector<Hot>& hot, const Neighbours& near,
                   const std::vector<std::uint8_t>& wanted, Team& team);

}  // namespace abscopal::tissue
