// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>
#include <cstring>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/file.hpp"
#include "tissue/columns.hpp"

/// OME-Zarr 0.4: a folder of small JSON files and one file of plain numbers for each substrate and time.
namespace abscopal::tissue {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array colours{"FF0000", "00FF00", "0000FF", "FFFF00", "FF00FF", "00FFFF", "FFFFFF"};

Json axis(const char* name, const char* type, const char* unit) {
    Json one{{"name", name}, {"type", type}};
    if (unit) one["unit"] = unit;
    return one;
}

Json image_attributes(const Project& project, const State& state, const std::vector<double>& minutes) {
    const Grid& grid = project.grid;
    const double every = minutes.size() > 1 ? minutes[1] - minutes[0] : 1.0;
    const Json scale{every, 1.0, grid.thickness, grid.spacing, grid.spacing};
    const Json shift{minutes[0], 0.0, grid.low[2] + 0.5 * grid.thickness, grid.low[1] + 0.5 * grid.spacing,
                     grid.low[0] + 0.5 * grid.spacing};
    Json image{{"version", "0.4"},
               {"name", "substrates"},
               {"axes",
                {axis("t", "time", "minute"), axis("c", "channel", nullptr), axis("z", "space", "micrometer"),
                 axis("y", "space", "micrometer"), axis("x", "space", "micrometer")}}};
    image["datasets"] = Json::array(
        {{{"path", "0"},
          {"coordinateTransformations", Json::array({{{"type", "scale"}, {"scale", scale}},
                                                     {{"type", "translation"}, {"translation", shift}}})}}});
    Json channels = Json::array();
    for (std::size_t k = 0; k < project.substrates.size(); ++k) {
        const auto [low, high] = std::minmax_element(state.fields[k].begin(), state.fields[k].end());
        channels.push_back({{"label", project.substrates[k].name},
                            {"color", colours[k % colours.size()]},
                            {"active", true},
                            {"window", {{"min", *low}, {"max", *high}, {"start", *low}, {"end", *high}}}});
    }
    return {{"multiscales", Json::array({image})}, {"omero", {{"channels", channels}}}, {"minutes", minutes}};
}

Json array_head(const Project& project, std::size_t times) {
    const auto& n = project.grid.voxels;
    return {{"zarr_format", 2},
            {"shape", {times, project.substrates.size(), n[2], n[1], n[0]}},
            {"chunks", {1, 1, n[2], n[1], n[0]}},
            {"dtype", "<f8"},
            {"compressor", nullptr},
            {"fill_value", 0.0},
            {"order", "C"},
            {"filters", nullptr},
            {"dimension_separator", "/"}};
}

}  // namespace

void add_to_zarr(const Project& project, const State& state, const std::string& folder,
                 const std::vector<double>& minutes) {
    const std::filesystem::path root(folder), array = root / "0";
    const auto put = [](const std::filesystem::path& path, const std::string& content) {
        std::filesystem::create_directories(path.parent_path());
        write_file(path.string(), content);
    };
    const std::string time = std::to_string(minutes.size() - 1);
    for (std::size_t k = 0; k < state.fields.size(); ++k) {
        std::string bytes(state.fields[k].size() * sizeof(double), '\0');
        std::memcpy(bytes.data(), state.fields[k].data(), bytes.size());
        put(array / time / std::to_string(k) / "0" / "0" / "0", bytes);
    }
    put(array / ".zarray", array_head(project, minutes.size()).dump(1) + "\n");
    put(root / ".zgroup", Json{{"zarr_format", 2}}.dump(1) + "\n");
    put(root / ".zattrs", image_attributes(project, state, minutes).dump(1) + "\n");
}

}  // namespace abscopal::tissue
