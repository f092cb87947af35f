// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>
#include <atomic>
#include <cmath>

#include "tissue/mechanics.hpp"

/// Who is near whom, and the forces between them.
namespace abscopal::tissue {
namespace {

constexpr std::size_t least_rows = 128;

/// Cells sorted into bins of one edge; a search looks at a bin and those around it.
class Bins {
  public:
    Bins(const Grid& grid, const Cells& cells, double edge) : edge_(edge) {
        for (std::size_t k = 0; k < 3; ++k) {
            low_[k] = grid.low[k];
            n_[k] = std::max<std::size_t>(
                1, static_cast<std::size_t>(std::ceil((grid.high[k] - grid.low[k]) / edge)));
        }
        // No more bins than a few for each cell, however large the box.
        while (n_[0] * n_[1] * n_[2] > 8 * cells.size() + 64) {
            edge_ *= 2;
            for (std::size_t k = 0; k < 3; ++k)
                n_[k] = std::max<std::size_t>(
                    1, static_cast<std::size_t>(std::ceil((grid.high[k] - grid.low[k]) / edge_)));
        }
        fill(cells);
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

    void fill(const Cells& cells) {
        start_.assign(n_[0] * n_[1] * n_[2] + 1, 0);
        std::vector<std::uint32_t> where(cells.size());
        for (std::size_t i = 0; i < cells.size(); ++i) {
            if (cells.outside[i]) continue;
            where[i] = static_cast<std::uint32_t>(index(cells.x[i], cells.y[i], cells.z[i]));
            ++start_[where[i] + 1];
        }
        for (std::size_t b = 1; b < start_.size(); ++b) start_[b] += start_[b - 1];
        cells_.resize(start_.back());
        auto next = start_;
        for (std::uint32_t i = 0; i < cells.size(); ++i) {
            if (!cells.outside[i]) cells_[next[where[i]]++] = i;
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

Neighbours list_neighbours(const Grid& grid, const Cells& cells, const std::vector<Hot>& hot, double skin,
                           Team& team) {
    double longest = 1e-3;
    for (std::size_t i = 0; i < hot.size(); ++i) {
        if (!cells.outside[i]) longest = std::max(longest, std::max(hot[i].reach, hot[i].radius));
    }
    const Bins bins(grid, cells, 2 * longest + skin);
    const auto each_near = [&](std::uint32_t i, auto&& take) {
        if (cells.outside[i]) return;
        const Hot& a = hot[i];
        bins.around(a.x, a.y, a.z, [&](std::uint32_t j) {
            const Hot& b = hot[j];
            const double limit = std::max(a.reach + b.reach, a.radius + b.radius) + skin;
            const double dx = a.x - b.x, dy = a.y - b.y, dz = a.z - b.z;
            if (dx * dx + dy * dy + dz * dz <= limit * limit && i != j) take(j);
        });
    };
    // Each slab of rows fills a list of its own; put one behind the other they are the same for any number of
    // slabs.
    Neighbours near;
    near.start.assign(cells.size() + 1, 0);
    std::vector<std::vector<std::uint32_t>> slabs(static_cast<std::size_t>(team.size()));
    std::vector<std::size_t> first(slabs.size(), cells.size());
    std::atomic<std::size_t> next_slab{0};
    team.run(cells.size(), least_rows, [&](std::size_t begin, std::size_t end) {
        const std::size_t slab = next_slab++;
        first[slab] = begin;
        for (auto i = static_cast<std::uint32_t>(begin); i < end; ++i) {
            const std::size_t before = slabs[slab].size();
            each_near(i, [&](std::uint32_t j) { slabs[slab].push_back(j); });
            near.start[i + 1] = static_cast<std::uint32_t>(slabs[slab].size() - before);
        }
    });
    for (std::size_t i = 1; i < near.start.size(); ++i) near.start[i] += near.start[i - 1];
    near.list.resize(near.start.back());
    for (std::size_t slab = 0; slab < slabs.size(); ++slab) {
        std::copy(slabs[slab].begin(), slabs[slab].end(), near.list.begin() + near.start[first[slab]]);
    }
    return near;
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

void pair_forces(const Model& model, Cells& cells, const std::vector<Hot>& hot, const Neighbours& near,
                 Velocities& v, Team& team) {
    const auto roots = has_own_affinities(model) ? std::vector<double>{} : affinity_roots(model);
    team.run(cells.size(), least_rows, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            if (cells.outside[i]) continue;
            const Hot& a = hot[i];
            double fx = 0, fy = 0, fz = 0, pressure = 0;
            for (auto k = near.start[i]; k < near.start[i + 1]; ++k) {
                const Hot& b = hot[near.list[k]];
                const Pair pair = pair_force(a, b, distance_between(a, b),
                                             pair_affinity(model, cells, roots, i, near.list[k]));
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

void list_contacts(State& state, const std::vector<Hot>& hot, const Neighbours& near,
                   const std::vector<std::uint8_t>& wanted, Team& team) {
    const auto& id = state.cells.id;
    const auto touches = [&](std::size_t i, std::uint32_t j) {
        return distance_between(hot[i], hot[j]) < hot[i].reach + hot[j].reach;
    };
    state.contact_start.assign(state.cells.size() + 1, 0);
    team.run(state.cells.size(), least_rows, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            for (auto k = near.start[i]; wanted[i] && k < near.start[i + 1]; ++k)
                state.contact_start[i + 1] += touches(i, near.list[k]);
        }
    });
    for (std::size_t i = 1; i < state.contact_start.size(); ++i)
        state.contact_start[i] += state.contact_start[i - 1];
    state.contacts.resize(state.contact_start.back());
    team.run(state.cells.size(), least_rows, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            auto next = state.contact_start[i];
            for (auto k = near.start[i]; wanted[i] && k < near.start[i + 1]; ++k) {
                if (touches(i, near.list[k])) state.contacts[next++] = near.list[k];
            }
            std::sort(state.contacts.begin() + state.contact_start[i], state.contacts.begin() + next,
                      [&](auto a, auto b) { return id[a] < id[b]; });
        }
    });
}

}  // namespace abscopal::tissue
