// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "report/axes.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/text.hpp"

namespace abscopal::report {
namespace {

double round_step(double span, int count) {
    const double rough = span / std::max(1, count);
    const double power = std::pow(10.0, std::floor(std::log10(rough)));
    for (const double factor : {1.0, 2.0, 2.5, 5.0}) {
        if (factor * power >= rough * 0.999) return factor * power;
    }
    return 10.0 * power;
}

std::string superscript(int exponent) {
    constexpr std::array<std::string_view, 10> digits{"\u2070", "\u00b9", "\u00b2", "\u00b3", "\u2074",
                                                      "\u2075", "\u2076", "\u2077", "\u2078", "\u2079"};
    std::string text = exponent < 0 ? "\u207b" : "";
    for (const char c : std::to_string(std::abs(exponent))) text += digits[static_cast<std::size_t>(c - '0')];
    return text;
}

}  // namespace

double Scale::operator()(double value) const {
    const auto inner = [this](double v) { return logarithmic ? std::log10(std::max(v, low * 1e-3)) : v; };
    const double share = (inner(value) - inner(low)) / (inner(high) - inner(low));
    return start + share * (end - start);
}

std::vector<double> ticks(double low, double high, int count) {
    const double step = round_step(high - low, count);
    std::vector<double> values;
    for (double k = std::ceil(low / step - 1e-9); k * step <= high + 1e-9 * step; ++k)
        values.push_back(k * step + 0.0);
    return values;
}

std::vector<double> log_ticks(double low, double high, int count) {
    const int first = static_cast<int>(std::ceil(std::log10(low) - 1e-9)),
              last = static_cast<int>(std::floor(std::log10(high) + 1e-9));
    const int stride = std::max(1, (last - first + count) / std::max(1, count));
    std::vector<double> values;
    for (int k = first; k <= last; k += stride) values.push_back(std::pow(10.0, k));
    return values;
}

Range rounded(double low, double high, int count) {
    if (!(high > low)) high = low + std::max(1.0, std::fabs(low));
    const double step = round_step(high - low, count);
    return {std::floor(low / step + 1e-9) * step, std::ceil(high / step - 1e-9) * step};
}

std::string tick_label(double value, bool logarithmic) {
    if (logarithmic) {
        const int exponent = static_cast<int>(std::lround(std::log10(value)));
        return exponent >= -2 && exponent <= 3 ? to_text(std::pow(10.0, exponent))
                                               : "10" + superscript(exponent);
    }
    const std::string text = significant(value, 6);
    return text.starts_with('-') ? "\u2212" + text.substr(1) : text;
}

void draw_axes(Svg& svg, const Frame& frame, const AxisText& titles, const std::vector<double>& x_ticks,
               const std::vector<double>& y_ticks) {
    const auto& [x, y] = frame;
    for (const double value : y_ticks) {
        svg.line({x.start, y(value)}, {x.end, y(value)}, "grid");
        svg.text({x.start - 8, y(value) + 4}, tick_label(value, y.logarithmic), "tick end");
    }
    for (const double value : x_ticks) {
        svg.line({x(value), y.start}, {x(value), y.start + 5}, "axis");
        svg.text({x(value), y.start + 18}, tick_label(value, x.logarithmic), "tick mid");
    }
    svg.line({x.start, y.start}, {x.end, y.start}, "axis");
    svg.text({(x.start + x.end) / 2, y.start + 36}, titles.x, "axis-title mid");
    svg.text_rotated({x.start - 44, (y.start + y.end) / 2}, titles.y, "axis-title mid");
}

std::vector<double> month_ticks(double days) {
    const double months = days / days_per_month;
    const double step = std::max(1.0, std::ceil(months / 10.0 / 3.0) * 3.0);
    std::vector<double> values;
    for (double month = 0; month <= months + 1e-9; month += months <= 12 ? (months <= 6 ? 1 : 2) : step)
        values.push_back(month);
    return values;
}

}  // namespace abscopal::report
