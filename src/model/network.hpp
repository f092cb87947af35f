// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "abscopal/spec.hpp"
#include "model/graph.hpp"

namespace abscopal {

/// Anything of a model that has a value: compartment, species, parameter, named stoichiometry or reaction.
struct Quantity {
    enum class Kind { compartment, species, parameter, stoichiometry, reaction };
    enum class Role { parameter, state, assigned };

    Kind kind = Kind::parameter;
    Role role = Role::parameter;
    Entity entity;
    bool constant = true;
    double value = 0.0;  ///< default, in its unit in mathematics (species: see `value_is_amount`)
    bool value_is_amount = true;
    bool has_value = false;  ///< the Spec says one
    Expression definition;   ///< of the assigned: rule, kinetic law or stoichiometryMath
    Expression rate_rule;
    Expression initial;  ///< initial assignment
    bool is_set_by_event = false;
    bool is_changed_by_reaction = false;
    const Species* species = nullptr;
    const Rule* equation = nullptr;  ///< the algebraic rule that determines this state
    bool is_changed_by_fast_reaction = false;
    const Reaction* reaction = nullptr;  ///< whose local names `definition` sees
    std::size_t compartment = npos;      ///< of a species whose id means concentration; npos: its amount
    std::optional<std::size_t> place_of_species;  ///< the compartment of any species

    static constexpr std::size_t npos = ~std::size_t{0};
};

/// The numbered leaf of time, and of the carried value of a quantity.
inline constexpr std::uint32_t time_leaf = 0;
inline std::uint32_t leaf_of(std::size_t quantity) {
    return static_cast<std::uint32_t>(quantity + 1);
}

/// The id a local parameter has in the model: "<reaction>_<local>".
std::string local_id(const Reaction& reaction, const std::string& local);

/// Where names of an expression are looked up before the model's own.
struct Scope {
    const Reaction* reaction = nullptr;
    const std::map<std::string, NodeId>* arguments = nullptr;  ///< of the function being expanded
};

/// A Spec as quantities that depend on each other, and their mathematics as one graph.
class Network {
  public:
    /// Takes the names in. Reports duplicate ids, unknown and constant targets and over-determined variables.
    Network(const Spec& spec, FaultList& faults);

    const Spec& spec() const { return spec_; }
    std::vector<Quantity>& quantities() { return quantities_; }
    const Quantity& operator[](std::size_t i) const { return quantities_[i]; }
    std::size_t size() const { return quantities_.size(); }
    std::optional<std::size_t> find(const std::string& id) const;
    const FunctionDefinition* find_function(const std::string& id) const;
    std::vector<std::string> ids() const;

    /// Names, argument counts, recursion and unsupported constructs in all mathematics (check.cpp).
    void check();

    /// Turns algebraic rules into assignment rules where they are linear in one free variable, and makes the
    /// variables that the others determine states with an equation (network_algebraic.cpp).
    void solve_algebraic_rules();

    /// Whether an algebraic rule stayed an equation that a state is held by.
    bool is_held(const Rule& rule) const;

    /// What a reaction changes: the carried values of species by so much for each unit of its extent.
    struct Flow {
        std::size_t reaction;  ///< quantity
        std::vector<std::pair<std::size_t, NodeId>> changes;
    };
    std::vector<Flow> flows(bool fast);  ///< of the fast reactions, or of the others

    Graph& graph() { return graph_; }
    NodeId value(std::size_t quantity);    ///< what its id means in mathematics
    NodeId carried(std::size_t quantity);  ///< what is integrated or stored; only states and parameters
    NodeId amount(std::size_t species);
    NodeId concentration(std::size_t species);  ///< no_node in a compartment without size
    /// Time derivative of the carried value; without the flow of fast reactions, and 0 for a state that an
    /// equation determines.
    NodeId rate(std::size_t state);
    NodeId time_derivative(NodeId node);
    NodeId lower(const Expression& expression, const Scope& scope = {});
    bool has_size(std::size_t compartment) const;

  private:
    struct Memo {
        NodeId value = no_node, rate = no_node;
        bool in_value = false, in_rate = false;
    };
    struct Participation {
        std::size_t reaction;  ///< quantity
        const SpeciesReference* reference;
        double sign;
        bool is_fast;
    };

    void add(Quantity quantity);
    void add_species(const Species& species);
    void add_reaction(const Reaction& reaction);
    void add_reference(const SpeciesReference& reference);
    void claim(const std::string& id, const Place& place);
    void take_rules();
    void take_initial_assignments();
    void take_event_targets();
    void take_participations();
    void settle_roles();
    void settle_concentrations();
    Quantity* target(const std::string& id, const std::string& what, const Place& place);

    NodeId solve_for(NodeId residual, std::size_t variable);
    bool solve_one(std::vector<const Rule*>& open, std::vector<char>& free);
    void match(const std::vector<const Rule*>& open, std::vector<char>& free);

    NodeId leaf(std::size_t quantity);
    NodeId compute_value(std::size_t quantity);
    NodeId compute_rate(std::size_t state);
    NodeId reaction_rates(std::size_t species);
    NodeId converted(std::size_t species, NodeId flow);
    NodeId stoichiometry(const SpeciesReference& reference);
    NodeId cycle(std::size_t quantity, const char* what);
    void refuse_rate_of_determined(std::size_t state);

    NodeId lower_symbol(const Node& node, const Scope& scope);
    NodeId lower_call(const Node& node, const Scope& scope);
    NodeId lower_fold(Code code, double empty, const Node& node, const Scope& scope);
    NodeId lower_relation(const Node& node, const Scope& scope);
    NodeId lower_piecewise(const Node& node, const Scope& scope);
    NodeId lower_function(Op op, const std::vector<NodeId>& arguments);

    const Spec& spec_;
    FaultList& faults_;
    Graph graph_;
    std::vector<Quantity> quantities_;
    std::unordered_map<std::string, std::size_t> by_id_;
    std::unordered_map<std::string, Place> claimed_;
    std::unordered_map<std::string, const FunctionDefinition*> functions_;
    std::vector<std::vector<Participation>> participations_;  ///< by quantity
    std::vector<Memo> memo_;
    std::vector<const Rule*> algebraic_rules_;
    std::vector<NodeId> solved_;                  ///< by quantity: what an algebraic rule makes of it
    std::vector<std::size_t> free_compartments_;  ///< of free variables while algebraic rules are solved
};

}  // namespace abscopal
