// SPDX-License-Identifier: MIT
#include <limits>
#include <vector>

#include <doctest/doctest.h>

#include <mend/stats/tests.hpp>

namespace stats_tests_tests {

using doctest::Approx;
using mend::alternative;

namespace {

using sample = std::vector<double>;

void check_p(const sample& a, const sample& b, bool exact, double u, double less, double greater) {
    const auto below = mend::mann_whitney(a, b, alternative::less);
    const auto above = mend::mann_whitney(a, b, alternative::greater);
    const auto either = mend::mann_whitney(a, b);
    CHECK(below.exact == exact);
    CHECK(below.statistic == u);
    CHECK(below.p == Approx(less).epsilon(1e-12));
    CHECK(above.p == Approx(greater).epsilon(1e-12));
    CHECK(either.p == Approx(std::min(1.0, 2 * std::min(less, greater))).epsilon(1e-12));
}

} // namespace

// scipy 1.10.1: mannwhitneyu(a, b, alternative=..., method='exact')
TEST_CASE("mann_whitney: small samples without ties are exact, as scipy's") {
    check_p(
        {0.91, 0.93, 0.95, 0.90, 0.94},
        {0.11, 0.13, 0.10, 0.12, 0.92},
        true,
        23,
        0.9920634920634919,
        0.015873015873015872
    );
    check_p(
        {3, 1, 4, 15, 9, 2, 6}, {5, 35, 8, 97, 93}, true, 5, 0.02398989898989899, 0.98484848484848
    );
    sample x;
    sample y;
    for (int i = 0; i < 20; ++i) {
        x.push_back(i * 37 % 101);
        y.push_back((i * 53 + 20) % 103 + 0.5);
    }
    check_p(x, y, true, 154, 0.11053231771179246, 0.8945178363759391);
    sample low;
    sample high;
    for (int i = 0; i < 25; ++i) {
        low.push_back(i - 10 + 0.5);
        high.push_back(i);
    }
    check_p(high, low, true, 505, 0.9999508923770326, 5.386664256968887e-05);
}

// scipy 1.10.1: method='asymptotic'
TEST_CASE("mann_whitney: ties and large samples use the corrected normal, as scipy's") {
    check_p(
        {1, 2, 2, 3, 3, 3, 4},
        {2, 3, 4, 4, 5, 5},
        false,
        8.5,
        0.03913121473857309,
        0.9717782889227976
    );
    sample x;
    sample y;
    for (int i = 0; i < 40; ++i) {
        x.push_back(i * 37 % 101);
    }
    for (int i = 0; i < 30; ++i) {
        y.push_back((i * 53 + 20) % 103 + 0.5);
    }
    check_p(x, y, false, 586, 0.4363556505447304, 0.5683139951051625);
}

TEST_CASE("mann_whitney: five against five, all better, has the smallest p there is") {
    const sample better{6, 7, 8, 9, 10};
    const sample worse{1, 2, 3, 4, 5};
    CHECK(mend::mann_whitney(better, worse, alternative::greater).p == Approx(1.0 / 252));
}

TEST_CASE("mann_whitney: equal values throughout give p = 1") {
    for (const auto claim : {alternative::less, alternative::greater, alternative::two_sided}) {
        CHECK(mend::mann_whitney(sample{1, 1, 1}, sample{1, 1}, claim).p == 1);
        CHECK(mend::mann_whitney(sample{1}, sample{1}, claim).p == 1);
    }
}

TEST_CASE("mann_whitney: exchanging the samples exchanges the claims") {
    const sample a{1, 4, 2, 2, 9};
    const sample b{3, 5, 5, 8, 2, 7};
    CHECK(
        mend::mann_whitney(a, b, alternative::less).p ==
        mend::mann_whitney(b, a, alternative::greater).p
    );
}

TEST_CASE("mann_whitney: the exact distribution is symmetric") {
    // U is distributed symmetrically about n m / 2.
    for (std::size_t n = 1; n < 6; ++n) {
        for (std::size_t m = 1; m < 6; ++m) {
            double before = 1;
            for (std::size_t u = 0; u <= n * m; ++u) {
                const double tail = mend::detail::mann_whitney_tail(n, m, static_cast<double>(u));
                const double mirrored =
                    mend::detail::mann_whitney_tail(n, m, static_cast<double>(n * m - u + 1));
                CHECK(tail + mirrored == Approx(1).epsilon(1e-14)); // P(U >= u) + P(U < u)
                CHECK(tail <= before);
                before = tail;
            }
        }
    }
}

TEST_CASE("mann_whitney: infinities rank last, NaN and empty samples break the contract") {
    const double inf = std::numeric_limits<double>::infinity();
    CHECK(mend::mann_whitney(sample{inf, 5}, sample{1, 2}).statistic == 4);
    CHECK_THROWS_AS(
        static_cast<void>(mend::mann_whitney(sample{std::nan("")}, sample{1})),
        mend::contract_violation
    );
    CHECK_THROWS_AS(
        static_cast<void>(mend::mann_whitney(sample{}, sample{1})), mend::contract_violation
    );
}

// statsmodels 0.13.5: multipletests(p, method='holm')
TEST_CASE("holm: agrees with statsmodels, in the order given") {
    const sample p{0.01, 0.04, 0.03, 0.005, 0.6, 0.03};
    const sample expected{0.05, 0.12, 0.12, 0.03, 0.6, 0.12};
    const sample adjusted = mend::holm(p);
    REQUIRE(adjusted.size() == p.size());
    for (std::size_t i = 0; i < p.size(); ++i) {
        CHECK(adjusted[i] == Approx(expected[i]).epsilon(1e-14));
    }
}

TEST_CASE("holm: one test stays as it is, none exceeds 1") {
    CHECK(mend::holm({}).empty());
    CHECK(mend::holm(sample{0.03}) == sample{0.03});
    CHECK(mend::holm(sample{0.7, 0.9}) == sample{1, 1});
    CHECK_THROWS_AS(static_cast<void>(mend::holm(sample{1.1})), mend::contract_violation);
}

} // namespace stats_tests_tests
