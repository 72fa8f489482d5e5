// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <set>
#include <vector>

#include <doctest/doctest.h>

#include <mend/data/generated.hpp>

namespace data_generated_tests {

using mend::detail::balanced_labels;
using mend::detail::generator;

TEST_CASE("generated: labels are balanced in every prefix and prefixes agree") {
    const auto labels = balanced_labels(1005, 10, 3);
    std::vector<int> counts(10);
    for (const int label : labels) {
        ++counts.at(static_cast<std::size_t>(label));
        const auto [low, high] = std::minmax_element(counts.begin(), counts.end());
        REQUIRE(*high - *low <= 1);
    }
    const auto fewer = balanced_labels(17, 10, 3);
    CHECK(std::equal(fewer.begin(), fewer.end(), labels.begin()));
    CHECK(balanced_labels(1005, 10, 4) != labels);
}

TEST_CASE("generated: rows and generators have streams of their own") {
    std::set<std::uint64_t> seen;
    for (std::uint64_t seed = 0; seed < 3; ++seed) {
        for (mend::index row = 0; row < 5; ++row) {
            for (const generator which : {generator::blobs, generator::digits, generator::labels}) {
                seen.insert(mend::detail::row_stream(seed, which, row).bits64());
            }
        }
    }
    CHECK(seen.size() == 45);
}

TEST_CASE("generated: pixel noise has the deviation asked for and stays in 0..1") {
    std::vector<float> pixels(100'000, 0.5F);
    mend::random_stream random(1, 0, mend::purpose::generator);
    mend::detail::add_pixel_noise(pixels, 0.1, random);
    double sum = 0;
    double squares = 0;
    int beyond_two = 0;
    for (const float pixel : pixels) {
        const double off = pixel - 0.5;
        sum += off;
        squares += off * off;
        beyond_two += std::abs(off) > 0.2 ? 1 : 0;
    }
    CHECK(std::abs(sum / 1e5) < 4 * 0.1 / std::sqrt(1e5));
    CHECK(std::sqrt(squares / 1e5) == doctest::Approx(0.1).epsilon(0.01));
    CHECK(beyond_two / 1e5 == doctest::Approx(0.0455).epsilon(0.15)); // as the normal's, nearly
    mend::detail::add_pixel_noise(pixels, 5.0, random);
    CHECK(*std::min_element(pixels.begin(), pixels.end()) == 0.0F);
    CHECK(*std::max_element(pixels.begin(), pixels.end()) == 1.0F);
}

} // namespace data_generated_tests
