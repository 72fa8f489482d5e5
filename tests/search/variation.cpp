// SPDX-License-Identifier: MIT
#include <cmath>

#include <doctest/doctest.h>

#include <mend/core/random.hpp>
#include <mend/search/variation.hpp>

namespace search_variation_tests {

using mend::cross_simulated_binary;
using mend::mutate_polynomial;

// HEBO's specification, T8 (eta 15 and 20, bounds [-1, 1]).
TEST_CASE("variation: simulated binary crossover gives the published children") {
    const auto near = cross_simulated_binary(-0.5, 0.5, 0.3, 15, -1, 1);
    CHECK(near.first == doctest::Approx(-0.4842886049).epsilon(1e-9));
    CHECK(near.second == doctest::Approx(0.4842886049).epsilon(1e-9));
    const auto far = cross_simulated_binary(0.5, -0.5, 0.8, 15, -1, 1);
    CHECK(far.first == doctest::Approx(-0.5294688646).epsilon(1e-9));
    CHECK(far.second == doctest::Approx(0.5294688646).epsilon(1e-9));
    const auto skew = cross_simulated_binary(-0.9, 0.2, 0.95, 15, -1, 1);
    CHECK(skew.first == doctest::Approx(-0.9654194158).epsilon(1e-9));
    CHECK(skew.second == doctest::Approx(0.2851298743).epsilon(1e-9));
}

TEST_CASE("variation: polynomial mutation gives the published children") {
    CHECK(mutate_polynomial(0.2, 0.3, 20, -1, 1) == doctest::Approx(0.1519368792).epsilon(1e-9));
    CHECK(mutate_polynomial(0.2, 0.8, 20, -1, 1) == doctest::Approx(0.2853863451).epsilon(1e-9));
    CHECK(mutate_polynomial(0.2, 0.5, 20, -1, 1) == doctest::Approx(0.2));
    CHECK(mutate_polynomial(-1, 0.1, 20, -1, 1) == doctest::Approx(-1));
    CHECK(mutate_polynomial(0.95, 0.99, 20, -1, 1) == doctest::Approx(0.9987053288).epsilon(1e-9));
}

TEST_CASE("variation: children stay in bounds, around their parents") {
    mend::random_stream stream(1, 0, mend::purpose::search);
    double sum = 0;
    const int count = 20000;
    for (int i = 0; i < count; ++i) {
        const double a = stream.uniform(-2, 3);
        const double b = stream.uniform(-2, 3);
        const auto [low, high] = cross_simulated_binary(a, b, stream.uniform(), 15, -2, 3);
        REQUIRE(low >= -2);
        REQUIRE(low <= high);
        REQUIRE(high <= 3);
        const double moved = mutate_polynomial(0.5, stream.uniform(), 20, -2, 3);
        REQUIRE(moved >= -2);
        REQUIRE(moved <= 3);
        sum += moved / count;
    }
    CHECK(std::abs(sum - 0.5) < 0.01);
}

TEST_CASE("variation: equal parents and bounds without width change nothing") {
    const auto same = cross_simulated_binary(0.4, 0.4, 0.9, 15, 0, 1);
    CHECK(same.first == 0.4);
    CHECK(same.second == 0.4);
    CHECK(mutate_polynomial(2, 0.9, 20, 2, 2) == 2);
}

} // namespace search_variation_tests
