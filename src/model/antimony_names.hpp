// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <map>
#include <set>
#include <string>
#include <vector>

#include "abscopal/spec.hpp"

namespace abscopal::antimony {

/// The names under which a Spec's things stand in Antimony text. A name that Antimony keeps for itself gets
/// "_" behind it, as libAntimony does; a local parameter becomes `<reaction>_<local>`.
class WrittenNames {
  public:
    explicit WrittenNames(const Spec& spec);

    /// Of a model entity or function.
    std::string of(const std::string& id) const;
    /// Of a local parameter of a reaction.
    std::string local(const Reaction& reaction, const std::string& id) const;
    std::string stoichiometry(const Reaction& reaction, const SpeciesReference& reference) const;
    const std::string& model() const { return model_; }

    /// A name that nothing has yet, and that from now on is taken.
    std::string fresh(std::string wanted);
    bool is_taken(const std::string& name) const { return taken_.contains(name); }

    /// Formula text with all names as written. `reaction` may be null; its local parameters hide others.
    std::string text(const Expression& formula, const Reaction* reaction = nullptr) const;
    /// As a condition: 1 and 0 are `true` and `false`.
    std::string condition(const Expression& formula) const;

    std::map<std::string, std::string> units;  ///< unit as in the Spec → name as written

  private:
    Expression renamed(const Expression& formula, const Reaction* reaction) const;

    std::map<std::string, std::string> ids_;
    std::map<std::pair<std::string, std::string>, std::string> locals_;
    std::map<const SpeciesReference*, std::string> stoichiometries_;
    std::set<std::string> taken_;
    std::string model_;
};

}  // namespace abscopal::antimony
