// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <gtest/gtest.h>

#include <cmath>

#include "tissue_project.hpp"

/// Shortcuts: less exact fields for less time. Each is held to the error that the documents state.
namespace abscopal::tissue {
namespace {

using test::ProjectText;

/// A colony that takes up oxygen from held faces and gives off a slow signal.
std::shared_ptr<const Project> colony(bool tracked) {
    ProjectText text;
    text.substrates =
        "<variable name=\"oxygen\" units=\"mmHg\" ID=\"0\"><physical_parameter_set><diffusion_coefficient>"
        "100000</diffusion_coefficient><decay_rate>0.1</decay_rate></physical_parameter_set>"
        "<initial_condition>38</initial_condition><Dirichlet_boundary_condition enabled=\"true\">38</"
        "Dirichlet_boundary_condition></variable>"
        "<variable name=\"signal\" units=\"\" ID=\"1\"><physical_parameter_set><diffusion_coefficient>"
        "100</diffusion_coefficient><decay_rate>0.01</decay_rate></physical_parameter_set>"
        "<initial_condition>0</initial_condition><Dirichlet_boundary_condition enabled=\"false\">0</"
        "Dirichlet_boundary_condition></variable>";
    if (tracked)
        text.field_options =
            "<calculate_gradients>true</calculate_gradients><track_internalized_substrates_in_each_agent>"
            "true</track_internalized_substrates_in_each_agent>";
    text.acts =
        "<secretion><substrate name=\"oxygen\"><uptake_rate>10</uptake_rate></substrate>"
        "<substrate name=\"signal\"><secretion_rate>1</secretion_rate><secretion_target>1</secretion_target>"
        "</substrate></secretion>";
    std::string cells = "x,y,z,type\n";
    for (int k = 0; k < 60; ++k) {
        const double angle = 2.4 * k, r = 8 * std::sqrt(k);
        cells += std::to_string(r * std::cos(angle)) + "," + std::to_string(r * std::sin(angle)) + "," +
                 std::to_string(20 * std::sin(k)) + ",tumor\n";
    }
    return text.shared(cells);
}

State run(const std::shared_ptr<const Project>& project, double minute, const Shortcuts& shortcuts,
          int threads = 1) {
    Simulation simulation(project, {Stepper::fast, threads, shortcuts});
    State state = simulation.start(3);
    simulation.advance(state, minute);
    return state;
}

/// Largest difference over the largest value.
double error_of(const std::vector<double>& found, const std::vector<double>& exact) {
    double largest = 0, difference = 0;
    for (std::size_t v = 0; v < exact.size(); ++v) {
        largest = std::max(largest, std::abs(exact[v]));
        difference = std::max(difference, std::abs(found[v] - exact[v]));
    }
    return difference / largest;
}

TEST(Shortcuts, single_precision_is_off_by_a_hundred_thousandth_at_most_and_not_at_all_equal) {
    const auto project = colony(false);
    const State exact = run(project, 30, {}), single = run(project, 30, {true, {}, {}});
    for (std::size_t k = 0; k < 2; ++k) {
        EXPECT_LT(error_of(single.fields[k], exact.fields[k]), 1e-5) << k;
        EXPECT_GT(error_of(single.fields[k], exact.fields[k]), 1e-10) << k;
    }
}

TEST(Shortcuts, a_ten_times_longer_step_of_a_slow_substrate_is_off_by_less_than_a_fiftieth) {
    const auto project = colony(false);
    const State exact = run(project, 30, {}), longer = run(project, 30, {false, {{"signal", 0.1}}, {}});
    EXPECT_EQ(longer.fields[0], exact.fields[0]);
    EXPECT_LT(error_of(longer.fields[1], exact.fields[1]), 0.02);
    EXPECT_GT(error_of(longer.fields[1], exact.fields[1]), 1e-7);
}

TEST(Shortcuts, errors_of_longer_steps_grow_in_step) {
    const auto project = colony(false);
    const State exact = run(project, 30, {});
    const double one = error_of(run(project, 30, {false, {{"signal", 0.1}}, {}}).fields[1], exact.fields[1]),
                 two = error_of(run(project, 30, {false, {{"signal", 0.2}}, {}}).fields[1], exact.fields[1]);
    // First order, from the exact run's own step of 0.01: (0.2 - 0.01) / (0.1 - 0.01).
    EXPECT_NEAR(two / one, 2.11, 0.3);
}

TEST(Shortcuts, oxygen_in_balance_is_off_by_less_than_a_thousandth) {
    const auto project = colony(false);
    const State exact = run(project, 30, {}), steady = run(project, 30, {false, {}, {"oxygen"}});
    EXPECT_LT(error_of(steady.fields[0], exact.fields[0]), 0.001);
    EXPECT_EQ(steady.fields[1], exact.fields[1]);
}

TEST(Shortcuts, oxygen_in_balance_takes_up_what_flows_in) {
    const auto project = colony(true);
    const State exact = run(project, 60, {}), steady = run(project, 60, {false, {}, {"oxygen"}});
    double taken = 0, wanted = 0;
    for (const double amount : steady.cells.internal[0]) taken += amount;
    for (const double amount : exact.cells.internal[0]) wanted += amount;
    EXPECT_GT(wanted, 1e5);
    EXPECT_NEAR(taken / wanted, 1, 0.02);
}

TEST(Shortcuts, balance_between_two_held_faces_is_where_plain_steps_end) {
    const auto side = [](const std::string& name, const std::string& held) {
        return "<boundary_value ID=\"" + name + "\" enabled=\"" + held + "</boundary_value>";
    };
    ProjectText text;
    text.substrates =
        "<variable name=\"oxygen\" units=\"mmHg\" ID=\"0\"><physical_parameter_set><diffusion_coefficient>"
        "1000</diffusion_coefficient><decay_rate>0</decay_rate></physical_parameter_set>"
        "<initial_condition>0</initial_condition><Dirichlet_boundary_condition enabled=\"true\">0</"
        "Dirichlet_boundary_condition><Dirichlet_options>" +
        side("xmin", "true\">0") + side("xmax", "true\">90") + side("ymin", "false\">0") +
        side("ymax", "false\">0") + side("zmin", "false\">0") + side("zmax", "false\">0") +
        "</Dirichlet_options></variable>";
    const auto project = text.shared("0,0,0,0\n");
    const State steady = run(project, 0.01, {false, {}, {"oxygen"}}), plain = run(project, 60, {});
    EXPECT_LT(error_of(steady.fields[0], plain.fields[0]), 1e-6);
    // A line, but for the step's own error beside the faces.
    for (std::size_t v = 0; v < steady.fields[0].size(); ++v)
        EXPECT_NEAR(steady.fields[0][v], 10.0 * static_cast<double>(v % 10), 1);
}

TEST(Shortcuts, keep_threads_and_stops_out_of_the_numbers) {
    const auto project = colony(true);
    const Shortcuts all{true, {{"signal", 0.2}}, {"oxygen"}};
    const State whole = run(project, 20, all);
    EXPECT_EQ(whole.fields, run(project, 20, all, 2).fields);
    Simulation simulation(project, {Stepper::fast, 1, all});
    State state = simulation.start(3);
    for (const double minute : {0.03, 0.11, 5.17, 20.0}) simulation.advance(state, minute);
    EXPECT_EQ(whole.fields, state.fields);
    EXPECT_EQ(whole.cells.internal, state.cells.internal);
}

std::string code_of(const Shortcuts& shortcuts, Stepper stepper = Stepper::fast) {
    try {
        Simulation(colony(false), {stepper, 1, shortcuts});
    } catch (const InputError& error) {
        return error.faults().at(0).code;
    }
    return "";
}

TEST(Shortcuts, that_cannot_be_are_refused) {
    EXPECT_EQ(code_of({false, {{"oxigen", 0.1}}, {}}), "unknown-name");
    EXPECT_EQ(code_of({false, {{"oxygen", 0.015}}, {}}), "bad-step");
    EXPECT_EQ(code_of({false, {{"oxygen", -1}}, {}}), "bad-step");
    EXPECT_EQ(code_of({true, {}, {}}, Stepper::reference), "bad-stepper");
    ProjectText closed;
    closed.substrates =
        "<variable name=\"oxygen\" units=\"\" ID=\"0\"><physical_parameter_set><diffusion_coefficient>1000</"
        "diffusion_coefficient><decay_rate>0</decay_rate></physical_parameter_set><initial_condition>1</"
        "initial_condition></variable>";
    EXPECT_THROW(Simulation(closed.shared("0,0,0,0\n"), {Stepper::fast, 1, {false, {}, {"oxygen"}}}),
                 InputError);
}

}  // namespace
}  // namespace abscopal::tissue
