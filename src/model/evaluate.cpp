// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "model/evaluate.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace abscopal {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

double truth(bool value) {
    return value ? 1.0 : 0.0;
}

double function_of(Op op, double x) {
    switch (op) {
        case Op::negate:
            return -x;
        case Op::not_:
            return truth(x == 0.0);
        case Op::abs:
            return std::fabs(x);
        case Op::exp:
            return std::exp(x);
        case Op::ln:
            return std::log(x);
        case Op::sqrt:
            return std::sqrt(x);
        case Op::floor:
            return std::floor(x);
        case Op::ceil:
            return std::ceil(x);
        case Op::factorial:
            return std::tgamma(x + 1.0);
        case Op::sin:
            return std::sin(x);
        case Op::cos:
            return std::cos(x);
        case Op::tan:
            return std::tan(x);
        case Op::sec:
            return 1.0 / std::cos(x);
        case Op::csc:
            return 1.0 / std::sin(x);
        case Op::cot:
            return 1.0 / std::tan(x);
        case Op::sinh:
            return std::sinh(x);
        case Op::cosh:
            return std::cosh(x);
        case Op::tanh:
            return std::tanh(x);
        case Op::sech:
            return 1.0 / std::cosh(x);
        case Op::csch:
            return 1.0 / std::sinh(x);
        case Op::coth:
            return 1.0 / std::tanh(x);
        case Op::asin:
            return std::asin(x);
        case Op::acos:
            return std::acos(x);
        case Op::atan:
            return std::atan(x);
        case Op::asec:
            return std::acos(1.0 / x);
        case Op::acsc:
            return std::asin(1.0 / x);
        case Op::acot:
            return std::atan(1.0 / x);
        case Op::asinh:
            return std::asinh(x);
        case Op::acosh:
            return std::acosh(x);
        case Op::atanh:
            return std::atanh(x);
        case Op::asech:
            return std::acosh(1.0 / x);
        case Op::acsch:
            return std::asinh(1.0 / x);
        case Op::acoth:
            return std::atanh(1.0 / x);
        default:
            return nan;
    }
}

double function_of(Op op, double a, double b) {
    switch (op) {
        case Op::minus:
            return a - b;
        case Op::divide:
            return a / b;
        case Op::power:
            return std::pow(a, b);
        case Op::quotient:
            return std::trunc(a / b);
        case Op::rem:
            return std::fmod(a, b);
        case Op::log:
            return a == 10.0 ? std::log10(b) : std::log(b) / std::log(a);
        case Op::root:
            return a == 2.0 ? std::sqrt(b) : std::pow(b, 1.0 / a);
        case Op::ne:
            return truth(a != b);
        case Op::implies:
            return truth(a == 0.0 || b != 0.0);
        default:
            return nan;
    }
}

bool holds(Op op, double a, double b) {
    switch (op) {
        case Op::eq:
            return a == b;
        case Op::lt:
            return a < b;
        case Op::le:
            return a <= b;
        case Op::gt:
            return a > b;
        default:
            return a >= b;
    }
}

double chain(Op op, const std::vector<double>& x) {
    bool all = true;
    for (std::size_t i = 1; i < x.size(); ++i) all = all && holds(op, x[i - 1], x[i]);
    return truth(all);
}

double piecewise(const std::vector<double>& x) {
    for (std::size_t i = 0; i + 1 < x.size(); i += 2) {
        if (x[i + 1] != 0.0) return x[i];
    }
    return x.size() % 2 == 1 ? x.back() : nan;
}

double fold(const std::vector<double>& x, double empty,
            const std::function<double(double, double)>& combine) {
    if (x.empty()) return empty;
    double result = x[0];
    for (std::size_t i = 1; i < x.size(); ++i) result = combine(result, x[i]);
    return result;
}

double operation(Op op, const std::vector<double>& x) {
    const auto is_true = [](double value) { return value != 0.0; };
    switch (op) {
        case Op::plus:
            return fold(x, 0.0, [](double a, double b) { return a + b; });
        case Op::times:
            return fold(x, 1.0, [](double a, double b) { return a * b; });
        case Op::min:
            return fold(x, nan, [](double a, double b) { return a < b ? a : b; });
        case Op::max:
            return fold(x, nan, [](double a, double b) { return a > b ? a : b; });
        case Op::and_:
            return truth(std::all_of(x.begin(), x.end(), is_true));
        case Op::or_:
            return truth(std::any_of(x.begin(), x.end(), is_true));
        case Op::xor_:
            return truth(std::count_if(x.begin(), x.end(), is_true) % 2 == 1);
        case Op::eq:
        case Op::lt:
        case Op::le:
        case Op::gt:
        case Op::ge:
            return chain(op, x);
        case Op::piecewise:
            return piecewise(x);
        default:
            break;
    }
    if (op == Op::minus && x.size() == 1) return -x[0];
    return x.size() == 1 ? function_of(op, x[0]) : x.size() == 2 ? function_of(op, x[0], x[1]) : nan;
}

double call_function(const Node& node, const TreeContext& context) {
    const FunctionDefinition& function = *context.function(node.name);
    std::map<std::string, double> arguments;
    for (std::size_t i = 0; i < node.args.size(); ++i)
        arguments[function.arguments[i]] = evaluate(node.args[i], context);
    TreeContext inside = context;
    inside.value = [&](const std::string& id) { return arguments.at(id); };
    return function.body ? evaluate(function.body, inside) : nan;
}

}  // namespace

double evaluate(const Expression& expression, const TreeContext& context) {
    const Node& node = *expression;
    switch (node.op) {
        case Op::number:
            return node.value;
        case Op::symbol:
            return context.value(node.name);
        case Op::time:
            return context.time;
        case Op::avogadro:
            return 6.02214179e23;
        case Op::delay:
            return nan;
        case Op::rate_of:
            return context.rate_of(node.args[0]);
        case Op::call:
            return call_function(node, context);
        default:
            break;
    }
    std::vector<double> arguments;
    for (const Expression& argument : node.args) arguments.push_back(evaluate(argument, context));
    return operation(node.op, arguments);
}

TreeModel::TreeModel(const Spec& spec, double time, std::map<std::string, double> carried)
    : spec_(spec), time_(time), carried_(std::move(carried)) {
    for (const Reaction& reaction : spec.reactions) {
        for (const auto* side : {&reaction.reactants, &reaction.products}) {
            for (const SpeciesReference& reference : *side) {
                if (!reference.id.empty() && reference.math) computed_[reference.id] = reference.math;
            }
        }
    }
    for (const Rule& rule : spec.rules) {
        if (rule.kind == RuleKind::assignment && rule.math) computed_[rule.variable] = rule.math;
    }
}

double TreeModel::in(const Expression& expression, const Reaction* reaction) const {
    TreeContext context;
    context.time = time_;
    context.value = [&](const std::string& id) {
        if (reaction) {
            for (const Parameter& local : reaction->local_parameters) {
                if (local.id == id) return carried_.at(reaction->id + "_" + id);
            }
        }
        return value(id);
    };
    context.rate_of = [&](const Expression& argument) {
        return argument->op == Op::symbol ? value_rate(argument->name) : nan;
    };
    context.function = [&](const std::string& id) -> const FunctionDefinition* {
        for (const FunctionDefinition& function : spec_.functions) {
            if (function.id == id) return &function;
        }
        return nullptr;
    };
    return evaluate(expression, context);
}

const Rule* TreeModel::rule(const std::string& id, RuleKind kind) const {
    for (const Rule& rule : spec_.rules) {
        if (rule.variable == id && rule.kind == kind && rule.math) return &rule;
    }
    return nullptr;
}

const Species* TreeModel::species(const std::string& id) const {
    for (const Species& species : spec_.species) {
        if (species.id == id) return &species;
    }
    return nullptr;
}

bool TreeModel::has_size(const Compartment& compartment) const {
    if (compartment.size || computed_.count(compartment.id) || rule(compartment.id, RuleKind::rate))
        return true;
    for (const InitialAssignment& assignment : spec_.initial_assignments) {
        if (assignment.symbol == compartment.id && assignment.math) return true;
    }
    for (const Event& event : spec_.events) {
        for (const EventAssignment& assignment : event.assignments) {
            if (assignment.variable == compartment.id && assignment.math) return true;
        }
    }
    return false;
}

bool TreeModel::is_concentration(const Species& species) const {
    for (const Compartment& compartment : spec_.compartments) {
        if (compartment.id == species.compartment)
            return !species.only_substance_units && has_size(compartment);
    }
    return false;
}

double TreeModel::value(const std::string& id) const {
    if (const auto found = computed_.find(id); found != computed_.end()) return in(found->second);
    for (const Reaction& reaction : spec_.reactions) {
        if (reaction.id == id) return reaction.law ? in(reaction.law, &reaction) : 0.0;
    }
    const double amount = carried_.at(id);
    const Species* found = species(id);
    return found && is_concentration(*found) ? amount / value(found->compartment) : amount;
}

double TreeModel::rate(const std::string& id) const {
    const Species* found = species(id);
    const Rule* given = rule(id, RuleKind::rate);
    if (!given) return found && !found->boundary && !found->constant ? from_reactions(*found) : 0.0;
    const double rate = in(given->math);
    if (!found || !is_concentration(*found)) return rate;
    return value(found->compartment) * rate + value(id) * value_rate(found->compartment);
}

double TreeModel::value_rate(const std::string& id) const {
    if (computed_.count(id)) return nan;
    const Species* found = species(id);
    if (!found || !is_concentration(*found)) return rate(id);
    const double size = value(found->compartment);
    return (rate(id) - value(id) * value_rate(found->compartment)) / size;
}

double TreeModel::stoichiometry(const SpeciesReference& reference) const {
    if (!reference.id.empty()) return value(reference.id);
    return reference.math ? in(reference.math) : reference.stoichiometry.value_or(nan);
}

double TreeModel::from_reactions(const Species& species) const {
    double sum = 0.0;
    for (const Reaction& reaction : spec_.reactions) {
        if (!reaction.law) continue;
        for (const SpeciesReference& reference : reaction.reactants) {
            if (reference.species == species.id) sum -= stoichiometry(reference) * value(reaction.id);
        }
        for (const SpeciesReference& reference : reaction.products) {
            if (reference.species == species.id) sum += stoichiometry(reference) * value(reaction.id);
        }
    }
    const std::string& factor =
        species.conversion_factor.empty() ? spec_.conversion_factor : species.conversion_factor;
    return factor.empty() ? sum : sum * value(factor);
}

}  // namespace abscopal
