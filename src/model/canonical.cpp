// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "model/canonical.hpp"

#include <algorithm>
#include <utility>

#include "base/digest.hpp"
#include "base/text.hpp"
#include "model/neutral_id.hpp"

namespace abscopal {
namespace {

constexpr const char* one = "";  // the name of the empty product

std::string text_of(double value) {
    return value == 0.0 ? "0" : to_text(value);
}

bool is_commutative(Code code) {
    switch (code) {
        case Code::min:
        case Code::max:
        case Code::eq:
        case Code::ne:
        case Code::and_:
        case Code::or_:
        case Code::xor_:
            return true;
        default:
            return false;
    }
}

bool is_associative(Code code) {
    return is_commutative(code) && code != Code::eq && code != Code::ne;
}

}  // namespace

std::string Canonical::name(NodeId node) {
    return digest(form(node));
}

// Ascending order makes arguments known before their users, whatever the depth.
const Canonical::Form& Canonical::form(NodeId node) {
    const Graph& graph = network_.graph();
    forms_.resize(graph.size());
    known_.resize(graph.size(), 0);
    if (known_[node]) return forms_[node];
    for (const NodeId id : graph.reachable(std::span(&node, 1))) {
        if (known_[id]) continue;
        forms_[id] = compute(graph[id]);
        known_[id] = 1;
    }
    return forms_[node];
}

Canonical::Form Canonical::compute(const GraphNode& node) {
    switch (node.code) {
        case Code::constant:
            return {false, node.value, {}};
        case Code::leaf:
            return atom(node.leaf == time_leaf ? "time"
                                               : "id " + neutral_id(network_[node.leaf - 1].entity.id));
        case Code::add:
        case Code::sub:
        case Code::negate:
            return sum(node);
        case Code::mul:
        case Code::div:
            return product(node);
        case Code::sqrt:
        case Code::power:
            return power(node);
        default:
            break;
    }
    const std::string code(name_of(node.code));
    std::vector<std::string> names;
    for (const NodeId argument : {node.a, node.b, node.c}) {
        if (argument == no_node) continue;
        if (is_associative(node.code) && network_.graph()[argument].code == node.code) {
            gather(argument, code, names);
        } else {
            names.push_back(name(argument));
        }
    }
    if (is_commutative(node.code)) std::sort(names.begin(), names.end());
    return atom(code + " " + join(names, " "));
}

// The arguments of a nest of one associative operation.
void Canonical::gather(NodeId node, const std::string& code, std::vector<std::string>& names) {
    const GraphNode n = network_.graph()[node];
    for (const NodeId argument : {n.a, n.b}) {
        if (name_of(network_.graph()[argument].code) == code) {
            gather(argument, code, names);
        } else {
            names.push_back(name(argument));
        }
    }
}

Canonical::Form Canonical::atom(const std::string& content) const {
    return {false, 1.0, {{sha256(content), 1.0}}};
}

Canonical::Form Canonical::sum(const GraphNode& node) {
    Form total{true, 1.0, {}};
    add_terms(total, forms_[node.a], node.code == Code::negate ? -1.0 : 1.0);
    if (node.code != Code::negate) add_terms(total, forms_[node.b], node.code == Code::sub ? -1.0 : 1.0);
    return simplest(std::move(total));
}

void Canonical::add_terms(Form& total, const Form& part, double sign) {
    if (!part.is_sum) {
        total.parts[term_name(part)] += sign * part.coefficient;
        return;
    }
    for (const auto& [term, coefficient] : part.parts) total.parts[term] += sign * coefficient;
}

std::string Canonical::term_name(const Form& product_form) {
    if (product_form.parts.empty()) return one;
    const Form bare{false, 1.0, product_form.parts};
    const std::string term = digest(bare);
    terms_.try_emplace(term, bare);
    return term;
}

// A sum of one term is a product.
Canonical::Form Canonical::simplest(Form total) const {
    std::erase_if(total.parts, [](const auto& part) { return part.second == 0.0; });
    if (total.parts.empty()) return {false, 0.0, {}};
    if (total.parts.size() > 1) return total;
    const auto& [term, coefficient] = *total.parts.begin();
    return {false, coefficient, term == one ? std::map<std::string, double>{} : terms_.at(term).parts};
}

Canonical::Form Canonical::product(const GraphNode& node) {
    Form total;
    add_factors(total, forms_[node.a], 1.0);
    add_factors(total, forms_[node.b], node.code == Code::div ? -1.0 : 1.0);
    std::erase_if(total.parts, [](const auto& part) { return part.second == 0.0; });
    if (total.coefficient == 0.0) total.parts.clear();
    return total;
}

void Canonical::add_factors(Form& total, const Form& part, double exponent) {
    if (part.is_sum) {
        total.parts[digest(part)] += exponent;
        return;
    }
    total.coefficient =
        exponent > 0.0 ? total.coefficient * part.coefficient : total.coefficient / part.coefficient;
    for (const auto& [factor, own] : part.parts) total.parts[factor] += exponent * own;
}

Canonical::Form Canonical::power(const GraphNode& node) {
    const Graph& graph = network_.graph();
    const bool is_root = node.code == Code::sqrt;
    if (is_root || graph.is_constant(node.b)) {
        return {false, 1.0, {{name(node.a), is_root ? 0.5 : graph[node.b].value}}};
    }
    return atom("power " + name(node.a) + " " + name(node.b));
}

std::string Canonical::digest(const Form& form) {
    if (!form.is_sum && form.coefficient == 1.0 && form.parts.size() == 1 &&
        form.parts.begin()->second == 1.0) {
        return form.parts.begin()->first;
    }
    std::string content = form.is_sum ? "sum" : "product " + text_of(form.coefficient);
    for (const auto& [part, number] : form.parts) content += "\n" + part + " " + text_of(number);
    return sha256(content);
}

}  // namespace abscopal
