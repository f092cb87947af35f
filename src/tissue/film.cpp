// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>

#include "base/text.hpp"
#include "tissue/colours.hpp"
#include "tissue/population.hpp"

/// A run at a glance: frames of the slice z = 0, and how many cells of each type live.
namespace abscopal::tissue {
namespace {

constexpr std::size_t max_frames = 6;
constexpr double frame = 320, gap = 10, plot_height = 260, margin = 60;

/// Frames spread evenly over the run, first and last among them.
std::vector<std::size_t> chosen_frames(std::size_t count) {
    std::vector<std::size_t> chosen;
    const std::size_t n = std::min(count, max_frames);
    for (std::size_t k = 0; k < n; ++k) chosen.push_back(n == 1 ? 0 : k * (count - 1) / (n - 1));
    return chosen;
}

/// The snapshot as a picture of its own inside another.
std::string framed(const std::string& snapshot, double x) {
    const std::string head = "<svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.1\"";
    std::string inner = snapshot.substr(head.size());
    const auto view = inner.find(" viewBox");
    return "<svg x=\"" + fixed(x, 1) + "\" y=\"0\" width=\"" + fixed(frame, 1) + "\" height=\"" +
           fixed(frame, 1) + "\"" + inner.substr(view);
}

std::string text_at(double x, double y, const std::string& colour, const std::string& words) {
    return "<text x=\"" + fixed(x, 1) + "\" y=\"" + fixed(y, 1) +
           "\" font-family=\"Arial\" font-size=\"14\" fill=\"" + colour + "\">" + words + "</text>\n";
}

/// Where minutes and counts fall on the plot.
struct Axes {
    double x0, y0, width, height, last_minute, most;
    double x(double minute) const { return x0 + width * (last_minute > 0 ? minute / last_minute : 0); }
    double y(double count) const { return y0 + height * (1 - count / most); }
};

std::string course(const Axes& axes, const Summary& summary, std::size_t types, std::size_t type) {
    std::string points;
    for (std::size_t line = type; line < summary.cells.size(); line += types) {
        const CellSummary& at = summary.cells[line];
        points += fixed(axes.x(at.minute), 1) + "," + fixed(axes.y(static_cast<double>(at.live)), 1) + " ";
    }
    return "<polyline fill=\"none\" stroke-width=\"2\" stroke=\"" +
           std::string(type_colours[type % type_colours.size()]) + "\" points=\"" + points + "\"/>\n";
}

std::string plot(const Project& project, const Summary& summary, double width) {
    const std::size_t types = project.types.size();
    Axes axes{margin, frame + 40, width - margin - 220, plot_height - 80, 0, 1};
    for (const auto& line : summary.cells) {
        axes.last_minute = std::max(axes.last_minute, line.minute);
        axes.most = std::max(axes.most, static_cast<double>(line.live));
    }
    std::string text = "<rect x=\"" + fixed(axes.x0, 1) + "\" y=\"" + fixed(axes.y0, 1) + "\" width=\"" +
                       fixed(axes.width, 1) + "\" height=\"" + fixed(axes.height, 1) +
                       "\" fill=\"none\" stroke=\"black\"/>\n";
    text += text_at(8, axes.y0 + 12, "black", fixed(axes.most, 0)) +
            text_at(8, axes.y0 + axes.height, "black", "0");
    text += text_at(axes.x0, axes.y0 + axes.height + 20, "black", "0 min");
    text += text_at(axes.x0 + axes.width - 70, axes.y0 + axes.height + 20, "black",
                    to_text(axes.last_minute) + " min");
    text += text_at(axes.x0, axes.y0 - 8, "black", "live cells");
    for (std::size_t type = 0; type < types; ++type) {
        text += course(axes, summary, types, type);
        std::string name;
        for (const char c : project.types[type].name)
            name += c == '<' ? "&lt;" : c == '&' ? "&amp;" : std::string(1, c);
        text += text_at(axes.x0 + axes.width + 12, axes.y0 + 14 + 18 * static_cast<double>(type),
                        type_colours[type % type_colours.size()], name);
    }
    return text;
}

}  // namespace

std::string film_svg(const Project& project, const std::vector<std::string>& snapshots,
                     const Summary& summary) {
    const auto frames = chosen_frames(snapshots.size());
    const double width = std::max(2.0, static_cast<double>(frames.size())) * (frame + gap),
                 height = frame + plot_height;
    std::string text = "<svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.1\" width=\"" +
                       fixed(width, 0) + "\" height=\"" + fixed(height, 0) + "\" viewBox=\"0 0 " +
                       fixed(width, 0) + " " + fixed(height, 0) +
                       "\">\n<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n";
    for (std::size_t k = 0; k < frames.size(); ++k)
        text += framed(snapshots[frames[k]], static_cast<double>(k) * (frame + gap));
    return text + plot(project, summary, width) + "</svg>\n";
}

}  // namespace abscopal::tissue
