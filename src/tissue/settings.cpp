// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "tissue/settings.hpp"

#include <algorithm>
#include <cmath>

#include "base/file.hpp"
#include "base/text.hpp"

namespace abscopal::tissue {
namespace {

namespace fs = std::filesystem;
constexpr double max_voxels = 2e8;

fs::path settings_path(const std::string& path) {
    if (!fs::is_directory(path)) return path;
    for (const char* name : {"config/PhysiCell_settings.xml", "PhysiCell_settings.xml"}) {
        if (fs::exists(fs::path(path) / name)) return fs::path(path) / name;
    }
    throw FileError(path + ": no config/PhysiCell_settings.xml in this folder");
}

/// One axis of the box; faults where it is no interval.
void read_axis(const Element& domain, const std::string& axis, int k, double step, Grid& grid) {
    const auto i = static_cast<std::size_t>(k);
    grid.low[i] = domain.number(axis + "_min", grid.low[i]);
    grid.high[i] = domain.number(axis + "_max", grid.high[i]);
    if (k == 2 && grid.flat) {
        grid.low[i] = -step / 2;
        grid.high[i] = step / 2;
    }
    if (!(grid.low[i] < grid.high[i]))
        domain.fault("empty-domain", "<" + axis + "_min> is not below <" + axis + "_max>");
    const double count = std::ceil((grid.high[i] - grid.low[i]) / step + 1e-16);
    grid.voxels[i] = static_cast<int>(std::clamp(count, 1.0, 1e9));
    if (k == 2 && grid.flat) grid.voxels[i] = 1;
}

void check_grid(const Element& domain, const std::array<double, 3>& steps, const Grid& grid) {
    const bool cubic = steps[0] == steps[1] && (grid.flat || steps[0] == steps[2]);
    if (!cubic)
        domain.fault("voxels-not-cubic",
                     "<dx>, <dy> and <dz> differ; the diffusion solver needs cubic voxels");
    const double total = double(grid.voxels[0]) * grid.voxels[1] * grid.voxels[2];
    if (total > max_voxels)
        domain.fault("domain-too-large", "the domain has " + significant(total, 3) + " voxels, more than " +
                                             significant(max_voxels, 3));
    if (!grid.flat && std::min({grid.voxels[0], grid.voxels[1], grid.voxels[2]}) < 2) {
        domain.fault("domain-too-thin",
                     "the domain is one voxel thick along an axis; use_2D is for thin tissue");
    }
}

void read_domain(const Element& root, Project& project) {
    const Element domain = root.expected("domain");
    Grid& grid = project.grid;
    std::array<double, 3> steps{};
    grid.flat = domain.truth("use_2D", false);
    constexpr std::array<const char*, 3> names{"dx", "dy", "dz"};
    for (std::size_t k = 0; k < 3; ++k) {
        steps[k] = domain.number(names[k], 20);
        if (steps[k] <= 0)
            domain.fault("bad-spacing", std::string("<") + names[k] + "> is " + to_text(steps[k]) +
                                            ", expected more than 0");
        if (steps[k] <= 0) steps[k] = 20;
    }
    grid.spacing = steps[0];
    grid.thickness = grid.flat ? steps[2] : steps[0];
    constexpr std::array<const char*, 3> axes{"x", "y", "z"};
    for (int k = 0; k < 3; ++k)
        read_axis(domain, axes[static_cast<std::size_t>(k)], k, steps[static_cast<std::size_t>(k)], grid);
    if (domain) check_grid(domain, steps, grid);
}

double positive_step(const Element& overall, const std::string& name, double fallback) {
    const double step = overall.number(name, fallback);
    if (step > 0) return step;
    overall.fault("bad-step", "<" + name + "> is " + to_text(step) + ", expected more than 0");
    return fallback;
}

void read_overall(const Element& root, Project& project) {
    const Element overall = root.expected("overall");
    project.max_time = overall.number("max_time", project.max_time);
    project.time_units = overall.word("time_units", "min");
    project.space_units = overall.word("space_units", "micron");
    project.diffusion_step = positive_step(overall, "dt_diffusion", 0.01);
    project.mechanics_step = positive_step(overall, "dt_mechanics", 0.1);
    project.phenotype_step = positive_step(overall, "dt_phenotype", 6);
    overall.child("dt_intracellular");
    if (project.max_time < 0) overall.fault("bad-time", "<max_time> is below 0");
    if (project.mechanics_step < project.diffusion_step || project.phenotype_step < project.mechanics_step) {
        overall.fault("bad-step",
                      "steps must grow: <dt_diffusion> up to <dt_mechanics> up to <dt_phenotype>");
    }
    root.child("parallel").child("omp_num_threads");
}

double interval_of(const Element& save, double fallback) {
    const double interval = save.optional_number("interval", fallback);
    if (interval > 0) return interval;
    save.fault("bad-interval", "<interval> is " + to_text(interval) + ", expected more than 0");
    return fallback;
}

void read_saves(const Element& root, Project& project) {
    const Element save = root.child("save");
    project.saves.folder = save.word("folder", project.saves.folder);
    const Element full = save.child("full_data"), svg = save.child("SVG");
    project.saves.full_interval = interval_of(full, project.saves.full_interval);
    project.saves.full = full.truth("enable", false);
    project.saves.svg_interval = interval_of(svg, project.saves.svg_interval);
    project.saves.svg = svg.truth("enable", false);
    for (const char* name : {"plot_substrate", "legend"}) svg.child(name).leave_unread();
    for (const char* name : {"legacy_data", "intracellular_data"}) save.child(name).leave_unread();
}

void read_seed(const Element& element, Project& project) {
    const std::string text = element.text();
    if (text.empty() || text == "random" || text == "system_clock") {
        element.warn("seed-of-clock",
                     "<random_seed> asks for the clock; 0 is taken so that the run can be repeated");
        return;
    }
    const auto seed = to_integer(text);
    if (!seed || *seed < 0)
        element.fault("bad-seed", "<random_seed> is '" + text + "', expected a whole number of 0 or more");
    project.seed = seed && *seed >= 0 ? static_cast<std::uint64_t>(*seed) : 0;
}

void read_options(const Element& root, Project& project) {
    const Element options = root.child("options");
    project.legacy_sphere = options.truth("legacy_random_points_on_sphere_in_divide", false);
    project.virtual_wall = options.truth("virtual_wall_at_domain_edge", false);
    project.springs = !options.truth("disable_automated_spring_adhesions", false);
    options.child("legacy_cell_defaults_copy");
    if (const Element seed = options.child("random_seed")) read_seed(seed, project);
}

void read_user_parameter(const Element& element, Project& project) {
    const UserParameter parameter{element.name(), element.attribute("type", "double"), element.text(),
                                  element.attribute("units")};
    const auto same = [&](const auto& other) { return other.name == parameter.name; };
    if (std::any_of(project.user_parameters.begin(), project.user_parameters.end(), same)) {
        element.fault("parameter-twice", "user parameter '" + parameter.name + "' is there twice");
    }
    project.user_parameters.push_back(parameter);
    if (parameter.name == "random_seed") read_seed(element, project);
    if (parameter.name != "number_of_cells" || parameter.value.empty()) return;
    const auto count = to_integer(parameter.value);
    if (!count || *count < 0 || *count > 100'000'000) {
        element.fault("bad-number",
                      "<number_of_cells> is '" + parameter.value + "', expected a whole number of 0 or more");
    } else {
        project.cells_of_each_type = static_cast<int>(*count);
    }
}

void read_user_parameters(const Element& root, Project& project) {
    for (const auto& element : root.child("user_parameters").all_children()) {
        element.leave_unread();
        read_user_parameter(element, project);
    }
}

pugi::xml_node step_into(const pugi::xml_node& node, const std::string& segment) {
    const auto bracket = segment.find('[');
    const std::string name = segment.substr(0, bracket);
    if (bracket == std::string::npos) return node.child(name.c_str());
    const std::string wanted = segment.substr(bracket + 1, segment.size() - bracket - 2);
    for (const auto inner : node.children(name.c_str())) {
        if (wanted == inner.attribute("name").value() || wanted == inner.attribute("ID").value())
            return inner;
    }
    return {};
}

/// Puts one `--set name=value` into the document before it is read.
void apply_setting(const std::string& name, const std::string& value, pugi::xml_node root) {
    pugi::xml_node node = root;
    for (const auto& segment : split(name, '/')) node = step_into(node, segment);
    if (!node) node = root.child("user_parameters").child(name.c_str());
    if (node) {
        node.text().set(value.c_str());
        return;
    }
    std::vector<std::string> known;
    for (const auto parameter : root.child("user_parameters").children()) known.push_back(parameter.name());
    throw InputError({"unknown-setting",
                      "nothing in the project is called '" + name + "'" + did_you_mean(name, known),
                      {},
                      {"name a user parameter, or a path such as overall/max_time or "
                       "cell_definitions/cell_definition[CD8]/phenotype/motility/speed"}});
}

void throw_what_was_found(XmlFile& xml, Project& project, bool strict) {
    project.warnings = xml.warnings;
    if (!strict) return xml.faults.throw_if_any();
    FaultList all = xml.faults;
    for (const auto& warning : xml.warnings)
        all.add(warning.code, warning.message, warning.place, warning.notes);
    all.throw_if_any();
}

}  // namespace

std::optional<std::string> ProjectFolder::find(const std::string& folder, const std::string& file) const {
    const fs::path here = settings_file.parent_path();
    const fs::path named = folder.empty() ? fs::path(file) : fs::path(folder) / file;
    for (const auto& path : {here.parent_path() / named, here / named, here / file, named}) {
        const auto candidate =
            (here.empty() && path.is_relative() ? fs::path(".") / path : path).lexically_normal();
        if (!file.empty() && fs::is_regular_file(candidate)) return candidate.string();
    }
    if (here.empty() || here == ".") {
        const auto above = (fs::path("..") / named).lexically_normal();
        if (!file.empty() && fs::is_regular_file(above)) return above.string();
    }
    return std::nullopt;
}

std::vector<std::string> substrate_names(const Project& project) {
    std::vector<std::string> names;
    for (const auto& substrate : project.substrates) names.push_back(substrate.name);
    return names;
}

std::vector<std::string> type_names(const Project& project) {
    std::vector<std::string> names;
    for (const auto& type : project.types) names.push_back(type.name);
    return names;
}

bool is_project(const std::string& path) {
    if (fs::is_directory(path)) return true;
    return path.ends_with(".xml") && read_file(path).find("<PhysiCell_settings") != std::string::npos;
}

Project read_project(const std::string& path, const ReadOptions& options) {
    const ProjectFolder folder{settings_path(path)};
    Project project;
    project.file = folder.settings_file.string();
    project.text = read_file(project.file);
    project.compat = options.compat;
    XmlFile xml(project.file, project.text);
    const Element root = xml.root("PhysiCell_settings");
    for (const auto& [name, value] : options.settings)
        apply_setting(name, value, xml.document().child("PhysiCell_settings"));

    read_domain(root, project);
    read_overall(root, project);
    read_saves(root, project);
    read_options(root, project);
    read_user_parameters(root, project);
    read_substrates(root, project);
    read_cell_types(root, project);
    xml.faults.throw_if_any();
    read_rules(root, folder, project);
    read_start_cells(root, folder, project);
    read_start_fields(root, folder, project);
    xml.warn_of_unread();
    throw_what_was_found(xml, project, options.strict);
    return project;
}

}  // namespace abscopal::tissue
