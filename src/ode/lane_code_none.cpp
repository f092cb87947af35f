// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "ode/lane_code.hpp"

// Built without LLVM: there is no code, and the interpreter serves.
namespace abscopal {

struct LaneCode::Memory {};

LaneCode::LaneCode() = default;
LaneCode::~LaneCode() = default;

std::shared_ptr<const LaneCode> LaneCode::compile(const std::vector<LaneSource>&, const lanes::Kernels&,
                                                  const std::string&, const std::function<bool()>&) {
    return nullptr;
}

void LaneCode::run(std::size_t, double*, double*) const {}

}  // namespace abscopal
