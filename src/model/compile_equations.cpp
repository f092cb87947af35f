// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
// The equations M · dy/dt = f. Fast reactions hold r species at the point where their net flows vanish; what
// the reactions conserve moves by the slow ones alone. With N the fast stoichiometry, N_D r of its rows that
// are independent and N_I = T · N_D the others: d(x_I − T x_D)/dt is the slow rate, and the fast flow into D
// is 0.
#include <algorithm>
#include <map>

#include "model/compile_parts.hpp"

namespace abscopal {
namespace {

/// Beside a flow that moves at all this is nothing; where the fast reactions stand still (rate constant 0),
/// it keeps the row from being empty, and the species moves by the slow reactions.
constexpr double vanishing = 1e-100;

/// Rows of N, one for each species the fast reactions change, brought to echelon form by columns.
class FastStoichiometry {
  public:
    FastStoichiometry(Graph& graph, const std::vector<Network::Flow>& flows) : g_(graph) {
        for (std::size_t k = 0; k < flows.size(); ++k) {
            for (const auto& [species, change] : flows[k].changes) {
                auto& row = rows_.try_emplace(species, flows.size(), g_.constant(0.0)).first->second;
                row[k] = change;
            }
        }
        n_columns_ = flows.size();
        for (std::size_t column = 0; column < n_columns_; ++column) eliminate(column);
    }

    /// Species held at equilibrium, and for each how much of it every other species takes part in (−T).
    const std::vector<std::size_t>& held() const { return held_; }
    NodeId share(std::size_t species, std::size_t k) { return g_.negate(rows_.at(species)[column_of_[k]]); }
    bool changes(std::size_t species) const { return rows_.count(species) != 0; }

  private:
    // Column operations until the pivot row is a unit row; those before it stay unit rows.
    void eliminate(std::size_t column) {
        const auto pivot = std::ranges::find_if(rows_, [&](const auto& row) {
            return std::ranges::find(held_, row.first) == held_.end() &&
                   !g_.is_constant(row.second[column], 0.0);
        });
        if (pivot == rows_.end()) return;
        held_.push_back(pivot->first);
        column_of_.push_back(column);
        const std::vector<NodeId> unit = pivot->second;
        for (auto& [species, row] : rows_) {
            row[column] = g_.div(row[column], unit[column]);
            for (std::size_t other = 0; other < n_columns_; ++other) {
                if (other == column || g_.is_constant(unit[other], 0.0)) continue;
                row[other] = g_.sub(row[other], g_.mul(row[column], unit[other]));
            }
        }
        for (std::size_t other = 0; other < n_columns_; ++other)
            pivot->second[other] = g_.constant(other == column ? 1.0 : 0.0);
    }

    Graph& g_;
    std::size_t n_columns_ = 0;
    std::map<std::size_t, std::vector<NodeId>> rows_;  ///< by species
    std::vector<std::size_t> held_, column_of_;
};

class EquationLowering {
  public:
    EquationLowering(Network& network, const std::vector<std::size_t>& states, FaultList& faults)
        : network_(network), g_(network.graph()), states_(states), faults_(faults) {}

    Equations run() {
        flows_ = network_.flows(true);
        check_flows();
        FastStoichiometry stoichiometry(g_, flows_);
        bool is_plain = true;
        for (std::size_t i = 0; i < states_.size(); ++i) {
            row_of_[states_[i]] = i;
            result_.determined.push_back(determined(states_[i], stoichiometry));
            is_plain = is_plain && result_.determined.back() == Determined::by_rate;
        }
        for (std::size_t i = 0; i < states_.size(); ++i) add_row(i, stoichiometry, is_plain);
        return std::move(result_);
    }

  private:
    Determined determined(std::size_t quantity, const FastStoichiometry& stoichiometry) const {
        if (network_[quantity].equation) return Determined::by_equation;
        const bool is_held = std::ranges::find(stoichiometry.held(), quantity) != stoichiometry.held().end();
        return is_held ? Determined::by_equilibrium : Determined::by_rate;
    }

    // The stoichiometry stands in the mass matrix, which may only hold what no step changes.
    void check_flows() {
        for (const auto& flow : flows_) {
            for (const auto& [species, change] : flow.changes) {
                if (!g_.depends(change, on_time | on_state)) continue;
                faults_.add("unsupported-construct",
                            "fast reaction '" + network_[flow.reaction].entity.id +
                                "' with a stoichiometry that changes with time is not supported",
                            network_[flow.reaction].entity.place);
            }
        }
    }

    NodeId fast_flow(std::size_t species) {
        NodeId sum = g_.constant(0.0);
        for (const auto& flow : flows_) {
            for (const auto& [changed, change] : flow.changes) {
                if (changed == species) sum = g_.add(sum, g_.mul(change, network_.value(flow.reaction)));
            }
        }
        return sum;
    }

    void add_row(std::size_t i, FastStoichiometry& stoichiometry, bool is_plain) {
        const std::size_t state = states_[i];
        const NodeId one = g_.constant(1.0);
        switch (result_.determined[i]) {
            case Determined::by_equation:
                result_.rates.push_back(network_.lower(network_[state].equation->math));
                return;
            case Determined::by_equilibrium:
                result_.mass.push_back({i, i, g_.constant(vanishing)});
                result_.rates.push_back(
                    g_.add(fast_flow(state), g_.mul(g_.constant(vanishing), network_.rate(state))));
                return;
            case Determined::by_rate:
                break;
        }
        NodeId rate = network_.rate(state);
        std::map<std::size_t, NodeId> row = {{i, one}};
        for (std::size_t k = 0; stoichiometry.changes(state) && k < stoichiometry.held().size(); ++k) {
            const NodeId share = stoichiometry.share(state, k);
            if (g_.is_constant(share, 0.0)) continue;
            const std::size_t held = stoichiometry.held()[k];
            row[row_of_.at(held)] = share;
            rate = g_.add(rate, g_.mul(share, network_.rate(held)));
        }
        result_.rates.push_back(rate);
        if (is_plain) return;
        for (const auto& [column, value] : row) result_.mass.push_back({i, column, value});
    }

    Network& network_;
    Graph& g_;
    const std::vector<std::size_t>& states_;
    FaultList& faults_;
    std::vector<Network::Flow> flows_;
    std::map<std::size_t, std::size_t> row_of_;  ///< of a quantity
    Equations result_;
};

}  // namespace

Equations lower_equations(Network& network, const std::vector<std::size_t>& states, FaultList& faults) {
    return EquationLowering(network, states, faults).run();
}

}  // namespace abscopal
