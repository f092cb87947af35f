// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>
#include <utility>

#include "base/digest.hpp"
#include "base/text.hpp"
#include "model/assemble.hpp"
#include "model/compile_parts.hpp"
#include "model/neutral_id.hpp"

namespace abscopal {
namespace {

// "unit/size unit", where both are known.
std::string concentration_unit(const std::string& amount, const std::string& size) {
    return amount.empty() || size.empty() ? std::string{} : amount + "/" + size;
}

ObservableInfo::Kind observable_kind(Quantity::Kind kind) {
    switch (kind) {
        case Quantity::Kind::compartment:
            return ObservableInfo::Kind::compartment;
        case Quantity::Kind::species:
            return ObservableInfo::Kind::species;
        case Quantity::Kind::parameter:
            return ObservableInfo::Kind::parameter;
        case Quantity::Kind::stoichiometry:
            return ObservableInfo::Kind::stoichiometry;
        case Quantity::Kind::reaction:
            break;
    }
    return ObservableInfo::Kind::reaction;
}

// From the network's nodes to slots and programs.
class Compiler {
  public:
    Compiler(Network& network, FaultList& faults) : network_(network), faults_(faults) {}

    std::shared_ptr<const Model> run(const std::vector<std::string>& by) {
        lower();
        by_ = find_differentiable(network_, by, faults_);
        refuse_equations();
        faults_.throw_if_any();
        model_->id = network_.spec().id;
        model_->name = network_.spec().name;
        model_->time_unit = network_.spec().time_unit;
        model_->unit_definitions = network_.spec().unit_definitions;
        std::vector<std::string> lines = digest_lines(network_, initial_, events_);
        for (const std::size_t quantity : by_)
            lines.push_back("sensitivity to " + neutral_id(network_[quantity].entity.id));
        model_->digest = sha256(join(lines, "\n"));
        derive();
        place_leaves();
        assemble();
        return std::move(model_);
    }

  private:
    using Look = SensitivityNodes::Look;

    void lower();
    void refuse_equations();
    void derive();
    void find_undetermined(const std::vector<NodeId>& watched);
    void place_leaves();
    void place_state(std::size_t quantity, Slot slot);
    void place_parameter(std::size_t quantity, Slot slot);
    void place_derivatives_of_states();
    void place_derivatives_of_parameters();
    std::string derivative_name(const std::string& of, std::size_t k) const;
    void assemble();
    void place_channels(const std::vector<Slot>& changes);
    void assemble_events(Assembler& assembler);
    void assemble_initial(Assembler& assembler);
    void assemble_observables(Assembler& assembler);
    void assemble_sensitivities(Assembler& assembler);
    Slot derivative_slot(std::size_t target, std::size_t k) const;
    std::string unit_of(const Quantity& quantity) const;
    std::string amount_unit(const Quantity& quantity) const;

    Network& network_;
    FaultList& faults_;
    std::shared_ptr<Model> model_ = std::make_shared<Model>();
    std::vector<std::size_t> states_, parameters_;
    Equations equations_;
    ChannelNodes channels_;
    std::vector<NodeId> rates_;  ///< as assembled
    std::vector<Look> looks_;
    std::vector<EventNodes> events_;
    InitialNodes initial_;
    JacobianNodes jacobian_;
    std::vector<NodeId> time_slopes_;
    SwitchNodes switches_;
    std::vector<std::size_t> by_;
    SensitivityNodes sensitivities_;
    std::vector<Slot> slots_;  ///< by leaf
};

// The model as written.
void Compiler::lower() {
    for (std::size_t i = 0; i < network_.size(); ++i) {
        const auto role = network_[i].role;
        if (role == Quantity::Role::state) states_.push_back(i);
        if (role == Quantity::Role::parameter) parameters_.push_back(i);
    }
    equations_ = lower_equations(network_, states_, faults_);
    rates_ = equations_.rates;
    channels_ = lower_channels(network_, states_);
    for (std::size_t i = 0; i < network_.size(); ++i) {
        const bool is_species = network_[i].kind == Quantity::Kind::species;
        looks_.push_back({network_.value(i), is_species ? network_.amount(i) : no_node,
                          is_species ? network_.concentration(i) : no_node});
    }
    initial_ = lower_initial_values(network_, faults_);
    events_ = lower_events(network_);
    std::vector<NodeId> watched = rates_;
    for (const EventNodes& event : events_) watched.push_back(event.trigger);
    find_undetermined(watched);
}

// A state held by a residual has no rate along which its derivative could go.
void Compiler::refuse_equations() {
    for (std::size_t i = 0; i < states_.size() && !by_.empty(); ++i) {
        if (equations_.determined[i] == Determined::by_rate) continue;
        const Entity& entity = network_[states_[i]].entity;
        const bool is_rule = equations_.determined[i] == Determined::by_equation;
        faults_.add("unsupported-construct",
                    "sensitivities are not supported where " +
                        std::string(is_rule ? "an algebraic rule" : "fast reactions") +
                        " must be solved for '" + entity.id + "'",
                    entity.place);
    }
}

// What integration needs beyond it. Every node is made by now; what follows only reads the graph.
void Compiler::derive() {
    rates_ = with_reciprocals(network_.graph(), rates_);
    std::vector<NodeId> watched = rates_;
    for (const EventNodes& event : events_) watched.push_back(event.trigger);
    switches_ = find_switches(network_.graph(), watched);
    std::vector<std::uint32_t> leaves;
    for (const std::size_t state : states_) leaves.push_back(leaf_of(state));
    if (!by_.empty()) {
        sensitivities_ = differentiate_model(network_, by_, {states_, rates_, switches_}, initial_, events_);
        leaves.insert(leaves.end(), sensitivities_.states.begin(), sensitivities_.states.end());
        rates_.insert(rates_.end(), sensitivities_.rates.begin(), sensitivities_.rates.end());
        looks_.insert(looks_.end(), sensitivities_.looks.begin(), sensitivities_.looks.end());
    }
    jacobian_ = differentiate_rates(network_.graph(), rates_, leaves);
    time_slopes_ = differentiate_by_time(network_.graph(), rates_);
}

// Whatever the course depends on must have a start value from somewhere.
void Compiler::find_undetermined(const std::vector<NodeId>& watched) {
    const Graph& graph = network_.graph();
    std::vector<char> is_needed(network_.size(), 0);
    for (const NodeId id : graph.reachable(watched)) {
        if (graph[id].code == Code::leaf && graph[id].leaf != time_leaf) is_needed[graph[id].leaf - 1] = 1;
    }
    for (std::size_t i = 0; i < states_.size(); ++i) {
        if (!graph.is_constant(rates_[i], 0.0)) is_needed[states_[i]] = 1;
    }
    for (std::size_t i = 0; i < network_.size(); ++i) {
        const Quantity& q = network_[i];
        if (!is_needed[i] || q.has_value || q.initial || q.is_set_by_event || q.equation) continue;
        faults_.add("undetermined", "'" + q.entity.id + "' has no value, and nothing determines one",
                    q.entity.place);
    }
}

void Compiler::place_leaves() {
    slots_.assign(initial_.n_leaves, no_slot);
    slots_[time_leaf] = model_->time;
    model_->workspace = {0.0};
    const auto next = [&] { return static_cast<Slot>(model_->workspace.size()); };
    model_->first_state = next();
    for (const std::size_t state : states_) place_state(state, next());
    if (!by_.empty()) place_derivatives_of_states();
    model_->first_parameter = next();
    for (const std::size_t parameter : parameters_) place_parameter(parameter, next());
    if (!by_.empty()) place_derivatives_of_parameters();
    for (std::uint32_t leaf = leaf_of(network_.size()); leaf < initial_.n_leaves; ++leaf) {
        if (slots_[leaf] != no_slot) continue;
        slots_[leaf] = next();
        model_->workspace.push_back(0.0);
    }
}

void Compiler::place_state(std::size_t quantity, Slot slot) {
    const Quantity& q = network_[quantity];
    slots_[leaf_of(quantity)] = slot;
    model_->workspace.push_back(q.value);
    model_->states.push_back({q.entity.id, q.entity.name, amount_unit(q), q.kind == Quantity::Kind::species,
                              slot, equations_.determined[model_->states.size()]});
}

void Compiler::place_parameter(std::size_t quantity, Slot slot) {
    const Quantity& q = network_[quantity];
    slots_[leaf_of(quantity)] = slot;
    model_->workspace.push_back(q.value);
    model_->parameters.push_back(
        {q.entity.id, q.entity.name, amount_unit(q), q.entity.source, q.value, !q.is_set_by_event, slot});
}

std::string Compiler::derivative_name(const std::string& of, std::size_t k) const {
    return "d(" + of + ")/d(" + network_[by_[k]].entity.id + ")";
}

void Compiler::place_derivatives_of_states() {
    for (std::size_t at = 0; at < sensitivities_.states.size(); ++at) {
        const std::size_t k = at / states_.size();
        const std::string& id = network_[states_[at % states_.size()]].entity.id;
        const Slot slot = static_cast<Slot>(model_->workspace.size());
        slots_[sensitivities_.states[at]] = slot;
        model_->workspace.push_back(sensitivities_.state_starts[at]);
        model_->states.push_back({derivative_name(id, k), "", "", false, slot});
    }
}

void Compiler::place_derivatives_of_parameters() {
    SensitivityInfo& info = model_->sensitivities.emplace();
    info.n_parameters = parameters_.size();
    info.of_parameter.assign(by_.size(), std::vector<Slot>(parameters_.size(), no_slot));
    for (const auto& derivative : sensitivities_.parameters) {
        const auto at = std::ranges::find(parameters_, derivative.quantity) - parameters_.begin();
        const Slot slot = static_cast<Slot>(model_->workspace.size());
        slots_[derivative.leaf] = slot;
        info.of_parameter[derivative.k][static_cast<std::size_t>(at)] = slot;
        model_->workspace.push_back(derivative.start);
        const Quantity& q = network_[derivative.quantity];
        model_->parameters.push_back({derivative_name(q.entity.id, derivative.k), "", "", "",
                                      derivative.start, !q.is_set_by_event, slot});
    }
}

std::string Compiler::amount_unit(const Quantity& quantity) const {
    if (!quantity.entity.unit.empty()) return quantity.entity.unit;
    switch (quantity.kind) {
        case Quantity::Kind::species:
            return network_.spec().substance_unit;
        case Quantity::Kind::compartment:
            return network_.spec().volume_unit;
        default:
            return {};
    }
}

std::string Compiler::unit_of(const Quantity& quantity) const {
    if (quantity.compartment != Quantity::npos) {
        return concentration_unit(amount_unit(quantity), amount_unit(network_[quantity.compartment]));
    }
    return quantity.kind == Quantity::Kind::reaction
               ? concentration_unit(network_.spec().extent_unit, network_.spec().time_unit)
               : amount_unit(quantity);
}

void Compiler::assemble() {
    Assembler assembler(network_.graph(), slots_, model_->workspace);
    std::vector<NodeId> roots = rates_;
    for (const auto* more : {&jacobian_.entries, &time_slopes_, &switches_.functions, &switches_.times}) {
        roots.insert(roots.end(), more->begin(), more->end());
    }
    for (const Look& look : looks_) {
        for (const NodeId node : {look.value, look.amount, look.concentration}) {
            if (node != no_node) roots.push_back(node);
        }
    }
    std::vector<NodeId> laws, changes;
    for (const auto& channel : channels_.channels) {
        laws.push_back(channel.law);
        for (const auto& change : channel.changes) changes.push_back(change.second);
    }
    roots.insert(roots.end(), laws.begin(), laws.end());
    roots.insert(roots.end(), changes.begin(), changes.end());
    std::vector<NodeId> masses;
    for (const auto& entry : equations_.mass) masses.push_back(entry.value);
    roots.insert(roots.end(), masses.begin(), masses.end());
    model_->prelude = assembler.hoist(roots);
    model_->propensities = assembler.assemble(laws, true);
    place_channels(assembler.assemble(changes, true).outputs);
    const std::vector<Slot> mass_slots = assembler.assemble(masses, true).outputs;
    for (std::size_t k = 0; k < masses.size(); ++k)
        model_->mass.push_back({equations_.mass[k].row, equations_.mass[k].column, mass_slots[k]});
    model_->rates = assembler.assemble(rates_, true);
    model_->jacobian = assembler.assemble(jacobian_.entries, true);
    model_->sparsity = std::move(jacobian_.sparsity);
    model_->time_slope = assembler.assemble(time_slopes_, true);
    model_->roots = assembler.assemble(switches_.functions, true);
    model_->time_switches = assembler.assemble(switches_.times, true);
    assemble_observables(assembler);
    assemble_initial(assembler);
    assemble_events(assembler);
    if (!by_.empty()) assemble_sensitivities(assembler);
    model_->workspace = assembler.workspace();
}

// `changes`: slots of all channels' changes, one after the other.
void Compiler::place_channels(const std::vector<Slot>& changes) {
    model_->not_stochastic = channels_.obstacles;
    std::size_t at = 0;
    for (const auto& nodes : channels_.channels) {
        Channel channel{network_[nodes.reaction].entity.id, {}};
        for (const auto& [quantity, change] : nodes.changes) {
            const auto state = std::ranges::lower_bound(states_, quantity) - states_.begin();
            channel.changes.emplace_back(static_cast<std::size_t>(state), changes[at++]);
        }
        model_->channels.push_back(std::move(channel));
    }
}

void Compiler::assemble_observables(Assembler& assembler) {
    std::vector<NodeId> outputs;
    for (const Look& look : looks_) {
        for (const NodeId node : {look.value, look.amount, look.concentration}) {
            if (node != no_node) outputs.push_back(node);
        }
    }
    model_->observe = assembler.assemble(outputs, true);
    std::size_t at = 0;
    const auto next = [&](NodeId node) { return node == no_node ? no_slot : model_->observe.outputs[at++]; };
    for (std::size_t i = 0; i < looks_.size(); ++i) {
        const Quantity& q = network_[i % network_.size()];
        ObservableInfo info{q.entity.id, q.entity.name, unit_of(q), observable_kind(q.kind),
                            no_slot,     no_slot,       no_slot};
        if (i >= network_.size()) {
            info.id = derivative_name(q.entity.id, i / network_.size() - 1);
            info.name = info.unit = "";
        }
        info.slot = next(looks_[i].value);
        info.amount = next(looks_[i].amount);
        info.concentration = next(looks_[i].concentration);
        model_->observables.push_back(std::move(info));
    }
}

void Compiler::assemble_initial(Assembler& assembler) {
    for (const InitialNode& step : initial_.steps) {
        InitialStep& made = model_->initial.emplace_back();
        made.target = slots_[step.leaf];
        made.program = assembler.assemble(std::span(&step.value, 1), false);
        if (step.derivative_of == 0) continue;
        made.derivative_of = slots_[step.derivative_of];
        made.if_given = assembler.assemble(std::span(&step.if_given, 1), false);
    }
    for (std::size_t i = 0; i < network_.size(); ++i) {
        const Quantity& q = network_[i];
        if (q.role == Quantity::Role::assigned) continue;
        SettableInfo info{q.entity.id, slots_[leaf_of(i)], no_slot};
        if (q.compartment != Quantity::npos) {
            const std::uint32_t own = initial_.size_leaves[q.compartment];
            info.multiply_by = slots_[own != 0 ? own : leaf_of(q.compartment)];
        }
        model_->settables.push_back(std::move(info));
    }
}

void Compiler::assemble_events(Assembler& assembler) {
    const auto one = [&](NodeId node) {
        return node == no_node ? Program{} : assembler.assemble(std::span(&node, 1), false);
    };
    for (const EventNodes& nodes : events_) {
        EventInfo info;
        info.id = nodes.event->id;
        info.trigger = one(nodes.trigger);
        info.delay = one(nodes.delay);
        info.priority = one(nodes.priority);
        std::vector<NodeId> values = nodes.values;
        values.insert(values.end(), nodes.value_slopes.begin(), nodes.value_slopes.end());
        info.assignments = assembler.assemble(values, false);
        const auto is_one = [&](NodeId size) { return network_.graph().is_constant(size, 1.0); };
        if (!std::all_of(nodes.sizes.begin(), nodes.sizes.end(), is_one))
            info.sizes = assembler.assemble(nodes.sizes, false);
        if (!by_.empty()) {
            info.delay_slopes = assembler.assemble(nodes.delay_slopes, false);
            info.size_slopes = assembler.assemble(nodes.size_slopes, false);
        }
        for (const std::size_t target : nodes.targets) info.targets.push_back(slots_[leaf_of(target)]);
        for (std::size_t k = 0; k < by_.size(); ++k)
            for (const std::size_t target : nodes.targets) info.targets.push_back(derivative_slot(target, k));
        info.initial_value = nodes.event->initial_value;
        info.persistent = nodes.event->persistent;
        info.values_from_trigger_time = nodes.event->values_from_trigger_time;
        model_->events.push_back(std::move(info));
    }
}

// Where the derivative of a state, or of a parameter that events set, stands.
Slot Compiler::derivative_slot(std::size_t target, std::size_t k) const {
    const auto state = std::ranges::find(states_, target);
    if (state != states_.end()) {
        const auto at = static_cast<std::size_t>(state - states_.begin());
        return slots_[sensitivities_.states[k * states_.size() + at]];
    }
    const auto parameter = std::ranges::find(parameters_, target) - parameters_.begin();
    return model_->sensitivities->of_parameter[k][static_cast<std::size_t>(parameter)];
}

void Compiler::assemble_sensitivities(Assembler& assembler) {
    SensitivityInfo& info = *model_->sensitivities;
    info.n_states = states_.size();
    info.n_observables = network_.size();
    for (const std::size_t quantity : by_) {
        info.by.push_back(network_[quantity].entity.id);
        info.slots.push_back(slots_[leaf_of(quantity)]);
    }
    for (const std::uint32_t leaf : sensitivities_.moment) info.moment.push_back(slots_[leaf]);
    for (const std::uint32_t leaf : sensitivities_.drift) info.drift.push_back(slots_[leaf]);
    info.root_drift = assembler.assemble(sensitivities_.root_drift, false);
    info.root_slopes = assembler.assemble(sensitivities_.root_slopes, false);
    info.switch_time_slopes = assembler.assemble(sensitivities_.switch_time_slopes, false);
}

}  // namespace

std::shared_ptr<const Model> compile(const Spec& spec) {
    return compile(spec, {});
}

std::shared_ptr<const Model> compile(const Spec& spec, const std::vector<std::string>& by) {
    FaultList faults;
    Network network(spec, faults);
    network.check();
    faults.throw_if_any();
    network.solve_algebraic_rules();
    faults.throw_if_any();
    return Compiler(network, faults).run(by);
}

}  // namespace abscopal
