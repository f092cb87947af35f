// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "ode/lane_group.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "abscopal/spec.hpp"

namespace abscopal {
namespace {

/// y' = −2 t y², z' = y − z³: non-autonomous and nonlinear; y = 1 / (1 + t²) from y(0) = 1.
std::shared_ptr<const Model> timed_model() {
    return compile(read_antimony_text("y = 1; z = 0.3; y' = -2*time*y^2; z' = y - z^3"));
}

struct Ends {
    double y, z, dense_y;  ///< dense_y at t = 0.9, inside the last step
};

/// Fixed steps from 0 to 1.
Ends integrate(const Rosenbrock& method, int n_steps) {
    const LaneModel model(timed_model());
    LaneVariants variants(model, lanes::kernels(lanes::best_target()), LaneVariants::Code::none);
    LaneGroup group(variants, method);
    constexpr int lane = LaneGroup::size - 3;
    for (Slot slot = 0; slot < model.model->workspace.size(); ++slot)
        group.at(slot, lane) = model.model->workspace[slot];
    const auto i_y = static_cast<std::uint32_t>(*find_state(*model.model, "y")),
               i_z = static_cast<std::uint32_t>(*find_state(*model.model, "z"));
    group.at(model.y + i_y, lane) = 1.0;
    group.at(model.y + i_z, lane) = 0.3;
    const double h = 1.0 / n_steps;
    for (int k = 0; k < n_steps; ++k) {
        if (k > 0) {
            for (std::uint32_t i = 0; i < 2; ++i)
                group.at(model.y + i, lane) = group.at(model.y_new + i, lane);
        }
        group.ask(lane, {k * h, h, 0.0, 1.0, 1e-6});
        group.step();
    }
    const double theta = (0.9 - (1.0 - h)) / h;
    return {group.at(model.y_new + i_y, lane), group.at(model.y_new + i_z, lane),
            theta >= 0 ? group.dense(i_y, lane).at(theta) : 0.0};
}

double observed_order(double coarse, double fine) {
    return std::log2(coarse / fine);
}

void expect_order(const Rosenbrock& method, int coarse_steps) {
    const double exact_y = 0.5, exact_z = integrate(order_five, 1024).z;
    const Ends coarse = integrate(method, coarse_steps), fine = integrate(method, 2 * coarse_steps);
    EXPECT_NEAR(observed_order(std::fabs(coarse.y - exact_y), std::fabs(fine.y - exact_y)), method.order,
                0.25);
    EXPECT_GT(observed_order(std::fabs(coarse.z - exact_z), std::fabs(fine.z - exact_z)),
              method.order - 0.25);
}

TEST(LaneGroup, Rodas4ConvergesWithOrder4) {
    expect_order(order_four, 32);
}

TEST(LaneGroup, Rodas5PConvergesWithOrder5) {
    expect_order(order_five, 16);
}

TEST(LaneGroup, DenseOutputIsAccurateInsideAStep) {
    for (const auto* method : {&order_four, &order_five}) {
        EXPECT_NEAR(integrate(*method, 5).dense_y, 1.0 / (1.0 + 0.81), 2e-4) << method->order;
        EXPECT_NEAR(integrate(*method, 10).dense_y, 1.0 / (1.0 + 0.81), 2e-5) << method->order;
    }
}

}  // namespace
}  // namespace abscopal
