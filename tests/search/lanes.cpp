// SPDX-License-Identifier: MIT
#include <cmath>
#include <cstddef>
#include <vector>

#include <doctest/doctest.h>

#include <mend/core/random.hpp>
#include <mend/search/lanes.hpp>

namespace search_lanes_tests {

using namespace mend::detail;

TEST_CASE("lanes: the exponential agrees with the standard one to two units in the last place") {
    mend::random_stream stream(1, 0, mend::purpose::search);
    for (int i = 0; i < 20000; ++i) {
        const double x = i < 10000 ? stream.uniform(-707, 707) : stream.uniform(-2, 2);
        const double got = exp_lanes(spread(x))[0];
        REQUIRE(std::abs(got - std::exp(x)) <= 4.5e-16 * std::exp(x));
    }
    CHECK(exp_lanes(spread(0.0))[0] == 1);
    CHECK(exp_lanes(spread(-1e9))[0] < 1e-300);
    CHECK(exp_lanes(spread(-1e9))[0] > 0);
    CHECK(std::isfinite(exp_lanes(spread(1e9))[0]));
}

TEST_CASE("lanes: the square root agrees with the standard one, zero gives nearly zero") {
    mend::random_stream stream(2, 0, mend::purpose::search);
    for (int i = 0; i < 10000; ++i) {
        const double x = std::exp(stream.uniform(-200, 200));
        REQUIRE(std::abs(sqrt_lanes(spread(x))[0] - std::sqrt(x)) <= 4.5e-16 * std::sqrt(x));
    }
    CHECK(sqrt_lanes(spread(0.0))[0] < 1e-140);
}

TEST_CASE("lanes: sums of products and scaled rows are right for every length") {
    mend::random_stream stream(3, 0, mend::purpose::search);
    for (std::size_t n = 0; n < 70; ++n) {
        std::vector<double> a(4 * n + 1);
        std::vector<double> b(n);
        for (double& v : a) {
            v = std::floor(stream.uniform(-8, 8)); // whole numbers: sums are exact
        }
        for (double& v : b) {
            v = std::floor(stream.uniform(-8, 8));
        }
        double sum = 0;
        for (std::size_t i = 0; i < n; ++i) {
            sum += a[i] * b[i];
        }
        REQUIRE(dot(a.data(), b.data(), n) == sum);
        std::vector<double> to = b;
        add_scaled(3, a.data(), to.data(), n);
        for (std::size_t i = 0; i < n; ++i) {
            REQUIRE(to[i] == b[i] + 3 * a[i]);
        }
        const double factors[] = {1, 9, 2, 9, 3, 9, -4};
        to = b;
        add_four_scaled(factors, 2, a.data(), n, to.data(), n);
        for (std::size_t i = 0; i < n; ++i) {
            REQUIRE(to[i] == b[i] + a[i] + 2 * a[n + i] + 3 * a[2 * n + i] - 4 * a[3 * n + i]);
        }
    }
    CHECK(padded(0) == 0);
    CHECK(padded(1) == lane_count);
    CHECK(padded(lane_count) == lane_count);
}

} // namespace search_lanes_tests
