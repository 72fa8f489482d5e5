// SPDX-License-Identifier: MIT
#include <algorithm>
#include <vector>

#include <doctest/doctest.h>

#include <mend/data/textures.hpp>

#include "centroid.hpp"

namespace data_textures_tests {

TEST_CASE("textures: images are 32 x 32 x 3 in 0..1, classes balanced, rows independent of n") {
    const mend::dataset data = mend::make_textures({.n = 200, .seed = 3});
    mend::check_dataset(data);
    CHECK(data.name == "textures");
    CHECK(data.sample() == mend::shape{32, 32, 3});
    CHECK(data.classes == 10);
    CHECK(data.class_names.at(6) == "rings");
    const auto pixels = data.pool->dense.flat();
    CHECK(*std::min_element(pixels.begin(), pixels.end()) >= 0.0F);
    CHECK(*std::max_element(pixels.begin(), pixels.end()) <= 1.0F);
    for (int kind = 0; kind < 10; ++kind) {
        CHECK(std::count(data.pool->labels.begin(), data.pool->labels.end(), kind) == 20);
    }
    const mend::dataset few = mend::make_textures({.n = 5, .seed = 3});
    CHECK(std::equal(few.pool->dense.data(), few.pool->dense.data() + 5 * 3072, pixels.data()));
    CHECK_FALSE(mend::make_textures({.n = 200, .seed = 4}).pool->dense == data.pool->dense);
}

TEST_CASE("textures: stripes vary across their direction, not along it") {
    const mend::dataset data = mend::make_textures({.n = 500, .noise = 0});
    for (mend::index image = 0; image < 500; ++image) {
        const int kind = data.pool->labels[static_cast<std::size_t>(image)];
        const auto pixels = data.pool->dense.row(image);
        const auto at = [&](std::size_t x, std::size_t y) { return pixels[3 * (32 * y + x)]; };
        double right = 0;
        double down = 0;
        double rising = 0; // along the way up to the right
        double falling = 0;
        for (std::size_t y = 1; y < 31; ++y) {
            for (std::size_t x = 1; x < 31; ++x) {
                right += std::abs(at(x + 1, y) - at(x, y));
                down += std::abs(at(x, y + 1) - at(x, y));
                rising += std::abs(at(x + 1, y - 1) - at(x, y));
                falling += std::abs(at(x + 1, y + 1) - at(x, y));
            }
        }
        CAPTURE(image);
        switch (kind) {
        case 0:
            CHECK(right < down);
            break;
        case 1:
            CHECK(down < right);
            break;
        case 2:
            CHECK(rising < falling);
            break;
        case 3:
            CHECK(falling < rising);
            break;
        default:
            break;
        }
    }
}

TEST_CASE("textures: class means tell little more than chance") {
    const double accuracy = centroid_accuracy(mend::make_textures({.n = 2000}));
    CHECK(accuracy > 0.1);
    CHECK(accuracy < 0.5);
}

} // namespace data_textures_tests
