// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <cmath>

#include "tissue/cycles.hpp"
#include "tissue/fields.hpp"
#include "tissue/phenotype.hpp"

/// What a cell senses.
namespace abscopal::tissue {
namespace {

double norm(const std::array<double, 3>& v) {
    return std::sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
}

std::size_t voxel_of(const Model& model, const Cells& cells, std::size_t row) {
    return model.project->grid.voxel_at(cells.x[row], cells.y[row], cells.z[row]);
}

double substrate_signal(const Model& model, const State& state, std::size_t row, int signal) {
    const SignalLayout& at = model.signals;
    if (signal < at.internal())
        return state.fields[static_cast<std::size_t>(signal)][voxel_of(model, state.cells, row)];
    if (signal >= at.gradient()) {
        return norm(gradient(model.project->grid,
                             state.fields[static_cast<std::size_t>(signal - at.gradient())],
                             voxel_of(model, state.cells, row)));
    }
    if (state.cells.internal.empty()) return 0;
    return state.cells.internal[static_cast<std::size_t>(signal - at.internal())][row] /
           state.cells.total[row];
}

/// How many touching cells look like what the signal counts.
double count_contacts(const Model& model, const State& state, const Looks& looks, std::size_t row,
                      int signal) {
    const SignalLayout& at = model.signals;
    if (signal == at.contact_membrane() || state.contact_start.empty()) return 0;
    // 1.14.2 tests the wrong range of indices: these three are always 0 there.
    const bool by_death = signal >= at.contact_apoptotic() && signal <= at.contact_other_dead();
    if (by_death && model.project->compat) return 0;
    const auto counts = [&](std::uint32_t j) {
        if (signal < at.contact_live()) return looks.type[j] == signal - at.contact();
        if (signal == at.contact_live()) return looks.death[j] == alive;
        if (signal == at.contact_dead()) return looks.death[j] != alive;
        return looks.death[j] == static_cast<std::uint8_t>(signal - at.contact_apoptotic() + apoptotic);
    };
    int count = 0;
    for (auto k = state.contact_start[row]; k < state.contact_start[row + 1]; ++k)
        count += counts(state.contacts[k]);
    return count;
}

double time_now(const Model& model, const State& state) {
    return static_cast<double>(state.step) * model.project->diffusion_step;
}

}  // namespace

double signal_value(const Model& model, const State& state, const Looks& looks, std::size_t row, int signal) {
    const SignalLayout& at = model.signals;
    const Cells& cells = state.cells;
    if (signal < at.pressure()) return substrate_signal(model, state, row, signal);
    if (signal == at.pressure()) return cells.pressure[row];
    if (signal == at.volume()) return cells.total[row];
    if (signal <= at.contact_membrane()) return count_contacts(model, state, looks, row, signal);
    if (signal == at.damage()) return at_or_zero(cells.damage, row);
    if (signal == at.damage_delivered()) return at_or_zero(cells.damage_delivered, row);
    if (signal == at.attacking()) return cells.attack_target[row] >= 0;
    if (signal == at.dead()) return cells.death[row] != alive;
    if (signal == at.attack_time()) return at_or_zero(cells.attack_time, row);
    if (signal == at.time()) return time_now(model, state);
    if (signal == at.apoptotic()) return cells.death[row] == apoptotic;
    if (signal == at.necrotic()) return cells.death[row] == necrotic;
    return model.value(cells, row, model.at.custom(signal - at.custom()));
}

double hill(const std::vector<double>& signals, const std::vector<Term>& terms) {
    double sum = 0;
    for (std::size_t k = 0; k < terms.size(); ++k) {
        // A half-max of 0 means full effect of any signal at all.
        if (terms[k].half_max == 0)
            sum += signals[k] > 0 ? INFINITY : 0;
        else
            sum += std::pow(signals[k] / terms[k].half_max, terms[k].power);
    }
    return std::isinf(sum) ? 1 : sum / (1 + sum);
}

}  // namespace abscopal::tissue
