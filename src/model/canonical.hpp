// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <map>
#include <string>
#include <vector>

#include "model/network.hpp"

namespace abscopal {

/// Names for values of a graph that do not depend on how they were written: sums are collected by term,
/// products by factor, commutative arguments sorted. Two nodes have one name if they are equal as mathematics
/// in this sense, wherever their graphs come from.
class Canonical {
  public:
    explicit Canonical(Network& network) : network_(network) {}

    /// The name of a node: 64 hex digits.
    std::string name(NodeId node);

  private:
    /// coefficient · Π factor^exponent, or Σ coefficient · term (the term "" is 1).
    struct Form {
        bool is_sum = false;
        double coefficient = 1.0;
        std::map<std::string, double> parts;
    };

    const Form& form(NodeId node);
    Form compute(const GraphNode& node);
    Form sum(const GraphNode& node);
    Form product(const GraphNode& node);
    Form power(const GraphNode& node);
    Form atom(const std::string& content) const;
    void gather(NodeId node, const std::string& code, std::vector<std::string>& names);
    void add_terms(Form& total, const Form& part, double sign);
    void add_factors(Form& total, const Form& part, double exponent);
    Form simplest(Form total) const;
    std::string term_name(const Form& product);
    static std::string digest(const Form& form);

    Network& network_;
    std::vector<Form> forms_;            ///< by node
    std::vector<char> known_;            ///< by node
    std::map<std::string, Form> terms_;  ///< the products behind the terms of sums
};

}  // namespace abscopal
