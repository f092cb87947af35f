// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "ode/lane_variant.hpp"

#include <gtest/gtest.h>

#include "abscopal/spec.hpp"
#include "abscopal/state.hpp"
#include "ode/lane_group.hpp"

namespace abscopal {
namespace {

/// A receptor that two drugs may bind; a complex moves on to a dimer; a switch and a Hill term read the
/// dimers.
std::shared_ptr<const Model> two_drugs() {
    return compile(read_antimony_text(R"(
        R = 5; A = 0; B = 0; RA = 0; RB = 0; RRA = 0; RRB = 0; T = 10; k = 0.7; v = 1.5
        R' = 1 - 0.2*R - k*A*R/v + 0.1*RA - k*B*R + 0.3*RB
        A' = -0.3*A - k*A*R/v + 0.1*RA
        B' = -0.1*B - k*B*R + 0.3*RB + 0.01*B*time
        RA' = k*A*R/v - 0.1*RA - 0.4*RA*R
        RB' = k*B*R - 0.3*RB - 0.2*RB*R
        RRA' = 0.4*RA*R - 0.05*RRA
        RRB' = 0.2*RB*R - 0.05*RRB
        T' = 0.1*T - 0.3*T*(RRA + RRB)^1.7/(2 + (RRA + RRB)^1.7) - piecewise(0, RRB < 1, 0.1*T)
    )"));
}

StateMarks marks(const Model& model, std::initializer_list<const char*> ids) {
    StateMarks result(model.n_states(), 0);
    for (const char* id : ids) result[*find_state(model, id)] = 1;
    return result;
}

TEST(LaneVariant, StatesThatNoDrugReachesStayOut) {
    const auto model = two_drugs();
    const LaneModel lanes_model(model);
    LaneVariants variants(lanes_model, lanes::kernels(lanes::best_target()), LaneVariants::Code::none);
    EXPECT_EQ(variants.moving(marks(*model, {"R", "T"})), marks(*model, {"R", "T"}));
    EXPECT_EQ(variants.moving(marks(*model, {"R", "T", "A"})), marks(*model, {"R", "T", "A", "RA", "RRA"}));
    EXPECT_EQ(variants.moving(marks(*model, {"R", "T", "RB"})), marks(*model, {"R", "T", "B", "RB", "RRB"}));
    EXPECT_EQ(variants.moving(marks(*model, {"T"})), marks(*model, {"R", "T"}))
        << "R is produced from nothing";
}

/// Rows `y_new` after some steps of one lane that carries `moving`.
std::vector<double> after_steps(const LaneModel& model, LaneVariants& variants, const StateMarks& moving,
                                const State& start) {
    LaneGroup group(variants, order_five);
    for (Slot slot = 0; slot < model.model->workspace.size(); ++slot)
        group.at(slot, 2) = model.model->workspace[slot];
    for (std::uint32_t i = 0; i < model.n; ++i) {
        group.at(model.y + i, 2) = start.y[i];
        group.at(model.absolute + i, 2) = 1e-9;
    }
    group.carry(2, &moving);
    std::vector<double> result;
    for (int k = 0; k < 20; ++k) {
        group.ask(2, {0.1 * k, 0.1, 0.0, 10.0, 1e-6, k > 0});
        group.step();
        result.push_back(group.error(2));
        for (std::uint32_t i = 0; i < model.n; ++i)
            if (moving[i]) result.push_back(group.at(model.y_new + i, 2));
    }
    return result;
}

TEST(LaneVariant, LeavingOutZerosChangesNoBit) {
    const auto model = two_drugs();
    const LaneModel lanes_model(model);
    State start = initial_state(*model);
    start.y[*find_state(*model, "A")] = 3.0;
    for (const auto code : {LaneVariants::Code::none, LaneVariants::Code::before}) {
        LaneVariants lean(lanes_model, lanes::kernels(lanes::best_target()), code);
        const StateMarks& moving = lean.moving(marks(*model, {"R", "T", "A"}));
        ASSERT_LT(lean.serving(moving, 0).linearise.size(), lean.serving(lean.all(), 0).linearise.size());
        EXPECT_EQ(lean.serving(moving, 0).rows.size(), 5u);
        const auto found = after_steps(lanes_model, lean, moving, start);
        std::vector<double> expected;
        const auto whole = after_steps(lanes_model, lean, lean.all(), start);
        for (std::size_t k = 0; k < whole.size(); ++k) {
            const std::size_t column = k % (lanes_model.n + 1);
            if (column == 0 || moving[column - 1]) expected.push_back(whole[k]);
        }
        EXPECT_EQ(found, expected);
    }
}

}  // namespace
}  // namespace abscopal
