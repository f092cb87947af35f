// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>
#include <utility>

#include "base/digest.hpp"
#include "base/text.hpp"
#include "model/assemble.hpp"
#include "model/compile_parts.hpp"

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

    std::shared_ptr<const Model> run() {
        lower();
        faults_.throw_if_any();
        model_->id = network_.spec().id;
        model_->name = network_.spec().name;
        model_->time_unit = network_.spec().time_unit;
        model_->unit_definitions = network_.spec().unit_definitions;
        model_->digest = sha256(join(digest_lines(network_, initial_, events_), "\n"));
        place_leaves();
        assemble();
        return std::move(model_);
    }

  private:
    struct Look {
        NodeId value, amount, concentration;
    };

    void lower();
    void find_undetermined(const std::vector<NodeId>& watched);
    void place_leaves();
    void place_state(std::size_t quantity, Slot slot);
    void place_parameter(std::size_t quantity, Slot slot);
    void assemble();
    void assemble_events(Assembler& assembler);
    void assemble_initial(Assembler& assembler);
    void assemble_observables(Assembler& assembler);
    std::string unit_of(const Quantity& quantity) const;
    std::string amount_unit(const Quantity& quantity) const;

    Network& network_;
    FaultList& faults_;
    std::shared_ptr<Model> model_ = std::make_shared<Model>();
    std::vector<std::size_t> states_, parameters_;
    Equations equations_;
    std::vector<NodeId> rates_;  ///< as assembled
    std::vector<Look> looks_;
    std::vector<EventNodes> events_;
    InitialNodes initial_;
    JacobianNodes jacobian_;
    std::vector<NodeId> time_slopes_;
    SwitchNodes switches_;
    std::vector<Slot> slots_;  ///< by leaf
};

// Every node is made here; what follows only reads the graph.
void Compiler::lower() {
    for (std::size_t i = 0; i < network_.size(); ++i) {
        const auto role = network_[i].role;
        if (role == Quantity::Role::state) states_.push_back(i);
        if (role == Quantity::Role::parameter) parameters_.push_back(i);
    }
    equations_ = lower_equations(network_, states_, faults_);
    rates_ = equations_.rates;
    for (std::size_t i = 0; i < network_.size(); ++i) {
        const bool is_species = network_[i].kind == Quantity::Kind::species;
        looks_.push_back({network_.value(i), is_species ? network_.amount(i) : no_node,
                          is_species ? network_.concentration(i) : no_node});
    }
    initial_ = lower_initial_values(network_, faults_);
    events_ = lower_events(network_);
    rates_ = with_reciprocals(network_.graph(), rates_);
    jacobian_ = differentiate_rates(network_.graph(), rates_, states_);
    time_slopes_ = differentiate_by_time(network_.graph(), rates_);
    std::vector<NodeId> watched = rates_;
    for (const EventNodes& event : events_) watched.push_back(event.trigger);
    switches_ = find_switches(network_.graph(), watched);
    find_undetermined(watched);
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
    model_->first_parameter = next();
    for (const std::size_t parameter : parameters_) place_parameter(parameter, next());
    for (std::uint32_t leaf = leaf_of(network_.size()); leaf < initial_.n_leaves; ++leaf) {
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
    std::vector<NodeId> masses;
    for (const auto& entry : equations_.mass) masses.push_back(entry.value);
    roots.insert(roots.end(), masses.begin(), masses.end());
    model_->prelude = assembler.hoist(roots);
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
    model_->workspace = assembler.workspace();
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
    for (std::size_t i = 0; i < network_.size(); ++i) {
        const Quantity& q = network_[i];
        ObservableInfo info{q.entity.id, q.entity.name, unit_of(q), observable_kind(q.kind),
                            no_slot,     no_slot,       no_slot};
        info.slot = next(looks_[i].value);
        info.amount = next(looks_[i].amount);
        info.concentration = next(looks_[i].concentration);
        model_->observables.push_back(std::move(info));
    }
}

void Compiler::assemble_initial(Assembler& assembler) {
    for (const InitialNode& step : initial_.steps) {
        model_->initial.push_back({slots_[step.leaf], assembler.assemble(std::span(&step.value, 1), false)});
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
        info.assignments = assembler.assemble(nodes.values, false);
        const auto is_one = [&](NodeId size) { return network_.graph().is_constant(size, 1.0); };
        if (!std::all_of(nodes.sizes.begin(), nodes.sizes.end(), is_one))
            info.sizes = assembler.assemble(nodes.sizes, false);
        for (const std::size_t target : nodes.targets) info.targets.push_back(slots_[leaf_of(target)]);
        info.initial_value = nodes.event->initial_value;
        info.persistent = nodes.event->persistent;
        info.values_from_trigger_time = nodes.event->values_from_trigger_time;
        model_->events.push_back(std::move(info));
    }
}

}  // namespace

std::shared_ptr<const Model> compile(const Spec& spec) {
    FaultList faults;
    Network network(spec, faults);
    network.check();
    faults.throw_if_any();
    network.solve_algebraic_rules();
    faults.throw_if_any();
    return Compiler(network, faults).run();
}

}  // namespace abscopal
