// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "abscopal/spec.hpp"

/// A Model is compile(Spec): immutable, checked, shared freely between threads.
///
/// **Workspace.** All numbers of one patient live in one array of doubles, addressed by Slot:
/// time, then states, then parameters, then constants and registers. Programs are straight-line code
/// that reads and writes slots. Whoever integrates owns the workspace; the Model never changes.
namespace abscopal {

using Slot = std::uint32_t;
inline constexpr Slot no_slot = ~Slot{0};

/// Straight-line code over a workspace: instruction i writes slot `out` from slots `a`, `b`, `c`.
struct Instruction {
    enum class Code : std::uint8_t;  // src/model/program.hpp
    Code code;
    Slot out, a, b, c;
};

struct Program {
    std::vector<Instruction> instructions;
    std::vector<Slot> outputs;  ///< where the results stand after run(), in the order the owner documents

    /// Evaluates in place. No allocation, no exception; arithmetic faults give NaN or infinity.
    void run(double* workspace) const;
};

/// What determines a state as time goes on.
enum class Determined : std::uint8_t {
    by_rate,        ///< its rate of change
    by_equation,    ///< an algebraic rule: its entry of `rates` is a residual, held at 0
    by_equilibrium  ///< fast reactions: its entry of `rates` is their net flow into it, held at 0
};

/// A quantity that is integrated. Species are carried as **amounts**, whatever their unit in mathematics.
struct StateInfo {
    std::string id;
    std::string name;
    std::string unit;  ///< of the carried value (amount for a species), or empty
    bool is_species = false;
    Slot slot = no_slot;
    Determined determined = Determined::by_rate;
};

/// A number that integration does not change but patients, doses, events and covariates may.
struct ParameterInfo {
    std::string id;
    std::string name;
    std::string unit;
    std::string source;
    double value = 0.0;       ///< default; meaningless where an initial assignment gives it
    bool is_constant = true;  ///< no event assigns it
    Slot slot = no_slot;
};

/// Everything that can be looked at: compartments, species (in the unit their id has in mathematics),
/// parameters, reactions (extent per time), assigned variables, named stoichiometries. After `observe` has
/// run, the value stands in `slot`.
struct ObservableInfo {
    enum class Kind { compartment, species, parameter, reaction, stoichiometry };
    std::string id;
    std::string name;
    std::string unit;
    Kind kind = Kind::parameter;
    Slot slot = no_slot;
    Slot amount = no_slot;         ///< species: its amount
    Slot concentration = no_slot;  ///< species: its concentration (no_slot in a compartment without size)
};

/// How a number given by id before the start (by --set, a patient's row, an arm) enters the workspace.
struct SettableInfo {
    std::string id;
    Slot slot = no_slot;  ///< state or parameter that receives it
    Slot multiply_by =
        no_slot;  ///< compartment whose initial size turns a given concentration into the amount carried
};

struct EventInfo {
    std::string id;
    Program trigger;      ///< 1 output, true if ≠ 0
    Program delay;        ///< 1 output; no outputs: no delay
    Program priority;     ///< 1 output; no outputs: none
    Program assignments;  ///< outputs: one value for each target, in the unit its id has in mathematics
    Program sizes;        ///< outputs: factor that makes each value the carried one, as it is just before
                          ///< execution (size of a concentration's compartment, else 1); no outputs: all 1
    std::vector<Slot> targets;  ///< states (as amounts) or parameters
    bool initial_value = true;
    bool persistent = true;
    bool values_from_trigger_time = true;
    /// Of a Model with sensitivities: ∂(delay)/∂by[k]; ∂(sizes)/∂by[k], all targets for each k. The targets and
    /// assignments then go on with the derivatives, all targets for each k.
    Program delay_slopes, size_slopes;
    /// If the trigger depends on time and constants only, `roots` below still lists it; see
    /// Model::time_switches.
};

/// An initial assignment or a dependent initial value, in an order in which they can be run.
struct InitialStep {
    Slot target = no_slot;  ///< skipped if the user gave this one a value
    Program program;        ///< 1 output
    /// Of a derivative: what it is the derivative of. Where the user gave that one a value, `if_given` (1 output)
    /// is run instead.
    Slot derivative_of = no_slot;
    Program if_given;
};

/// Compressed sparse columns of d(rates)/d(states).
struct Sparsity {
    std::vector<std::int64_t> column_start;  ///< n_states + 1
    std::vector<std::int64_t> row;           ///< ascending within a column
};

/// A non-zero of the mass matrix M in M · d(states)/dt = rates.
struct MassEntry {
    std::size_t row = 0, column = 0;  ///< indices in Model::states
    Slot value = no_slot;             ///< stands there once the prelude has run
};

/// What a Model carries to follow derivatives by quantities `by` (forward sensitivities). Its states are those of the
/// model proper, then for each k the derivatives of all of them by by[k]; likewise its observables. Derivatives are by
/// what the id means in mathematics and, of a state, by its initial value.
struct SensitivityInfo {
    std::vector<std::string> by;    ///< ids
    std::vector<Slot> slots;        ///< [k]: where by[k] stands
    std::size_t n_states = 0;       ///< of the model proper
    std::size_t n_parameters = 0;   ///< likewise; the others are derivatives
    std::size_t n_observables = 0;  ///< likewise
    std::vector<std::vector<Slot>> of_parameter;  ///< [k][parameter]; no_slot: it does not change with by[k]
    std::vector<Slot> moment;    ///< [k]: derivative of the time of what is happening; 0 but while it happens
    std::vector<Slot> drift;     ///< [state]: where d(state)/dt is written for `root_drift`
    Program root_drift;          ///< outputs [root]: its rate along `drift` and time
    Program root_slopes;         ///< outputs [root][k]: its derivative at fixed time
    Program switch_time_slopes;  ///< outputs [time switch][k]

    std::size_t state(std::size_t i, std::size_t k) const { return (1 + k) * n_states + i; }
    std::size_t observable(std::size_t i, std::size_t k) const { return (1 + k) * n_observables + i; }
};

/// A reaction, or one way of a reversible one, as something that happens as a whole: one firing changes
/// states by fixed amounts.
struct Channel {
    std::string reaction;  ///< id
    std::vector<std::pair<std::size_t, Slot>>
        changes;  ///< indices in Model::states; the amounts stand there once the prelude has run
};

struct Model {
    std::string id, name;
    std::string digest;     ///< 64 hex digits; equal if and only if the mathematics is equal
    std::string time_unit;  ///< or empty
    std::vector<UnitDefinition> unit_definitions;  ///< what the ids in the unit texts of this Model mean

    std::vector<StateInfo> states;
    std::vector<ParameterInfo> parameters;
    std::vector<ObservableInfo> observables;
    std::vector<SettableInfo> settables;
    std::vector<EventInfo> events;

    /// A fresh workspace: defaults of states and parameters, constants; slot `time` is 0.
    std::vector<double> workspace;
    Slot time = 0;
    Slot first_state = 1;  ///< states are contiguous
    Slot first_parameter = 1;

    std::vector<InitialStep> initial;  ///< run once at the start, after the user's values were written
    Program prelude;  ///< parameter-only work; run after any parameter changed, before the programs below
    Program rates;    ///< outputs: d(state)/dt, one for each state; with a mass matrix M · d(states)/dt
    /// Mass matrix M by row, then column; the identity unless has_mass(). The row of a state determined by an
    /// equation is empty; that of one in equilibrium holds a vanishing number on the diagonal, so that fast
    /// reactions which stand still hold nothing; every other holds 1 on the diagonal and the stoichiometric
    /// shares of states in equilibrium.
    std::vector<MassEntry> mass;
    Program jacobian;  ///< outputs: the non-zeros in the order of `sparsity`
    Sparsity sparsity;
    Program
        time_slope;  ///< outputs: ∂(rates)/∂(time) at fixed states; no outputs where no rate depends on time
    std::vector<Channel> channels;            ///< empty where `not_stochastic` says why
    Program propensities;                     ///< outputs: mean firings per time, one for each channel
    std::vector<std::string> not_stochastic;  ///< what cannot be simulated by single firings, in words
    Program observe;                          ///< fills every observable slot

    /// Switching functions: wherever one changes sign, a piecewise branch, an event trigger, abs, min, max,
    /// floor or ceil may switch. The integrator must not step across. Outputs: lhs − rhs for each relation.
    Program roots;
    /// Outputs: for relations of the form `time <op> constant expression`, the time at which they switch (may
    /// depend on parameters only): exact stop times. These are not among `roots`.
    Program time_switches;

    std::optional<SensitivityInfo> sensitivities;  ///< of compile(spec, by)

    std::size_t n_states() const { return states.size(); }
    /// Whether something else than rates determines states: then M is not the identity (it may be all zero).
    bool has_mass() const {
        for (const StateInfo& state : states)
            if (state.determined != Determined::by_rate) return true;
        return false;
    }
};

/// Checks the Spec and compiles it. Throws InputError with every fault: undefined names (with the nearest),
/// cyclic rules, over- and under-determined variables, constructs that cannot be integrated (each by its SBML
/// name).
std::shared_ptr<const Model> compile(const Spec& spec);

/// The same with the derivatives of everything by the quantities `by`: parameters, compartments, or species for their
/// initial values (ids or unique display names). They pass through doses, events and switches, whose times may depend
/// on them (docs/theory/sensitivities.md). Throws InputError also for a quantity that is unknown, named twice or
/// computed by the model.
std::shared_ptr<const Model> compile(const Spec& spec, const std::vector<std::string>& by);

/// Index of an entity by id, or else by its display name if that is unique; nothing if neither.
std::optional<std::size_t> find_state(const Model& model, std::string_view id);
std::optional<std::size_t> find_parameter(const Model& model, std::string_view id);
std::optional<std::size_t> find_observable(const Model& model, std::string_view id);
std::optional<std::size_t> find_settable(const Model& model, std::string_view id);

}  // namespace abscopal
