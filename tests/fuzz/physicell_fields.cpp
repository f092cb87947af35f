// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
// Start densities: MATLAB level 4 where the bytes begin with a zero, else a table.
#include "physicell.hpp"
#include "tissue/settings.hpp"

namespace {

constexpr const char* table =
    "<PhysiCell_settings><microenvironment_setup><options><initial_condition type=\"csv\" enabled=\"true\">"
    "<filename>in.csv</filename></initial_condition></options></microenvironment_setup></PhysiCell_settings>";
constexpr const char* matrix =
    "<PhysiCell_settings><microenvironment_setup><options><initial_condition type=\"matlab\" "
    "enabled=\"true\"><filename>in.csv</filename></initial_condition></options></microenvironment_setup>"
    "</PhysiCell_settings>";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace abscopal;
    const bool is_matrix = size > 0 && data[0] == 0;
    return fuzz::read_beside(is_matrix ? matrix : table, data, size,
                             [](const auto& root, const auto& folder, auto& project) {
                                 project.grid = {{-20, -20, -10}, {20, 20, 10}, {2, 2, 1}, 20, 20, false};
                                 tissue::read_start_fields(root, folder, project);
                             });
}
