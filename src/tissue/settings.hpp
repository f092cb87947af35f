// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <filesystem>

#include "abscopal/tissue.hpp"
#include "tissue/xml.hpp"

/// The parts of the settings reader. Each fills its part of the project; faults and warnings gather in the
/// XmlFile.
namespace abscopal::tissue {

/// Finds files a project names: below the project's root, beside the settings file, or where it says.
struct ProjectFolder {
    std::filesystem::path settings_file;
    /// The first that exists, or nothing.
    std::optional<std::string> find(const std::string& folder, const std::string& file) const;
};

void read_substrates(const Element& root, Project& project);
void read_start_fields(const Element& root, const ProjectFolder& folder, Project& project);
/// Names first: the dictionary must stand before a type can be read.
void read_cell_types(const Element& root, Project& project);
void read_cell_life(const Element& phenotype, bool warn_missing, Project& project, CellType& type,
                    std::array<DeathModel, 2>& shared);
void read_cell_acts(const Element& phenotype, bool warn_missing, Project& project, CellType& type);
void read_spreads(const Element& definition, int type, Project& project);
void read_drug_effects(const Element& definition, Project& project, CellType& type);
Circulation read_circulation(const Element& element, const ProjectFolder& folder);
void read_rules(const Element& root, const ProjectFolder& folder, Project& project);
void read_start_cells(const Element& root, const ProjectFolder& folder, Project& project);

std::vector<std::string> substrate_names(const Project& project);
std::vector<std::string> type_names(const Project& project);

}  // namespace abscopal::tissue
