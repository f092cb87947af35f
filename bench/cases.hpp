// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "abscopal/model.hpp"
#include "abscopal/state.hpp"

/// What the engine is measured on: the TNBC model with and without doses, and published models.
namespace abscopal::bench {

struct CaseOptions {
    std::string source = ".";                       ///< root of the project
    std::string reference = "../shared/reference";  ///< folder of reference cases
    std::string model;                              ///< only cases whose name holds this
    std::size_t patients = 128;
    double spread = 0.2;  ///< sd of the logarithm of each parameter of a published model
};

/// What is integrated: a model, its patients, and what is given to all of them.
struct Case {
    std::string name;
    Spec spec;
    std::shared_ptr<const Model> model;
    std::vector<std::vector<std::pair<std::size_t, double>>> rows;  ///< Settings of each patient
    std::vector<Action> doses;
    double until = 0.0;
};

/// A case that is read when its turn comes.
struct NamedCase {
    std::string name;
    std::function<Case()> read;
};
std::vector<NamedCase> cases(const CaseOptions& options);

}  // namespace abscopal::bench
