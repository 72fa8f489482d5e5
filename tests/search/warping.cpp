// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <vector>

#include <doctest/doctest.h>

#include <mend/core/random.hpp>
#include <mend/search/warping.hpp>

namespace search_warping_tests {

using namespace mend;

TEST_CASE("warping: Kumaraswamy with a = b = 1 is the identity") {
    for (double u = 0; u <= 1; u += 1.0 / 1024) {
        REQUIRE(warp_input(u, 1, 1).value == u);
    }
    CHECK(warp_input(1.5, 1, 1).value == 1);
    CHECK(warp_input(-0.5, 2, 3).value == 0);
}

// HEBO's specification, T4.
TEST_CASE("warping: Kumaraswamy has its published values and derivatives") {
    CHECK(warp_input(0.3, 2, 1).value == doctest::Approx(0.09));
    CHECK(warp_input(0.3, 1, 2).value == doctest::Approx(0.51));
    const auto first = warp_input(0.5, 2, 3);
    CHECK(first.value == doctest::Approx(0.578125));
    CHECK(first.by_a == doctest::Approx(-0.292421466799).epsilon(1e-11));
    CHECK(first.by_b == doctest::Approx(0.121365874316).epsilon(1e-11));
    const auto second = warp_input(0.25, 0.5, 0.5);
    CHECK(second.value == doctest::Approx(0.292893218813).epsilon(1e-11));
    CHECK(second.by_a == doctest::Approx(-0.490129071734).epsilon(1e-11));
    CHECK(second.by_b == doctest::Approx(0.490129071734).epsilon(1e-11));
    const auto third = warp_input(0.9, 3, 0.7);
    CHECK(third.value == doctest::Approx(0.599060814655).epsilon(1e-11));
    CHECK(third.by_a == doctest::Approx(-0.079544960142).epsilon(1e-11));
    CHECK(third.by_b == doctest::Approx(0.523480817868).epsilon(1e-11));
}

TEST_CASE("warping: Kumaraswamy increases, and its slope by u is the derivative") {
    for (const double a : {0.05, 0.7, 1.0, 3.0, 10.0}) {
        for (const double b : {0.05, 0.7, 1.0, 3.0, 10.0}) {
            double before = 0;
            for (double u = 0; u <= 1; u += 0.01) {
                const auto now = warp_input(u, a, b);
                REQUIRE(now.value >= before);
                REQUIRE(now.value <= 1);
                REQUIRE(std::isfinite(now.by_a));
                REQUIRE(std::isfinite(now.by_b));
                REQUIRE(std::isfinite(now.by_u));
                before = now.value;
            }
            const double slope =
                (warp_input(0.4 + 1e-6, a, b).value - warp_input(0.4 - 1e-6, a, b).value) / 2e-6;
            CHECK(warp_input(0.4, a, b).by_u == doctest::Approx(slope).epsilon(1e-6));
        }
    }
}

TEST_CASE("warping: a range is taken to the open unit interval as published") {
    CHECK(to_open_unit(-1, -1, 1) == doctest::Approx(5.0e-7).epsilon(1e-5));
    CHECK(to_open_unit(-0.5, -1, 1) == doctest::Approx(0.25000025).epsilon(1e-9));
    CHECK(to_open_unit(0, -1, 1) == doctest::Approx(0.5));
    CHECK(to_open_unit(1, -1, 1) == doctest::Approx(0.9999995).epsilon(1e-9));
    CHECK(to_open_unit(0, 0, 1) == doctest::Approx(9.99998e-7).epsilon(1e-5));
}

namespace {

void check_transform(
    const std::vector<double>& y,
    power_kind kind,
    double scale,
    double lambda,
    const std::vector<double>& expected
) {
    const auto made = fit_power_transform(y, kind);
    REQUIRE(made.has_value());
    CHECK(made->scale == doctest::Approx(scale).epsilon(1e-9));
    CHECK(std::abs(made->lambda - lambda) < 1e-4);
    for (std::size_t i = 0; i < y.size(); ++i) {
        CHECK(std::abs((*made)(y[i]) - expected[i]) < 1e-5);
    }
}

const std::vector<double> one_to_ten{1, 2, 3, 4, 5, 6, 7, 8, 9, 10};

} // namespace

// scikit-learn 1.2.1, PowerTransformer on the values over their standard deviation (HEBO's
// specification, T2).
TEST_CASE("warping: power transforms agree with scikit-learn") {
    check_transform(
        one_to_ten,
        power_kind::box_cox,
        2.8722813233,
        0.7219640406,
        {-1.7211562833,
         -1.2381638120,
         -0.8209795665,
         -0.4415034795,
         -0.0878087483,
         0.2466110554,
         0.5658086601,
         0.8725287738,
         1.1687413463,
         1.4559220541}
    );
    check_transform(
        {0.1, 0.2, 0.5, 1, 2, 5, 10, 100},
        power_kind::box_cox,
        32.3382899981,
        -0.1151571810,
        {-1.5501140614,
         -1.0956671508,
         -0.5479813908,
         -0.1704163809,
         0.1781824887,
         0.5983033705,
         0.8879273785,
         1.6997657462}
    );
    check_transform(
        {-3, -1, 0, 1, 2, 10},
        power_kind::yeo_johnson,
        4.1129875598,
        -0.0318152119,
        {-1.6329553884, -0.5420955192, -0.1342066474, 0.1890040550, 0.4526245944, 1.6676289056}
    );
    check_transform(
        one_to_ten,
        power_kind::yeo_johnson,
        2.8722813233,
        0.7354376518,
        {-1.6447627178,
         -1.2366607433,
         -0.8502975933,
         -0.4810471087,
         -0.1257966937,
         0.2176778647,
         0.5510375946,
         0.8755655071,
         1.1922794254,
         1.5020044651}
    );
}

TEST_CASE("warping: the sign of the values decides between the transforms") {
    CHECK(fit_output_transform(one_to_ten)->kind == power_kind::box_cox);
    CHECK(fit_output_transform(std::vector<double>{0, 1, 2, 3})->kind == power_kind::yeo_johnson);
    CHECK(fit_output_transform(std::vector<double>{-5, -4, -1})->kind == power_kind::yeo_johnson);
    CHECK_FALSE(fit_power_transform(std::vector<double>{0, 1, 2}, power_kind::box_cox));
}

TEST_CASE("warping: values without differences have no transform") {
    CHECK_FALSE(fit_output_transform(std::vector<double>{}));
    CHECK_FALSE(fit_output_transform(std::vector<double>{3}));
    CHECK_FALSE(fit_output_transform(std::vector<double>(20, 0.1)));
    CHECK_FALSE(fit_output_transform(std::vector<double>(20, -1e300)));
    CHECK_FALSE(fit_power_transform(std::vector<double>(20, 7.0), power_kind::none));
}

TEST_CASE("warping: transforms keep the order and stay finite for hostile values") {
    random_stream stream(3, 0, purpose::search);
    for (int round = 0; round < 60; ++round) {
        std::vector<double> y;
        for (int i = 0; i < 30; ++i) {
            y.push_back(std::exp(stream.normal() * (1 + round)));
        }
        if (round % 3 == 1) {
            y[3] = 1e300;
            y[5] = 1e-300;
        }
        if (round % 3 == 2) {
            y[7] = -1e300;
        }
        const auto made = fit_output_transform(y);
        REQUIRE(made.has_value());
        std::sort(y.begin(), y.end());
        double mean = 0;
        for (std::size_t i = 0; i < y.size(); ++i) {
            const double now = (*made)(y[i]);
            REQUIRE(std::isfinite(now));
            REQUIRE((i == 0 || now >= (*made)(y[i - 1])));
            mean += now;
        }
        CHECK(std::abs(mean) < 1e-6);
    }
}

TEST_CASE("warping: both transforms are continuous where lambda makes them logarithms") {
    CHECK(box_cox(3, 0) == doctest::Approx(box_cox(3, 1e-9)).epsilon(1e-8));
    CHECK(yeo_johnson(3, 0) == doctest::Approx(yeo_johnson(3, 1e-9)).epsilon(1e-8));
    CHECK(yeo_johnson(-3, 2) == doctest::Approx(yeo_johnson(-3, 2 - 1e-9)).epsilon(1e-8));
    CHECK(yeo_johnson(2.5, 1) == doctest::Approx(2.5));
    CHECK(yeo_johnson(-2.5, 1) == doctest::Approx(-2.5));
}

} // namespace search_warping_tests
