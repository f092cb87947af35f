// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <functional>
#include <map>
#include <string>

#include "abscopal/spec.hpp"

/// The slow, clear reference to which compiled programs are held: mathematics evaluated on its trees.
namespace abscopal {

/// What the leaves and calls of one expression mean.
struct TreeContext {
    double time = 0.0;
    std::function<double(const std::string&)> value;   ///< of an id
    std::function<double(const Expression&)> rate_of;  ///< of the argument of rateOf
    std::function<const FunctionDefinition*(const std::string&)> function;
};

/// The value of an expression whose names are defined. Conditions are 1 or 0. delay() gives NaN.
double evaluate(const Expression& expression, const TreeContext& context);

/// A Spec at one moment, given the carried values (amounts of species) of everything that no rule computes.
/// Local parameters are named "<reaction>_<local>". Names must be defined and rules free of cycles.
class TreeModel {
  public:
    TreeModel(const Spec& spec, double time, std::map<std::string, double> carried);

    double value(const std::string& id) const;  ///< what the id means in mathematics
    double rate(const std::string& id) const;   ///< time derivative of the carried value
    /// Time derivative of a value in mathematics; NaN for one that a rule computes.
    double value_rate(const std::string& id) const;

  private:
    double in(const Expression& expression, const Reaction* reaction = nullptr) const;
    const Rule* rule(const std::string& id, RuleKind kind) const;
    const Species* species(const std::string& id) const;
    bool is_concentration(const Species& species) const;
    double from_reactions(const Species& species) const;
    double stoichiometry(const SpeciesReference& reference) const;
    bool has_size(const Compartment& compartment) const;

    const Spec& spec_;
    double time_;
    std::map<std::string, double> carried_;
    std::map<std::string, Expression> computed_;  ///< stoichiometryMath by id of its reference
};

}  // namespace abscopal
