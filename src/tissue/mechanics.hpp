// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <algorithm>
#include <span>

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

/// Which rows are near enough to a row to look at, kept in blocks of rows. A row whose neighbours all lie
/// within 32,767 rows of it takes two bytes for each, any other four.
class Neighbours {
  public:
    using Rows = std::vector<std::uint32_t>;
    static constexpr std::size_t block_rows = 1024;

    /// Room for `rows` rows, all blocks empty.
    void reset(std::size_t rows);
    std::size_t blocks() const { return blocks_.size(); }
    /// Fills one block: `list(row, found)` puts what is near a row into `found`, which is empty before.
    template <class List>
    void fill(std::size_t block, List&& list) {
        Rows found;
        Block& to = blocks_[block];
        Units units;
        const std::size_t first = block * block_rows, last = std::min(first + block_rows, rows_);
        to.start.assign(1, 0);
        for (std::size_t row = first; row < last; ++row) {
            found.clear();
            list(static_cast<std::uint32_t>(row), found);
            append(static_cast<std::uint32_t>(row), found, to, units);
        }
        to.units.assign(units.begin(), units.end());
    }
    /// What is near `row`, unpacked into `scratch`.
    std::span<const std::uint32_t> of(std::uint32_t row, Rows& scratch) const;

  private:
    using Units = std::vector<std::uint16_t>;
    /// Row r's units begin at start[r] / 2; the lowest bit of start[r] says that it takes two units a row.
    struct Block {
        std::vector<std::uint32_t> start;
        Units units;
    };
    static void append(std::uint32_t row, const Rows& found, Block& to, Units& units);

    std::size_t rows_ = 0;
    std::vector<Block> blocks_;
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
/// Without the pairs that PhysiCell would miss.
Neighbours drop_unseen(const OldBins& bins, const State& state, const std::vector<Hot>& hot,
                       const Neighbours& near);

std::vector<Hot> hot_cells(const Model& model, const Cells& cells);
/// Every row within reach + skin of row i, in an order that follows from places and rows alone.
Neighbours list_neighbours(const Grid& grid, const std::vector<std::uint8_t>& outside,
                           const std::vector<Hot>& hot, double skin, Team& team);

/// sqrt(f_ij f_ji) where neither cell has affinities of its own.
std::vector<double> affinity_roots(const Model& model);
double pair_affinity(const Model& model, const Cells& cells, const std::vector<double>& roots, std::size_t i,
                     std::size_t j);

/// Adds wall and pair forces and motility into `v` and sets pressures. Cells outside keep theirs.
void pair_forces(const Model& model, Cells& cells, const std::vector<Hot>& hot, const Neighbours& near,
                 Velocities& v, Team& team);
/// For the rows [begin, end).
void wall_forces(const Model& model, const Cells& cells, Velocities& v, std::size_t begin, std::size_t end);
void motility(const Model& model, State& state, const Dice& dice, Velocities& v, Team& team);
/// Springs open and close, then pull.
void springs(const Model& model, State& state, const Dice& dice, Velocities& v);
/// Adams-Bashforth of second order; a cell that leaves the box is switched off for good. For the
/// rows [begin, end); true where one left.
bool move(const Model& model, Cells& cells, const Velocities& v, std::size_t begin, std::size_t end);

/// Touching rows (nearer than the sum of reaches) of the rows marked in `wanted`, sorted by id, into the
/// state.
void list_contacts(State& state, const std::vector<Hot>& hot, const Neighbours& near,
                   const std::vector<std::uint8_t>& wanted, Team& team);

}  // namespace abscopal::tissue
