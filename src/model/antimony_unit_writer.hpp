// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/antimony_names.hpp"
#include "model/antimony_units.hpp"

namespace abscopal::antimony {

/// The units of a Spec as Antimony definitions. Words that SBML does not know ("nanomolarity", "1/day") are
/// defined too.
class UnitWriter {
  public:
    /// Chooses names for all units and tells them to `names`.
    UnitWriter(const Spec& spec, WrittenNames& names);

    /// Lines `unit x = …;`.
    std::string definitions() const { return definitions_; }

    /// What stands behind `has`; empty for an empty or unknown unit.
    std::string name_of(const std::string& unit) const;

    /// A Spec states the unit of a species' amount, Antimony the one it has in formulas.
    std::string species_unit(const Species& species) const;

  private:
    void add_defaults();
    void add_default(const std::string& word, const std::string& unit);
    void add_all();
    void add(const std::string& unit);
    void define(const std::string& name, const std::vector<UnitFactor>& factors);
    std::optional<std::vector<UnitFactor>> factors_of(const std::string& unit) const;

    const Spec& spec_;
    WrittenNames& names_;
    std::string definitions_;
};

}  // namespace abscopal::antimony
