// SPDX-License-Identifier: MIT
#include <array>
#include <cmath>
#include <vector>

#include <doctest/doctest.h>

#include <mend/search/parzen.hpp>

namespace search_parzen_tests {

using namespace mend;

namespace {

void check_close(const std::vector<double>& a, const std::vector<double>& b) {
    REQUIRE(a.size() == b.size());
    for (std::size_t i = 0; i < a.size(); ++i) {
        CHECK(a[i] == doctest::Approx(b[i]).epsilon(1e-12));
    }
}

} // namespace

// The numbers are those of Optuna 3.1.0, its density with the term -ln(deviation) of 3.5.0.

TEST_CASE("parzen: deviations of three observations by each rule") {
    const std::array observed{2.0, 5.0, 6.0};
    const density_column ten{.high = 10};
    check_close(parzen_deviations(ten, observed, parzen_width::neighbours, 1), {3, 3, 2});
    check_close(parzen_deviations(ten, observed, parzen_width::level, 1), {3, 3, 2});
    check_close(parzen_deviations(ten, observed, parzen_width::scott, 1), {2, 2, 2});
    const density_column integers{.low = 0.5, .high = 9.5, .cell = 1};
    check_close(parzen_deviations(integers, observed, parzen_width::neighbours, 1), {3, 3, 1.8});
    // ours: gaps among observations alone, at least 10 x 5^-1.5
    check_close(parzen_deviations(ten, observed, parzen_width::gaps, 1), {3, 3, 1});
    check_close(
        parzen_deviations(ten, std::array{5.0, 5.0, 5.0}, parzen_width::gaps, 1),
        std::vector<double>(3, 10 * std::pow(5, -1.5))
    );
    check_close(parzen_deviations(ten, std::array{5.0}, parzen_width::gaps, 1), {10});
}

TEST_CASE("parzen: the density of three observations and the prior") {
    const std::vector<std::vector<double>> rows{{2}, {5}, {6}};
    const kernel_density density =
        parzen_density({{.high = 10}}, rows, {.width = parzen_width::neighbours});
    CHECK(density.size() == 4);
    CHECK(density.log_density(std::array{5.5}) == doctest::Approx(-2.00673377).epsilon(1e-8));
    // 3.1.0 as it was
    const kernel_density level =
        parzen_density({{.high = 10}}, rows, {.width = parzen_width::level});
    CHECK(level.log_density(std::array{5.5}) == doctest::Approx(-0.62390795).epsilon(1e-8));
}

TEST_CASE("parzen: every choice keeps a share of the prior") {
    const std::vector<std::vector<double>> rows{{0}, {2}, {2}};
    const kernel_density density = parzen_density({{.levels = 3}}, rows);
    CHECK(std::exp(density.log_density(std::array{0.0})) == doctest::Approx(0.33333333));
    CHECK(std::exp(density.log_density(std::array{1.0})) == doctest::Approx(0.19047619));
    CHECK(std::exp(density.log_density(std::array{2.0})) == doctest::Approx(0.47619048));
}

TEST_CASE("parzen: weights of thirty observations fade towards the oldest") {
    const std::vector<double> weights = parzen_weights(30, 25);
    CHECK(weights[0] == doctest::Approx(1.0 / 30));
    CHECK(weights[1] == doctest::Approx(0.275));
    CHECK(weights[2] == doctest::Approx(0.5166667));
    CHECK(weights[3] == doctest::Approx(0.7583333));
    CHECK(weights[4] == 1);
    CHECK(weights[29] == 1);
    CHECK(parzen_weights(25, 25) == std::vector<double>(25, 1.0));
    CHECK(parzen_weights(26, 25)[0] == doctest::Approx(1.0 / 26));
    CHECK(parzen_weights(0, 25).empty());
}

TEST_CASE("parzen: no observation at all leaves the prior") {
    const kernel_density density = parzen_density({{}, {.levels = 4}}, {});
    CHECK(density.size() == 1);
    CHECK(
        std::exp(density.log_density(std::array{0.5, 3.0})) ==
        doctest::Approx(
            0.25 / std::erf(0.5 / std::sqrt(2.0)) * std::exp(0) / std::sqrt(2 * 3.14159265358979)
        )
    );
}

} // namespace search_parzen_tests
