// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>

#include "base/text.hpp"
#include "tissue/cycles.hpp"
#include "tissue/dictionary.hpp"
#include "tissue/layout.hpp"
#include "tissue/settings.hpp"

/// <cell_definitions>: names first, then each type from its parent or from the defaults.
namespace abscopal::tissue {
namespace {

constexpr std::size_t max_types = 1000;

bool is_defaults(const Element& definition) {
    return definition.attribute("name") == "default" || definition.attribute("ID") == "0";
}

void read_name(const Element& definition, int position, Project& project) {
    CellType type;
    type.name = definition.attribute("name");
    const auto id = to_integer(definition.attribute("ID"));
    type.id = id ? static_cast<int>(*id) : position;
    if (type.name.empty()) definition.fault("missing-name", "<cell_definition> has no name");
    if (!id)
        definition.warn("missing-id",
                        "cell type '" + type.name + "' has no ID; " + std::to_string(position) + " is taken");
    for (const auto& other : project.types) {
        if (other.name == type.name)
            definition.fault("name-twice", "cell type '" + type.name + "' is there twice");
        if (other.id == type.id)
            definition.fault("id-twice",
                             "cell types '" + other.name + "' and '" + type.name + "' have one ID");
    }
    project.types.push_back(std::move(type));
}

bool is_vector(const Element& datum) {
    return datum.text().find(',') != std::string::npos;
}

void read_custom_name(const Element& datum, Project& project) {
    auto& names = is_vector(datum) ? project.custom_vector_names : project.custom_names;
    if (std::find(names.begin(), names.end(), datum.name()) != names.end()) return;
    names.push_back(datum.name());
    if (is_vector(datum)) return;
    project.custom_units.push_back(datum.attribute("units"));
    project.custom_conserved.push_back(datum.flag("conserved", false));
}

/// PhysiCell's values before any file is read.
std::vector<double> first_behaviours(const Dictionary& dictionary) {
    const BehaviourLayout at(dictionary);
    std::vector<double> values(static_cast<std::size_t>(at.count()), 0.0);
    const auto set = [&](int index, double value) { values[static_cast<std::size_t>(index)] = value; };
    set(at.apoptosis(), 0.00319 / 60);
    set(at.speed(), 1);
    set(at.persistence(), 1);
    set(at.adhesion(), 0.4);
    set(at.elasticity(), 0.01);
    set(at.reach(), 1.25);
    set(at.repulsion(), 10);
    set(at.membrane_adhesion(), 4);
    set(at.membrane_repulsion(), 100);
    set(at.movable(), 1);
    set(at.max_attachments(), 12);
    set(at.attack_damage(), 1);
    set(at.attack_duration(), 30);
    for (int t = 0; t < dictionary.types; ++t) {
        set(at.affinity(t), 1);
        set(at.immunogenicity(t), 1);
    }
    return values;
}

CellType first_defaults(const Project& project) {
    CellType type;
    type.behaviours = first_behaviours(project.dictionary);
    type.deaths = {default_apoptosis(), default_necrosis()};
    const auto& shape = shape_of(type.cycle);
    const BehaviourLayout at(project.dictionary);
    for (int k = 0; k < shape.n_phases; ++k) {
        const auto& phase = shape.phases()[static_cast<std::size_t>(k)];
        type.phase_fixed.push_back(phase.fixed);
        type.behaviours[static_cast<std::size_t>(at.phase_exit(k))] = phase.rate;
    }
    type.custom_vectors.resize(project.custom_vector_names.size());
    return type;
}

/// What a type without a parent does not take over from the defaults.
void clear_inherited(const Dictionary& dictionary, CellType& type) {
    const BehaviourLayout at(dictionary);
    const auto clear = [&](int from, int to) {
        std::fill(type.behaviours.begin() + from, type.behaviours.begin() + to, 0.0);
    };
    type.motile = false;
    type.taxis = Taxis::none;
    clear(at.sensitivity(), at.adhesion());
    clear(at.secretion(), at.phase_exit());
    clear(at.eat_apoptotic(), at.custom());
    type.behaviours[static_cast<std::size_t>(at.attack_damage())] = 1;
}

void read_custom_data(const Element& definition, Project& project, CellType& type) {
    const BehaviourLayout at(project.dictionary);
    for (const auto& datum : definition.child("custom_data").all_children()) {
        datum.leave_unread();
        const auto& names = is_vector(datum) ? project.custom_vector_names : project.custom_names;
        const auto k =
            static_cast<std::size_t>(std::find(names.begin(), names.end(), datum.name()) - names.begin());
        if (!is_vector(datum)) {
            type.behaviours[static_cast<std::size_t>(at.custom(static_cast<int>(k)))] = datum.value();
            continue;
        }
        type.custom_vectors[k].clear();
        for (const auto& part : split(datum.text(), ',')) {
            const auto number = to_double(part);
            if (!number)
                datum.fault("bad-number", "<" + datum.name() + "> holds '" + part +
                                              "', expected numbers separated by commas");
            type.custom_vectors[k].push_back(number.value_or(0));
        }
    }
}

/// Index of the type to begin from, -1 for the defaults.
int parent_of(const Element& definition, int index, const Project& project) {
    if (!definition.has_attribute("parent_type")) return -1;
    const std::string parent = definition.attribute("parent_type");
    for (int k = 0; k < index; ++k) {
        if (project.types[static_cast<std::size_t>(k)].name == parent) return k;
    }
    if (!parent.empty()) {
        definition.warn("unknown-parent", "parent type '" + parent +
                                              "' is not defined above; the defaults are taken" +
                                              did_you_mean(parent, type_names(project)));
    }
    return -1;
}

void read_type(const Element& definition, int index, bool keep_defaults, const CellType& defaults,
               Project& project, std::array<DeathModel, 2>& shared) {
    CellType& type = project.types[static_cast<std::size_t>(index)];
    const std::string name = type.name;
    const int id = type.id, parent = parent_of(definition, index, project);
    type = parent >= 0 ? project.types[static_cast<std::size_t>(parent)] : defaults;
    type.name = name;
    type.id = id;
    if (parent < 0 && !is_defaults(definition) && !keep_defaults) clear_inherited(project.dictionary, type);
    if (project.grid.flat) type.motility_flat = true;
    definition.attribute("visible");

    const Element phenotype = definition.expected("phenotype");
    read_cell_life(phenotype, parent < 0, project, type, shared);
    read_cell_acts(phenotype, parent < 0, project, type);
    read_custom_data(definition, project, type);
    read_drug_effects(definition, project, type);
    read_spreads(definition, index, project);
    phenotype.child("molecular").leave_unread();
    if (const Element inner = phenotype.child("intracellular")) {
        inner.leave_unread();
        inner.warn("intracellular-model", "the intracellular model (" +
                                              inner.attribute("type", "of no type") + ") of '" + name +
                                              "' is not run");
    }
}

void read_names(const std::vector<Element>& definitions, Project& project) {
    for (std::size_t k = 0; k < definitions.size(); ++k)
        read_name(definitions[k], static_cast<int>(k), project);
    for (const auto& definition : definitions) {
        for (const auto& datum : definition.child("custom_data").all_children())
            read_custom_name(datum, project);
    }
    std::vector<TypeName> names;
    for (const auto& type : project.types) names.push_back({type.name, type.id});
    project.dictionary = make_dictionary(substrate_names(project), names, project.custom_names);
}

}  // namespace

void read_cell_types(const Element& root, Project& project) {
    const Element all = root.child("cell_definitions");
    if (!all) root.fault("missing-element", "there is no <cell_definitions>");
    const auto definitions = all.children("cell_definition");
    if (all && definitions.empty())
        all.fault("missing-element", "<cell_definitions> has no <cell_definition>");
    if (definitions.size() > max_types)
        all.fault("too-many-types", "there are more than " + std::to_string(max_types) + " cell types");
    all.file().faults.throw_if_any();
    read_names(definitions, project);
    all.file().faults.throw_if_any();

    const bool keep_defaults = root.child("options").truth("legacy_cell_defaults_copy", false);
    CellType defaults = first_defaults(project);
    std::array<DeathModel, 2> shared = defaults.deaths;
    for (std::size_t k = 0; k < definitions.size(); ++k) {
        read_type(definitions[k], static_cast<int>(k), keep_defaults, defaults, project, shared);
        if (is_defaults(definitions[k])) defaults = project.types[k];
    }
    if (!project.compat) return;
    // PhysiCell 1.14.2 keeps one apoptosis and one necrosis model: the last definition's times hold for every
    // type.
    for (auto& type : project.types) {
        for (std::size_t k = 0; k < 2; ++k) {
            type.deaths[k].exit_rate = shared[k].exit_rate;
            type.deaths[k].fixed = shared[k].fixed;
        }
    }
}

}  // namespace abscopal::tissue
