// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "tissue/layout.hpp"
#include "tissue/phenotype.hpp"
#include "tissue_project.hpp"

namespace abscopal::tissue {
namespace {

using test::ProjectText;

State run(const std::shared_ptr<const Project>& project, double minute, Stepper stepper = Stepper::fast,
          std::uint64_t seed = 1, int threads = 1) {
    Simulation simulation(project, {stepper, threads});
    State state = simulation.start(seed);
    simulation.advance(state, minute);
    return state;
}

TEST(Life, two_cells_come_to_rest_where_push_and_pull_balance) {
    ProjectText text;
    text.options = "";
    const auto project = text.shared("x,y,z,type\n-6,0,0,tumor\n6,0,0,tumor\n");
    const State state = run(project, 600);
    // 10 (1 - d/2r)² = 0.4 (1 - d/2.5r)² with r of 2494 µm³.
    const double r = std::cbrt(2494 * 3 / 4.0 / M_PI), q = std::sqrt(0.04);
    const double rest = 2 * r * (1 - q) / (1 - q / 1.25);
    EXPECT_NEAR(std::abs(state.cells.x[0] - state.cells.x[1]), rest, 1e-6);
}

TEST(Life, a_set_equilibrium_distance_is_where_cells_rest) {
    ProjectText text;
    text.options = "";
    text.acts =
        "<mechanics><options><set_relative_equilibrium_distance "
        "enabled=\"true\">1.8</set_relative_equilibrium_distance></options></mechanics>";
    const State state = run(text.shared("x,y,z,type\n-6,0,0,tumor\n6,0,0,tumor\n"), 600);
    EXPECT_NEAR(std::abs(state.cells.x[0] - state.cells.x[1]), 1.8 * state.cells.radius[0], 1e-6);
}

TEST(Life, secretion_and_uptake_come_to_their_balance) {
    ProjectText text;
    text.substrates =
        "<variable name=\"oxygen\" units=\"mmHg\" "
        "ID=\"0\"><physical_parameter_set><diffusion_coefficient>0</diffusion_coefficient><decay_rate>0</"
        "decay_rate>"
        "</physical_parameter_set><initial_condition>0</initial_condition><Dirichlet_boundary_condition "
        "enabled=\"false\">0</Dirichlet_boundary_condition></variable>";
    text.acts =
        "<secretion><substrate "
        "name=\"oxygen\"><secretion_rate>3</secretion_rate><secretion_target>8</"
        "secretion_target><uptake_rate>1</uptake_rate></substrate></secretion>";
    for (const Stepper stepper : {Stepper::fast, Stepper::reference}) {
        const auto project = text.shared("x,y,z,type\n10,10,10,tumor\n");
        const State state = run(project, 30, stepper);
        EXPECT_NEAR(state.fields[0][project->grid.voxel_at(10, 10, 10)], 8 * 3.0 / (3 + 1), 1e-9);
    }
}

TEST(Life, what_cells_take_in_leaves_the_fluid) {
    ProjectText text;
    text.field_options =
        "<calculate_gradients>false</calculate_gradients><track_internalized_substrates_in_each_agent>true</"
        "track_internalized_substrates_in_each_agent>";
    text.substrates =
        "<variable name=\"oxygen\" units=\"mmHg\" "
        "ID=\"0\"><physical_parameter_set><diffusion_coefficient>1000</diffusion_coefficient><decay_rate>0</"
        "decay_rate>"
        "</physical_parameter_set><initial_condition>10</initial_condition><Dirichlet_boundary_condition "
        "enabled=\"false\">0</Dirichlet_boundary_condition></variable>";
    text.acts =
        "<secretion><substrate "
        "name=\"oxygen\"><secretion_rate>0</secretion_rate><secretion_target>0</"
        "secretion_target><uptake_rate>5</uptake_rate><net_export_rate>7</net_export_rate></substrate></"
        "secretion>";
    const auto project = text.shared("x,y,z,type\n0,0,0,tumor\n30,0,0,tumor\n");
    for (const Stepper stepper : {Stepper::fast, Stepper::reference}) {
        const State state = run(project, 5, stepper);
        double outside = 0, inside = 0;
        for (const double density : state.fields[0]) outside += density * project->grid.voxel_volume();
        for (const double amount : state.cells.internal[0]) inside += amount;
        const double all = 10 * project->grid.voxel_volume() * static_cast<double>(project->grid.size());
        EXPECT_NEAR(outside + inside, all, 1e-12 * all * 500);
        EXPECT_NE(inside, 0);
    }
}

TEST(Life, an_apoptotic_cell_shrinks_and_is_gone_after_its_time) {
    ProjectText text;
    text.life =
        "<cycle code=\"5\" name=\"live\"/><death><model code=\"100\" "
        "name=\"apoptosis\"><death_rate>9e9</death_rate><phase_durations><duration index=\"0\" "
        "fixed_duration=\"true\">516</duration></phase_durations></model></death>";
    const auto project = text.shared("x,y,z,type\n0,0,0,tumor\n");
    const State early = run(project, 60);
    ASSERT_EQ(early.cells.size(), 1u);
    EXPECT_EQ(early.cells.death[0], 1);
    EXPECT_LT(early.cells.total[0], 2494);
    // It dies in the first phenotype step and leaves once 516 min have passed there: in the step at 510 min.
    EXPECT_EQ(run(project, 510).cells.size(), 1u);
    EXPECT_EQ(run(project, 510.1).cells.size(), 0u);
}

TEST(Life, a_fixed_cycle_divides_on_time_and_halves_the_volume) {
    ProjectText text;
    text.life =
        "<cycle code=\"5\" name=\"live\"><phase_durations><duration index=\"0\" "
        "fixed_duration=\"true\">60</duration></phase_durations></cycle>"
        "<death><model code=\"100\" name=\"apoptosis\"><death_rate>0</death_rate></model></death>";
    const auto project = text.shared("x,y,z,type\n0,0,0,tumor\n");
    EXPECT_EQ(run(project, 54).cells.size(), 1u);
    const State state = run(project, 54.1);
    ASSERT_EQ(state.cells.size(), 2u);
    EXPECT_NEAR(state.cells.total[0], 1247, 1);
    EXPECT_NEAR(state.cells.total[0] + state.cells.total[1], 2494, 2);
    EXPECT_EQ(state.births, 1u);
}

TEST(Life, volumes_relax_along_the_explicit_recursion) {
    ProjectText text;
    const auto project = text.shared("x,y,z,type,volume\n0,0,0,tumor,2494\n");
    State state = run(project, 0);
    // Push one cell off its targets and follow three phenotype steps by hand.
    state.cells.fluid[0] = 1000;
    const double solid = state.cells.nuclear_solid[0] + state.cells.cytoplasmic_solid[0];
    state.cells.total[0] = 1000 + solid;
    double fluid = 1000;
    for (int k = 0; k < 3; ++k) fluid += 6 * (3.0 / 60) * (0.75 * (fluid + solid) - fluid);
    Simulation simulation(project);
    simulation.advance(state, 12.1);
    EXPECT_NEAR(state.cells.fluid[0], fluid, 1e-9);
    EXPECT_NEAR(state.cells.total[0], fluid + solid, 1e-9);
}

TEST(Life, the_hill_sum_saturates_and_adds) {
    const std::vector<Term> one{{0, 2.0, 4, false}}, two{{0, 2.0, 4, false}, {0, 1.0, 2, false}};
    EXPECT_DOUBLE_EQ(hill({2.0}, one), 0.5);
    EXPECT_DOUBLE_EQ(hill({0.0}, one), 0.0);
    EXPECT_DOUBLE_EQ(hill({4.0}, one), 16.0 / 17);
    EXPECT_DOUBLE_EQ(hill({2.0, 2.0}, two), 5.0 / 6);
    EXPECT_DOUBLE_EQ(hill({1e300}, one), 1.0);
}

TEST(Life, rules_move_a_behaviour_between_its_ends) {
    ProjectText text;
    text.substrates =
        "<variable name=\"oxygen\" units=\"mmHg\" "
        "ID=\"0\"><physical_parameter_set><diffusion_coefficient>0</diffusion_coefficient><decay_rate>0</"
        "decay_rate>"
        "</physical_parameter_set><initial_condition>10</initial_condition><Dirichlet_boundary_condition "
        "enabled=\"false\">0</Dirichlet_boundary_condition></variable>";
    const auto project = text.shared("x,y,z,type\n0,0,0,tumor\n",
                                     "tumor,oxygen,increases,migration "
                                     "speed,5,10,4,0\ntumor,volume,decreases,migration speed,0,2494,2,0\n");
    const State state = run(project, 0.1);
    const int speed = project->dictionary.behaviour("migration speed");
    // Up: 1 + (5 - 1) / 2 = 3 at half-max; down: halfway from there to 0.
    EXPECT_NEAR(behaviour_of(*project, state, 0, speed), 1.5, 1e-9);
}

TEST(Life, attackers_damage_their_target_and_let_go_when_it_dies) {
    ProjectText text;
    text.more_types =
        "<cell_definition name=\"killer\" ID=\"1\"><phenotype><cycle code=\"5\" "
        "name=\"live\"><phase_transition_rates><rate start_index=\"0\" "
        "end_index=\"0\">0</rate></phase_transition_rates></cycle>"
        "<death><model code=\"100\" name=\"apoptosis\"><death_rate>0</death_rate></model></death>"
        "<cell_interactions><attack_rates><attack_rate "
        "name=\"tumor\">100</attack_rate></attack_rates><attack_damage_rate>2</"
        "attack_damage_rate><attack_duration>1e9</attack_duration></cell_interactions></phenotype></"
        "cell_definition>";
    const auto project = text.shared("x,y,z,type\n0,0,0,tumor\n14,0,0,killer\n",
                                     "tumor,damage,increases,apoptosis,9e9,10,20,0\n");
    const State early = run(project, 5);
    const auto tumor = static_cast<std::size_t>(
        std::find(early.cells.type.begin(), early.cells.type.end(), 0) - early.cells.type.begin());
    EXPECT_NEAR(early.cells.damage[tumor], 2 * 5.0, 1e-9);
    EXPECT_EQ(early.springs.size(), 1u);
    const State late = run(project, 30);
    EXPECT_EQ(late.deaths, 1u);
    EXPECT_TRUE(late.springs.empty());
    EXPECT_EQ(std::count(late.cells.attack_target.begin(), late.cells.attack_target.end(), -1), 2);
}

TEST(Life, phagocytosis_moves_all_volume_into_the_eater) {
    ProjectText text;
    text.acts =
        "<cell_interactions><live_phagocytosis_rates><phagocytosis_rate "
        "name=\"prey\">100</phagocytosis_rate></live_phagocytosis_rates></cell_interactions>";
    text.more_types =
        "<cell_definition name=\"prey\" ID=\"1\" "
        "parent_type=\"tumor\"><phenotype><cell_interactions><live_phagocytosis_rates><phagocytosis_rate "
        "name=\"prey\">0</phagocytosis_rate></live_phagocytosis_rates></cell_interactions></phenotype></"
        "cell_definition>";
    const State state = run(text.shared("x,y,z,type\n0,0,0,tumor\n14,0,0,prey\n"), 0.1);
    ASSERT_EQ(state.cells.size(), 1u);
    EXPECT_NEAR(state.cells.total[0], 2 * 2494, 1e-9);
    EXPECT_EQ(state.removals, 1u);
}

TEST(Life, fusion_joins_two_cells_at_their_common_centre) {
    ProjectText text;
    text.acts =
        "<cell_interactions><fusion_rates><fusion_rate "
        "name=\"other\">100</fusion_rate></fusion_rates></cell_interactions>";
    text.more_types =
        "<cell_definition name=\"other\" ID=\"1\" parent_type=\"tumor\"><phenotype><cell_interactions>"
        "<fusion_rates><fusion_rate name=\"other\">0</fusion_rate></fusion_rates></cell_interactions>"
        "</phenotype></cell_definition>";
    const State state = run(text.shared("x,y,z,type,volume\n0,0,0,tumor,2494\n15,0,0,other,1247\n"), 0.1);
    ASSERT_EQ(state.cells.size(), 1u);
    EXPECT_NEAR(state.cells.total[0], 1.5 * 2494, 1e-9);
    EXPECT_EQ(state.cells.nuclei[0], 2);
    // A third of the way, but for what the pair forces of this one step did.
    EXPECT_NEAR(state.cells.x[0], 5, 0.3);
    EXPECT_EQ(state.cells.type[0], 0);
}

TEST(Life, transformation_keeps_place_volume_and_conserved_data_and_takes_the_rest_of_the_new_type) {
    ProjectText text;
    text.acts =
        "<cell_transformations><transformation_rates><transformation_rate "
        "name=\"changed\">100</transformation_rate></transformation_rates></cell_transformations>";
    text.custom =
        "<custom_data><kept conserved=\"true\">7</kept><lost conserved=\"false\">1</lost></custom_data>";
    text.more_types =
        "<cell_definition name=\"changed\" ID=\"1\" "
        "parent_type=\"tumor\"><phenotype><motility><speed>3</speed>"
        "</motility><cell_transformations><transformation_rates><transformation_rate name=\"changed\">0"
        "</transformation_rate></transformation_rates></cell_transformations></phenotype><custom_data><kept "
        "conserved=\"true\">8</kept><lost conserved=\"false\">2</lost></custom_data></cell_definition>";
    const auto project = text.shared("x,y,z,type,volume\n10,20,30,tumor,1500\n");
    const State state = run(project, 0.1);
    ASSERT_EQ(state.cells.size(), 1u);
    EXPECT_EQ(state.cells.type[0], 1);
    EXPECT_EQ(state.cells.x[0], 10);
    // One phenotype step of growth towards the type's volume has begun.
    EXPECT_GT(state.cells.total[0], 1500);
    EXPECT_LT(state.cells.total[0], 2494);
    const auto value = [&](const char* name) {
        return behaviour_of(*project, state, 0, project->dictionary.behaviour(name));
    };
    EXPECT_EQ(value("migration speed"), 3);
    EXPECT_EQ(value("custom:kept"), 7);
    EXPECT_EQ(value("custom:lost"), 2);
}

/// Pressure on a cell 2 µm inside a face at ±100 µm, with another that stands 2 µm outside from the start.
double pressure_from_outside(double face, bool compat) {
    const std::string sign = face < 0 ? "-" : "";
    ReadOptions how;
    how.compat = compat;
    ProjectText text;
    text.options = "<virtual_wall_at_domain_edge>false</virtual_wall_at_domain_edge>";
    const auto project =
        std::make_shared<const Project>(text.read(sign + "98,0,0,0\n" + sign + "102,0,0,0\n", "", how));
    Simulation simulation(project);
    State state = simulation.start(1);
    simulation.advance(state, 0.01);
    return state.cells.pressure[state.cells.outside[0] ? 1 : 0];
}

TEST(Outside, cells_press_only_as_physicell_would_have_it_and_there_not_below_a_lower_face) {
    EXPECT_EQ(pressure_from_outside(100, false), 0);
    EXPECT_GT(pressure_from_outside(100, true), 10);
    EXPECT_EQ(pressure_from_outside(-100, true), 0);
}

}  // namespace
}  // namespace abscopal::tissue
