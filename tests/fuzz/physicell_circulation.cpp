// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
// Doses of a drug's circulation: a table where the bytes begin with anything but '<', else the elements
// themselves.
#include "physicell.hpp"
#include "tissue/settings.hpp"

namespace {

constexpr const char* listed =
    "<PhysiCell_settings><PK><model>2C</model><schedule format=\"csv\"><filename>in.csv</filename></schedule>"
    "</PK></PhysiCell_settings>";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace abscopal;
    const bool is_element = size > 0 && data[0] == '<';
    const std::string settings =
        is_element ? "<PhysiCell_settings>" + fuzz::text_of(data, size) + "</PhysiCell_settings>" : listed;
    return fuzz::read_beside(
        settings.c_str(), data, size, [](const auto& root, const auto& folder, auto& project) {
            project.substrates[0].circulation = tissue::read_circulation(root.child("PK"), folder);
        });
}
