// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <vector>

#include <doctest/doctest.h>

#include <mend/data/digits.hpp>

#include "centroid.hpp"

namespace data_digits_tests {

TEST_CASE("digits: images are 28 x 28 x 1 in 0..1, classes balanced, rows independent of n") {
    const mend::dataset data = mend::make_digits({.n = 200, .seed = 3});
    mend::check_dataset(data);
    CHECK(data.name == "digits");
    CHECK(data.sample() == mend::shape{28, 28, 1});
    CHECK(data.classes == 10);
    CHECK(data.class_names.at(7) == "7");
    const auto pixels = data.pool->dense.flat();
    CHECK(*std::min_element(pixels.begin(), pixels.end()) == 0.0F);
    CHECK(*std::max_element(pixels.begin(), pixels.end()) <= 1.0F);
    for (int digit = 0; digit < 10; ++digit) {
        CHECK(std::count(data.pool->labels.begin(), data.pool->labels.end(), digit) == 20);
    }
    const mend::dataset few = mend::make_digits({.n = 5, .seed = 3});
    CHECK(std::equal(few.pool->dense.data(), few.pool->dense.data() + 5 * 784, pixels.data()));
    CHECK_FALSE(mend::make_digits({.n = 200, .seed = 4}).pool->dense == data.pool->dense);
}

TEST_CASE("digits: each digit has ways of writing it whose shares add up to one") {
    std::map<int, double> shares;
    for (const auto& glyph : mend::detail::glyphs) {
        shares[glyph.digit] += glyph.weight;
        CHECK(glyph.size >= 3);
    }
    CHECK(shares.size() == 10);
    for (const auto& way : shares) {
        CAPTURE(way.first);
        CHECK(way.second == doctest::Approx(1));
    }
}

// MNIST's own (all 60,000 images): 19.1 % of the pixels are not black, mean 0.131; a stroke's
// pixels are mostly white.
TEST_CASE("digits: ink covers about as much as MNIST's, around the middle, and is whole") {
    const mend::dataset data = mend::make_digits({.n = 2000, .noise = 0});
    double inked = 0;
    double sum = 0;
    double farthest = 0;
    double border = 0;
    for (mend::index image = 0; image < 2000; ++image) {
        const auto pixels = data.pool->dense.row(image);
        double mass = 0;
        double x = 0;
        double y = 0;
        for (int i = 0; i < 784; ++i) {
            const double ink = pixels[static_cast<std::size_t>(i)];
            inked += ink > 0 ? 1 : 0;
            mass += ink;
            x += ink * (i % 28);
            y += ink * (i / 28);
            const bool edge = i % 28 == 0 || i % 28 == 27 || i / 28 == 0 || i / 28 == 27;
            border += edge ? ink : 0;
        }
        sum += mass;
        farthest = std::max(farthest, std::hypot(x / mass - 13.5, y / mass - 13.5));
    }
    CHECK(inked / (2000 * 784) == doctest::Approx(0.17).epsilon(0.25));
    CHECK(sum / (2000 * 784) == doctest::Approx(0.12).epsilon(0.25));
    CHECK(farthest < 3.1 * std::sqrt(2.0) + 1);
    CHECK(border / sum < 0.01);
}

TEST_CASE("digits: class means alone tell some digits, by no means all") {
    const double accuracy = centroid_accuracy(mend::make_digits({.n = 4000}));
    CHECK(accuracy > 0.4);
    CHECK(accuracy < 0.85);
}

} // namespace data_digits_tests
