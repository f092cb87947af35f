// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <map>
#include <optional>
#include <string>

#include "model/unit_table.hpp"

namespace abscopal {

/// The units of everything in a Spec that mathematics can name, as declared or by the Spec's defaults.
class QuantityUnits {
  public:
    explicit QuantityUnits(const Spec& spec);

    /// Of an id in mathematics (a species may be a concentration); nothing where it is not declared.
    std::optional<Unit> of(const std::string& id) const;
    /// Of a parameter of one reaction, which hides the model's names.
    std::optional<Unit> of_local(const Reaction& reaction, const std::string& id) const;
    /// Of the substance of a species.
    std::optional<Unit> amount(const std::string& species) const;
    std::optional<Unit> time() const { return time_; }
    std::optional<Unit> extent() const { return extent_; }
    std::optional<Unit> written(const std::string& text) const { return table_.find(text); }

  private:
    std::optional<Unit> size(const Spec& spec, const Compartment& compartment) const;

    UnitTable table_;
    std::optional<Unit> time_, extent_;
    std::map<std::string, std::optional<Unit>> units_, amounts_;
};

/// The unit in which a Spec's numbers of time are. SimBiology's exports of Level 2 do not say it: there it is
/// the day, SimBiology's default, and not the second of SBML.
std::string time_unit_of(const Spec& spec);

}  // namespace abscopal
