// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "abscopal/spec.hpp"
#include "base/units.hpp"

namespace abscopal {

/// Whether `id` is a base unit of SBML, with British spelling ("litre", "metre", "dimensionless").
bool is_sbml_base_unit(const std::string& id);

/// What the unit strings of one Spec mean: ids of its unit definitions first, then base units of SBML, then
/// words.
class UnitTable {
  public:
    explicit UnitTable(const Spec& spec) : UnitTable(spec.unit_definitions) {}
    explicit UnitTable(const std::vector<UnitDefinition>& definitions);

    /// Nothing for "" and for text that is no unit. Ids may stand in products and quotients ("nM*litre").
    std::optional<Unit> find(const std::string& text) const;
    /// Whether the text names a unit; also true for a definition whose own parts are not understood.
    bool knows(const std::string& text) const;
    /// The text for people: ids that a reader made up ("_1eminus09mole") are spelled out ("1e-09 mole").
    std::string readable(const std::string& text) const;
    const std::vector<std::string>& ids() const { return ids_; }

  private:
    std::map<std::string, std::optional<Unit>> definitions_;
    std::map<std::string, std::string> spelled_out_;  ///< of ids that begin with an underscore
    std::vector<std::string> ids_;
};

}  // namespace abscopal
