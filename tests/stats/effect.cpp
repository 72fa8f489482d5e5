// SPDX-License-Identifier: MIT
#include <cmath>
#include <limits>
#include <vector>

#include <doctest/doctest.h>

#include <mend/stats/effect.hpp>

namespace stats_effect_tests {

using doctest::Approx;

using sample = std::vector<double>;

TEST_CASE("cohens_d: by hand") {
    // Means 3 and 5, both with sample variance 2.5.
    CHECK(
        mend::cohens_d(sample{1, 2, 3, 4, 5}, sample{3, 4, 5, 6, 7}) == Approx(-2 / std::sqrt(2.5))
    );
    // Unequal sizes: variances 1 (two degrees of freedom) and 2 (one).
    CHECK(
        mend::cohens_d(sample{1, 2, 3}, sample{0, 2}) == Approx(1 / std::sqrt((2 * 1.0 + 2.0) / 3))
    );
}

TEST_CASE("cohens_d: samples without spread are equal or infinitely far apart") {
    const sample high(20, 0.9);
    const sample low(20, 0.1);
    constexpr double inf = std::numeric_limits<double>::infinity();
    CHECK(mend::cohens_d(high, low) == inf);
    CHECK(mend::cohens_d(low, high) == -inf);
    CHECK(mend::cohens_d(high, high) == 0);
    CHECK(std::isnan(mend::cohens_d(sample{1, std::nan("")}, sample{1, 2})));
    CHECK_THROWS_AS(static_cast<void>(mend::cohens_d(sample{1}, low)), mend::contract_violation);
}

TEST_CASE("vargha_delaney: counts the pairs that are won") {
    const sample a{1, 3, 5};
    const sample b{2, 3, 4, 0};
    double wins = 0;
    for (const double x : a) {
        for (const double y : b) {
            wins += x > y ? 1 : x == y ? 0.5 : 0;
        }
    }
    CHECK(mend::vargha_delaney(a, b) == Approx(wins / 12));
    CHECK(mend::vargha_delaney(a, b) + mend::vargha_delaney(b, a) == Approx(1));
    CHECK(mend::vargha_delaney(a, a) == 0.5);
    CHECK(mend::vargha_delaney(sample{5, 6}, sample{1, 2}) == 1);
    const double inf = std::numeric_limits<double>::infinity();
    CHECK(mend::vargha_delaney(sample{inf}, sample{inf, 0}) == 0.75);
    CHECK_THROWS_AS(
        static_cast<void>(mend::vargha_delaney(a, sample{std::nan("")})), mend::contract_violation
    );
}

TEST_CASE("cliffs_delta: pairs won less pairs lost") {
    CHECK(mend::cliffs_delta(sample{1, 2, 3}, sample{4, 5}) == -1);
    CHECK(mend::cliffs_delta(sample{4, 2, 3}, sample{1, 3}) == Approx((4.0 - 1) / 6)); // one tie
}

} // namespace stats_effect_tests
