// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "abscopal/tissue.hpp"
#include "folder.hpp"

/// Small PhysiCell projects written to a folder of their own.
namespace abscopal::test {

/// The parts of a settings file; each starts as something harmless.
struct ProjectText {
    std::string domain =
        "<x_min>-100</x_min><x_max>100</x_max><y_min>-100</y_min><y_max>100</y_max><z_min>-100</"
        "z_min><z_max>100</z_max>"
        "<dx>20</dx><dy>20</dy><dz>20</dz><use_2D>false</use_2D>";
    std::string overall =
        "<max_time>60</max_time><dt_diffusion>0.01</dt_diffusion><dt_mechanics>0.1</"
        "dt_mechanics><dt_phenotype>6</dt_phenotype>";
    std::string options =
        "<virtual_wall_at_domain_edge>true</virtual_wall_at_domain_edge><random_seed>0</random_seed>";
    std::string substrates =
        "<variable name=\"oxygen\" units=\"mmHg\" "
        "ID=\"0\"><physical_parameter_set><diffusion_coefficient>1000</"
        "diffusion_coefficient><decay_rate>0.1</decay_rate>"
        "</physical_parameter_set><initial_condition>10</initial_condition><Dirichlet_boundary_condition "
        "enabled=\"false\">0</Dirichlet_boundary_condition></variable>";
    std::string field_options =
        "<calculate_gradients>true</calculate_gradients><track_internalized_substrates_in_each_agent>false</"
        "track_internalized_substrates_in_each_agent>";
    std::string life =
        "<cycle code=\"5\" name=\"live\"><phase_transition_rates><rate start_index=\"0\" end_index=\"0\" "
        "fixed_duration=\"false\">0</rate></phase_transition_rates></cycle>"
        "<death><model code=\"100\" name=\"apoptosis\"><death_rate>0</death_rate></model></death>";
    std::string acts;
    std::string custom = "<custom_data><sample conserved=\"false\">1</sample></custom_data>";
    std::string more_types;
    std::string initial, rules, user;
    std::string extra;

    std::string xml() const {
        return "<PhysiCell_settings version=\"devel\">\n<domain>" + domain + "</domain>\n<overall>" +
               overall + "</overall>\n<options>" + options + "</options>\n<microenvironment_setup>" +
               substrates + "<options>" + field_options +
               "</options></microenvironment_setup>\n<cell_definitions>\n<cell_definition name=\"tumor\" "
               "ID=\"0\"><phenotype>" +
               life + acts + "</phenotype>" + custom + "</cell_definition>\n" + more_types +
               "</cell_definitions>\n" + initial + rules + "<user_parameters>" + user +
               "</user_parameters>\n" + extra + "</PhysiCell_settings>\n";
    }
    /// The same with cells and rules as files beside it.
    void write(const Folder& folder, const std::string& cells = "", const std::string& rule_lines = "",
               const std::string& rule_version = "3.0") const {
        ProjectText text = *this;
        if (!cells.empty()) {
            text.initial +=
                "<initial_conditions><cell_positions type=\"csv\" "
                "enabled=\"true\"><folder>./config</folder><filename>cells.csv</filename></cell_positions></"
                "initial_conditions>\n";
            folder.write("config/cells.csv", cells);
        }
        if (!rule_lines.empty()) {
            text.rules += "<cell_rules><rulesets><ruleset protocol=\"CBHG\" version=\"" + rule_version +
                          "\" format=\"csv\" "
                          "enabled=\"true\"><folder>./config</folder><filename>cell_rules.csv</filename></"
                          "ruleset></rulesets><settings /></cell_rules>\n";
            folder.write("config/cell_rules.csv", rule_lines);
        }
        folder.write("config/PhysiCell_settings.xml", text.xml());
    }
    tissue::Project read(const std::string& cells = "", const std::string& rule_lines = "",
                         const tissue::ReadOptions& how = {}, const std::string& rule_version = "3.0") const {
        const Folder folder;
        write(folder, cells, rule_lines, rule_version);
        return tissue::read_project(folder.path(), how);
    }
    std::shared_ptr<const tissue::Project> shared(const std::string& cells = "",
                                                  const std::string& rule_lines = "") const {
        return std::make_shared<const tissue::Project>(read(cells, rule_lines));
    }
};

}  // namespace abscopal::test
