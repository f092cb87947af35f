// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "physicell.hpp"
#include "tissue/settings.hpp"

namespace {

constexpr const char* settings =
    "<PhysiCell_settings><cell_rules><rulesets><ruleset protocol=\"CBHG\" version=\"3.0\" format=\"csv\" "
    "enabled=\"true\"><folder>.</folder><filename>in.csv</filename></ruleset></rulesets></cell_rules></"
    "PhysiCell_settings>";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace abscopal;
    return fuzz::read_beside(settings, data, size, [](const auto& root, const auto& base, auto& project) {
        tissue::read_rules(root, base, project);
    });
}
