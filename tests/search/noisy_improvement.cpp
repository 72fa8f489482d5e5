// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include <doctest/doctest.h>

#include <mend/search/noisy_improvement.hpp>

namespace search_noisy_improvement_tests {

using namespace mend;
using doctest::Approx;

namespace {

using numbers = std::vector<double>;

gaussian_process observe(const numbers& x, const numbers& y, double noise) {
    gaussian_parameters p;
    p.kernel = {kernel_family::squared_exponential, 1.5, 0, {0.4}, {}};
    p.noise = noise;
    gaussian_process made;
    REQUIRE(made.condition(p, x, y));
    return made;
}

} // namespace

TEST_CASE("noisy_improvement: over one observation it is that of a difference of two normals") {
    const double y = -0.7;
    const double noise = 0.5;
    const gaussian_process process = observe({0.2}, {y}, noise);
    const noisy_improvement improvement(process, numbers{0.2}, {.draws = 4096, .seed = 1});
    for (const double x : {0.0, 0.3, 0.5, 1.5}) {
        // f(0.2) and f(x), jointly normal given y
        const double v = 1.5;
        const double k = v * std::exp(-0.5 * (x - 0.2) * (x - 0.2) / 0.16);
        const double mean = (v - k) / (v + noise) * y;
        const double square =
            (v - v * v / (v + noise)) + (v - k * k / (v + noise)) - 2 * k * noise / (v + noise);
        const double expected = expected_improvement(0, std::sqrt(square), mean);
        CHECK(improvement(numbers{x}) == Approx(expected).epsilon(0.01));
    }
}

TEST_CASE("noisy_improvement: without noise it is the plain one") {
    const numbers x{0.1, 0.4, 0.9};
    const numbers y{0.3, -0.6, 0.8};
    const gaussian_process process = observe(x, y, 1e-7);
    const noisy_improvement improvement(process, x);
    for (const double at : {0.25, 0.55, 0.7}) {
        const gaussian_prediction p = process.predict(numbers{at});
        const double plain = expected_improvement(p.mean, std::sqrt(p.variance), -0.6);
        CHECK(improvement(numbers{at}) == Approx(plain).epsilon(0.01));
    }
}

TEST_CASE("noisy_improvement: a lucky observation is not what is to be beaten") {
    numbers x;
    numbers y;
    for (int i = 0; i < 20; ++i) {
        x.push_back(0.05 * i);
        y.push_back(i == 7 ? -3.0 : 0.0); // an outlier among zeros
    }
    const gaussian_process process = observe(x, y, 1.0);
    const noisy_improvement improvement(process, x, {.draws = 64, .seed = 3});
    REQUIRE(improvement.lowest().size() == 64);
    for (const double lowest : improvement.lowest()) {
        CHECK(lowest > -3);
    }
    const gaussian_prediction p = process.predict(numbers{1.2});
    CHECK(improvement(numbers{1.2}) > expected_improvement(p.mean, std::sqrt(p.variance), -3));
    // The same seed, the same value.
    const noisy_improvement again(process, x, {.draws = 64, .seed = 3});
    CHECK(again(numbers{0.33}) == improvement(numbers{0.33}));
}

TEST_CASE("noisy_improvement: points of another width, or none, break the contract") {
    const gaussian_process process = observe({0.2}, {1.0}, 0.1);
    CHECK_THROWS(noisy_improvement(process, numbers{0.2, 0.3}));
    CHECK_THROWS(noisy_improvement(gaussian_process{}, numbers{}));
}

} // namespace search_noisy_improvement_tests
