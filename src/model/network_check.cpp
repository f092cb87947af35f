// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
// Names, argument counts, recursion and constructs that no stage can run, in all mathematics of a Spec.
#include <set>
#include <utility>

#include "model/network.hpp"

namespace abscopal {
namespace {

struct Arity {
    std::size_t least, most;
};
constexpr std::size_t any = ~std::size_t{0};

Arity arity_of(Op op) {
    switch (op) {
        case Op::number:
        case Op::symbol:
        case Op::time:
        case Op::avogadro:
            return {0, 0};
        case Op::minus:
            return {1, 2};
        case Op::divide:
        case Op::power:
        case Op::quotient:
        case Op::rem:
        case Op::log:
        case Op::root:
        case Op::ne:
        case Op::implies:
        case Op::delay:
            return {2, 2};
        case Op::plus:
        case Op::times:
        case Op::min:
        case Op::max:
        case Op::eq:
        case Op::lt:
        case Op::le:
        case Op::gt:
        case Op::ge:
        case Op::and_:
        case Op::or_:
        case Op::xor_:
        case Op::piecewise:
        case Op::call:
            return {0, any};
        default:
            return {1, 1};
    }
}

std::string counted(std::size_t n) {
    return std::to_string(n) + (n == 1 ? " argument" : " arguments");
}

// One expression and what may stand in it besides the names of the model.
class ExpressionCheck {
  public:
    ExpressionCheck(const Network& network, FaultList& faults, Place place, std::vector<std::string> extra,
                    bool sees_model = true)
        : network_(network),
          faults_(faults),
          place_(std::move(place)),
          extra_(std::move(extra)),
          sees_model_(sees_model) {}

    void run(const Expression& expression) const {
        if (expression) for_each_node(expression, [&](const Node& node) { visit(node); });
    }

  private:
    void visit(const Node& node) const {
        const Place& place = node.place.line ? node.place : place_;
        if (node.op == Op::symbol) return visit_symbol(node, place);
        if (node.op == Op::call) return visit_call(node, place);
        if (node.op == Op::delay) faults_.add("unsupported-construct", "delay() is not supported", place);
        const auto [least, most] = arity_of(node.op);
        if (node.args.size() >= least && node.args.size() <= most) return;
        faults_.add("wrong-argument-count",
                    "'" + std::string(name_of(node.op)) + "' takes " + counted(least) + ", found " +
                        std::to_string(node.args.size()),
                    place);
    }

    void visit_symbol(const Node& node, const Place& place) const {
        for (const std::string& name : extra_) {
            if (name == node.name) return;
        }
        const auto known = sees_model_ ? network_.find(node.name) : std::nullopt;
        if (known && network_[*known].kind == Quantity::Kind::reaction && !network_[*known].definition) {
            faults_.add("undetermined", "'" + node.name + "' is a reaction without kinetic law", place);
        }
        if (known) return;
        std::vector<std::string> names = sees_model_ ? network_.ids() : std::vector<std::string>{};
        names.insert(names.end(), extra_.begin(), extra_.end());
        faults_.add("undefined-name", "'" + node.name + "' is not defined" + did_you_mean(node.name, names),
                    place);
    }

    void visit_call(const Node& node, const Place& place) const {
        const FunctionDefinition* function = network_.find_function(node.name);
        if (!function) {
            std::vector<std::string> names;
            for (const FunctionDefinition& known : network_.spec().functions) names.push_back(known.id);
            faults_.add("undefined-name",
                        "function '" + node.name + "' is not defined" + did_you_mean(node.name, names),
                        place);
        } else if (!function->body) {
            faults_.add("undetermined", "function '" + node.name + "' has no mathematics", place);
        } else if (function->arguments.size() != node.args.size()) {
            faults_.add("wrong-argument-count",
                        "function '" + node.name + "' takes " + counted(function->arguments.size()) +
                            ", found " + std::to_string(node.args.size()),
                        place);
        }
    }

    const Network& network_;
    FaultList& faults_;
    Place place_;
    std::vector<std::string> extra_;
    bool sees_model_;
};

// Depth-first over calls; a function met again while it is open is recursive.
class RecursionCheck {
  public:
    RecursionCheck(const Network& network, FaultList& faults) : network_(network), faults_(faults) {}

    void visit(const FunctionDefinition& function) {
        if (done_.count(function.id)) return;
        if (!open_.insert(function.id).second) {
            faults_.add("recursive-function", "function '" + function.id + "' calls itself", function.place);
            return;
        }
        if (function.body) for_each_node(function.body, [&](const Node& node) { follow(node); });
        open_.erase(function.id);
        done_.insert(function.id);
    }

  private:
    void follow(const Node& node) {
        if (node.op != Op::call) return;
        if (const FunctionDefinition* next = network_.find_function(node.name)) visit(*next);
    }

    const Network& network_;
    FaultList& faults_;
    std::set<std::string> open_, done_;
};

}  // namespace

void Network::check() {
    for (const Fault& fault : spec_.refused) faults_.add(fault.code, fault.message, fault.place, fault.notes);
    const auto check_one = [&](const Expression& expression, const Place& place,
                               std::vector<std::string> extra = {}) {
        ExpressionCheck(*this, faults_, place, std::move(extra)).run(expression);
    };
    RecursionCheck recursion(*this, faults_);
    for (const FunctionDefinition& function : spec_.functions) {
        ExpressionCheck(*this, faults_, function.place, function.arguments, false).run(function.body);
        recursion.visit(function);
    }
    for (const InitialAssignment& assignment : spec_.initial_assignments)
        check_one(assignment.math, assignment.place);
    for (const Rule& rule : spec_.rules) check_one(rule.math, rule.place);
    for (const Reaction& reaction : spec_.reactions) {
        std::vector<std::string> locals;
        for (const Parameter& local : reaction.local_parameters) locals.push_back(local.id);
        check_one(reaction.law, reaction.place, locals);
        for (const SpeciesReference& reference : reaction.reactants)
            check_one(reference.math, reference.place);
        for (const SpeciesReference& reference : reaction.products)
            check_one(reference.math, reference.place);
    }
    for (const Event& event : spec_.events) {
        for (const Expression& part : {event.trigger, event.delay, event.priority})
            check_one(part, event.place);
        for (const EventAssignment& assignment : event.assignments)
            check_one(assignment.math, assignment.place);
    }
    std::vector<std::string> factors = {spec_.conversion_factor};
    for (const Species& species : spec_.species) factors.push_back(species.conversion_factor);
    for (const std::string& factor : factors) {
        if (factor.empty() || find(factor)) continue;
        faults_.add("undefined-name",
                    "conversion factor '" + factor + "' is not defined" + did_you_mean(factor, ids()));
    }
}

}  // namespace abscopal
