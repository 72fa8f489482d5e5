// SPDX-License-Identifier: MIT
/// Vector graphics as text, to stand within a page of HTML: shapes with classes that the page's
/// style sheet colours.
#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <mend/core/text.hpp>

namespace mend {

/// The text with what HTML and SVG take for markup spelled out.
[[nodiscard]] inline std::string html_text(std::string_view text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
        case '&':
            out += "&amp;";
            break;
        case '<':
            out += "&lt;";
            break;
        case '>':
            out += "&gt;";
            break;
        case '"':
            out += "&quot;";
            break;
        default:
            out += c;
        }
    }
    return out;
}

/// A picture that grows shape by shape. Coordinates are of a view box of the given size, written
/// with one decimal; `kind` is a class.
class svg {
public:
    svg(double width, double height, std::string_view title)
        : text_(
              "<svg viewBox=\"0 0 " + at(width) + " " + at(height) + "\" role=\"img\"><title>" +
              html_text(title) + "</title>"
          ) {}

    void line(double x1, double y1, double x2, double y2, std::string_view kind) {
        text_ += "<line class=\"" + std::string(kind) + "\" x1=\"" + at(x1) + "\" y1=\"" + at(y1) +
                 "\" x2=\"" + at(x2) + "\" y2=\"" + at(y2) + "\"/>";
    }

    void box(double x, double y, double width, double height, std::string_view kind) {
        text_ += "<rect class=\"" + std::string(kind) + "\" x=\"" + at(x) + "\" y=\"" + at(y) +
                 "\" width=\"" + at(width) + "\" height=\"" + at(height) + "\"/>";
    }

    void dot(double x, double y, double radius, std::string_view kind, std::string_view tip = {}) {
        text_ += "<circle class=\"" + std::string(kind) + "\" cx=\"" + at(x) + "\" cy=\"" + at(y) +
                 "\" r=\"" + at(radius) + "\">" +
                 (tip.empty() ? "" : "<title>" + html_text(tip) + "</title>") + "</circle>";
    }

    /// Anchor: "start", "middle", "end".
    void label(
        double x,
        double y,
        std::string_view anchor,
        std::string_view words,
        std::string_view kind = {}
    ) {
        text_ += "<text x=\"" + at(x) + "\" y=\"" + at(y) + "\" text-anchor=\"" +
                 std::string(anchor) + "\"" +
                 (kind.empty() ? "" : " class=\"" + std::string(kind) + "\"") + ">" +
                 html_text(words) + "</text>";
    }

    /// In the language of paths: "M0 0H10V5".
    void path(const std::string& steps, std::string_view kind) {
        text_ += "<path class=\"" + std::string(kind) + "\" d=\"" + steps + "\"/>";
    }

    [[nodiscard]] static std::string at(double coordinate) { return fixed_text(coordinate, 1); }

    [[nodiscard]] std::string text() const { return text_ + "</svg>\n"; }

private:
    std::string text_;
};

/// An interval to draw: one of some width, also where all numbers are equal or none is finite.
[[nodiscard]] inline std::pair<double, double> drawn_interval(double low, double high) {
    if (low < high) {
        return {low, high};
    }
    const double middle = std::isfinite(low) ? low : 0;
    const double width = std::max(1.0, 1e-6 * std::abs(middle));
    return {middle - width / 2, middle + width / 2};
}

/// Up to about `count` round numbers within an interval: multiples of 1, 2 or 5 times a power of
/// ten. Requires low < high.
[[nodiscard]] inline std::vector<double> round_ticks(double low, double high, int count) {
    const double rough = (high - low) / std::max(count, 1);
    const double power = std::pow(10.0, std::floor(std::log10(rough)));
    const double share = rough / power;
    const double step = power * (share <= 1 ? 1 : share <= 2 ? 2 : share <= 5 ? 5 : 10);
    std::vector<double> ticks;
    const double first = std::ceil(low / step - 1e-9);
    for (int i = 0; i <= 2 * count + 2; ++i) { // adding one to a large double may change nothing
        const double tick = (first + i) * step;
        if (tick > high + 1e-9 * step) {
            break;
        }
        ticks.push_back(tick == 0 ? 0 : tick);
    }
    return ticks;
}

} // namespace mend
