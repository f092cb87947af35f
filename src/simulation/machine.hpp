// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <memory>
#include <utility>

#include "abscopal/simulation.hpp"
#include "ode/trajectory.hpp"

namespace abscopal {

/// What a Simulation owns.
struct Simulation::Machine {
    Machine(std::shared_ptr<const Model> model_, Numerics numerics, const MakeStepper& make = make_bdf)
        : model(std::move(model_)), trajectory(*model, std::move(numerics), make) {}
    std::shared_ptr<const Model> model;
    Trajectory trajectory;
};

}  // namespace abscopal
