// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>

#include "tissue/mechanics.hpp"

/// Who is near whom, and the forces between them.
namespace abscopal::tissue {
namespace {

constexpr std::size_t least_rows = 128;

/// Cells sorted into bins of one edge; a search looks at a bin and those around it.
class Bins {
  public:
    Bins(const Grid& grid, const std::vector<std::uint8_t>& hidden, const std::vector<Hot>& hot, double edge)
        : edge_(edge) {
        for (std::size_t k = 0; k < 3; ++k) {
            low_[k] = grid.low[k];
            n_[k] = std::max<std::size_t>(
                1, static_cast<std::size_t>(std::ceil((grid.high[k] - grid.low[k]) / edge)));
        }
        // No more bins than two for each cell, however large the box.
        while (n_[0] * n_[1] * n_[2] > 2 * hot.size() + 64) {
            edge_ *= 2;
            for (std::size_t k = 0; k < 3; ++k)
                n_[k] = std::max<std::size_t>(
                    1, static_cast<std::size_t>(std::ceil((grid.high[k] - grid.low[k]) / edge_)));
        }
        fill(hidden, hot);
    }

    template <class F>
    void around(double x, double y, double z, F&& visit) const {
        const auto at = bin(x, y, z);
        for (std::size_t k = at[2] == 0 ? 0 : at[2] - 1; k <= std::min(at[2] + 1, n_[2] - 1); ++k) {
            for (std::size_t j = at[1] == 0 ? 0 : at[1] - 1; j <= std::min(at[1] + 1, n_[1] - 1); ++j) {
                // The bins of one row lie side by side: one run of cells.
                const std::size_t row = (k * n_[1] + j) * n_[0];
                const std::size_t first = row + (at[0] == 0 ? 0 : at[0] - 1),
                                  last = row + std::min(at[0] + 1, n_[0] - 1);
                for (auto m = start_[first]; m < start_[last + 1]; ++m) visit(cells_[m]);
            }
        }
    }

  private:
    std::array<std::size_t, 3> bin(double x, double y, double z) const {
        const std::array<double, 3> p{x, y, z};
        std::array<std::size_t, 3> at;
        for (std::size_t k = 0; k < 3; ++k)
            at[k] = static_cast<std::size_t>(
                std::clamp(std::floor((p[k] - low_[k]) / edge_), 0.0, static_cast<double>(n_[k] - 1)));
        return at;
    }

    std::size_t index(double x, double y, double z) const {
        const auto at = bin(x, y, z);
        return (at[2] * n_[1] + at[1]) * n_[0] + at[0];
    }

    /// Counts, sums up to the end of each bin, and fills bins from their ends: rows ascend in each.
    void fill(const std::vector<std::uint8_t>& hidden, const std::vector<Hot>& hot) {
        start_.assign(n_[0] * n_[1] * n_[2] + 1, 0);
        for (std::size_t i = 0; i < hot.size(); ++i) {
            if (!hidden[i]) ++start_[index(hot[i].x, hot[i].y, hot[i].z)];
        }
        for (std::size_t b = 1; b < start_.size(); ++b) start_[b] += start_[b - 1];
        cells_.resize(start_.back());
        for (auto i = static_cast<std::uint32_t>(hot.size()); i-- > 0;) {
            if (!hidden[i]) cells_[--start_[index(hot[i].x, hot[i].y, hot[i].z)]] = i;
        }
    }

    double edge_;
    std::array<double, 3> low_{};
    std::array<std::size_t, 3> n_{};
    std::vector<std::uint32_t> start_, cells_;
};

/// Force along the line between two cells per distance, and the overlap that presses.
struct Pair {
    double push, overlap;
};

Pair pair_force(const Hot& a, const Hot& b, double distance, double affinity) {
    const double touch = a.radius + b.radius, reach = a.reach + b.reach;
    Pair pair{0, 0};
    if (distance <= touch) {
        const double gap = 1 - distance / touch;
        pair.overlap = gap * gap;
        pair.push = pair.overlap * (a.root_repulsion * b.root_repulsion);
    }
    if (distance < reach) {
        const double gap = 1 - distance / reach;
        pair.push -= gap * gap * (a.root_adhesion * b.root_adhesion * affinity);
    }
    pair.push /= distance;
    return pair;
}

double distance_between(const Hot& a, const Hot& b) {
    const double dx = a.x - b.x, dy = a.y - b.y, dz = a.z - b.z;
    return std::max(std::sqrt(dx * dx + dy * dy + dz * dz), least_distance);
}

bool has_own_affinities(const Model& model) {
    for (int t = 0; t < model.at.n; ++t) {
        if (model.column[static_cast<std::size_t>(model.at.affinity(t))] >= 0) return true;
    }
    return false;
}

}  // namespace

std::vector<Hot> hot_cells(const Model& model, const Cells& cells) {
    std::vector<Hot> hot(cells.size());
    for (std::size_t i = 0; i < cells.size(); ++i) {
        hot[i] = {cells.x[i],
                  cells.y[i],
                  cells.z[i],
                  cells.radius[i],
                  model.value(cells, i, model.at.reach()) * cells.radius[i],
                  std::sqrt(model.value(cells, i, model.at.repulsion())),
                  std::sqrt(model.value(cells, i, model.at.adhesion())),
                  cells.type[i]};
    }
    return hot;
}

Neighbours list_neighbours(const Project& project, const std::vector<std::uint8_t>& outside,
                           const std::vector<Hot>& hot, double skin, Team& team) {
    auto hidden = outside;
    if (project.compat) std::replace(hidden.begin(), hidden.end(), left_the_box, in_the_box);
    double longest = 1e-3;
    for (std::size_t i = 0; i < hot.size(); ++i) {
        if (!hidden[i]) longest = std::max(longest, std::max(hot[i].reach, hot[i].radius));
    }
    const Bins bins(project.grid, hidden, hot, 2 * longest + skin);
    const auto list_row = [&](std::uint32_t i, Neighbours::Rows& found) {
        if (outside[i]) return;
        const Hot& a = hot[i];
        bins.around(a.x, a.y, a.z, [&](std::uint32_t j) {
            const Hot& b = hot[j];
            const double limit = std::max(a.reach + b.reach, a.radius + b.radius) + skin;
            const double dx = a.x - b.x, dy = a.y - b.y, dz = a.z - b.z;
            if (dx * dx + dy * dy + dz * dz <= limit * limit && i != j) found.push_back(j);
        });
    };
    Neighbours near;
    near.reset(hot.size());
    team.run(near.blocks(), 1, [&](std::size_t begin, std::size_t end) {
        for (std::size_t b = begin; b < end; ++b) near.fill(b, list_row);
    });
    return near;
}

void Neighbours::reset(std::size_t rows) {
    rows_ = rows;
    blocks_.assign((rows + block_rows - 1) / block_rows, {});
}

void Neighbours::append(std::uint32_t row, const Rows& found, Block& to, Units& units) {
    const auto is_far = [row](std::uint32_t other) {
        return std::abs(static_cast<std::int64_t>(other) - row) > std::numeric_limits<std::int16_t>::max();
    };
    const bool far = std::any_of(found.begin(), found.end(), is_far);
    to.start.back() |= far;
    for (const auto other : found) {
        units.push_back(static_cast<std::uint16_t>(far ? other : other - row));
        if (far) units.push_back(static_cast<std::uint16_t>(other >> 16));
    }
    to.start.push_back(static_cast<std::uint32_t>(units.size()) << 1);
}

std::span<const std::uint32_t> Neighbours::of(std::uint32_t row, Rows& scratch) const {
    const Block& block = blocks_[row / block_rows];
    const std::size_t r = row % block_rows;
    const std::uint16_t* unit = block.units.data() + (block.start[r] >> 1);
    const std::size_t count = (block.start[r + 1] >> 1) - (block.start[r] >> 1);
    if (scratch.size() < count) scratch.resize(count);
    if ((block.start[r] & 1) == 0) {
        for (std::size_t k = 0; k < count; ++k)
            scratch[k] = row + static_cast<std::uint32_t>(static_cast<std::int16_t>(unit[k]));
        return {scratch.data(), count};
    }
    for (std::size_t k = 0; k < count / 2; ++k)
        scratch[k] = unit[2 * k] | static_cast<std::uint32_t>(unit[2 * k + 1]) << 16;
    return {scratch.data(), count / 2};
}

bool feels_pairs(const Model& model, const Cells& cells, std::size_t row) {
    if (cells.outside[row]) return false;
    return !model.project->compat || model.value(cells, row, model.at.movable()) > 0.5;
}

std::vector<double> affinity_roots(const Model& model) {
    const std::size_t n = model.n_types();
    std::vector<double> roots(n * n);
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j < n; ++j) {
            roots[i * n + j] = std::sqrt(model.base(i, model.at.affinity(static_cast<int>(j))) *
                                         model.base(j, model.at.affinity(static_cast<int>(i))));
        }
    }
    return roots;
}

double pair_affinity(const Model& model, const Cells& cells, const std::vector<double>& roots, std::size_t i,
                     std::size_t j) {
    if (!roots.empty()) return roots[cells.type[i] * model.n_types() + cells.type[j]];
    return std::sqrt(model.value(cells, i, model.at.affinity(cells.type[j])) *
                     model.value(cells, j, model.at.affinity(cells.type[i])));
}

void pair_forces(const Model& model, Cells& cells, const std::vector<Hot>& hot, const NearRows& near,
                 Velocities& v, Team& team) {
    const auto roots = has_own_affinities(model) ? std::vector<double>{} : affinity_roots(model);
    team.run(cells.size(), least_rows, [&](std::size_t begin, std::size_t end) {
        Neighbours::Rows scratch;
        for (std::size_t i = begin; i < end; ++i) {
            if (!feels_pairs(model, cells, i)) continue;
            const Hot& a = hot[i];
            double fx = 0, fy = 0, fz = 0, pressure = 0;
            for (const auto j : near(static_cast<std::uint32_t>(i), scratch)) {
                const Hot& b = hot[j];
                const Pair pair =
                    pair_force(a, b, distance_between(a, b), pair_affinity(model, cells, roots, i, j));
                fx += pair.push * (a.x - b.x);
                fy += pair.push * (a.y - b.y);
                fz += pair.push * (a.z - b.z);
                pressure += pair.overlap;
            }
            v.x[i] += fx, v.y[i] += fy, v.z[i] += fz;
            cells.pressure[i] = pressure / pressure_scale;
        }
    });
}

void list_contacts(State& state, const std::vector<Hot>& hot, const NearRows& near,
                   const std::vector<std::uint8_t>& wanted, Team& team) {
    const auto& id = state.cells.id;
    const auto touches = [&](std::size_t i, std::uint32_t j) {
        return distance_between(hot[i], hot[j]) < hot[i].reach + hot[j].reach;
    };
    state.contact_start.clear();
    state.contacts.clear();
    if (std::find(wanted.begin(), wanted.end(), 1) == wanted.end()) return;
    state.contact_start.assign(state.cells.size() + 1, 0);
    team.run(state.cells.size(), least_rows, [&](std::size_t begin, std::size_t end) {
        Neighbours::Rows scratch;
        for (std::size_t i = begin; i < end; ++i) {
            if (!wanted[i]) continue;
            for (const auto j : near(static_cast<std::uint32_t>(i), scratch))
                state.contact_start[i + 1] += touches(i, j);
        }
    });
    for (std::size_t i = 1; i < state.contact_start.size(); ++i)
        state.contact_start[i] += state.contact_start[i - 1];
    state.contacts.resize(state.contact_start.back());
    team.run(state.cells.size(), least_rows, [&](std::size_t begin, std::size_t end) {
        Neighbours::Rows scratch;
        for (std::size_t i = begin; i < end; ++i) {
            if (!wanted[i]) continue;
            auto next = state.contact_start[i];
            for (const auto j : near(static_cast<std::uint32_t>(i), scratch)) {
                if (touches(i, j)) state.contacts[next++] = j;
            }
            std::sort(state.contacts.begin() + state.contact_start[i], state.contacts.begin() + next,
                      [&](auto a, auto b) { return id[a] < id[b]; });
        }
    });
}

}  // namespace abscopal::tissue
