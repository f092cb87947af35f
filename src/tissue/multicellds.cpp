// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <cmath>
#include <filesystem>
#include <functional>
#include <pugixml.hpp>

#include "base/file.hpp"
#include "base/text.hpp"
#include "tissue/cycles.hpp"
#include "tissue/matlab.hpp"
#include "tissue/mechanics.hpp"
#include "tissue/population.hpp"

/// PhysiCell's output files: MultiCellDS 2 with MATLAB level 4 matrices and text graphs.
namespace abscopal::tissue {
namespace {

/// One labelled block of a cell's column.
struct Label {
    std::string name, units;
    int size;
    std::function<double(std::size_t row, int k)> value;
};

/// All labels in PhysiCell's order, reading one state.
class LabelList {
  public:
    LabelList(const Model& model, const State& state) : model_(model), cells_(state.cells), at_(model.at) {
        add_state();
        add_death_and_volume();
        add_mechanics();
        add_motility();
        add_exchange();
        add_interactions();
        add_custom();
    }
    const std::vector<Label>& labels() const { return labels_; }

  private:
    void add(std::string name, std::string units, int size, std::function<double(std::size_t, int)> value) {
        labels_.push_back({std::move(name), std::move(units), size, std::move(value)});
    }
    void column(std::string name, std::string units, const std::vector<double>& values) {
        add(std::move(name), std::move(units), 1,
            [&values](std::size_t i, int) { return at_or_zero(values, i); });
    }
    void vector(std::string name, std::string units, const std::vector<double>& x,
                const std::vector<double>& y, const std::vector<double>& z) {
        add(std::move(name), std::move(units), 3, [&x, &y, &z](std::size_t i, int k) {
            return at_or_zero(k == 0 ? x : k == 1 ? y : z, i);
        });
    }
    void behaviour(std::string name, std::string units, int index, int size = 1) {
        add(std::move(name), std::move(units), size,
            [this, index](std::size_t i, int k) { return model_.value(cells_, i, index + k); });
    }
    void constant(std::string name, std::string units, int size, double value) {
        add(std::move(name), std::move(units), size, [value](std::size_t, int) { return value; });
    }

    const CellType& type(std::size_t i) const { return model_.project->types[cells_.type[i]]; }
    bool dead(std::size_t i) const { return cells_.death[i] != alive; }
    const DeathModel& death(std::size_t i) const {
        return type(i).deaths[cells_.death[i] == necrotic ? 1 : 0];
    }
    const Volumes& volumes(std::size_t i) const {
        return model_.project->types[cells_.volume_type[i]].volumes;
    }

    int phase_code(std::size_t i) const {
        if (cells_.death[i] == necrotic) return 101 + cells_.phase[i];
        return dead(i) ? 100 : shape_of(type(i).cycle).phases()[cells_.phase[i]].code;
    }
    int model_code(std::size_t i) const {
        return dead(i) ? (cells_.death[i] == necrotic ? 101 : 100) : static_cast<int>(type(i).cycle);
    }
    double exit_rate(std::size_t i) const {
        return dead(i) ? death(i).exit_rate[cells_.phase[i]]
                       : model_.value(cells_, i, at_.phase_exit(cells_.phase[i]));
    }
    double nuclear(std::size_t i) const { return cells_.nuclear_fluid[i] + cells_.nuclear_solid[i]; }

    void add_state() {
        add("ID", "none", 1, [this](std::size_t i, int) { return static_cast<double>(cells_.id[i]); });
        vector("position", "microns", cells_.x, cells_.y, cells_.z);
        column("total_volume", "cubic microns", cells_.total);
        add("cell_type", "none", 1, [this](std::size_t i, int) { return static_cast<double>(type(i).id); });
        add("cycle_model", "none", 1,
            [this](std::size_t i, int) { return static_cast<double>(model_code(i)); });
        add("current_phase", "none", 1,
            [this](std::size_t i, int) { return static_cast<double>(phase_code(i)); });
        column("elapsed_time_in_phase", "min", cells_.elapsed);
        add("nuclear_volume", "cubic microns", 1, [this](std::size_t i, int) { return nuclear(i); });
        add("cytoplasmic_volume", "cubic microns", 1,
            [this](std::size_t i, int) { return cells_.total[i] - nuclear(i); });
        add("fluid_fraction", "none", 1,
            [this](std::size_t i, int) { return cells_.fluid[i] / (1e-16 + cells_.total[i]); });
        column("calcified_fraction", "none", cells_.calcified);
        add("orientation", "none", 3, [](std::size_t, int k) { return k == 2 ? 1.0 : 0.0; });
        constant("polarity", "none", 1, model_.project->grid.flat ? 1 : 0);
        vector("velocity", "micron/min", cells_.previous_vx, cells_.previous_vy, cells_.previous_vz);
        column("pressure", "none", cells_.pressure);
        add("number_of_nuclei", "none", 1,
            [this](std::size_t i, int) { return static_cast<double>(cells_.nuclei[i]); });
        column("total_attack_time", "min", cells_.attack_time);
        constant("contact_with_basement_membrane", "none", 1, 0);
    }

    void add_death_and_volume() {
        add("current_cycle_phase_exit_rate", "1/min", 1, [this](std::size_t i, int) { return exit_rate(i); });
        column("elapsed_time_in_phase", "min", cells_.elapsed);
        add("dead", "none", 1, [this](std::size_t i, int) { return dead(i) ? 1.0 : 0.0; });
        add("current_death_model", "none", 1,
            [this](std::size_t i, int) { return cells_.death[i] == necrotic ? 1.0 : 0.0; });
        behaviour("death_rates", "1/min", at_.apoptosis(), 2);
        add("cytoplasmic_biomass_change_rate", "1/min", 1, [this](std::size_t i, int) {
            return dead(i) ? death(i).cytoplasmic_rate : volumes(i).cytoplasmic_rate;
        });
        add("nuclear_biomass_change_rate", "1/min", 1,
            [this](std::size_t i, int) { return dead(i) ? death(i).nuclear_rate : volumes(i).nuclear_rate; });
        add("fluid_change_rate", "1/min", 1, [this](std::size_t i, int) {
            if (!dead(i)) return volumes(i).fluid_rate;
            return cells_.death[i] == necrotic && cells_.phase[i] == 1 ? death(i).lysed_fluid_rate
                                                                       : death(i).unlysed_fluid_rate;
        });
        add("calcification_rate", "1/min", 1, [this](std::size_t i, int) {
            return dead(i) ? death(i).calcification_rate : volumes(i).calcification_rate;
        });
        add("target_solid_cytoplasmic", "cubic microns", 1, [this](std::size_t i, int) {
            const Volumes& v = type(i).volumes;
            return dead(i) ? 0.0
                           : (v.total - v.nuclear) / (1e-16 + v.nuclear) * cells_.target_nuclear_solid[i];
        });
        column("target_solid_nuclear", "cubic microns", cells_.target_nuclear_solid);
        add("target_fluid_fraction", "none", 1, [this](std::size_t i, int) {
            return dead(i) ? (cells_.death[i] == necrotic && cells_.phase[i] == 0 ? 1.0 : 0.0)
                           : type(i).volumes.fluid_fraction;
        });
        column("radius", "microns", cells_.radius);
        add("nuclear_radius", "microns", 1, [this](std::size_t i, int) { return radius_of(nuclear(i)); });
        add("surface_area", "square microns", 1,
            [this](std::size_t i, int) { return 3 * cells_.total[i] / cells_.radius[i]; });
    }

    void add_mechanics() {
        behaviour("cell_cell_adhesion_strength", "micron/min", at_.adhesion());
        behaviour("cell_BM_adhesion_strength", "micron/min", at_.membrane_adhesion());
        behaviour("cell_cell_repulsion_strength", "micron/min", at_.repulsion());
        behaviour("cell_BM_repulsion_strength", "micron/min", at_.membrane_repulsion());
        behaviour("cell_adhesion_affinities", "none", at_.affinity(), at_.n);
        behaviour("relative_maximum_adhesion_distance", "none", at_.reach());
        behaviour("maximum_number_of_attachments", "none", at_.max_attachments());
        behaviour("attachment_elastic_constant", "1/min", at_.elasticity());
        behaviour("attachment_rate", "1/min", at_.attachment());
        behaviour("detachment_rate", "1/min", at_.detachment());
    }

    void add_motility() {
        add("is_motile", "none", 1,
            [this](std::size_t i, int) { return static_cast<double>(cells_.motile[i]); });
        behaviour("persistence_time", "min", at_.persistence());
        behaviour("migration_speed", "micron/min", at_.speed());
        constant("migration_bias_direction", "none", 3, 0);
        behaviour("migration_bias", "none", at_.bias());
        vector("motility_vector", "micron/min", cells_.motility_x, cells_.motility_y, cells_.motility_z);
        add("chemotaxis_index", "none", 1,
            [this](std::size_t i, int) { return static_cast<double>(type(i).taxis_substrate); });
        add("chemotaxis_direction", "none", 1,
            [this](std::size_t i, int) { return static_cast<double>(type(i).taxis_direction); });
        behaviour("chemotactic_sensitivities", "none", at_.sensitivity(), at_.m);
    }

    void add_exchange() {
        behaviour("secretion_rates", "1/min", at_.secretion(), at_.m);
        behaviour("uptake_rates", "1/min", at_.uptake(), at_.m);
        behaviour("saturation_densities", "stuff/cubic micron", at_.target(), at_.m);
        behaviour("net_export_rates", "stuff/min", at_.net_export(), at_.m);
        add("internalized_total_substrates", "stuff", at_.m, [this](std::size_t i, int k) {
            return cells_.internal.empty() ? 0.0 : cells_.internal[static_cast<std::size_t>(k)][i];
        });
        constant("fraction_released_at_death", "none", at_.m, 0);
        constant("fraction_transferred_when_ingested", "none", at_.m, 1);
    }

    void add_interactions() {
        behaviour("apoptotic_phagocytosis_rate", "1/min", at_.eat_apoptotic());
        behaviour("necrotic_phagocytosis_rate", "1/min", at_.eat_necrotic());
        behaviour("other_dead_phagocytosis_rate", "1/min", at_.eat_other_dead());
        behaviour("live_phagocytosis_rates", "1/min", at_.eat(), at_.n);
        behaviour("attack_rates", "1/min", at_.attack(), at_.n);
        behaviour("immunogenicities", "none", at_.immunogenicity(), at_.n);
        add("attack_target", "none", 1, [this](std::size_t i, int) {
            const auto target = cells_.attack_target[i];
            return target < 0 ? -1.0 : static_cast<double>(cells_.id[static_cast<std::size_t>(target)]);
        });
        behaviour("attack_damage_rate", "1/min", at_.attack_damage());
        behaviour("attack_duration", "min", at_.attack_duration());
        column("attack_total_damage_delivered", "none", cells_.damage_delivered);
        behaviour("fusion_rates", "1/min", at_.fuse(), at_.n);
        behaviour("transformation_rates", "1/min", at_.transform(), at_.n);
        behaviour("asymmetric_division_probabilities", "none", at_.asymmetric(), at_.n);
        column("damage", "none", cells_.damage);
        behaviour("damage_rate", "1/min", at_.damage_rate());
        behaviour("damage_repair_rate", "1/min", at_.repair_rate());
    }

    void add_custom() {
        const Project& project = *model_.project;
        for (int k = 0; k < at_.c; ++k)
            behaviour(project.custom_names[static_cast<std::size_t>(k)],
                      project.custom_units[static_cast<std::size_t>(k)], at_.custom(k));
        for (std::size_t v = 0; v < project.custom_vector_names.size(); ++v) {
            const auto size = project.types[0].custom_vectors[v].size();
            add(project.custom_vector_names[v], "none", static_cast<int>(size),
                [this, v](std::size_t i, int k) {
                    const auto& values = type(i).custom_vectors[v];
                    return static_cast<std::size_t>(k) < values.size() ? values[static_cast<std::size_t>(k)]
                                                                       : 0.0;
                });
        }
    }

    const Model& model_;
    const Cells& cells_;
    const BehaviourLayout& at_;
    std::vector<Label> labels_;
};

pugi::xml_node leaf(pugi::xml_node parent, const char* name, const std::string& text) {
    auto node = parent.append_child(name);
    node.text().set(text.c_str());
    return node;
}

void attribute(pugi::xml_node node, const char* name, const std::string& value) {
    node.append_attribute(name).set_value(value.c_str());
}

std::string coordinates(const Grid& grid, std::size_t axis) {
    std::string text;
    for (int i = 0; i < grid.voxels[axis]; ++i) {
        const double edge = axis == 2 ? grid.thickness : grid.spacing;
        text += (i > 0 ? "," : "") + fixed(grid.low[axis] + (i + 0.5) * edge, 6);
    }
    return text;
}

void add_mesh(pugi::xml_node domain, const Grid& grid, const std::string& file) {
    auto mesh = domain.append_child("mesh");
    attribute(mesh, "type", "Cartesian");
    attribute(mesh, "uniform", "true");
    attribute(mesh, "regular", "true");
    attribute(mesh, "units", "micron");
    std::string box;
    for (const auto* ends : {&grid.low, &grid.high}) {
        for (const double end : *ends) box += (box.empty() ? "" : " ") + fixed(end, 6);
    }
    auto bounding = leaf(mesh, "bounding_box", box);
    attribute(bounding, "type", "axis-aligned");
    attribute(bounding, "units", "micron");
    constexpr std::array<const char*, 3> names{"x_coordinates", "y_coordinates", "z_coordinates"};
    for (std::size_t k = 0; k < 3; ++k)
        attribute(leaf(mesh, names[k], coordinates(grid, k)), "delimiter", ",");
    auto voxels = mesh.append_child("voxels");
    attribute(voxels, "type", "matlab");
    leaf(voxels, "filename", file);
}

void add_variables(pugi::xml_node domain, const Project& project) {
    auto variables = domain.append_child("variables");
    for (std::size_t k = 0; k < project.substrates.size(); ++k) {
        auto variable = variables.append_child("variable");
        attribute(variable, "name", project.substrates[k].name);
        attribute(variable, "units", project.substrates[k].units);
        attribute(variable, "ID", std::to_string(k));
        auto physics = variable.append_child("physical_parameter_set");
        physics.append_child("conditions");
        attribute(leaf(physics, "diffusion_coefficient", fixed(project.substrates[k].diffusion, 6)), "units",
                  "micron^2/min");
        attribute(leaf(physics, "decay_rate", fixed(project.substrates[k].decay, 6)), "units", "1/min");
    }
}

void add_population(pugi::xml_node information, const Project& project, const std::vector<Label>& labels,
                    const std::string& name) {
    auto population = information.append_child("cell_populations").append_child("cell_population");
    attribute(population, "type", "individual");
    auto custom = population.append_child("custom");
    auto data = custom.append_child("simplified_data");
    attribute(data, "type", "matlab");
    attribute(data, "source", "PhysiCell");
    attribute(data, "data_version", "2");
    auto types = data.append_child("cell_types");
    for (std::size_t k = 0; k < project.types.size(); ++k) {
        auto type = leaf(types, "type", project.types[k].name);
        attribute(type, "ID", std::to_string(project.types[k].id));
        attribute(type, "type", std::to_string(k));
    }
    auto list = data.append_child("labels");
    int index = 0;
    for (const auto& label : labels) {
        auto entry = leaf(list, "label", label.name);
        attribute(entry, "index", std::to_string(index));
        attribute(entry, "size", std::to_string(label.size));
        attribute(entry, "units", label.units);
        index += label.size;
    }
    leaf(data, "filename", name + "_cells.mat");
    for (const std::string graph :
         {"neighbor_graph", "attached_cells_graph", "spring_attached_cells_graph"}) {
        auto node = custom.append_child(graph.c_str());
        attribute(node, "type", "text");
        attribute(node, "source", "PhysiCell");
        attribute(node, "data_version", "2");
        leaf(node, "filename",
             name + (graph == "neighbor_graph" ? "_cell_neighbor_graph.txt" : "_" + graph + ".txt"));
    }
}

std::string document(const Project& project, const State& state, const std::vector<Label>& labels,
                     const std::string& name) {
    pugi::xml_document xml;
    auto root = xml.append_child("MultiCellDS");
    attribute(root, "version", "2");
    attribute(root, "type", "snapshot/simulation");
    auto metadata = root.append_child("metadata");
    auto software = metadata.append_child("software");
    leaf(software, "name", "Abscopal");
    leaf(software, "version", "0.1.0");
    attribute(
        leaf(metadata, "current_time", fixed(static_cast<double>(state.step) * project.diffusion_step, 6)),
        "units", "min");
    attribute(leaf(metadata, "current_runtime", "0.000000"), "units", "sec");
    // A library reads no clock; the same run gives the same file.
    leaf(metadata, "created", "1970-01-01T00:00:00Z");
    leaf(metadata, "last_modified", "1970-01-01T00:00:00Z");
    auto domain = root.append_child("microenvironment").append_child("domain");
    attribute(domain, "name", "microenvironment");
    add_mesh(domain, project.grid, "initial_mesh0.mat");
    add_variables(domain, project);
    auto data = domain.append_child("data");
    attribute(data, "type", "matlab");
    leaf(data, "filename", name + "_microenvironment0.mat");
    add_population(root.append_child("cellular_information"), project, labels, name);
    struct Text : pugi::xml_writer {
        std::string text;
        void write(const void* bytes, std::size_t size) override {
            text.append(static_cast<const char*>(bytes), size);
        }
    } out;
    xml.save(out, "\t");
    return out.text;
}

std::string mesh_matrix(const Project& project, const State* state) {
    const std::size_t rows = 4 + (state ? state->fields.size() : 0), n = project.grid.size();
    std::vector<double> values;
    values.reserve(rows * n);
    for (std::size_t v = 0; v < n; ++v) {
        const auto center = project.grid.center(v);
        values.insert(values.end(), center.begin(), center.end());
        values.push_back(project.grid.voxel_volume());
        for (std::size_t k = 0; k + 4 < rows; ++k) values.push_back(state->fields[k][v]);
    }
    return write_matlab(state ? "multiscale_microenvironment" : "mesh", rows, n, values);
}

std::string cell_matrix(const State& state, const std::vector<Label>& labels) {
    std::vector<double> values;
    for (const auto row : rows_by_id(state.cells)) {
        for (const auto& label : labels) {
            for (int k = 0; k < label.size; ++k) values.push_back(label.value(row, k));
        }
    }
    std::size_t rows = 0;
    for (const auto& label : labels) rows += static_cast<std::size_t>(label.size);
    return write_matlab("cells", rows, state.cells.size(), values);
}

/// Lines `id: id,id` in id order from one list of rows a row.
std::string graph_text(const Cells& cells, const std::vector<std::vector<std::uint32_t>>& links) {
    std::string text;
    for (const auto row : rows_by_id(cells)) {
        text += std::to_string(cells.id[row]) + ": ";
        for (std::size_t k = 0; k < links[row].size(); ++k)
            text += (k > 0 ? "," : "") + std::to_string(cells.id[links[row][k]]);
        text += '\n';
    }
    return text;
}

std::string neighbour_graph(const Model& model, State state) {
    Team team(1);
    const auto hot = hot_cells(model, state.cells);
    const auto near = list_neighbours(*model.project, state.cells.outside, hot, 0, team);
    const auto of = [&](std::uint32_t row, Neighbours::Rows& scratch) { return near.of(row, scratch); };
    list_contacts(state, hot, of, std::vector<std::uint8_t>(state.cells.size(), 1), team);
    std::vector<std::vector<std::uint32_t>> links(state.cells.size());
    for (std::size_t i = 0; i < links.size(); ++i)
        links[i].assign(state.contacts.begin() + state.contact_start[i],
                        state.contacts.begin() + state.contact_start[i + 1]);
    return graph_text(state.cells, links);
}

std::string spring_graph(const State& state) {
    std::vector<std::vector<std::uint32_t>> links(state.cells.size());
    for (const auto& [a, b] : state.springs) {
        links[a].push_back(b);
        links[b].push_back(a);
    }
    return graph_text(state.cells, links);
}

}  // namespace

void write_multicellds(const Project& project, const State& state, const std::string& folder,
                       const std::string& name) {
    const Model model(std::make_shared<const Project>(project));
    const LabelList list(model, state);
    const auto put = [&](const std::string& file, const std::string& content) {
        write_file((std::filesystem::path(folder) / file).string(), content);
    };
    put("PhysiCell_settings.xml", project.text);
    put("initial_mesh0.mat", mesh_matrix(project, nullptr));
    put(name + "_microenvironment0.mat", mesh_matrix(project, &state));
    put(name + "_cells.mat", cell_matrix(state, list.labels()));
    put(name + "_cell_neighbor_graph.txt", neighbour_graph(model, state));
    put(name + "_attached_cells_graph.txt",
        graph_text(state.cells, std::vector<std::vector<std::uint32_t>>(state.cells.size())));
    put(name + "_spring_attached_cells_graph.txt", spring_graph(state));
    put(name + ".xml", document(project, state, list.labels(), name));
}

}  // namespace abscopal::tissue
