// SPDX-License-Identifier: MIT
/// Handwritten-looking digits, drawn by strokes: a stand-in for MNIST that needs no download.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <mend/core/config.hpp>
#include <mend/core/random.hpp>
#include <mend/data/dataset.hpp>
#include <mend/data/generated.hpp>
#include <mend/data/samples.hpp>

namespace mend {

/// Settings of make_digits. Requires n >= 1, noise >= 0.
struct digits_options {
    index n = 8000;
    double noise = 0.05; ///< standard deviation of what is added to each pixel
    std::uint64_t seed = 0;
};

/// n grey images, 28 x 28 x 1 in 0..1, white on black, ten balanced classes. As in MNIST a digit
/// fills about 20 x 20 pixels around its centre of mass; shape, slant, rotation, size, position,
/// stroke width and noise vary. Takes about 20 microseconds an image.
///
/// Measured with PyTorch at the default n (5120 images to train on, 1600 to test), seeds 0, 1, 2:
/// the best test accuracy of a linear softmax model in 30 epochs is 0.852, 0.861, 0.841. Two 3 x 3
/// convolutions (8, 16) with pooling and 32 dense units (Adam 0.002, batches of 32) reach 0.98 in
/// epoch 3 to 5 and at best 0.990, 0.991, 0.991. The same network trained on MNIST's 60,000 images
/// alone gets 0.852, 0.844, 0.826 of these right. Share of pixels above 0.2: 0.161, as in MNIST;
/// mean 0.121 (MNIST 0.131).
[[nodiscard]] dataset make_digits(const digits_options& options = {});

namespace detail {

/// How a point of a stroke joins its neighbours.
enum class joint : std::uint8_t { smooth, corner, lift };

/// A point of a digit's skeleton; y points down, a digit is one unit high. A `lift` point starts
/// a new stroke.
struct stroke_point {
    double x;
    double y;
    joint kind = joint::smooth;
};

/// One way to write a digit, and how common it is among the ways of that digit.
struct glyph {
    int digit;
    double weight;
    int size;
    std::array<stroke_point, 12> points;
};

inline constexpr auto smooth = joint::smooth;
inline constexpr auto corner = joint::corner;
inline constexpr auto lift = joint::lift;

// clang-format off
inline constexpr std::array<glyph, 22> glyphs{{
    {0, 0.7, 9, {{{.42, .01}, {.16, .11}, {.02, .45}, {.08, .82}, {.33, .99}, {.60, .85}, {.69, .50}, {.60, .14}, {.36, .02}}}},
    {0, 0.3, 9, {{{.50, .05}, {.22, .06}, {.03, .40}, {.05, .80}, {.25, .99}, {.52, .82}, {.66, .45}, {.58, .10}, {.40, .03}}}},
    {1, 0.86, 3, {{{.36, .00}, {.35, .50}, {.34, 1.0}}}},
    {1, 0.09, 3, {{{.20, .17}, {.38, .00, corner}, {.37, 1.0}}}},
    {1, 0.05, 5, {{{.20, .17}, {.38, .00, corner}, {.37, 1.0}, {.12, 1.0, lift}, {.62, .99}}}},
    {2, 0.6, 8, {{{.05, .22}, {.25, .02}, {.55, .07}, {.60, .32}, {.38, .65}, {.04, .97, corner}, {.36, .95}, {.72, .97}}}},
    {2, 0.4, 10, {{{.06, .18}, {.30, .00}, {.58, .14}, {.52, .45}, {.27, .80}, {.09, .96}, {.02, .84}, {.18, .77}, {.45, .93}, {.75, .92}}}},
    {3, 0.7, 9, {{{.06, .12}, {.32, .00}, {.58, .13}, {.50, .37}, {.24, .47, corner}, {.56, .55}, {.65, .78}, {.40, .99}, {.03, .90}}}},
    {3, 0.3, 8, {{{.06, .04}, {.34, .02}, {.60, .04, corner}, {.27, .42, corner}, {.57, .54}, {.64, .80}, {.36, 1.0}, {.02, .90}}}},
    {4, 0.5, 7, {{{.12, .04}, {.05, .30}, {.08, .52}, {.32, .54}, {.66, .46}, {.60, .02, lift}, {.50, 1.0}}}},
    {4, 0.3, 6, {{{.14, .02}, {.05, .52, corner}, {.72, .50}, {.52, .18, lift}, {.50, .60}, {.47, 1.0}}}},
    {4, 0.2, 5, {{{.50, 1.0}, {.52, .50}, {.54, .00, corner}, {.02, .60, corner}, {.74, .60}}}},
    {5, 0.6, 8, {{{.66, .01}, {.17, .04, corner}, {.12, .44, corner}, {.40, .38}, {.62, .58}, {.55, .86}, {.28, 1.0}, {.02, .90}}}},
    {5, 0.4, 9, {{{.20, .05}, {.14, .40, corner}, {.42, .42}, {.60, .64}, {.50, .90}, {.25, 1.0}, {.03, .88}, {.20, .05, lift}, {.72, .00}}}},
    {6, 0.7, 9, {{{.48, .00}, {.20, .24}, {.04, .60}, {.12, .91}, {.36, 1.0}, {.58, .82}, {.48, .61}, {.26, .60}, {.08, .78}}}},
    {6, 0.3, 9, {{{.28, .00}, {.10, .32}, {.03, .68}, {.15, .95}, {.42, .98}, {.62, .78}, {.50, .56}, {.25, .58}, {.06, .76}}}},
    {7, 0.6, 4, {{{.03, .08}, {.66, .03, corner}, {.44, .48}, {.26, 1.0}}}},
    {7, 0.2, 6, {{{.04, .06}, {.66, .03, corner}, {.45, .48}, {.28, 1.0}, {.16, .54, lift}, {.62, .50}}}},
    {7, 0.2, 6, {{{.02, .22}, {.05, .06, corner}, {.34, .08}, {.66, .02, corner}, {.46, .46}, {.34, 1.0}}}},
    {8, 1.0, 12, {{{.60, .10}, {.34, .00}, {.09, .16}, {.24, .42}, {.54, .62}, {.60, .86}, {.33, 1.0}, {.06, .86}, {.16, .62}, {.46, .40}, {.62, .20}, {.54, .06}}}},
    {9, 0.6, 9, {{{.58, .10}, {.32, .00}, {.06, .20}, {.11, .45}, {.36, .46}, {.60, .16, corner}, {.58, .40}, {.53, .70}, {.47, 1.0}}}},
    {9, 0.4, 9, {{{.56, .08}, {.30, .01}, {.07, .20}, {.14, .44}, {.40, .42}, {.60, .12, corner}, {.62, .55}, {.46, .92}, {.16, .97}}}},
}};

// clang-format on

struct pen_point {
    double x;
    double y;
    bool draws; ///< whether a line leads here from the point before
};

/// The glyph's polyline: Catmull-Rom curves through its points, broken at corners and lifts.
inline void trace(std::span<const stroke_point> points, std::vector<pen_point>& line) {
    constexpr int steps = 6; // lines per curve piece; more cannot be told apart at 20 pixels
    line.clear();
    line.push_back({points[0].x, points[0].y, false});
    for (std::size_t i = 0; i + 1 < points.size(); ++i) {
        const stroke_point& p1 = points[i];
        const stroke_point& p2 = points[i + 1];
        if (p2.kind == lift) {
            line.push_back({p2.x, p2.y, false});
            continue;
        }
        const bool first = i == 0 || p1.kind != smooth;
        const bool last = i + 2 == points.size() || p2.kind == corner || points[i + 2].kind == lift;
        const stroke_point& p0 = first ? p1 : points[i - 1];
        const stroke_point& p3 = last ? p2 : points[i + 2];
        const auto at = [](double a, double b, double c, double d, double t) {
            return b +
                   0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));
        };
        for (int step = 1; step <= steps; ++step) {
            const double t = static_cast<double>(step) / steps;
            line.push_back({at(p0.x, p1.x, p2.x, p3.x, t), at(p0.y, p1.y, p2.y, p3.y, t), true});
        }
    }
}

/// Turns, slants and stretches the line, then fits it into a box of `size` pixels and puts its
/// centre of mass at the middle of the image, off by a random shift.
inline void place(std::vector<pen_point>& line, random_stream& random) {
    const double angle = std::clamp(0.09 * random.normal(), -0.3, 0.3);
    const double slant = std::clamp(0.15 + 0.2 * random.normal(), -0.35, 0.7);
    const double width = random.uniform(0.75, 1.3);
    const double size = random.uniform(15.5, 20.0);
    const double shift_x = random.uniform(-3.1, 3.1);
    const double shift_y = random.uniform(-3.1, 3.1);
    double low_x = 1e9, high_x = -1e9, low_y = 1e9, high_y = -1e9;
    for (pen_point& p : line) {
        const double x = width * p.x + slant * (0.5 - p.y);
        const double y = p.y;
        p.x = std::cos(angle) * x - std::sin(angle) * y;
        p.y = std::sin(angle) * x + std::cos(angle) * y;
        low_x = std::min(low_x, p.x);
        high_x = std::max(high_x, p.x);
        low_y = std::min(low_y, p.y);
        high_y = std::max(high_y, p.y);
    }
    const double scale = size / std::max(high_x - low_x, high_y - low_y);
    double mass = 0, mass_x = 0, mass_y = 0;
    for (std::size_t i = 1; i < line.size(); ++i) {
        if (line[i].draws) {
            const double length = std::hypot(line[i].x - line[i - 1].x, line[i].y - line[i - 1].y);
            mass += length;
            mass_x += length * (line[i].x + line[i - 1].x) / 2;
            mass_y += length * (line[i].y + line[i - 1].y) / 2;
        }
    }
    for (pen_point& p : line) {
        p.x = 13.5 + shift_x + scale * (p.x - mass_x / mass);
        p.y = 13.5 + shift_y + scale * (p.y - mass_y / mass);
    }
}

/// Draws a line of the given radius; a pixel's ink falls off over one pixel at the stroke's edge.
inline void draw(std::span<const pen_point> line, double radius, double ink, float* image) {
    constexpr int side = 28;
    const double reach = radius + 0.5;
    for (std::size_t i = 1; i < line.size(); ++i) {
        if (!line[i].draws) {
            continue;
        }
        const pen_point& a = line[i - 1];
        const pen_point& b = line[i];
        const double dx = b.x - a.x;
        const double dy = b.y - a.y;
        const double squared = std::max(dx * dx + dy * dy, 1e-12);
        const auto first = [&](double u, double v) {
            return std::clamp(static_cast<int>(std::ceil(std::min(u, v) - reach)), 0, side);
        };
        const auto last = [&](double u, double v) {
            return std::clamp(static_cast<int>(std::floor(std::max(u, v) + reach)), -1, side - 1);
        };
        for (int y = first(a.y, b.y); y <= last(a.y, b.y); ++y) {
            for (int x = first(a.x, b.x); x <= last(a.x, b.x); ++x) {
                const double t = std::clamp(((x - a.x) * dx + (y - a.y) * dy) / squared, 0.0, 1.0);
                const double off_x = x - a.x - t * dx;
                const double off_y = y - a.y - t * dy;
                const double gap = reach - std::sqrt(off_x * off_x + off_y * off_y);
                float& pixel = image[y * side + x];
                pixel = std::max(pixel, static_cast<float>(ink * std::clamp(gap, 0.0, 1.0)));
            }
        }
    }
}

/// Draws one digit into 28 x 28 zeros. `line` is scratch.
inline void draw_digit(
    int digit, double noise, random_stream& random, std::vector<pen_point>& line, float* image
) {
    const glyph* chosen = nullptr;
    double left = random.uniform();
    for (const glyph& g : glyphs) {
        if (g.digit == digit && left >= 0) {
            chosen = &g;
            left -= g.weight;
        }
    }
    std::array<stroke_point, 12> points = chosen->points;
    for (stroke_point& p : points) {
        p.x += 0.022 * random.normal();
        p.y += 0.022 * random.normal();
    }
    trace({points.data(), static_cast<std::size_t>(chosen->size)}, line);
    place(line, random);
    const double radius = random.uniform(0.7, 1.7);
    const double ink = random.uniform(0.85, 1.0);
    draw(line, radius, ink, image);
    add_pixel_noise({image, 28 * 28}, noise, random);
}

} // namespace detail

inline dataset make_digits(const digits_options& options) {
    MEND_EXPECTS(options.n >= 1 && options.noise >= 0, "at least one row, no negative noise");
    samples rows;
    rows.sample = shape{28, 28, 1};
    rows.dense = tensor<float>(rows.sample.batch(options.n));
    rows.labels = detail::balanced_labels(options.n, 10, options.seed);
    std::vector<detail::pen_point> line;
    for (index row = 0; row < options.n; ++row) {
        random_stream random = detail::row_stream(options.seed, detail::generator::digits, row);
        const int digit = rows.labels[static_cast<std::size_t>(row)];
        detail::draw_digit(digit, options.noise, random, line, rows.dense.row(row).data());
    }
    dataset data = detail::generated("digits", 10, std::move(rows));
    for (int digit = 0; digit < 10; ++digit) {
        data.class_names.push_back(std::to_string(digit));
    }
    return data;
}

} // namespace mend
