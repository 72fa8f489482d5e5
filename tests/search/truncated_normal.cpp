// SPDX-License-Identifier: MIT
#include <cmath>
#include <limits>

#include <doctest/doctest.h>

#include <mend/search/truncated_normal.hpp>

namespace search_truncated_normal_tests {

using namespace mend;

TEST_CASE("normal_quantile: agrees with published values on both sides and in the tails") {
    // scipy.special.ndtri
    CHECK(normal_quantile(0.5) == 0);
    CHECK(normal_quantile(0.975) == doctest::Approx(1.959963984540054).epsilon(1e-14));
    CHECK(normal_quantile(0.01) == doctest::Approx(-2.3263478740408408).epsilon(1e-14));
    CHECK(normal_quantile(1e-10) == doctest::Approx(-6.361340902404056).epsilon(1e-14));
    CHECK(normal_quantile(1e-300) == doctest::Approx(-37.0470962993612).epsilon(1e-13));
    CHECK(normal_quantile(0) == -std::numeric_limits<double>::infinity());
    CHECK(std::isnan(normal_quantile(1.5)));
    for (int i = 1; i < 1000; ++i) {
        const double p = i / 1000.0;
        CHECK(
            0.5 * std::erfc(-normal_quantile(p) / std::sqrt(2.0)) ==
            doctest::Approx(p).epsilon(1e-13)
        );
    }
}

TEST_CASE("truncated_normal: quantiles of three narrow and wide ones") {
    const auto check = [](double mean, double deviation, double a, double b, double c) {
        const truncated_normal n(mean, deviation, 0, 1);
        CHECK(n.quantile(0.1) == doctest::Approx(a).epsilon(1e-9));
        CHECK(n.quantile(0.5) == doctest::Approx(b).epsilon(1e-9));
        CHECK(n.quantile(0.9) == doctest::Approx(c).epsilon(1e-9));
    };
    check(0.1, 0.15, 0.0328692813, 0.1482891559, 0.3161941783);
    check(0.5, 0.6, 0.1174319958, 0.5, 0.8825680042);
    check(0.99, 0.003, 0.9861546117, 0.9899983868, 0.9938380630);
}

TEST_CASE("truncated_normal: a million draws never leave the interval") {
    random_stream stream(1, 0, purpose::search);
    for (int i = 0; i < 1000000; ++i) {
        const double x =
            truncated_normal(stream.uniform(), 1e-3 + 2 * stream.uniform(), 0, 1).sample(stream);
        if (!(x >= 0 && x <= 1)) {
            FAIL("outside");
        }
    }
    CHECK(truncated_normal(0, 1e-300, 0, 1).quantile(1) <= 1);
    CHECK(truncated_normal(0.5, 1e300, 0, 1).quantile(0.25) == doctest::Approx(0.25));
}

} // namespace search_truncated_normal_tests
