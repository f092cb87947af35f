// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "tissue/cycles.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace abscopal::tissue {
namespace {

constexpr double hour = 60.0;
constexpr std::array<CycleShape, 6> shapes{{
    {CycleModel::ki67_advanced,
     "Ki67 (advanced)",
     {{{"Ki67-", 3, 1 / (3.62 * hour), false},
       {"Ki67+ (premitotic)", 0, 1 / (13 * hour), true},
       {"Ki67+ (postmitotic)", 1, 1 / (2.5 * hour), true}}},
     3,
     1,
     1},
    {CycleModel::ki67_basic,
     "Ki67 (basic)",
     {{{"Ki67-", 3, 1 / (4.59 * hour), false}, {"Ki67+", 2, 1 / (15.5 * hour), true}}},
     2,
     1,
     1},
    {CycleModel::flow,
     "Flow cytometry model (basic)",
     {{{"G0/G1", 4, 0.00324, false}, {"S", 10, 0.00208, false}, {"G2/M", 11, 0.00333, false}}},
     3,
     1,
     2},
    {CycleModel::live, "Live", {{{"Live", 14, 0.0432 / hour, false}}}, 1, 0, 0},
    {CycleModel::flow_separated,
     "Flow cytometry model (separated)",
     {{{"G0/G1", 4, 0.00335, false},
       {"S", 10, 0.00208, false},
       {"G2", 12, 0.00417, false},
       {"M", 13, 0.0167, false}}},
     4,
     1,
     3},
    {CycleModel::cycling_quiescent,
     "Cycling-Quiescent model",
     {{{"Quiescent", 18, 1 / (4.59 * hour), false}, {"Cycling", 17, 1 / (15.5 * hour), true}}},
     2,
     1,
     1},
}};

}  // namespace

const CycleShape& shape_of(CycleModel model) {
    return *std::find_if(shapes.begin(), shapes.end(),
                         [&](const auto& shape) { return shape.model == model; });
}

std::optional<CycleModel> cycle_of_code(long long code) {
    if (code == 3 || code == 4) return CycleModel::live;
    for (const auto& shape : shapes) {
        if (static_cast<long long>(shape.model) == code) return shape.model;
    }
    return std::nullopt;
}

std::optional<CycleModel> cycle_of_name(std::string_view name) {
    for (const auto& shape : shapes) {
        if (lower_case(shape.name) == lower_case(name)) return shape.model;
    }
    return std::nullopt;
}

DeathModel default_apoptosis() {
    return {3.0 / hour, 0, 1.0 / hour, 0.35 / hour, 0, 2.0, {1 / (8.6 * hour), 0}, {true, false}};
}

DeathModel default_necrosis() {
    return {0.67 / hour,
            0.050 / hour,
            0.0032 / hour,
            0.013 / hour,
            0.0042 / hour,
            2.0,
            {9e9, 1 / (60 * 24 * hour)},
            {false, true}};
}

}  // namespace abscopal::tissue
