// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>

#include "base/text.hpp"
#include "tissue/settings.hpp"

/// <microenvironment_setup>: what diffuses, and what the faces of the box are held at.
namespace abscopal::tissue {
namespace {

constexpr std::array<const char*, 6> side_names{"xmin", "xmax", "ymin", "ymax", "zmin", "zmax"};

/// An empty value of a face that is not held says nothing.
double side_value(const Element& element, bool held) {
    return !held && element.text().empty() ? 0 : element.value();
}

void read_side(const Element& element, Substrate& substrate) {
    const std::string id = element.attribute("ID");
    const auto at =
        std::find_if(side_names.begin(), side_names.end(), [&](const char* name) { return id == name; });
    if (at == side_names.end()) {
        element.fault("unknown-side", "<boundary_value> has the ID '" + id +
                                          "', expected xmin, xmax, ymin, ymax, zmin or zmax");
        return;
    }
    const bool held = element.flag("enabled", false);
    substrate.sides[static_cast<std::size_t>(at - side_names.begin())] = {held, side_value(element, held)};
}

void read_sides(const Element& variable, Substrate& substrate) {
    const Element plain = variable.expected("Dirichlet_boundary_condition");
    const bool held = plain.flag("enabled", false);
    substrate.sides.fill({held, plain ? side_value(plain, held) : 0});
    for (const auto& side : variable.child("Dirichlet_options").children("boundary_value"))
        read_side(side, substrate);
    const bool any = std::any_of(substrate.sides.begin(), substrate.sides.end(),
                                 [](const Side& side) { return side.held; });
    if (any && !held) {
        variable.warn("boundary-off", "faces of '" + substrate.name +
                                          "' are enabled but <Dirichlet_boundary_condition> is not; "
                                          "they are held only where another substrate's is");
    }
}

Substrate read_substrate(const Element& variable, const ProjectFolder& folder) {
    Substrate substrate;
    substrate.name = variable.attribute("name");
    substrate.units = variable.attribute("units");
    const Element physics = variable.expected("physical_parameter_set");
    substrate.diffusion = physics.number("diffusion_coefficient", 0);
    substrate.decay = physics.number("decay_rate", 0);
    if (substrate.diffusion < 0 || substrate.decay < 0) {
        physics.fault("negative-value", "diffusion and decay of '" + substrate.name + "' must be 0 or more");
    }
    substrate.initial = variable.number("initial_condition", 0);
    read_sides(variable, substrate);
    const Element circulation = variable.child("PK");
    if (circulation && circulation.flag("enabled", true)) {
        substrate.has_circulation = true;
        substrate.circulation = read_circulation(circulation, folder);
        const auto& sides = substrate.sides;
        if (std::none_of(sides.begin(), sides.end(), [](const Side& side) { return side.held; }))
            circulation.warn("no-vessel",
                             "<PK> of '" + substrate.name + "' has no enabled boundary to enter through");
    } else {
        circulation.leave_unread();
    }
    return substrate;
}

}  // namespace

void read_substrates(const Element& root, Project& project) {
    const Element setup = root.child("microenvironment_setup");
    if (!setup) root.fault("missing-element", "there is no <microenvironment_setup>");
    const ProjectFolder folder{project.file};
    bool any_held = false;
    for (const auto& variable : setup.children("variable")) {
        Substrate substrate = read_substrate(variable, folder);
        if (substrate.name.empty()) variable.fault("missing-name", "<variable> has no name");
        for (const auto& other : project.substrates) {
            if (other.name == substrate.name)
                variable.fault("name-twice", "substrate '" + substrate.name + "' is there twice");
        }
        any_held = any_held || variable.child("Dirichlet_boundary_condition").flag("enabled", false);
        project.substrates.push_back(std::move(substrate));
    }
    if (setup && project.substrates.empty())
        setup.fault("missing-element", "<microenvironment_setup> has no <variable>");
    // PhysiCell holds faces only once some substrate's plain condition is enabled.
    for (auto& substrate : project.substrates) {
        for (auto& side : substrate.sides) side.held = side.held && any_held;
    }
    const Element options = setup.child("options");
    options.child("calculate_gradients");
    project.track_internal = options.truth("track_internalized_substrates_in_each_agent", false);
    if (const Element nodes = options.child("dirichlet_nodes")) {
        nodes.leave_unread();
        if (nodes.flag("enabled", false))
            nodes.warn("reserved-element", "<dirichlet_nodes> is reserved in PhysiCell and read by nobody");
    }
}

}  // namespace abscopal::tissue
