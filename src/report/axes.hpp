// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <string>
#include <vector>

#include "report/svg.hpp"

namespace abscopal::report {

/// Maps values to coordinates, linearly or by logarithm.
struct Scale {
    double low, high;   ///< values
    double start, end;  ///< coordinates
    bool logarithmic = false;
    double operator()(double value) const;
};

/// Round numbers from `low` to `high`, about `count` of them.
std::vector<double> ticks(double low, double high, int count);

/// Powers of ten within [low, high], thinned to at most `count`.
std::vector<double> log_ticks(double low, double high, int count);

/// [low, high] widened to round numbers.
struct Range {
    double low, high;
};
Range rounded(double low, double high, int count);

/// A number as an axis shows it: "0.5", "1 200", "10⁹".
std::string tick_label(double value, bool logarithmic);

/// A plot's inner rectangle with its two scales.
struct Frame {
    Scale x, y;
    Point at(double x_value, double y_value) const { return {x(x_value), y(y_value)}; }
};

struct AxisText {
    std::string x, y;
};

/// Grid, tick labels and axis titles.
void draw_axes(Svg& svg, const Frame& frame, const AxisText& titles, const std::vector<double>& x_ticks,
               const std::vector<double>& y_ticks);

/// Month marks for a follow-up of `days`: at most ten.
std::vector<double> month_ticks(double days);
inline constexpr double days_per_month = 30.4375;

}  // namespace abscopal::report
