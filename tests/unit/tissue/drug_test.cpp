// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <gtest/gtest.h>

#include <cmath>

#include "tissue/circulation.hpp"
#include "tissue_project.hpp"

namespace abscopal::tissue {
namespace {

using test::ProjectText;

/// A project whose drug enters through every face from a circulation, and collects in the cells.
ProjectText drugged(const std::string& circulation) {
    ProjectText text;
    text.field_options =
        "<calculate_gradients>false</calculate_gradients><track_internalized_substrates_in_each_agent>true</"
        "track_internalized_substrates_in_each_agent>";
    text.substrates =
        "<variable name=\"drug\" units=\"nM\" "
        "ID=\"0\"><physical_parameter_set><diffusion_coefficient>1e5</diffusion_coefficient><decay_rate>0</"
        "decay_rate></physical_parameter_set>"
        "<initial_condition>0</initial_condition><Dirichlet_boundary_condition "
        "enabled=\"true\">0</Dirichlet_boundary_condition>" +
        circulation + "</variable>";
    text.acts =
        "<secretion><substrate "
        "name=\"drug\"><secretion_rate>0</secretion_rate><uptake_rate>0.1</uptake_rate></substrate></"
        "secretion>"
        "<PD><substrate "
        "name=\"drug\"><model>AUC_amount</model><metabolism_rate>0</metabolism_rate><linear_repair_rate>0</"
        "linear_repair_rate><constant_repair_rate>0</constant_repair_rate></substrate></PD>";
    text.custom = "<custom_data><drug_damage conserved=\"false\">0</drug_damage></custom_data>";
    return text;
}

constexpr const char* two_doses =
    "<PK "
    "enabled=\"true\"><model>1C</model><biot_number>0.5</biot_number><elimination_rate>0.01</"
    "elimination_rate><schedule format=\"parameters\"><total_doses>2</total_doses>"
    "<loading_doses>1</loading_doses><regular_dose>10</regular_dose><loading_dose>20</"
    "loading_dose><first_dose_time units=\"min\">1</first_dose_time><dose_interval "
    "units=\"h\">1</dose_interval></schedule></PK>";

TEST(Drug, circulation_of_one_compartment_decays_between_doses) {
    const auto project = drugged(two_doses).shared("x,y,z,type\n0,0,0,tumor\n");
    Simulation simulation(project);
    State state = simulation.start(0);
    simulation.advance(state, 1.0);
    EXPECT_EQ(state.circulation[0][0], 0);
    simulation.advance(state, 31.0);
    EXPECT_NEAR(state.circulation[0][0], 20 * std::exp(-0.01 * 30), 1e-9);
    EXPECT_NEAR(state.fields[0][0], 0.5 * 20 * std::exp(-0.01 * (30 - 0.01)), 1e-9);
    simulation.advance(state, 71.0);
    EXPECT_NEAR(state.circulation[0][0], 20 * std::exp(-0.7) + 10 * std::exp(-0.1), 1e-9);
}

TEST(Drug, two_compartments_lose_only_what_is_eliminated) {
    Circulation circulation{"2C", 1, 0, 0.3, 0.1, 2.0, {{0.0, 6.0}}};
    std::array<double, 2> y{};
    give_doses(circulation, 0.01, 0, y);
    for (int k = 0; k < 5000; ++k) pass_step(circulation, 0.01, y);
    // Amounts C R + P are conserved without elimination, and rest where k12 R C = k21 P.
    EXPECT_NEAR(y[0] * 2 + y[1], 12, 1e-9);
    EXPECT_NEAR(0.3 * 2 * y[0], 0.1 * y[1], 1e-6);
}

TEST(Drug, damage_is_the_area_under_what_is_inside) {
    for (const Stepper stepper : {Stepper::fast, Stepper::reference}) {
        const auto project = drugged(two_doses).shared("x,y,z,type\n0,0,0,tumor\n");
        Simulation simulation(project, {stepper, 1});
        State state = simulation.start(0);
        double area = 0;
        const int damage = project->dictionary.behaviour("custom:drug_damage");
        for (int k = 0; k < 5; ++k) {
            simulation.advance(state, 6.0 * k);
            EXPECT_TRUE(k == 0 || state.cells.internal[0][0] > 0);
            const double inside = state.cells.internal[0][0];
            simulation.advance(state, 6.0 * k + 0.01);
            // The phenotype step sees what one more diffusion step brought in.
            area += 6 * 0.5 * (inside + state.cells.internal[0][0]);
        }
        EXPECT_NEAR(behaviour_of(*project, state, 0, damage), area, 0.01 * area);
    }
}

TEST(Drug, an_effect_that_cannot_be_run_is_refused) {
    auto text = drugged(two_doses);
    text.acts.replace(text.acts.find("AUC_amount"), 10, "MMD");
    EXPECT_THROW(text.read(), InputError);
    text = drugged("<PK enabled=\"true\"><model>3C</model></PK>");
    EXPECT_THROW(text.read(), InputError);
}

}  // namespace
}  // namespace abscopal::tissue
