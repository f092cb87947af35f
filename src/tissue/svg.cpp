// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <cmath>

#include "base/text.hpp"
#include "tissue/colours.hpp"
#include "tissue/population.hpp"

/// The slice z = 0 as PhysiCell draws it: one group a cell with its id, type and whether it is dead.
namespace abscopal::tissue {
namespace {

constexpr double head = 70;  // height of the caption, in µm

std::string escaped(const std::string& text) {
    std::string out;
    for (const char c : text) {
        if (c == '&')
            out += "&amp;";
        else if (c == '<')
            out += "&lt;";
        else if (c == '"')
            out += "&quot;";
        else
            out += c;
    }
    return out;
}

std::string circle(double x, double y, double r, const std::string& fill) {
    return "<circle cx=\"" + fixed(x, 2) + "\" cy=\"" + fixed(y, 2) + "\" r=\"" + fixed(r, 2) + "\" fill=\"" +
           fill + "\" stroke=\"black\" stroke-width=\"0.5\"/>";
}

/// Radius of the cut at z = 0 of a ball around z, 0 where it is missed.
double cut_radius(double radius, double z) {
    return std::abs(z) < radius ? std::sqrt(radius * radius - z * z) : 0;
}

std::string cell_group(const Project& project, const Cells& cells, std::size_t i, double x, double y) {
    const double r = cut_radius(cells.radius[i], cells.z[i]);
    if (r <= 0) return {};
    const std::string colour =
        is_dead(cells, i) ? death_colours[cells.death[i]] : type_colours[cells.type[i] % type_colours.size()];
    std::string text = "  <g id=\"cell" + std::to_string(cells.id[i]) + "\" type=\"" +
                       escaped(project.types[cells.type[i]].name) + "\" dead=\"" +
                       (is_dead(cells, i) ? "true" : "false") + "\">" + circle(x, y, r, colour);
    const double nucleus = cut_radius(radius_of(cells.nuclear_fluid[i] + cells.nuclear_solid[i]), cells.z[i]);
    if (nucleus > 0) text += circle(x, y, nucleus, colour);
    return text + "</g>\n";
}

}  // namespace

std::string snapshot_svg(const Project& project, const State& state) {
    const Grid& grid = project.grid;
    const double width = grid.high[0] - grid.low[0], height = grid.high[1] - grid.low[1];
    const std::string w = fixed(width, 2), h = fixed(height + head, 2);
    std::string text = "<svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.1\" width=\"" + w +
                       "\" height=\"" + h + "\" viewBox=\"0 0 " + w + " " + h + "\">\n";
    text += " <rect width=\"" + w + "\" height=\"" + h + "\" fill=\"white\"/>\n";
    text += " <text x=\"10\" y=\"28\" font-family=\"Arial\" font-size=\"24\">Current time: " +
            fixed(static_cast<double>(state.step) * project.diffusion_step, 2) +
            " min, z = 0.00 &#956;m</text>\n";
    text += " <text x=\"10\" y=\"56\" font-family=\"Arial\" font-size=\"22\">" +
            std::to_string(state.cells.size()) + " agents</text>\n";
    text += " <g id=\"tissue\" transform=\"translate(0," + fixed(height + head, 2) +
            ") scale(1,-1)\">\n <g id=\"cells\">\n";
    for (const auto i : rows_by_id(state.cells))
        text += cell_group(project, state.cells, i, state.cells.x[i] - grid.low[0],
                           state.cells.y[i] - grid.low[1]);
    return text + " </g>\n </g>\n</svg>\n";
}

}  // namespace abscopal::tissue
