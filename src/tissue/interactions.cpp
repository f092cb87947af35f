// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "tissue/interactions.hpp"

#include <algorithm>

#include "tissue/cycles.hpp"
#include "tissue/population.hpp"

namespace abscopal::tissue {
namespace {

constexpr std::int64_t nobody = -1;

/// What one cell wants to do in this step: rows, or nobody.
struct Intent {
    std::int64_t eat = nobody, attack = nobody, fuse = nobody;
    bool any() const { return eat != nobody || attack != nobody || fuse != nobody; }
};

/// Decides for one cell from what stands before the stage.
class Decider {
  public:
    Decider(const Model& model, const State& state, const Dice& dice)
        : model_(model),
          state_(state),
          cells_(state.cells),
          dice_(dice),
          dt_(model.project->mechanics_step) {}

    Intent decide(std::size_t i) const {
        Intent intent;
        const bool may_attack = cells_.attack_target[i] < 0;
        for (auto k = state_.contact_start[i]; k < state_.contact_start[i + 1]; ++k) {
            const std::uint32_t j = state_.contacts[k], rank = k - state_.contact_start[i];
            if (cells_.death[j] != alive) {
                if (intent.eat == nobody && happens(i, eat_dead_rate(i, j), Draw::eat_dead, rank))
                    intent.eat = j;
                continue;
            }
            const int type = cells_.type[j];
            if (intent.eat == nobody &&
                happens(i, model_.value(cells_, i, model_.at.eat(type)), Draw::eat_live, rank))
                intent.eat = j;
            if (may_attack && intent.attack == nobody && happens(i, attack_rate(i, j), Draw::attack, rank))
                intent.attack = j;
            if (intent.fuse == nobody &&
                happens(i, model_.value(cells_, i, model_.at.fuse(type)), Draw::fuse, rank))
                intent.fuse = j;
        }
        return intent;
    }

  private:
    bool happens(std::size_t i, double rate, Draw what, std::uint32_t rank) const {
        return rate > 0 && dice_(cells_.id[i], what, rank) < rate * dt_;
    }
    double eat_dead_rate(std::size_t i, std::uint32_t j) const {
        return model_.value(cells_, i, model_.at.eat_apoptotic() + cells_.death[j] - apoptotic);
    }
    double attack_rate(std::size_t i, std::uint32_t j) const {
        const double rate = model_.value(cells_, i, model_.at.attack(cells_.type[j]));
        return rate > 0 ? rate * model_.value(cells_, j, model_.at.immunogenicity(cells_.type[i])) : 0;
    }

    const Model& model_;
    const State& state_;
    const Cells& cells_;
    const Dice& dice_;
    double dt_;
};

/// Carries intents out, one cell after another in id order.
class Resolver {
  public:
    Resolver(const Model& model, State& state, const Dice& dice)
        : model_(model), state_(state), cells_(state.cells), dice_(dice), gone_(cells_.size(), 0) {}

    void act(std::size_t i, const Intent& intent) {
        if (gone_[i]) return;
        if (intent.eat != nobody && !gone_[static_cast<std::size_t>(intent.eat)])
            eat(i, static_cast<std::size_t>(intent.eat));
        if (intent.attack != nobody && !gone_[static_cast<std::size_t>(intent.attack)]) {
            cells_.attack_target[i] = static_cast<std::int32_t>(intent.attack);
            add_spring(state_, static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(intent.attack));
        }
        if (intent.fuse != nobody && !gone_[static_cast<std::size_t>(intent.fuse)])
            fuse(i, static_cast<std::size_t>(intent.fuse));
        if (cells_.attack_target[i] >= 0) press_attack(i, static_cast<std::size_t>(cells_.attack_target[i]));
    }

    const std::vector<std::uint8_t>& gone() const { return gone_; }
    bool any_gone() const { return any_gone_; }

  private:
    void take_content(std::size_t i, std::size_t j) {
        for (auto& amount : cells_.internal) amount[i] += amount[j];
    }

    void take_away(std::size_t j) {
        gone_[j] = any_gone_ = 1;
        drop_springs_of(state_, static_cast<std::uint32_t>(j));
    }

    void measure(std::size_t i) {
        cells_.total[i] = cells_.fluid[i] + cells_.nuclear_solid[i] + cells_.cytoplasmic_solid[i];
        cells_.radius[i] = radius_of(cells_.total[i]);
    }

    /// Everything of the prey becomes cytoplasm of the eater.
    void eat(std::size_t i, std::size_t j) {
        cells_.fluid[i] += cells_.fluid[j];
        cells_.cytoplasmic_solid[i] += cells_.cytoplasmic_solid[j] + cells_.nuclear_solid[j];
        measure(i);
        take_content(i, j);
        for (int k = 0; k < model_.at.c; ++k) {
            if (!model_.project->custom_conserved[static_cast<std::size_t>(k)]) continue;
            auto& column = cells_.varied[static_cast<std::size_t>(
                model_.column[static_cast<std::size_t>(model_.at.custom(k))])];
            column[i] += column[j];
        }
        take_away(j);
    }

    void fuse(std::size_t i, std::size_t j) {
        const double a = cells_.total[i], b = cells_.total[j];
        for (auto* place : {&cells_.x, &cells_.y, &cells_.z})
            (*place)[i] = ((*place)[i] * a + (*place)[j] * b) / (a + b);
        cells_.nuclei[i] = static_cast<std::uint16_t>(std::min(65535, cells_.nuclei[i] + cells_.nuclei[j]));
        for (auto* part : {&cells_.fluid, &cells_.nuclear_fluid, &cells_.nuclear_solid,
                           &cells_.cytoplasmic_solid, &cells_.target_nuclear_solid}) {
            (*part)[i] += (*part)[j];
        }
        measure(i);
        take_content(i, j);
        take_away(j);
    }

    /// Damage to a living target; the attack ends by chance, or with the target's death.
    void press_attack(std::size_t i, std::size_t j) {
        const double dt = model_.project->mechanics_step;
        if (gone_[j]) {
            cells_.attack_target[i] = -1;
            return;
        }
        if (cells_.death[j] == alive) {
            const double harm = model_.value(cells_, i, model_.at.attack_damage()) * dt;
            cells_.damage[j] += harm;
            cells_.attack_time[j] += dt;
            cells_.damage_delivered[i] += harm;
        }
        const double p = dt / (1e-15 + model_.value(cells_, i, model_.at.attack_duration()));
        if (dice_(cells_.id[i], Draw::attack_end) >= p && cells_.death[j] == alive) return;
        drop_spring(state_, static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(j));
        cells_.attack_target[i] = -1;
    }

    const Model& model_;
    State& state_;
    Cells& cells_;
    const Dice& dice_;
    std::vector<std::uint8_t> gone_;
    bool any_gone_ = false;
};

/// Behaviours that make a cell look at whom it touches.
std::vector<int> acting_behaviours(const Model& model) {
    const BehaviourLayout& at = model.at;
    std::vector<int> acts{at.eat_apoptotic(), at.eat_necrotic(), at.eat_other_dead()};
    if (model.project->springs) acts.push_back(at.attachment());
    for (int t = 0; t < at.n; ++t) acts.insert(acts.end(), {at.eat(t), at.attack(t), at.fuse(t)});
    return acts;
}

}  // namespace

std::vector<std::uint8_t> find_actors(const Model& model, const Cells& cells, Team& team) {
    std::vector<std::vector<int>> acts(model.n_types());
    for (std::size_t t = 0; t < acts.size(); ++t) {
        for (const int b : acting_behaviours(model)) {
            if (model.may_be_nonzero(t, b)) acts[t].push_back(b);
        }
    }
    std::vector<std::uint8_t> actors(cells.size(), 0);
    team.run(cells.size(), 256, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            const auto& mine = acts[cells.type[i]];
            if (cells.outside[i] || mine.empty()) continue;
            actors[i] =
                std::any_of(mine.begin(), mine.end(), [&](int b) { return model.value(cells, i, b) > 0; });
        }
    });
    return actors;
}

bool interact(const Model& model, State& state, const std::vector<std::uint8_t>& actors, const Dice& dice,
              Team& team, std::vector<std::vector<double>*> follow) {
    const Cells& cells = state.cells;
    std::vector<std::uint32_t> rows;
    for (std::uint32_t i = 0; i < cells.size(); ++i) {
        if (cells.death[i] == alive && !cells.outside[i] && (actors[i] || cells.attack_target[i] >= 0))
            rows.push_back(i);
    }
    if (rows.empty()) return false;
    std::sort(rows.begin(), rows.end(), [&](auto a, auto b) { return cells.id[a] < cells.id[b]; });
    std::vector<Intent> intents(rows.size());
    const Decider decider(model, state, dice);
    team.run(rows.size(), 64, [&](std::size_t begin, std::size_t end) {
        for (std::size_t n = begin; n < end; ++n) {
            if (actors[rows[n]]) intents[n] = decider.decide(rows[n]);
        }
    });
    Resolver resolver(model, state, dice);
    for (std::size_t n = 0; n < rows.size(); ++n) resolver.act(rows[n], intents[n]);
    if (!resolver.any_gone()) return false;
    for (auto* column : follow) {
        std::size_t next = 0;
        for (std::size_t i = 0; i < column->size(); ++i) {
            if (!resolver.gone()[i]) (*column)[next++] = (*column)[i];
        }
        column->resize(next);
    }
    remove(state, resolver.gone());
    return true;
}

}  // namespace abscopal::tissue
