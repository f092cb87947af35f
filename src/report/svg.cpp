// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "report/svg.hpp"

#include <cmath>

#include "base/text.hpp"

namespace abscopal::report {

std::string escape(std::string_view text) {
    std::string safe;
    safe.reserve(text.size());
    for (const char c : text) {
        switch (c) {
            case '&':
                safe += "&amp;";
                break;
            case '<':
                safe += "&lt;";
                break;
            case '>':
                safe += "&gt;";
                break;
            case '"':
                safe += "&quot;";
                break;
            case '\'':
                safe += "&#39;";
                break;
            default:
                safe += c;
        }
    }
    return safe;
}

std::string coordinate(double value) {
    std::string text = fixed(std::isfinite(value) ? value : 0.0, 2);
    while (text.back() == '0') text.pop_back();
    if (text.back() == '.') text.pop_back();
    return text == "-0" ? "0" : text;
}

std::string path_through(const std::vector<Point>& points, bool closed) {
    std::string commands;
    for (const auto& point : points) {
        commands += (commands.empty() ? "M" : "L") + coordinate(point.x) + " " + coordinate(point.y);
    }
    return closed ? commands + "Z" : commands;
}

Svg::Svg(double width, double height, std::string_view label) {
    body_ = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + coordinate(width) + " " +
            coordinate(height) + "\" role=\"img\" aria-label=\"" + escape(label) + "\">";
}

void Svg::close_with(std::string_view element, std::string_view tooltip) {
    if (tooltip.empty()) {
        body_ += "/>";
        return;
    }
    body_ += "><title>" + escape(tooltip) + "</title></" + std::string(element) + ">";
}

void Svg::line(Point from, Point to, std::string_view css_class) {
    body_ += "<path class=\"" + std::string(css_class) + "\" d=\"" + path_through({from, to}) + "\"/>";
}

void Svg::rect(Point corner, double width, double height, std::string_view css_class,
               std::string_view tooltip) {
    body_ += "<rect class=\"" + std::string(css_class) + "\" x=\"" + coordinate(corner.x) + "\" y=\"" +
             coordinate(corner.y) + "\" width=\"" + coordinate(width) + "\" height=\"" + coordinate(height) +
             "\"";
    close_with("rect", tooltip);
}

void Svg::path(const std::string& commands, std::string_view css_class, std::string_view tooltip) {
    body_ += "<path class=\"" + std::string(css_class) + "\" d=\"" + commands + "\"";
    close_with("path", tooltip);
}

void Svg::circle(Point centre, double radius, std::string_view css_class) {
    body_ += "<circle class=\"" + std::string(css_class) + "\" cx=\"" + coordinate(centre.x) + "\" cy=\"" +
             coordinate(centre.y) + "\" r=\"" + coordinate(radius) + "\"/>";
}

void Svg::text(Point at, std::string_view content, std::string_view css_class) {
    body_ += "<text class=\"" + std::string(css_class) + "\" x=\"" + coordinate(at.x) + "\" y=\"" +
             coordinate(at.y) + "\">" + escape(content) + "</text>";
}

void Svg::text_rotated(Point at, std::string_view content, std::string_view css_class) {
    const std::string place = coordinate(at.x) + " " + coordinate(at.y);
    body_ += "<text class=\"" + std::string(css_class) + "\" transform=\"translate(" + place +
             ") rotate(-90)\">" + escape(content) + "</text>";
}

}  // namespace abscopal::report
