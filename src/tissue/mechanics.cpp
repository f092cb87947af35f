// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "tissue/mechanics.hpp"

#include <algorithm>
#include <cmath>

#include "tissue/population.hpp"

namespace abscopal::tissue {
namespace {

constexpr double wall_strength = 100.0;  // PhysiCell writes it into every cell
constexpr double on_diagonal = 1e-7;
constexpr std::size_t least_rows = 256;

struct Push {
    double distance;
    std::array<double, 3> direction;
};

/// The nearest face and the way inwards; on the diagonal through the origin the push is diagonal, too.
Push nearest_wall(const Grid& grid, const std::array<double, 3>& p) {
    Push push{9e99, {}};
    const std::size_t axes = grid.flat ? 2 : 3;
    for (std::size_t k = 0; k < axes; ++k) {
        for (const double sign : {1.0, -1.0}) {
            const double distance = sign > 0 ? p[k] - grid.low[k] : grid.high[k] - p[k];
            if (distance >= push.distance) continue;
            push = {distance, {}};
            push.direction[k] = sign;
        }
    }
    bool diagonal = true;
    for (std::size_t k = 1; k < axes; ++k) diagonal = diagonal && std::abs(p[0] - p[k]) < on_diagonal;
    if (!diagonal || p[0] == 0) return push;
    for (std::size_t k = 0; k < axes; ++k)
        push.direction[k] = (p[k] > 0 ? -1 : 1) / std::sqrt(static_cast<double>(axes));
    return push;
}

/// Whether a face is nearer than the cell's radius.
bool is_near_wall(const Grid& grid, const Cells& cells, std::size_t i) {
    const double r = cells.radius[i];
    const auto near = [&](double at, std::size_t k) { return at - grid.low[k] < r || grid.high[k] - at < r; };
    return near(cells.x[i], 0) || near(cells.y[i], 1) || (!grid.flat && near(cells.z[i], 2));
}

/// Unit vector, or nothing where the vector is next to nothing.
std::array<double, 3> normalised(std::array<double, 3> v) {
    const double norm = std::sqrt(1e-32 + v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
    for (auto& part : v) part = norm <= 1e-16 ? 0 : part / norm;
    return v;
}

std::array<double, 3> bias_direction(const Model& model, const State& state, std::size_t row,
                                     const CellType& type) {
    const Grid& grid = model.project->grid;
    const Cells& cells = state.cells;
    const auto voxel = grid.voxel_at(cells.x[row], cells.y[row], cells.z[row]);
    std::array<double, 3> bias{};
    if (type.taxis == Taxis::none) return bias;
    if (type.taxis == Taxis::one_gradient) {
        bias = gradient(grid, state.fields[static_cast<std::size_t>(type.taxis_substrate)], voxel);
        for (auto& part : bias) part *= type.taxis_direction;
        return normalised(bias);
    }
    for (std::size_t k = 0; k < state.fields.size(); ++k) {
        const double weight = model.value(cells, row, model.at.sensitivity(static_cast<int>(k)));
        if (weight == 0) continue;
        auto slope = gradient(grid, state.fields[k], voxel);
        if (type.taxis == Taxis::weighted_unit) slope = normalised(slope);
        for (std::size_t a = 0; a < 3; ++a) bias[a] += weight * slope[a];
    }
    return normalised(bias);
}

/// A new direction of travel: bias and chance, mixed and set to speed.
void redraw(const Model& model, State& state, std::size_t row, const Dice& dice) {
    Cells& cells = state.cells;
    const CellType& type = model.project->types[cells.type[row]];
    const auto random = type.motility_flat ? dice.on_circle(cells.id[row], Draw::direction)
                                           : dice.on_sphere(cells.id[row], Draw::direction);
    const auto wanted = bias_direction(model, state, row, type);
    const double bias = model.value(cells, row, model.at.bias());
    std::array<double, 3> way;
    for (std::size_t k = 0; k < 3; ++k) way[k] = bias * wanted[k] + (1 - bias) * random[k];
    way = normalised(way);
    const double speed = model.value(cells, row, model.at.speed());
    cells.motility_x[row] = speed * way[0];
    cells.motility_y[row] = speed * way[1];
    cells.motility_z[row] = speed * way[2];
}

/// Whether a cell may move: the column of "is_movable", or every cell where nothing sets it.
class Movable {
  public:
    Movable(const Model& model, const Cells& cells) {
        const int k = model.column[static_cast<std::size_t>(model.at.movable())];
        if (k >= 0) column_ = cells.varied[static_cast<std::size_t>(k)].data();
    }
    bool operator()(std::size_t row) const { return !column_ || column_[row] > 0.5; }

  private:
    const double* column_ = nullptr;
};

/// Any cell whose type or own column could hold or let go a spring.
bool springs_can_change(const Model& model) {
    for (std::size_t t = 0; t < model.n_types(); ++t) {
        if (model.may_be_nonzero(t, model.at.attachment())) return true;
    }
    return false;
}

std::vector<std::uint32_t> count_springs(const State& state) {
    std::vector<std::uint32_t> count(state.cells.size(), 0);
    for (const auto& spring : state.springs) ++count[spring[0]], ++count[spring[1]];
    return count;
}

void open_springs(const Model& model, State& state, const Dice& dice) {
    const Cells& cells = state.cells;
    const double dt = model.project->mechanics_step;
    const auto lets_go = [&](std::uint32_t row, std::uint32_t other) {
        const double p = model.value(cells, row, model.at.detachment()) * dt;
        return p > 0 && dice(cells.id[row] * 0x9E3779B97F4A7C15u + cells.id[other], Draw::detach) <= p;
    };
    std::erase_if(state.springs, [&](const auto& s) { return lets_go(s[0], s[1]) || lets_go(s[1], s[0]); });
}

void close_springs(const Model& model, State& state, const Dice& dice) {
    const Cells& cells = state.cells;
    const double dt = model.project->mechanics_step;
    auto count = count_springs(state);
    const auto most = [&](std::uint32_t row) { return model.value(cells, row, model.at.max_attachments()); };
    for (const auto i : rows_by_id(cells)) {
        const double rate = model.value(cells, i, model.at.attachment()) * dt;
        if (rate <= 0 || state.contact_start.empty()) continue;
        for (auto k = state.contact_start[i]; k < state.contact_start[i + 1]; ++k) {
            const auto j = state.contacts[k];
            if (count[i] >= most(i)) break;
            if (count[j] >= most(j)) continue;
            const double p = rate * model.value(cells, i, model.at.affinity(cells.type[j]));
            if (dice(cells.id[i], Draw::attach, k - state.contact_start[i]) > p) continue;
            const auto before = state.springs.size();
            add_spring(state, i, j);
            if (state.springs.size() > before) ++count[i], ++count[j];
        }
    }
}

void pull(const Model& model, const State& state, Velocities& v) {
    const Cells& cells = state.cells;
    const auto side = [&](std::uint32_t a, std::uint32_t b) {
        return model.value(cells, a, model.at.elasticity()) *
               model.value(cells, a, model.at.affinity(cells.type[b]));
    };
    for (const auto& [a, b] : state.springs) {
        const double k = std::sqrt(side(a, b) * side(b, a));
        const double dx = cells.x[b] - cells.x[a], dy = cells.y[b] - cells.y[a], dz = cells.z[b] - cells.z[a];
        v.x[a] += k * dx, v.y[a] += k * dy, v.z[a] += k * dz;
        v.x[b] -= k * dx, v.y[b] -= k * dy, v.z[b] -= k * dz;
    }
}

}  // namespace

void wall_forces(const Model& model, const Cells& cells, Velocities& v, std::size_t begin, std::size_t end) {
    const Grid& grid = model.project->grid;
    for (std::size_t i = begin; i < end; ++i) {
        if (cells.outside[i] || !is_near_wall(grid, cells, i)) continue;
        const Push push = nearest_wall(grid, {cells.x[i], cells.y[i], cells.z[i]});
        if (push.distance >= cells.radius[i]) continue;
        const double gap = 1 - push.distance / cells.radius[i], force = wall_strength * gap * gap;
        v.x[i] += force * push.direction[0];
        v.y[i] += force * push.direction[1];
        v.z[i] += force * push.direction[2];
    }
}

void motility(const Model& model, State& state, const Dice& dice, Velocities& v, Team& team) {
    if (!model.moves) return;
    Cells& cells = state.cells;
    const double dt = model.project->mechanics_step;
    const Movable movable(model, cells);
    team.run(cells.size(), least_rows, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            if (!cells.motile[i] || cells.outside[i] || !movable(i)) continue;
            const double persistence = model.value(cells, i, model.at.persistence());
            if (persistence < dt || dice(cells.id[i], Draw::redraw) < dt / persistence)
                redraw(model, state, i, dice);
            v.x[i] += cells.motility_x[i];
            v.y[i] += cells.motility_y[i];
            v.z[i] += cells.motility_z[i];
        }
    });
}

void springs(const Model& model, State& state, const Dice& dice, Velocities& v) {
    if (model.project->springs) {
        if (!state.springs.empty()) open_springs(model, state, dice);
        if (springs_can_change(model)) close_springs(model, state, dice);
        pull(model, state, v);
    }
}

bool move(const Model& model, Cells& cells, const Velocities& v, std::size_t begin, std::size_t end) {
    const Project& project = *model.project;
    const double now = 1.5 * project.mechanics_step, before = -0.5 * project.mechanics_step;
    const Movable movable(model, cells);
    bool some_left = false;
    for (std::size_t i = begin; i < end; ++i) {
        if (cells.outside[i] || !movable(i)) continue;
        const double vz = project.grid.flat ? 0 : v.z[i];
        cells.x[i] += now * v.x[i] + before * cells.previous_vx[i];
        cells.y[i] += now * v.y[i] + before * cells.previous_vy[i];
        cells.z[i] += now * vz + before * cells.previous_vz[i];
        cells.previous_vx[i] = v.x[i];
        cells.previous_vy[i] = v.y[i];
        cells.previous_vz[i] = vz;
        if (project.grid.contains(cells.x[i], cells.y[i], cells.z[i])) continue;
        cells.outside[i] = left_the_box;
        some_left = true;
    }
    return some_left;
}

}  // namespace abscopal::tissue
