// SPDX-License-Identifier: MIT
/// Small tasks in one or two dimensions, drawn in well under a millisecond: blobs, circles, moons,
/// spirals (class labels) and line (regression).
///
/// `n` rows in random order, classes balanced; the same seed gives the same rows, and the first
/// rows of a larger set are those of a smaller one. `noise` is the standard deviation of what is
/// added to each coordinate (line: to the target). Requires n >= 1, noise >= 0.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <utility>

#include <mend/core/config.hpp>
#include <mend/core/random.hpp>
#include <mend/data/dataset.hpp>
#include <mend/data/generated.hpp>
#include <mend/data/samples.hpp>

namespace mend {

struct blobs_options {
    index n = 1000;
    double noise = 0.8;
    std::uint64_t seed = 0;
};

struct circles_options {
    index n = 1000;
    double noise = 0.1;
    std::uint64_t seed = 0;
};

struct moons_options {
    index n = 1000;
    double noise = 0.15;
    std::uint64_t seed = 0;
};

struct spirals_options {
    index n = 1000;
    double noise = 0.03;
    std::uint64_t seed = 0;
};

struct line_options {
    index n = 1000;
    double noise = 0.1;
    std::uint64_t seed = 0;
};

namespace detail {

struct point2 {
    double x = 0;
    double y = 0;
};

/// Labelled points of the plane: `place(label, stream)` is where a row lies before its noise.
template <class Options, class Place>
dataset
labelled_points(const char* name, generator which, int classes, const Options& o, Place place) {
    MEND_EXPECTS(o.n >= 1 && o.noise >= 0, "at least one row, no negative noise");
    samples rows;
    rows.sample = shape{2};
    rows.dense.resize(shape{o.n, 2});
    rows.labels = balanced_labels(o.n, classes, o.seed);
    for (index row = 0; row < o.n; ++row) {
        random_stream stream = row_stream(o.seed, which, row);
        const point2 p = place(rows.labels[static_cast<std::size_t>(row)], stream);
        rows.dense[2 * row] = static_cast<float>(p.x + o.noise * stream.normal());
        rows.dense[2 * row + 1] = static_cast<float>(p.y + o.noise * stream.normal());
    }
    return generated(name, classes, std::move(rows));
}

} // namespace detail

/// Three round clouds, their centres 120 degrees apart on a circle of radius 2.
[[nodiscard]] inline dataset make_blobs(const blobs_options& options = {}) {
    return detail::labelled_points(
        "blobs",
        detail::generator::blobs,
        3,
        options,
        [](int label, random_stream&) {
            const double angle = std::numbers::pi * (0.5 + 2.0 / 3.0 * label);
            return detail::point2{2 * std::cos(angle), 2 * std::sin(angle)};
        }
    );
}

/// A circle of radius 0.5 (class 1) inside one of radius 1 (class 0).
[[nodiscard]] inline dataset make_circles(const circles_options& options = {}) {
    return detail::labelled_points(
        "circles",
        detail::generator::circles,
        2,
        options,
        [](int label, random_stream& stream) {
            const double angle = stream.uniform(0, 2 * std::numbers::pi);
            const double radius = label == 0 ? 1.0 : 0.5;
            return detail::point2{radius * std::cos(angle), radius * std::sin(angle)};
        }
    );
}

/// Two half circles of radius 1 that reach into each other.
[[nodiscard]] inline dataset make_moons(const moons_options& options = {}) {
    return detail::labelled_points(
        "moons",
        detail::generator::moons,
        2,
        options,
        [](int label, random_stream& stream) {
            const double angle = stream.uniform(0, std::numbers::pi);
            const detail::point2 upper{std::cos(angle), std::sin(angle)};
            return label == 0 ? upper : detail::point2{1 - upper.x, 0.5 - upper.y};
        }
    );
}

/// Two arms that wind one and a quarter times around the origin, radius 0.1 to 1.
[[nodiscard]] inline dataset make_spirals(const spirals_options& options = {}) {
    return detail::labelled_points(
        "spirals",
        detail::generator::spirals,
        2,
        options,
        [](int label, random_stream& stream) {
            const double way = std::sqrt(stream.uniform()); // even along the arm
            const double radius = 0.1 + 0.9 * way;
            const double angle = std::numbers::pi * (2.5 * way + label);
            return detail::point2{radius * std::cos(angle), radius * std::sin(angle)};
        }
    );
}

/// y = 3 x + 1 plus noise, x uniform in [-1, 1).
[[nodiscard]] inline dataset make_line(const line_options& options = {}) {
    MEND_EXPECTS(options.n >= 1 && options.noise >= 0, "at least one row, no negative noise");
    samples rows;
    rows.sample = shape{1};
    rows.dense.resize(shape{options.n, 1});
    rows.targets.resize(shape{options.n, 1});
    for (index row = 0; row < options.n; ++row) {
        random_stream stream = detail::row_stream(options.seed, detail::generator::line, row);
        const double x = stream.uniform(-1, 1);
        rows.dense[row] = static_cast<float>(x);
        rows.targets[row] = static_cast<float>(3 * x + 1 + options.noise * stream.normal());
    }
    return detail::generated("line", 0, std::move(rows));
}

} // namespace mend
