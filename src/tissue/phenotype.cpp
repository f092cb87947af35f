// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "tissue/phenotype.hpp"

#include <algorithm>
#include <cmath>

#include "tissue/cycles.hpp"
#include "tissue/population.hpp"

/// The phenotype step: each cell decides and changes itself; divisions and removals follow in id order.
namespace abscopal::tissue {
namespace {

enum Fate : std::uint8_t { stays = 0, divides = 1, leaves = 2 };

/// One cell's phenotype step.
class Life {
  public:
    Life(const Model& model, State& state, const Looks& looks, const Dice& dice)
        : model_(model),
          state_(state),
          cells_(state.cells),
          looks_(looks),
          dice_(dice),
          dt_(model.project->phenotype_step) {}

    Fate live(std::size_t row) {
        if (cells_.death[row] == alive) change_type(row);
        feel_drugs(row);
        apply_rules(row);
        grow(row);
        repair(row);
        if (cells_.death[row] == alive) test_death(row);
        return advance(row);
    }

  private:
    const CellType& type(std::size_t row) const { return model_.project->types[cells_.type[row]]; }

    void change_type(std::size_t row) {
        for (std::size_t t = 0; t < model_.n_types(); ++t) {
            const double p = model_.value(cells_, row, model_.at.transform(static_cast<int>(t))) * dt_;
            if (p <= 0 || dice_(cells_.id[row], Draw::transform, static_cast<std::uint32_t>(t)) > p) continue;
            return become(model_, cells_, row, t);
        }
    }

    /// PhysiPKPD's effects: damage grows with the drug inside (AUC), is repaired, and the drug is
    /// metabolised.
    void feel_drugs(std::size_t row) {
        for (const auto& effect : type(row).effects) {
            double& amount = cells_.internal[static_cast<std::size_t>(effect.substrate)][row];
            double& damage = cells_.varied[static_cast<std::size_t>(
                model_.column[static_cast<std::size_t>(model_.at.custom(effect.damage_variable))])][row];
            const double dose = effect.model == "AUC" ? amount / cells_.total[row] : amount;
            damage = std::max(0.0, (damage + dt_ * (dose - effect.constant_repair_rate)) /
                                       (1 + dt_ * effect.linear_repair_rate));
            amount *= std::exp(-effect.metabolism_rate * dt_);
        }
    }

    /// The signals of some terms; a dead cell feels only what applies to the dead.
    bool sense(std::size_t row, const std::vector<Term>& terms, std::vector<double>& values) {
        bool applies = false;
        values.clear();
        for (const auto& term : terms) {
            const bool counts = cells_.death[row] == alive || term.applies_to_dead;
            values.push_back(counts ? signal_value(model_, state_, looks_, row, term.signal) : 0.0);
            applies = applies || counts;
        }
        return applies;
    }

    void apply_rules(std::size_t row) {
        for (const auto& response : model_.responses[cells_.type[row]]) {
            const bool up_applies = sense(row, response.up, up_),
                       down_applies = sense(row, response.down, down_);
            if (!up_applies && !down_applies) continue;
            const double raised = response.base + (response.high - response.base) * hill(up_, response.up);
            const double value = raised + (response.low - raised) * hill(down_, response.down);
            set(row, response, value);
        }
    }

    void set(std::size_t row, const Response& response, double value) {
        const bool is_exit =
            response.behaviour >= model_.at.phase_exit() && response.behaviour < model_.at.apoptosis();
        if (is_exit && cells_.death[row] != alive) return;
        cells_.varied[static_cast<std::size_t>(response.column)][row] = value;
    }

    /// Rates and targets of the volumes: the type's, or those of the way the cell dies.
    struct Growth {
        double fluid_rate, cytoplasmic_rate, nuclear_rate, calcification_rate, fluid_target, ratio;
    };
    Growth growth(std::size_t row) const {
        if (cells_.death[row] == alive) {
            const Volumes& rates = model_.project->types[cells_.volume_type[row]].volumes;
            const Volumes& targets = type(row).volumes;
            return {rates.fluid_rate,       rates.cytoplasmic_rate,
                    rates.nuclear_rate,     rates.calcification_rate,
                    targets.fluid_fraction, (targets.total - targets.nuclear) / (1e-16 + targets.nuclear)};
        }
        const DeathModel& death = type(row).deaths[cells_.death[row] - 1u];
        const bool lysed = cells_.death[row] == necrotic && cells_.phase[row] == 1;
        const bool swells = cells_.death[row] == necrotic && cells_.phase[row] == 0;
        return {lysed ? death.lysed_fluid_rate : death.unlysed_fluid_rate,
                death.cytoplasmic_rate,
                death.nuclear_rate,
                death.calcification_rate,
                swells ? 1.0 : 0.0,
                0.0};
    }

    /// Explicit Euler of the standard volume model.
    void grow(std::size_t row) {
        const Growth g = growth(row);
        double& fluid = cells_.fluid[row];
        double& nuclear_fluid = cells_.nuclear_fluid[row];
        double& nuclear_solid = cells_.nuclear_solid[row];
        double& cytoplasmic_solid = cells_.cytoplasmic_solid[row];
        const double total = cells_.total[row], nuclear = nuclear_fluid + nuclear_solid;
        fluid = std::max(0.0, fluid + dt_ * g.fluid_rate * (g.fluid_target * total - fluid));
        nuclear_fluid = nuclear / (total + 1e-16) * fluid;
        nuclear_solid = std::max(
            0.0, nuclear_solid + dt_ * g.nuclear_rate * (cells_.target_nuclear_solid[row] - nuclear_solid));
        const double cytoplasmic_target = g.ratio * cells_.target_nuclear_solid[row];
        cytoplasmic_solid = std::max(
            0.0, cytoplasmic_solid + dt_ * g.cytoplasmic_rate * (cytoplasmic_target - cytoplasmic_solid));
        cells_.calcified[row] += dt_ * g.calcification_rate * (1 - cells_.calcified[row]);
        cells_.total[row] = (cytoplasmic_solid + (fluid - nuclear_fluid)) + (nuclear_solid + nuclear_fluid);
        cells_.radius[row] = radius_of(cells_.total[row]);
    }

    void repair(std::size_t row) {
        const double harm = model_.value(cells_, row, model_.at.damage_rate()),
                     mend = model_.value(cells_, row, model_.at.repair_rate());
        if (model_.harms && (harm > 1e-8 || mend > 1e-8))
            cells_.damage[row] = (cells_.damage[row] + dt_ * harm) / (1 + dt_ * mend);
    }

    void test_death(std::size_t row) {
        for (const std::uint8_t way : {apoptotic, necrotic}) {
            const double p =
                model_.value(cells_, row, way == apoptotic ? model_.at.apoptosis() : model_.at.necrosis()) *
                dt_;
            if (p > 0 && dice_(cells_.id[row], Draw::death, way) < p) return die(row, way);
        }
    }

    void die(std::size_t row, std::uint8_t way) {
        cells_.death[row] = way;
        cells_.phase[row] = 0;
        cells_.elapsed[row] = 0;
        cells_.motile[row] = 0;
        if (model_.moves) cells_.motility_x[row] = cells_.motility_y[row] = cells_.motility_z[row] = 0;
        stop_exchange(row);
        cells_.target_nuclear_solid[row] = 0;
        cells_.rupture_volume[row] = cells_.total[row] * type(row).deaths[way - 1u].rupture;
    }

    void stop_exchange(std::size_t row) {
        for (int b = 0; b < model_.at.phase_exit(); ++b) {
            const int k = model_.column[static_cast<std::size_t>(b)];
            if (k < 0) continue;
            double& value = cells_.varied[static_cast<std::size_t>(k)][row];
            value = model_.dead_exchange(value, b);
        }
    }

    /// Leaves the phase after its fixed time or by chance.
    bool leaves_phase(std::size_t row, double rate, bool fixed) {
        if (fixed) return cells_.elapsed[row] > 1 / rate - 0.5 * dt_;
        const double p = rate * dt_;
        return p > 0 && dice_(cells_.id[row], Draw::cycle) < p;
    }

    Fate advance(std::size_t row) {
        cells_.elapsed[row] += dt_;
        return cells_.death[row] == alive ? advance_cycle(row) : advance_death(row);
    }

    Fate advance_cycle(std::size_t row) {
        const CellType& t = type(row);
        const CycleShape& shape = shape_of(t.cycle);
        const int phase = cells_.phase[row];
        const double rate = model_.value(cells_, row, model_.at.phase_exit(phase));
        if (!leaves_phase(row, rate, t.phase_fixed[static_cast<std::size_t>(phase)])) return stays;
        enter(row, (phase + 1) % shape.n_phases);
        if (cells_.phase[row] == shape.growth) cells_.target_nuclear_solid[row] *= 2;
        return phase == shape.division ? divides : stays;
    }

    Fate advance_death(std::size_t row) {
        const std::uint8_t way = cells_.death[row], phase = cells_.phase[row];
        const DeathModel& death = type(row).deaths[way - 1u];
        const bool swelling = way == necrotic && phase == 0;
        if (swelling && cells_.total[row] < cells_.rupture_volume[row]) return stays;
        if (!leaves_phase(row, death.exit_rate[phase], death.fixed[phase])) return stays;
        if (!swelling) return leaves;
        enter(row, 1);
        cells_.rupture_volume[row] = 9e99 * cells_.total[row];
        return stays;
    }

    void enter(std::size_t row, int phase) {
        cells_.phase[row] = static_cast<std::uint8_t>(phase);
        cells_.elapsed[row] = 0;
    }

    const Model& model_;
    State& state_;
    Cells& cells_;
    const Looks& looks_;
    const Dice& dice_;
    double dt_;
    std::vector<double> up_, down_;
};

}  // namespace

void phenotype_step(const Model& model, State& state, const Dice& dice, Team& team, const OldBins* bins) {
    Cells& cells = state.cells;
    Looks looks;
    if (model.rules_read_contacts) looks = {cells.type, cells.death};
    std::vector<std::uint8_t> fate(cells.size(), stays), dead_before = cells.death;
    team.run(cells.size(), 64, [&](std::size_t begin, std::size_t end) {
        Life life(model, state, looks, dice);
        for (std::size_t row = begin; row < end; ++row) {
            if (!cells.outside[row]) fate[row] = life.live(row);
        }
    });
    for (std::size_t row = 0; row < cells.size(); ++row)
        state.deaths += dead_before[row] == alive && cells.death[row] != alive;
    std::vector<std::uint32_t> mothers;
    for (std::uint32_t row = 0; row < fate.size(); ++row) {
        if (fate[row] == divides) mothers.push_back(row);
    }
    std::sort(mothers.begin(), mothers.end(), [&](auto a, auto b) { return cells.id[a] < cells.id[b]; });
    const std::uint64_t first_daughter = state.next_id;
    if (bins) bins->note(model, state);
    divide(model, state, mothers, dice);
    if (bins) bins->note_daughters(model, state, first_daughter);
    if (std::find(fate.begin(), fate.end(), leaves) == fate.end()) return;
    std::vector<std::uint8_t> gone(cells.size(), 0);
    for (std::size_t row = 0; row < fate.size(); ++row) gone[row] = fate[row] == leaves;
    remove(state, gone);
}

}  // namespace abscopal::tissue
