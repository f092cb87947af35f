// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include "tissue/exchange.hpp"
#include "tissue/fields.hpp"
#include "tissue/mechanics.hpp"
#include "tissue/shortcuts.hpp"

/// The six stages of a step in PhysiCell's order: diffuse, exchange, phenotype when due, mechanics when due.
/// Two machines do them: one written to be read, one to be fast. The biology (phenotype, interactions,
/// motility, springs) is one and the same.
namespace abscopal::tissue {

/// Whether a stage with this step is due at `now`: its step has passed since it last ran, to half a diffusion
/// step.
bool is_due(const Project& project, std::uint64_t now, std::uint64_t last, double step);

class ReferenceStepper {
  public:
    ReferenceStepper(const Model& model, Team& team);
    void step(State& state);

  private:
    void mechanics_step(State& state, const Dice& dice);

    const Model& model_;
    Team& team_;
    OldBins old_bins_;
    std::vector<FieldSolver> solvers_;
};

class FastStepper {
  public:
    FastStepper(const Model& model, Team& team, const RunOptions& options);
    /// To step `last`. Scratch is rebuilt from the state first, so any state of the project will do.
    void advance(State& state, std::uint64_t last);

  private:
    std::uint64_t next_due(const State& state) const;
    void run_fields(State& state, std::uint64_t steps);
    void run_one_field(State& state, std::size_t k, std::uint64_t steps, bool with_team);
    template <class Real>
    void step_field(State& state, std::size_t k, std::uint64_t steps, bool with_team,
                    std::vector<Real>& field);
    void balance_field(State& state, std::size_t k, std::uint64_t steps, bool with_team);
    void list_cells(State& state);
    void place_cells(const State& state);
    void list_at_anchors(const State& state);
    void carry_hot(const Cells& cells, std::size_t begin, std::size_t end);
    bool has_strayed(const State& state, std::size_t begin, std::size_t end) const;
    void move_cells(State& state);
    void mechanics_step(State& state, const Dice& dice);
    NearRows near_rows(const State& state) const;
    void add_wall_and_pairs(State& state, const NearRows& near_rows);
    void add_pairs(Cells& cells, const NearRows& near_rows, std::uint32_t begin, std::uint32_t end,
                   std::array<Neighbours::Rows, 2>& scratch);
    std::vector<std::uint8_t> who_asks(const State& state);

    const Model& model_;
    Team& team_;
    OldBins old_bins_;
    FastDiffusion diffusion_;
    const lanes::TissueKernels& kernels_;
    bool single_precision_ = false;
    std::vector<Pace> paces_;  ///< by substrate, as the next two
    std::vector<FieldSolver> solvers_;
    std::vector<ExchangeTable> tables_;
    std::vector<bool> touching_types_;  ///< those that exchange anything
    std::vector<double> affinities_;    ///< roots by type and type; empty where all are 1
    bool own_affinities_ = false;       ///< cells of one type may differ: pairs one by one

    // What follows from the state, until it changes.
    bool parts_hold_ = false, actors_hold_ = false, places_hold_ = false, lists_hold_ = false,
         strayed_ = false;
    std::vector<Hot> hot_;
    Neighbours near_;
    std::vector<OldBins::Bin> bins_;    ///< of each row, with `compat`
    std::vector<ExchangeParts> parts_;  ///< where content is tracked
    std::vector<Exchange> maps_;
    std::vector<std::vector<float>> single_fields_;
    Occupied places_;
    std::vector<std::uint8_t> actors_;
    Velocities velocities_;
};

}  // namespace abscopal::tissue
