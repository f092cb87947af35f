// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "physicell.hpp"
#include "tissue/settings.hpp"

namespace {

constexpr const char* settings =
    "<PhysiCell_settings><initial_conditions><cell_positions type=\"csv\" "
    "enabled=\"true\"><folder>.</folder><filename>in.csv</filename></cell_positions></initial_conditions></"
    "PhysiCell_settings>";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace abscopal;
    return fuzz::read_beside(settings, data, size, [](const auto& root, const auto& base, auto& project) {
        tissue::read_start_cells(root, base, project);
    });
}
