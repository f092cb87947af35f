// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Drawing primitives of the report. Colours and fonts are CSS classes (assets/report.css), so that print and
/// screen differ in one place; exported figures carry the style sheet with them.
namespace abscopal::report {

/// Text made safe for HTML and SVG content and attribute values. Every text that is not ours passes through
/// here.
std::string escape(std::string_view text);

/// A coordinate with at most two decimals.
std::string coordinate(double value);

struct Point {
    double x, y;
};

/// "M x y L x y …"; for `closed` shapes with a final Z.
std::string path_through(const std::vector<Point>& points, bool closed = false);

class Svg {
  public:
    /// `label` is read by screen readers in place of the picture.
    Svg(double width, double height, std::string_view label);

    void line(Point from, Point to, std::string_view css_class);
    void rect(Point corner, double width, double height, std::string_view css_class,
              std::string_view tooltip = {});
    void path(const std::string& commands, std::string_view css_class, std::string_view tooltip = {});
    void circle(Point centre, double radius, std::string_view css_class);
    void text(Point at, std::string_view content, std::string_view css_class);
    void text_rotated(Point at, std::string_view content, std::string_view css_class);

    std::string str() const { return body_ + "</svg>"; }

  private:
    void close_with(std::string_view element, std::string_view tooltip);
    std::string body_;
};

}  // namespace abscopal::report
