// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "abscopal/tissue.hpp"
#include "input.hpp"
#include "tissue/settings.hpp"

namespace {

constexpr const char* settings =
    "<PhysiCell_settings><initial_conditions><cell_positions type=\"csv\" "
    "enabled=\"true\"><folder>.</folder><filename>in.csv</filename></cell_positions></initial_conditions></"
    "PhysiCell_settings>";

abscopal::tissue::Project two_types() {
    abscopal::tissue::Project project;
    for (const char* name : {"tumour", "T cell"}) project.types.emplace_back().name = name;
    project.substrates.emplace_back().name = "oxygen";
    return project;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace abscopal;
    const fuzz::Folder folder;
    folder.write("in.csv", fuzz::text_of(data, size));
    return fuzz::read_or_refuse([&] {
        tissue::XmlFile file("settings.xml", settings);
        tissue::Project project = two_types();
        tissue::read_start_cells(file.root("PhysiCell_settings"), {folder.path() / "settings.xml"}, project);
        file.faults.throw_if_any();
    });
}
