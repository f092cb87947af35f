// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <gtest/gtest.h>

#include "abscopal/state.hpp"

namespace abscopal {
namespace {

double start_of(const Model& model, const State& state, const std::string& id) {
    if (const auto i = find_state(model, id)) return state.y[*i];
    return state.p[*find_parameter(model, id)];
}

TEST(InitialState, settings_win_over_assignments_and_the_others_follow) {
    const auto model =
        compile(read_antimony_text("a = 2*b; b = 3; x = a; x' = -x; at x < 1, t0=false: a = 1;"));
    const std::pair<std::size_t, double> setting{*find_settable(*model, "b"), 5.0};
    const State state = initial_state(*model, std::span(&setting, 1), 4.0);
    EXPECT_EQ(state.time, 4.0);
    EXPECT_EQ(start_of(*model, state, "a"), 10.0);
    EXPECT_EQ(start_of(*model, state, "x"), 10.0);
    EXPECT_EQ(state.y_start, state.y);
    EXPECT_EQ(state.triggers, std::vector<char>{0});
}

TEST(InitialState, a_concentration_meets_the_size_given_with_it) {
    const auto model = compile(read_antimony_text("compartment v = 2; species s in v; s = 3;"));
    const std::vector<std::pair<std::size_t, double>> settings = {{*find_settable(*model, "s"), 5.0},
                                                                  {*find_settable(*model, "v"), 4.0}};
    EXPECT_EQ(start_of(*model, initial_state(*model, settings), "s"), 20.0);
    EXPECT_EQ(start_of(*model, initial_state(*model), "s"), 6.0);
}

}  // namespace
}  // namespace abscopal
