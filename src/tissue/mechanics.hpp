// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <algorithm>
#include <functional>
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
    using Bin = std::array<std::int32_t, 3>;

    explicit OldBins(const Grid& grid);
    /// Notes the reach of every cell in its bin.
    void note(const Model& model, State& state) const;
    /// Notes cells from id `first` on as large as their mothers were: 1.14.2 places daughters before it
    /// halves them.
    void note_daughters(const Model& model, State& state, std::uint64_t first) const;
    bool sees(const State& state, const Hot& from, const Hot& to) const;

    std::vector<Bin> bins_of(const std::vector<Hot>& hot) const;
    /// Those of `near` that the cell of `row` sees, in their order; `near` lies in `scratch`, and so do they.
    std::span<const std::uint32_t> keep_seen(const State& state, const Hot& hot, const std::vector<Bin>& bins,
                                             std::uint32_t row, std::span<const std::uint32_t> near,
                                             Neighbours::Rows& scratch) const;

  private:
    Bin bin(double x, double y, double z) const;
    std::size_t index(const Bin& at) const {
        return (static_cast<std::size_t>(at[2]) * n_[1] + static_cast<std::size_t>(at[1])) * n_[0] +
               static_cast<std::size_t>(at[0]);
    }
    std::uint32_t seen_bins(const State& state, const Hot& from, const Bin& a) const;
    void note_one(const Model& model, State& state, std::size_t row, double scale) const;

    std::array<double, 3> low_{};
    std::array<std::size_t, 3> n_{};
};
/// Without the pairs that PhysiCell would miss.
Neighbours drop_unseen(const OldBins& bins, const State& state, const std::vector<Hot>& hot,
                       const Neighbours& near);

/// The rows near one row, perhaps in `scratch`.
using NearRows = std::function<std::span<const std::uint32_t>(std::uint32_t row, Neighbours::Rows& scratch)>;

std::vector<Hot> hot_cells(const Model& model, const Cells& cells);
/// Every row within reach + skin of row i, in an order that follows from places and rows alone. Cells outside
/// have no list; with `compat` others go on feeling them.
Neighbours list_neighbours(const Project& project, const std::vector<std::uint8_t>& outside,
                           const std::vector<Hot>& hot, double skin, Team& team);
/// Whether pair forces act on a cell: PhysiCell 1.14.2 passes over those that may not move.
bool feels_pairs(const Model& model, const Cells& cells, std::size_t row);

/// sqrt(f_ij f_ji) where neither cell has affinities of its own.
std::vector<double> affinity_roots(const Model& model);
double pair_affinity(const Model& model, const Cells& cells, const std::vector<double>& roots, std::size_t i,
                     std::size_t j);

/// Adds wall and pair forces and motility into `v` and sets pressures. Cells outside keep theirs.
void pair_forces(const Model& model, Cells& cells, const std::vector<Hot>& hot, const NearRows& near,
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
void list_contacts(State& state, const std::vector<Hot>& hot, const NearRows& near,
                   const std::vector<std::uint8_t>& wanted, Team& team);

}  // namespace abscopal::tissue
