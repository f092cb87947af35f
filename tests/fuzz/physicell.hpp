// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include "abscopal/tissue.hpp"
#include "input.hpp"
#include "tissue/settings.hpp"

/// Tables that PhysiCell's settings name.
namespace abscopal::fuzz {

/// Reads the bytes as `in.csv` beside settings that name it, for a project of two cell types and oxygen.
template <class Read>
int read_beside(const char* settings, const std::uint8_t* data, std::size_t size, const Read& read) {
    const Folder folder;
    folder.write("in.csv", text_of(data, size));
    return read_or_refuse([&] {
        tissue::XmlFile file("settings.xml", settings);
        tissue::Project project;
        for (const char* name : {"tumour", "T cell"}) project.types.emplace_back().name = name;
        project.substrates.emplace_back().name = "oxygen";
        read(file.root("PhysiCell_settings"), tissue::ProjectFolder{folder.path() / "settings.xml"}, project);
        file.faults.throw_if_any();
    });
}

}  // namespace abscopal::fuzz
