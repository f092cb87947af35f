// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <map>
#include <string>
#include <vector>

#include "model/unit_table.hpp"

namespace abscopal {

/// Ids for units that a Spec writes as words, which SBML must define.
class WrittenUnits {
  public:
    explicit WrittenUnits(const Spec& spec);

    /// The SBML id of a unit of the Spec, or "" where SBML cannot say it (or nothing is said).
    std::string id_of(const std::string& text) const;

    /// A definition to add: it stands for `words`.
    struct Made {
        std::string id, words;
        std::vector<UnitFactor> factors;
    };
    const std::vector<Made>& made() const { return made_; }

  private:
    void want(const std::string& text);
    void want_all(const Spec& spec);
    std::string free_id(const std::string& words) const;

    UnitTable table_;
    std::map<std::string, std::string> ids_;  ///< of unit texts that SBML can say
    std::vector<Made> made_;
};

}  // namespace abscopal
