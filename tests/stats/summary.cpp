// SPDX-License-Identifier: MIT
#include <limits>
#include <vector>

#include <doctest/doctest.h>

#include <mend/stats/summary.hpp>

namespace stats_summary_tests {

using doctest::Approx;

// numpy 1.24: np.quantile([3,1,4,1,5,9,2,6], [0,.1,.25,.5,.9,1]), np.std(..., ddof=1)
TEST_CASE("summary: agrees with numpy") {
    const std::vector<double> sample{3, 1, 4, 1, 5, 9, 2, 6};
    CHECK(mend::mean(sample) == 3.875);
    CHECK(mend::standard_deviation(sample) == Approx(2.748376143938713).epsilon(1e-15));
    CHECK(mend::quantile(sample, 0) == 1);
    CHECK(mend::quantile(sample, 0.1) == 1);
    CHECK(mend::quantile(sample, 0.25) == 1.75);
    CHECK(mend::median(sample) == 3.5);
    CHECK(mend::quantile(sample, 0.9) == Approx(6.9).epsilon(1e-15));
    CHECK(mend::quantile(sample, 1) == 9);
}

TEST_CASE("summary: too few values give NaN, not a guess") {
    CHECK(std::isnan(mend::mean({})));
    CHECK(std::isnan(mend::median({})));
    const std::vector<double> one{2};
    CHECK(mend::median(one) == 2);
    CHECK(std::isnan(mend::standard_deviation(one)));
}

TEST_CASE("summary: a large offset does not spoil the spread") {
    const std::vector<double> sample{1e9 + 1, 1e9 + 2, 1e9 + 3};
    CHECK(mend::standard_deviation(sample) == 1);
}

TEST_CASE("summary: an infinite value leaves the quantiles below it finite") {
    const std::vector<double> sample{1, 2, std::numeric_limits<double>::infinity()};
    CHECK(mend::median(sample) == 2);
}

TEST_CASE("summary: a share outside [0, 1] breaks the contract") {
    const std::vector<double> sample{1, 2};
    CHECK_THROWS_AS(static_cast<void>(mend::quantile(sample, 1.5)), mend::contract_violation);
}

TEST_CASE("bootstrap_interval: for a mean it is close to the normal interval") {
    std::vector<double> sample;
    for (int i = 0; i < 100; ++i) {
        sample.push_back(i * 37 % 101);
    }
    const double error = mend::standard_deviation(sample) / 10;
    const mend::interval found = mend::bootstrap_interval(sample);
    CHECK(found.low == Approx(mend::mean(sample) - 1.96 * error).epsilon(0.02));
    CHECK(found.high == Approx(mend::mean(sample) + 1.96 * error).epsilon(0.02));
    CHECK(found.contains(mend::mean(sample)));
    const mend::interval narrow = mend::bootstrap_interval(sample, {.level = 0.5});
    CHECK(narrow.low == Approx(mend::mean(sample) - 0.674 * error).epsilon(0.02));
}

TEST_CASE("bootstrap_interval: two values have a distribution that is known") {
    // The mean of two draws from {0, 1} is 0, 1/2, 1 with chances 1/4, 1/2, 1/4.
    const std::vector<double> sample{0, 1};
    CHECK(mend::bootstrap_interval(sample) == mend::interval{0, 1});
    CHECK(mend::bootstrap_interval(sample, {.level = 0.4}) == mend::interval{0.5, 0.5});
}

TEST_CASE("bootstrap_interval: takes any statistic and repeats itself") {
    const std::vector<double> sample{3, 1, 4, 1, 5, 9, 2, 6};
    const auto largest = [](std::span<const double> s) { return mend::quantile(s, 1); };
    const mend::interval found = mend::bootstrap_interval(sample, {.seed = 4}, largest);
    CHECK(found.high == 9);
    CHECK(found == mend::bootstrap_interval(sample, {.seed = 4}, largest));
    CHECK(mend::bootstrap_interval(std::vector<double>{2, 2}) == mend::interval{2, 2});
    CHECK(std::isnan(mend::bootstrap_interval({}).low));
}

// Agresti, Coull 1998: the closed form at 95 %.
TEST_CASE("wilson_interval: the published closed form") {
    const mend::interval none = mend::wilson_interval(0, 20);
    CHECK(none.low == 0);
    CHECK(none.high == Approx(0.16113).epsilon(1e-4)); // z^2 / (n + z^2)
    const mend::interval half = mend::wilson_interval(10, 20);
    CHECK(half.low == Approx(0.29930).epsilon(1e-4));
    CHECK(half.high == Approx(1 - half.low));
    CHECK(mend::wilson_interval(20, 20).high == 1);
}

} // namespace stats_summary_tests
